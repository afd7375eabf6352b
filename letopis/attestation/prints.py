"""Paper forms of results: objects in, the dict of a print form out (docs/subsystems/printing.md)."""

from datetime import date
from typing import Any

from django.utils.translation import override

from letopis.accounts.models import Role
from letopis.attestation.models import CouncilDecision, YearMark
from letopis.attestation.queries.statement import Line, Statement, statement_of
from letopis.ledger.evidence import printed
from letopis.register.queries.class_register import class_teacher_of, signatories
from letopis.rules.attestation import decision_text
from letopis.rules.decimals import format_mean
from letopis.rules.policy import Policy
from letopis.rules.quality import EXCELLENT, GOOD, percent
from letopis.rules.results import RESULTS, result_sign
from letopis.schooling.models import SchoolClass, Term

WHOLE_YEAR = "учебный год"


class NoStatement(LookupError):
    """A statement was asked for a term that the class does not have."""


# An official form is in Russian whatever language the person who prints it reads.
@override("ru")
def consolidated_statement(
    school_class: SchoolClass, *, on: date, term: Term | None = None, policy: Policy
) -> dict[str, Any]:
    """Return the statement of a class for the form attestation/consolidated_statement.

    on: day of printing. term: that period only; otherwise all of them, the year and the decisions of the council.
    policy: that of the end of the year.
    Eleven queries, whatever the size of the class. Raises NoStatement for a term of other grades.
    """
    number = str(term.number) if term else None
    found = statement_of(school_class, term_number=number, today=on, policy=policy)
    if found is None:
        raise NoStatement(school_class.title)
    year, organisation = school_class.year, school_class.organisation
    return {
        "organisation": organisation.full_name,
        "place": organisation.address.split(",")[0].strip(),
        "unit": f"{school_class.title} класс",
        "year": f"{year.starts_on.year}/{year.ends_on.year}",
        "period": term.title if term else WHOLE_YEAR,
        "class_teacher": class_teacher_of(school_class),
        "director": signatories(organisation_id=organisation.pk, on=on).get(Role.DIRECTOR, ""),
        "printed_on": on.isoformat(),
        "checkpoint": printed(organisation.code),
        "subjects": [
            {
                "title": head.subject.name,
                "columns": [{"title": one.title, "is_final": one.is_year} for one in found.periods],
            }
            for head in found.subjects
        ],
        "rows": [_row(line, found) for line in (*found.lines, *found.attached)],
        "decisions_due": term is None,
        "totals": [
            {"title": "Успеваемость, %", "cells": [_bare(percent(one.success)) for one in found.columns]},
            {"title": "Качество знаний, %", "cells": [_bare(percent(one.quality)) for one in found.columns]},
        ],
        "summary": _summary(found),
        "legend": _legend(found),
    }


def year_results_of(school_class: SchoolClass) -> dict[tuple[int, int], str]:
    """Return the results of the year by pupil and subject, for the register of a class. One query."""
    found = YearMark.objects.filter(
        year=school_class.year_id, pupil__memberships__group__school_class=school_class
    ).exclude(value="")
    return {(pupil, subject): value for pupil, subject, value in found.values_list("pupil_id", "subject_id", "value")}


def _row(line: Line, found: Statement) -> dict[str, Any]:
    judged_here = found.judged is not None and found.judged is found.periods[-1]
    return {
        "number": line.number,
        "name": f"{line.pupil.name} (экстерн)" if line.pupil.is_attached else line.pupil.name,
        "cells": [result_sign(cell.value) for cell in line.cells],
        # An average of another period than the last one shown would be read as that of the year.
        "average": format_mean(line.average) if line.average is not None and judged_here else "",
        "decisions": [_decision(line.decision, line, found)] if line.decision else [],
    }


def _decision(decision: CouncilDecision, line: Line, found: Statement) -> dict[str, str]:
    return {
        "text": decision_text(decision.decision, grade=found.school_class.grade, is_female=line.pupil.is_female),
        "protocol": decision.protocol_number,
        "decided_on": decision.protocol_on.isoformat(),
    }


def _summary(found: Statement) -> list[dict[str, str]]:
    good = sum(line.level in (EXCELLENT, GOOD) for line in found.lines)
    lines = [("Обучающихся", str(len(found.lines)))]
    if found.attached:
        lines.append(("Прикреплено для аттестации", str(len(found.attached))))
    if found.judged is not None and found.judged is found.periods[-1]:
        lines.append(("На «4» и «5»", str(good)))
        lines.append(("Успеваемость", percent(found.total.success)))
        lines.append(("Качество знаний", percent(found.total.quality)))
        lines.append(
            ("Средний балл класса", format_mean(found.total.average) if found.total.average is not None else "")
        )
    return [{"title": title, "value": value} for title, value in lines if value]


def _legend(found: Statement) -> list[dict[str, str]]:
    used = {cell.value for line in (*found.lines, *found.attached) for cell in line.cells if cell.value}
    return [{"sign": one.sign, "meaning": one.title} for one in RESULTS if one.code in used and not one.is_mark]


def _bare(text: str) -> str:
    return text.removesuffix(" %")
