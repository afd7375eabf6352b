"""The schedule of control works as a print form: objects in, the dict of the form out."""

from datetime import date
from typing import Any

from django.utils.translation import override

from letopis.accounts.models import Role
from letopis.register.queries.class_register import signatories
from letopis.register.queries.control_works import PlacedWork, Schedule
from letopis.rules.russian import short_date
from letopis.schooling.models import AcademicYear, Term


# An official form is in Russian whatever language the person who prints it reads.
@override("ru")
def control_schedule(found: Schedule, *, year: AcademicYear, term: Term | None, on: date) -> dict[str, Any]:
    """Return the data of the form `control_schedule`; one query for who signs."""
    return {
        "organisation": year.organisation.full_name,
        "year": year.label,
        "period": term.title if term else "учебный год",
        "printed_on": short_date(on),
        "deputy": signatories(organisation_id=year.organisation_id, on=on).get(Role.DEPUTY, ""),
        "days": [f"{day:%d.%m}" for day in found.days],
        "rows": [
            {"class": row.title, "cells": ["; ".join(_cell(work) for work in works) for works in row.cells]}
            for row in found.rows
        ],
        "works": [
            [
                short_date(work.on), str(work.number), _group(work), work.subject, work.kind, work.title, work.teacher,
            ]
            for work in found.works
        ],
    }  # fmt: skip


def _cell(work: PlacedWork) -> str:
    group = f" ({work.group})" if work.group else ""
    return f"{work.subject}{group}, {work.kind}"


def _group(work: PlacedWork) -> str:
    return ", ".join(part for part in (work.class_title, work.group) if part)
