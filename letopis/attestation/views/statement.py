"""The live consolidated statement of a class, and the decisions of the council about its pupils."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from letopis.attestation.access import OpenClass, class_for, class_to_decide_for
from letopis.attestation.actions.decisions import DecisionOutcome, set_council_decisions
from letopis.attestation.models import CouncilDecision
from letopis.attestation.queries.statement import (
    COMING,
    GAP,
    NOT_STUDIED,
    UNGRADED,
    Cell,
    Line,
    Statement,
    SubjectHead,
    statement_of,
)
from letopis.core.errors import Refused
from letopis.register.views.results import SEEN, VALUE, posted, say
from letopis.rules.attestation import decision_text, decisions_for
from letopis.rules.dates import parse_day
from letopis.rules.decimals import format_mean
from letopis.rules.quality import EXCELLENT, FAILING, GOOD, ONE_THREE, PASSING, Quality, percent
from letopis.rules.results import FAILED, NOT_ATTESTED, result_sign

_LEVELS = {
    EXCELLENT: gettext_lazy("на «5»"),
    GOOD: gettext_lazy("на «4» и «5»"),
    ONE_THREE: gettext_lazy("с одной «3»"),
    PASSING: gettext_lazy("успевает"),
    FAILING: gettext_lazy("не успевает"),
}
LOW = frozenset({"2", FAILED, NOT_ATTESTED})
SAME = "SAME"
"""Choice of a pupil's select: as for the whole class."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed into the form of decisions, kept when it is refused."""

    common: str = ""
    number: str = ""
    day: str = ""
    values: Mapping[UUID, str] | None = None
    outcomes: Mapping[UUID, DecisionOutcome] | None = None


@require_safe
def statement(request: HttpRequest, code: UUID) -> HttpResponse:
    """Show the statement of a class, for the year or for a term (?term=2)."""
    opened = class_for(request.actor, code)  # type: ignore[attr-defined]
    return _page(request, opened, Typed())


@require_POST
def decisions(request: HttpRequest, code: UUID) -> HttpResponse:
    """Record decisions of the council: one for the whole class, with exceptions pupil by pupil."""
    opened = class_to_decide_for(request.actor, code)  # type: ignore[attr-defined]
    common = request.POST.get("common", "")
    typed = posted(request.POST, VALUE)
    day = request.POST.get("protocol_on", "")
    number = request.POST.get("protocol_number", "")
    try:
        outcomes = set_council_decisions(
            opened,
            decisions={pupil: common if value == SAME else value for pupil, value in typed.items()},
            seen=posted(request.POST, SEEN),
            protocol_number=number,
            protocol_on=parse_day(day),
            renew_protocol="renew_protocol" in request.POST,
            at=request.now,  # type: ignore[attr-defined]
        )
    except Refused as refusal:
        messages.error(request, refusal.verdict.sentence)
        return _page(request, opened, Typed(common, number, day, typed), status=422)
    refused = {outcome.code: outcome for outcome in outcomes if not outcome.verdict}
    say(request, changed=sum(outcome.is_changed for outcome in outcomes), refused=len(refused))
    if not refused:
        return redirect(reverse("attestation:statement", args=[code]) + "#decisions")
    return _page(request, opened, Typed(common, number, day, typed, refused), status=409)


def _page(request: HttpRequest, opened: OpenClass, typed: Typed, *, status: int = 200) -> HttpResponse:
    actor, school_class = opened.actor, opened.school_class
    found = statement_of(
        school_class,
        term_number=request.GET.get("term"),
        today=actor.today,
        policy=actor.policy_of_period(school_class.year.ends_on),
        teacher_id=None if opened.sees_courses else actor.employee_id,
    )
    if found is None:
        raise Http404
    width = len(found.periods)
    context = {
        "opened": opened,
        "school_class": school_class,
        "statement": found,
        "is_year": width != 1,
        "term_query": "" if width != 1 or found.periods[0].is_year else f"?term={request.GET.get('term')}",
        "heads": [_head(head, opened, width) for head in found.subjects],
        "period_heads": _period_heads(found),
        "rows": [_row(line, found) for line in found.lines],
        "attached": [_row(line, found) for line in found.attached],
        "figures": [
            {"title": _("Средний балл"), "cells": _figures(found.columns, width, lambda one: _mean(one))},
            {"title": _("Успеваемость, %"), "cells": _figures(found.columns, width, lambda one: _bare(one.success))},
            {"title": _("Качество знаний, %"), "cells": _figures(found.columns, width, lambda one: _bare(one.quality))},
        ],
        "total": {
            "average": _mean(found.total),
            "success": percent(found.total.success),
            "quality": percent(found.total.quality),
        },
        "gaps": [(_head(head, opened, width), gaps) for head, gaps in found.gaps_by_subject],
        "gap_count": sum(gaps for _head, gaps in found.gaps_by_subject),
        "blank_columns": range(width * len(found.subjects)),
        **(_council(found, typed, grade=school_class.grade) if opened.may_decide else {}),
    }
    return render(request, "attestation/statement.html", context, status=status)


def _head(head: SubjectHead, opened: OpenClass, width: int) -> dict[str, Any]:
    """Return a subject's head with the addresses of the courses that the actor may open."""
    courses = [course for course in head.courses if opened.sees_courses or course.is_own]
    links = [(reverse("register:term_marks", args=[course.code]), course.group.name) for course in courses]
    return {"title": head.subject.name, "links": links, "width": width}


def _period_heads(found: Statement) -> SafeString:
    cells = [
        format_html(
            '<th scope="col" class="{}"><span class="head">{}</span></th>',
            _place(at, period.is_year and len(found.periods) > 1),
            period.short_title,
        )
        for at, period in enumerate(found.periods)
    ]
    return mark_safe("".join(cells) * len(found.subjects))


def _row(line: Line, found: Statement) -> dict[str, Any]:
    return {
        "line": line,
        "cells": mark_safe(
            "".join(
                _cell_html(cell, at % len(found.periods), found.periods[at % len(found.periods)].is_year)
                for at, cell in enumerate(line.cells)
            )
        ),
        "average": _mean(line.quality),
        "level": _LEVELS.get(line.level, ""),
        "decision": _decision(line, grade=found.school_class.grade),
    }


_CELLS: dict[tuple[Cell, int, bool, str], SafeString] = {}


def _cell_html(cell: Cell, place: int, is_year: bool) -> SafeString:
    """Return the cell. There are some dozens of different ones, so each is made once."""
    no_mark = _("нет")
    key = (cell, place, is_year, no_mark)
    if key not in _CELLS:
        state = {GAP: "gap", NOT_STUDIED: "outside", UNGRADED: "outside", COMING: ""}.get(cell.state, "")
        low = "low" if cell.value in LOW else ""
        classes = " ".join(part for part in (_place(place, is_year), state, low) if part)
        sign = {GAP: no_mark, NOT_STUDIED: "×"}.get(cell.state, "") if cell.state else result_sign(cell.value)
        _CELLS[key] = format_html('<td class="{}">{}</td>', classes, sign)
    return _CELLS[key]


def _place(at: int, is_year: bool) -> str:
    return " ".join(part for part in ("edge" if at == 0 else "", "year" if is_year else "") if part)


def _figures(columns: Iterable[Quality], width: int, show: Any) -> SafeString:
    return mark_safe(
        "".join(
            format_html('<td class="{}">{}</td>', _place(at % width, False), show(one))
            for at, one in enumerate(columns)
        )
    )


def _mean(figures: Quality) -> str:
    return format_mean(figures.average) if figures.average is not None else ""


def _bare(share: Any) -> str:
    return percent(share).removesuffix(" %")


def _decision(line: Line, *, grade: int) -> str:
    if line.decision is None:
        return ""
    text = decision_text(line.decision.decision, grade=grade, is_female=line.pupil.is_female)
    return _("%(text)s, протокол № %(number)s от %(day)s") % {
        "text": text,
        "number": line.decision.protocol_number,
        "day": f"{line.decision.protocol_on:%d.%m.%Y}",
    }


def _council(found: Statement, typed: Typed, *, grade: int) -> dict[str, Any]:
    """Return the form of decisions: the last protocol is offered, and whoever has no decision follows the class."""
    everybody = [line for line in (*found.lines, *found.attached) if line.left_on is None or line.decision]
    latest = max((line.decision for line in everybody if line.decision), key=lambda one: one.protocol_on, default=None)
    values = typed.values or {}
    return {
        "same": SAME,
        "choices": [(code, CouncilDecision.Decision(code).label) for code in decisions_for(grade)],
        "is_typed": typed.values is not None,
        "common": typed.common or decisions_for(grade)[0],
        "number": typed.number or (latest.protocol_number if latest else ""),
        "day": typed.day or (latest.protocol_on.isoformat() if latest else ""),
        "council": [
            {
                "line": line,
                "seen": line.decision.decision if line.decision else "",
                "value": values.get(line.pupil.code, line.decision.decision if line.decision else SAME),
                "outcome": (typed.outcomes or {}).get(line.pupil.code),
            }
            for line in everybody
        ],
    }
