"""One frozen, typed object with every variable a school may decide by its local act.

For now it carries defaults only; dated editions of a school replace `DEFAULT_POLICY` later, and
every rule already takes the policy as an argument, so no caller will change.
"""

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class WorkKind:
    """A kind of work that a column of marks may hold (вид работы)."""

    code: str
    """Letters shown over the column, as in the register."""
    title: str
    """Full name in Russian, as in the drop-down list."""
    weight: int
    """How many times a mark for it counts in the weighted mean; at least 1."""
    deadline_class: str
    """ORAL, WRITTEN, CONTROL or OTHER: which deadline of putting marks applies (C-004)."""
    is_control: bool = False
    """Control works are shown in red and counted apart."""


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


SYMBOLS = (
    Symbol(".", "ответ ожидается: работа не сдана или ещё не написана"),
    Symbol("зч", "работа зачтена без отметки"),
    Symbol("осв", "освобождён от этой работы"),
)

FIVE_POINT = GradingScale(code="FIVE_POINT", title="пятибалльная", values=("5", "4", "3", "2"))
UNGRADED = GradingScale(code="UNGRADED", title="безотметочное", values=())
SCALES = {scale.code: scale for scale in (FIVE_POINT, UNGRADED)}

WORK_KINDS = (
    WorkKind("УО", "Устный ответ", 1, "ORAL"),
    WorkKind("СР", "Самостоятельная работа", 2, "WRITTEN"),
    WorkKind("КР", "Контрольная работа", 3, "CONTROL", is_control=True),
    WorkKind("КР-ВШК", "Контрольная работа внутришкольного контроля", 3, "CONTROL", is_control=True),
    WorkKind("Д", "Диктант", 3, "CONTROL", is_control=True),
    WorkKind("ИЗ", "Изложение", 3, "CONTROL", is_control=True),
    WorkKind("С", "Сочинение", 3, "CONTROL", is_control=True),
    WorkKind("Т", "Тест", 2, "WRITTEN"),
    WorkKind("ПР", "Практическая работа", 2, "OTHER"),
    WorkKind("ЛР", "Лабораторная работа", 2, "OTHER"),
    WorkKind("П", "Проект", 2, "OTHER"),
    WorkKind("З", "Зачёт", 3, "CONTROL", is_control=True),
    WorkKind("ДЗ", "Домашняя работа", 1, "OTHER"),
)


@dataclass(frozen=True, slots=True)
class Threshold:
    """From which weighted mean a term mark is proposed."""

    value: str
    at_least: Fraction


@dataclass(frozen=True, slots=True)
class Policy:
    """The values in force on a day. Every field: meaning, unit, default, source."""

    work_kinds: tuple[WorkKind, ...] = WORK_KINDS
    """Kinds of work in the order of the drop-down list. Source: REG-011, local act; weights 1/2/3 are
    the product's default."""

    default_work_kind: str = "УО"
    """Kind of a column that the teacher did not name."""

    symbols: tuple[Symbol, ...] = SYMBOLS
    """Signs that a cell takes beside marks: never in a mean, in accumulation or in quality. Source: practice, local act
    (the point for an answer that is awaited, «зч», «осв»)."""

    maximum_tasks_of_lesson: int = 4
    """The most columns of marks in one lesson. Unit: columns. Source: the product's own."""

    work_days_ahead: int = 0
    """How far after today the day of a work may lie, when it is not that of the lesson. Unit: days. Default: a work
    that was not written yet has no other day than its lesson's (REG-020)."""

    longest_note: int = 300
    """The most characters of a note on a mark or on a pupil's lesson."""

    notes_shown_to_families: bool = False
    """Whether the diary shows notes on marks and lessons. Default no: they are a teacher's own working notes, and a
    family is written to in other ways. Source: local act."""

    term_thresholds: tuple[Threshold, ...] = (
        Threshold("5", Fraction(9, 2)),
        Threshold("4", Fraction(7, 2)),
        Threshold("3", Fraction(5, 2)),
        Threshold("2", Fraction(0)),
    )
    """Least weighted mean for each proposed term mark, best first. Exact fractions: 4.645 is not 4.65.
    Default: mathematical rounding. Source: local act."""

    term_thresholds_clause: str = "политика по умолчанию: математическое округление"
    """What the explanation of a proposal cites."""

    year_thresholds: tuple[Threshold, ...] = (
        Threshold("5", Fraction(9, 2)),
        Threshold("4", Fraction(7, 2)),
        Threshold("3", Fraction(5, 2)),
        Threshold("2", Fraction(0)),
    )
    """Least mean of the term marks for each proposed year mark, best first. Default: mathematical rounding."""

    year_thresholds_clause: str = "политика по умолчанию: математическое округление"
    """What the explanation of a year mark cites."""

    minimum_marks_per_weekly_hour: int = 3
    """Marks a pupil needs in a term for each weekly hour, before a mark is proposed without a warning. Unit: marks.
    Practice: 3 at one hour a week."""

    maximum_minimum_marks: int = 5
    """The norm above never asks for more marks than this, whatever the weekly hours."""

    ungraded_grades: tuple[int, ...] = (1,)
    """Grades taught without marks (безотметочное обучение). Source: practice, local act."""

    absence_letter: str = "н"
    """Shown for an absence whose reason is not set yet."""

    lateness_letter: str = "о"
    """Shown for a pupil who came late."""

    reason_letters: tuple[tuple[str, str], ...] = (("ILL", "б"), ("VALID", "у"), ("UNEXCUSED", "п"))
    """Letter by reason of absence; set by the class teacher only (C-012)."""

    reason_letters_by_subject_teacher: bool = False
    """Whether a subject teacher may put reason letters. Default no: C-012, C-023."""

    absence_reasons_by_control: bool = False
    """Whether director and deputies may set reasons of absence beside the class teacher. Default no: they see every
    reason, and REG-026 gives the setting of it to the class teacher."""

    missed_day_lessons: int | None = None
    """From how many missed lessons a day counts as missed; None = all lessons of the day. Unit: lessons. 1 counts every
    day with an absence. Default: the school's usual count for the printed register. Source: local act (REG-028)."""

    absence_paper_order: tuple[str, ...] = ("MEDICAL", "SANATORIUM", "ORDER", "APPLICATION", "OTHER")
    """Kinds of absence documents, strongest first: where two cover a day, the stronger gives the reason; of equal ones
    the later entered. Default: what a doctor wrote stands over what the family did. Source: C-011, local act."""

    absence_notice_days: int = 30
    """The longest absence that a family tells of by one notice, how far ahead and how far back. Unit: days."""

    maximum_lateness_minutes: int = 45
    """The most minutes of lateness a cell takes: the length of a lesson. Unit: minutes. Source: СП 2.4.3648-20."""

    maximum_cells_of_save: int = 400
    """The most cells one save takes; a larger block is refused whole. Unit: cells. Source: the product's own."""

    edit_window_days: int | None = None
    """Calendar days after the lesson in which its teacher edits freely; None = until the year is closed. Unit: days."""

    future_topics_allowed: bool = True
    """Topics and homework of lessons to come may be placed in advance (REG-009)."""

    plan_deviation_reason_required: bool = False
    """Whether a topic that the thematic plan does not have needs a reason. Source: REG-B011, local act."""

    homework_due_next_lesson: bool = True
    """A new homework is due at the next lesson of the course unless the teacher names another day."""

    homework_entry_minutes: int | None = 90
    """Homework is entered at the lesson or within this time after the last lesson of the class that day; later is shown
    as late; None = no such term. Unit: minutes. Source: REG-B013, local act."""

    homework_minutes_by_grade: tuple[tuple[int, int, int], ...] = (
        (1, 1, 60),
        (2, 3, 90),
        (4, 5, 120),
        (6, 8, 150),
        (9, 11, 210),
    )
    """First grade, last grade, and the most minutes of homework a day for them; more is a warning. Unit: minutes.
    Source: СанПиН 1.2.3685-21, table 6.6, in force from 01.03.2021."""

    assessment_forms: tuple[str, ...] = (
        "устно на уроке", "проверка тетрадей", "письменная работа", "тест", "файл с ответом", "без оценивания",
    )  # fmt: skip
    """Forms of assessment of a homework offered to choose from; another may be written (REG-010)."""

    mark_for_absent: str = "ASK"
    """A mark for a pupil who is marked absent at the lesson. ASK: the teacher is asked once and may mean it. FORBIDDEN:
    never, except when a document of a medical organisation confirms the illness; so it always is in distance learning.
    Source: REG-027, REG-054."""

    control_works_per_day: int | None = 1
    """The most control works of a class in a day; None = no limit. This and the next: письма Минпросвещения
    № СК-228/03 и Рособрнадзора № 01-169/08-01 от 06.08.2021."""

    control_work_interval_days: int | None = 17
    """Works of one subject in a class are at least so far apart: two and a half weeks. Unit: days. Same source."""

    control_work_percent_of_lessons: int | None = 10
    """The most of a subject's lessons in a year that control works take. Unit: per cent. Same source."""

    control_work_not_first_or_last: bool = True
    """Not on the first or last lesson of the class, but for subjects of one lesson a week. Same source."""

    control_works_per_week: int | None = None
    """The most control works of a class in a week; None = no limit. Source: local act (ORG-B016)."""

    control_work_weekdays_to_avoid: tuple[int, ...] = ()
    """Weekdays without control works, 1 = Monday. Source: local act."""

    control_work_hard_limits: tuple[str, ...] = ()
    """Codes of rules.control_works limits that refuse instead of warning. Default: none, they are recommendations."""

    make_up_reasons: tuple[str, ...] = ("ILL", "VALID")
    """Reasons of absence whose lessons are made up for by protocol. Source: REG-B009."""

    setup_deadline: tuple[int, int] = (9, 5)
    """Month and day by which every section of the set-up of a year is ready. Source: ORG-B017, local act."""

    roster_check_days: int = 31
    """How often the class teacher looks through the list of the class. Unit: calendar days. Source: REG-046."""

    year_mark_minimum_terms: int = 2
    """Term marks needed for a year mark to be proposed; fewer give no proposal."""

    notes: tuple[str, ...] = ()
    """Free remarks carried into the snapshot of the policy."""

    def scale_for(self, *, scale_code: str, grade: int) -> GradingScale:
        """Return the scale of a subject in a grade: grades taught without marks have none, whatever the subject."""
        return UNGRADED if grade in self.ungraded_grades else SCALES[scale_code]

    def weight_of(self, kind: str, weight: int | None) -> int:
        """Return how many times a mark counts: the column's own weight, else that of its kind of work.

        A kind that the school has no more counts as the default one.
        """
        if weight:
            return weight
        return next((one for one in self.work_kinds if one.code == kind), self.work_kind(self.default_work_kind)).weight

    def work_kind(self, code: str) -> WorkKind:
        """Return the kind of work with this code; raises KeyError when the school has none."""
        for kind in self.work_kinds:
            if kind.code == code:
                return kind
        raise KeyError(code)


DEFAULT_POLICY = Policy()
