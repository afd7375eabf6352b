"""Totals of absences and missed lessons as the dict of the form `absences`."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from letopis.register.queries.absence_cells import PupilDay
from letopis.register.queries.absence_totals import TotalLine, Totals
from letopis.rules.absence import Missed
from letopis.rules.cells import event_letters
from letopis.rules.policy import Policy
from letopis.rules.russian import short_date

MEASURES = (
    "Дней", "Уроков", "По болезни", "По уваж. причине", "Без уваж. причины", "Причина не указана", "Опозданий",
)  # fmt: skip
TITLES = {
    "pupil": "Посещаемость по обучающимся",
    "subject": "Посещаемость по предметам",
    "day": "Посещаемость по дням",
    "class": "Посещаемость по классам",
}
FIRST = {"pupil": "Обучающийся", "subject": "Предмет", "day": "День", "class": "Класс"}


def measures_of(missed: Missed, *, counts_days: bool) -> list[int | str]:
    """Return the figures of a line in the order of MEASURES."""
    days: int | str = missed.days if counts_days else "—"
    return [days, missed.lessons, missed.ill, missed.valid, missed.unexcused, missed.not_set, missed.late]


def heads_of(by: str) -> list[str]:
    """Return the heads of the table of totals."""
    return [FIRST[by], *MEASURES]


def rows_of(totals: Totals) -> list[list[int | str]]:
    """Return the lines with the sum at the end."""
    lines = [*totals.lines, TotalLine("Всего", totals.whole)]
    return [[line.title, *measures_of(line.missed, counts_days=totals.counts_days)] for line in lines]


def totals_print(
    totals: Totals,
    *,
    by: str,
    organisation: str,
    of_whom: str,
    period: str,
    subject: str,
    signed_by: str,
    printed_on: date,
) -> dict[str, Any]:
    """Return the data of the form for a table of totals."""
    title = f"{TITLES[by]}{f', {subject}' if subject else ''}"
    rows = [[str(value) if value else "" for value in row] for row in rows_of(totals)]
    section = {
        "title": "",
        "heads": ["№", *heads_of(by)],
        "widths": [1, 8, *(2 for _measure in MEASURES)],
        "rows": [[str(number), *row] for number, row in enumerate(rows[:-1], 1)] + [["", *rows[-1]]],
        "total": True,
    }
    return _form(title, organisation, of_whom, period, signed_by, printed_on, [section])


def missed_print(
    pupils: Sequence[tuple[str, Sequence[PupilDay]]],
    *,
    organisation: str,
    of_whom: str,
    period: str,
    signed_by: str,
    printed_on: date,
    policy: Policy,
) -> dict[str, Any]:
    """Return the data of the form for missed lessons with their topics, for corrective work (ABS-B005)."""
    sections = [
        {
            "title": name,
            "heads": ["Предмет", "Дата", "Урок", "Причина", "Тема урока"],
            "widths": [4, 2, 1, 2, 9],
            "rows": [
                [one.subject, short_date(one.on), str(one.number), event_letters(
                    one.event, one.minutes, one.reason, policy=policy
                ), one.topic or "не записана"]
                for one in sorted(
                    (one for day in days for one in day.lessons if one.is_absence),
                    key=lambda one: (one.subject, one.on, one.number),
                )
            ],
            "total": False,
        }
        for name, days in pupils
    ]  # fmt: skip
    shown = [section for section in sections if section["rows"]]
    return _form("Пропущенные уроки и темы", organisation, of_whom, period, signed_by, printed_on, shown)


def _form(
    title: str,
    organisation: str,
    of_whom: str,
    period: str,
    signed_by: str,
    printed_on: date,
    sections: list[dict[str, Any]],
) -> dict[str, Any]:
    return {
        "title": title,
        "organisation": organisation,
        "of_whom": of_whom,
        "period": period,
        "signed_by": signed_by,
        "printed_on": printed_on.isoformat(),
        "sections": sections,
    }
