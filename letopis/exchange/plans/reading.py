"""A workbook of thematic plans: a sheet «Алгебра 8» holds the plan of all courses of algebra in grade 8 (ORG-020)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from openpyxl.utils import get_column_letter

from letopis.exchange import cells
from letopis.exchange.cells import plain
from letopis.exchange.problems import Problem
from letopis.exchange.reading import read_rows
from letopis.exchange.rows import Row
from letopis.exchange.sheets import Column, Sheet
from letopis.exchange.workbook import RawBook, RawSheet, Source, open_workbook
from letopis.rules.names import match_key
from letopis.rules.plan import MOST_HOURS
from letopis.rules.plan_changes import LONGEST_HOMEWORK, LONGEST_SECTION, LONGEST_TITLE, PlanItem
from letopis.rules.policy import Policy

_TITLE = re.compile(
    r"(?P<subject>.+?)[\s,]+(?P<grade>1[01]|[1-9])\s*(?P<letter>[А-ЯЁ])?\s*(?:кл\.?|класс)?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicRow(Row):
    """A topic of a sheet."""

    number: str | None
    section: str | None
    title: str
    hours: int
    work_kind: str | None
    lesson_kind: str | None
    homework: str | None

    def item(self) -> PlanItem:
        return PlanItem(
            key="",
            title=self.title,
            hours=self.hours,
            section=self.section or "",
            work_kind=self.work_kind or "",
            lesson_kind=self.lesson_kind or "",
            homework=self.homework or "",
        )


@dataclass(frozen=True, slots=True)
class PlanSheet:
    """A sheet: of which subject and grade, and its topics in order."""

    title: str
    subject: str
    grade: int
    letter: str
    """Of one class, as in «Алгебра 8А»; empty for all classes of the grade."""
    items: tuple[PlanItem, ...]


@dataclass(frozen=True, slots=True)
class PlanProblem:
    """What is wrong in a cell, and how to mend it."""

    sheet: str
    cell: str
    """«D12»; empty for the sheet as a whole."""
    value: str
    message: str
    mend: str

    @property
    def place(self) -> str:
        return f"«{self.sheet}», {self.cell}" if self.cell else f"«{self.sheet}»"


@dataclass(frozen=True, slots=True)
class PlanBook:
    """A workbook of plans, read. With any problem nothing of it is imported."""

    sheets: tuple[PlanSheet, ...]
    problems: tuple[PlanProblem, ...]
    ignored: tuple[str, ...]


def read_plans(source: Source, *, policy: Policy) -> PlanBook:
    """Return the plans of a workbook with everything that is wrong in it. Raises BrokenWorkbook."""
    return plans_of(open_workbook(source), policy=policy)


def plans_of(raw: RawBook, *, policy: Policy) -> PlanBook:
    """Return the plans of a workbook that is open."""
    sheets: list[PlanSheet] = []
    problems: list[PlanProblem] = []
    ignored: list[str] = []
    seen: dict[tuple[str, int, str], str] = {}
    for one in raw.sheets:
        found = _TITLE.fullmatch(plain(one.title))
        if found is None:
            mend = "Назовите лист предметом и параллелью: «Алгебра 8»."
            problems.append(PlanProblem(one.title, "", one.title, "В названии листа нет предмета и параллели.", mend))
            continue
        key = (match_key(found["subject"]), int(found["grade"]), (found["letter"] or "").upper())
        if key in seen:
            message = f"План этого предмета и параллели уже есть на листе «{seen[key]}»."
            problems.append(PlanProblem(one.title, "", "", message, "Оставьте один из двух листов."))
            continue
        seen[key] = one.title
        rows, wrong, left = read_rows(_sheet(one.title, policy), one)
        problems += [_located(one, problem) for problem in wrong]
        ignored += left
        if not rows and not wrong:
            problems.append(PlanProblem(one.title, "", "", "На листе нет тем.", "Впишите темы или удалите лист."))
        sheets.append(PlanSheet(one.title, found["subject"], key[1], key[2], tuple(_items(rows))))
    if not raw.sheets:
        problems.append(PlanProblem("", "", "", "В книге нет листов.", "Сделайте лист «Алгебра 8» с темами."))
    return PlanBook(tuple(sheets), tuple(problems), tuple(dict.fromkeys(ignored)))


def _sheet(title: str, policy: Policy) -> Sheet:
    kinds = {kind.code: kind.code for kind in policy.work_kinds} | {kind.title: kind.code for kind in policy.work_kinds}
    return Sheet(
        title,
        "topics",
        TopicRow,
        (
            Column("№", "number", cells.text(20), required=False),
            Column("Раздел", "section", cells.text(LONGEST_SECTION), required=False),
            Column("Тема", "title", cells.text(LONGEST_TITLE)),
            Column("Часов", "hours", cells.whole_number(1, MOST_HOURS)),
            Column("Вид работы", "work_kind", cells.one_of(kinds), required=False),
            Column("Тип урока", "lesson_kind", cells.text(80), required=False),
            Column("Домашнее задание", "homework", cells.text(LONGEST_HOMEWORK), required=False),
        ),
    )


def _items(rows: Iterable[Any]) -> Iterable[PlanItem]:
    """Yield the topics; a section that is written once for several rows (merged cells) holds for those below it."""
    section = ""
    for row in rows:
        section = row.section or section
        yield replace(row.item(), section=section)


def _located(raw: RawSheet, problem: Problem) -> PlanProblem:
    places = {match_key(plain(title)): index for index, title in enumerate(raw.header, 1)}
    column = places.get(match_key(problem.column))
    cell = f"{get_column_letter(column)}{problem.row}" if column else f"строка {problem.row}"
    return PlanProblem(raw.title, cell, problem.value[:80], problem.message, problem.mend)
