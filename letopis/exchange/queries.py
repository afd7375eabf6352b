"""Reads of the import for its pages."""

from dataclasses import dataclass
from typing import Any

from letopis.core.models import Job
from letopis.exchange.models import ImportRun
from letopis.exchange.sheets import SHEETS

_PARTS_OF_NAME = dict.fromkeys(("last_name", "first_name", "middle_name"), "ФИО")
_OWN_NAMES = {"time_zone": "Часовой пояс", "mark": "Отметка", "is_extern": "Форма обучения"}
_TITLES = {sheet.title: {column.name: column.header for column in sheet.columns} for sheet in SHEETS}
PROBLEMS_SHOWN = 500


def column_title(sheet: str, name: str) -> str:
    """Return the header of the column a field comes from."""
    titles = _TITLES.get(sheet, {})
    return titles.get(name) or _OWN_NAMES.get(name) or _PARTS_OF_NAME.get(name) or name


@dataclass(frozen=True, slots=True)
class ShownRun:
    """A run with its report ready for the page."""

    run: ImportRun
    job: Job | None
    sheets: list[dict[str, Any]]
    totals: dict[str, int]
    problems: list[dict[str, Any]]
    errors: int
    warnings: int
    hidden: int
    """Problems beyond those shown."""
    conflicts: list[dict[str, Any]]
    vanished: list[dict[str, str]]
    ignored: list[str]

    @property
    def can_be_confirmed(self) -> bool:
        return self.run.state == ImportRun.State.PREVIEW and self.job is None and self.changes

    @property
    def changes(self) -> bool:
        return bool(self.totals["created"] or self.totals["changed"])

    @property
    def is_under_way(self) -> bool:
        return self.job is not None and self.job.state in (Job.State.QUEUED, Job.State.RUNNING)


def shown_run(run: ImportRun, *, sheet: str = "", severity: str = "") -> ShownRun:
    """Return a run for its page; one query for its job.

    sheet, severity: filters of the list of problems.
    """
    report = run.report
    problems = report["problems"]
    chosen = [
        problem
        for problem in problems
        if (not sheet or problem["sheet"] == sheet) and (not severity or problem["severity"] == severity)
    ]
    sheets = [{"title": title, **counts} for title, counts in report["sheets"].items()]
    return ShownRun(
        run=run,
        job=Job.objects.filter(code=run.job_code).first() if run.job_code else None,
        sheets=sheets,
        totals={word: sum(row[word] for row in sheets) for word in ("created", "changed", "left")},
        problems=chosen[:PROBLEMS_SHOWN],
        errors=sum(problem["severity"] == "error" for problem in problems),
        warnings=sum(problem["severity"] == "warning" for problem in problems),
        hidden=max(0, len(chosen) - PROBLEMS_SHOWN),
        conflicts=[{**one, "column": column_title(one["sheet"], one["field"])} for one in report["conflicts"]],
        vanished=report["vanished"],
        ignored=report["ignored"],
    )


def sheets_with_problems(run: ImportRun) -> list[str]:
    """Return the titles of sheets that have problems, in the order of the workbook."""
    found = {problem["sheet"] for problem in run.report["problems"]}
    return [sheet.title for sheet in SHEETS if sheet.title in found]
