"""What a value of the policy may be made of: kinds of work, scales, thresholds, limits, norms.

A field of a row that takes one of a list, or a number within bounds, carries it in its metadata (`rules_of`): the
codec checks it, the settings form shows it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from fractions import Fraction
from typing import Any

ORAL, WRITTEN, INTERNAL, OTHER = "ORAL", "WRITTEN", "INTERNAL", "OTHER"

MINUTES, HOURS, DAYS, WORKING_DAYS, LESSONS = "MINUTES", "HOURS", "DAYS", "WORKING_DAYS", "LESSONS"

LESSON, WORK_SET, LESSONS_END, PERIOD_END = "LESSON", "WORK_SET", "LESSONS_END", "PERIOD_END"

DEADLINE_CLASSES = {
    ORAL: "устный ответ",
    WRITTEN: "письменная работа",
    INTERNAL: "работа внутришкольного контроля",
    OTHER: "прочая работа",
}
UNITS = {
    MINUTES: "минуты",
    HOURS: "часы",
    DAYS: "календарные дни",
    WORKING_DAYS: "рабочие дни",
    LESSONS: "следующие уроки",
}
STARTS = {
    LESSON: "от урока",
    WORK_SET: "от дня, когда работа написана или задана",
    LESSONS_END: "от конца уроков класса в этот день",
    PERIOD_END: "от последнего дня периода",
}
PERIODS = {
    "QUARTER": "четверть",
    "TRIMESTER": "триместр",
    "HALF_YEAR": "полугодие",
    "MODULE": "модуль",
    "YEAR": "год",
}
KEEPING_MODES = {"ELECTRONIC": "электронный", "DUAL": "бумажный и электронный", "PAPER": "бумажный"}

LONGEST_SYMBOL = 8
LONGEST_KIND = 8
"""Characters of the code of a kind of work, as a column of the register keeps it."""

_ANY = {"": "любой"}
_GRADES = {"least": 1, "most": 11}


def rules_of(row: type) -> Mapping[str, Mapping[str, Any]]:
    """Return what each field of a row may hold, by name: `choices` (code → Russian words), `least`, `most`."""
    return {one.name: one.metadata for one in fields(row)}


@dataclass(frozen=True, slots=True)
class WorkKind:
    """A kind of work that a column of marks may hold (вид работы)."""

    code: str
    """Letters shown over the column, as in the register."""
    title: str
    """Full name in Russian, as in the drop-down list."""
    weight: int = field(metadata={"least": 1, "most": 20})
    """How many times a mark for it counts in the weighted mean; at least 1."""
    deadline_class: str = field(metadata={"choices": DEADLINE_CLASSES})
    """ORAL, WRITTEN, INTERNAL (внутришкольный контроль) or OTHER: which deadline of putting marks applies (C-004)."""
    is_control: bool = False
    """Control works are shown in red and counted apart."""

    def problem(self) -> str:
        """Return why the row cannot stand, in Russian; empty when it can."""
        return "" if self.code.strip() and self.title.strip() else "У вида работы нужны код и название."


@dataclass(frozen=True, slots=True)
class GradingScale:
    """Which marks a subject takes; nothing else is accepted (REG-013)."""

    code: str
    title: str
    values: tuple[str, ...]
    """Signs of current marks, best first."""

    def points(self, value: str) -> int:
        """Return what a mark counts in a mean; raises ValueError for a sign outside the scale."""
        if value not in self.values:
            raise ValueError(value)
        return int(value)


@dataclass(frozen=True, slots=True)
class Symbol:
    """A sign that stands in a cell instead of a mark and is never counted as one."""

    code: str
    """What is typed and shown; up to 8 characters, none of them a digit."""
    title: str
    """What it says, in Russian."""

    def problem(self) -> str:
        """Return why the row cannot stand, in Russian; empty when it can."""
        fits = self.code.strip() and len(self.code) <= LONGEST_SYMBOL and not any(one.isdigit() for one in self.code)
        return "" if fits else f"Знак «{self.code}» не подходит: от 1 до {LONGEST_SYMBOL} символов и без цифр."


@dataclass(frozen=True, slots=True)
class Threshold:
    """From which weighted mean a term mark is proposed."""

    value: str
    at_least: Fraction


@dataclass(frozen=True, slots=True)
class Bar:
    """A mark that is not proposed to a pupil with so many marks of another sign («пятёрка при двойке не ставится»)."""

    value: str
    """The mark that is barred; the next lower one is proposed instead."""
    by: str
    """The mark that bars it."""
    how_many: int = field(default=1, metadata={"least": 1, "most": 50})
    """From so many on."""

    def problem(self) -> str:
        """Return why the row cannot stand, in Russian; empty when it can."""
        return f"Отметка «{self.value}» не может запрещать саму себя." if self.value == self.by else ""


@dataclass(frozen=True, slots=True)
class Limit:
    """A span of time to do something in, and the moment it is counted from.

    DAYS are calendar days: the limit ends at 23:59:59 local time of the last one and is not shifted from a day off
    (C-003); 0 is the same day. WORKING_DAYS are the days of lessons of the school's calendar. LESSONS are the next
    lessons of the same course; the limit ends with the day of the last of them. MINUTES and HOURS run from the moment.
    """

    amount: int = field(metadata={"least": -60, "most": 400})
    """How many; below zero only for days before the end of a period."""
    unit: str = field(metadata={"choices": UNITS})
    """MINUTES, HOURS, DAYS, WORKING_DAYS or LESSONS."""
    since: str = field(default=LESSON, metadata={"choices": STARTS})
    """LESSON: from the lesson; WORK_SET: from the day the work was written or set; LESSONS_END: from the end of the
    class's lessons that day; PERIOD_END: from the last day of the term."""

    def problem(self) -> str:
        """Return why the limit cannot stand, in Russian; empty when it can."""
        if self.amount < 0 and (self.since != PERIOD_END or self.unit not in {DAYS, WORKING_DAYS}):
            return "Меньше нуля бывают только дни до конца периода (since = PERIOD_END)."
        if self.unit == LESSONS and self.since not in {LESSON, WORK_SET}:
            return "Срок в уроках считается от урока (LESSON) или от дня работы (WORK_SET)."
        return ""


@dataclass(frozen=True, slots=True)
class Deadline:
    """One row of the table of deadlines for marks. The first row of the table that fits a work decides."""

    limit: Limit
    deadline_class: str = field(default="", metadata={"choices": _ANY | DEADLINE_CLASSES})
    """Of the kind of work; empty = every class."""
    kinds: tuple[str, ...] = ()
    """Codes of kinds of work; none = every kind of the class."""
    grades: tuple[int, ...] = field(default=(), metadata=_GRADES)
    """None = every grade."""
    subjects: tuple[str, ...] = ()
    """Names of subjects; none = every subject."""
    half_year: int | None = field(default=None, metadata={"least": 1, "most": 2})
    """1 or 2: only in that half of the school year; None = both."""
    clause: str = ""
    """Of this row, where the act has one for it."""


@dataclass(frozen=True, slots=True)
class MarksNorm:
    """One row of the norm of accumulation (накопляемость): the first row that fits decides."""

    marks: int = field(metadata={"least": 0, "most": 60})
    """The least number of marks of a pupil in a period."""
    up_to_hours: Fraction | None = None
    """For subjects with at most so many weekly hours; None = any."""
    period: str = field(default="", metadata={"choices": _ANY | PERIODS})
    """QUARTER, TRIMESTER, HALF_YEAR, MODULE or YEAR; empty = any."""


@dataclass(frozen=True, slots=True)
class TermScheme:
    """Which terms a subject is marked by; the first row that fits decides (ORG-013, C-002)."""

    period: str = field(metadata={"choices": PERIODS})
    """QUARTER, TRIMESTER, HALF_YEAR, MODULE or YEAR."""
    grades: tuple[int, ...] = field(default=(), metadata=_GRADES)
    """None = every grade."""
    subjects: tuple[str, ...] = ()
    """None = every subject."""
    up_to_hours: Fraction | None = None
    """For subjects with at most so many weekly hours; None = any."""


@dataclass(frozen=True, slots=True)
class WindowException:
    """Classes or subjects with an edit window of their own; the first row that fits decides."""

    days: int | None = field(metadata={"least": 0, "most": 400})
    """Calendar days after the lesson; None = until the year is closed."""
    grades: tuple[int, ...] = field(default=(), metadata=_GRADES)
    classes: tuple[str, ...] = ()
    """Titles of classes: «9А»."""
    subjects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KeepingMode:
    """How registers of some grades are kept from a day on (ORG-031)."""

    grades: tuple[int, ...] = field(metadata=_GRADES)
    mode: str = field(metadata={"choices": KEEPING_MODES})
    """ELECTRONIC, DUAL (paper and electronic) or PAPER."""


SYMBOLS = (
    Symbol(".", "ответ ожидается: работа не сдана или ещё не написана"),
    Symbol("зч", "работа зачтена без отметки"),
    Symbol("осв", "освобождён от этой работы"),
)

FIVE_POINT = GradingScale(code="FIVE_POINT", title="пятибалльная", values=("5", "4", "3", "2"))
UNGRADED = GradingScale(code="UNGRADED", title="безотметочное", values=())
SCALES = {scale.code: scale for scale in (FIVE_POINT, UNGRADED)}

WORK_KINDS = (
    WorkKind("УО", "Устный ответ", 1, ORAL),
    WorkKind("СР", "Самостоятельная работа", 2, WRITTEN),
    WorkKind("КР", "Контрольная работа", 3, WRITTEN, is_control=True),
    WorkKind("КР-ВШК", "Контрольная работа внутришкольного контроля", 3, INTERNAL, is_control=True),
    WorkKind("Д", "Диктант", 3, WRITTEN, is_control=True),
    WorkKind("ИЗ", "Изложение", 3, WRITTEN, is_control=True),
    WorkKind("С", "Сочинение", 3, WRITTEN, is_control=True),
    WorkKind("Т", "Тест", 2, WRITTEN),
    WorkKind("ПР", "Практическая работа", 2, OTHER),
    WorkKind("ЛР", "Лабораторная работа", 2, OTHER),
    WorkKind("П", "Проект", 2, OTHER),
    WorkKind("З", "Зачёт", 3, WRITTEN, is_control=True),
    WorkKind("ДЗ", "Домашняя работа", 1, OTHER),
)

MATHEMATICAL = (
    Threshold("5", Fraction(9, 2)),
    Threshold("4", Fraction(7, 2)),
    Threshold("3", Fraction(5, 2)),
    Threshold("2", Fraction(0)),
)
