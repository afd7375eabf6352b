"""Reading the rules: every variable on a day, the editions, two of them compared, an edition as a file."""

import json
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from letopis.control.access import acts as access
from letopis.control.queries import rules as queries
from letopis.org.models import Organisation
from letopis.people.access import invisible
from letopis.people.middleware import SchoolRequest
from letopis.rules.dates import parse_day
from letopis.rules.policy import section_title, variables
from letopis.rules.policy.codec import encode
from letopis.rules.policy.editions import Edition, Stated
from letopis.rules.policy.file import write_edition

EVERY = "all"


@require_safe
def rules(request: SchoolRequest) -> HttpResponse:
    """Show the rules of a day by sections; section, search and filter are kept in the address."""
    access.require_staff(request.actor)
    asked = request.GET
    day = parse_day(asked.get("on", "")) or request.today
    search, only_act = asked.get("q", "").strip(), asked.get("only") == "act"
    section = asked.get("section", "")
    if section not in queries.SECTION_NAMES:
        # A search looks everywhere; the plain page begins with the first part.
        section = "" if search or only_act or section == EVERY else queries.SECTION_NAMES[0]
    editions = request.actor.policies
    context = {
        "sections": queries.rule_sections(editions, day=day, section=section, only_act=only_act, search=search),
        "tabs": [(name, section_title(name)) for name in queries.SECTION_NAMES],
        "section": section,
        "search": search,
        "only_act": only_act,
        "day": day,
        "is_today": day == request.today,
        "edition": editions.edition_on(day),
        "stated": len(edition.values) if (edition := editions.edition_on(day)) else 0,
        "total": len(variables()),
        "may_draft": access.may_draft(request.actor),
    }
    return render(request, "control/rules.html", context)


@require_safe
def rule_editions(request: SchoolRequest) -> HttpResponse:
    """Show the history of editions, drafts in work, and the shipped acts; choose two to compare."""
    access.require_staff(request.actor)
    return editions_page(request)


def editions_page(request: SchoolRequest, *, problems: Any = (), status: int = 200) -> HttpResponse:
    """Answer with the page of editions; problems: of a file that was refused."""
    organisation = request.actor.organisation
    rows = queries.edition_rows(organisation)
    drafts = queries.drafts_of(organisation)
    may_draft = access.may_draft(request.actor)
    context = {
        "rows": rows,
        "drafts": drafts if may_draft else [],
        "shipped": queries.shipped_choices(),
        "own": queries.own_editions(organisation, rows),
        "may_draft": may_draft,
        "problems": problems,
    }
    return render(request, "control/rule_editions.html", context, status=status)


@require_safe
def compare_rules(request: SchoolRequest) -> HttpResponse:
    """Show two sides of the address beside each other; the differences alone, unless all=yes."""
    access.require_staff(request.actor)
    organisation, asked = request.actor.organisation, request.GET
    day = parse_day(asked.get("on", "")) or request.today
    keys = (asked.get("one", queries.BY_DEFAULT), asked.get("other", queries.NOW))
    one, other = (_side(organisation, key, day) for key in keys)
    with_equal = asked.get("all") == "yes"
    rows = queries.edition_rows(organisation)
    context = {
        "one": one,
        "other": other,
        "lines": queries.differences(one, other, with_equal=with_equal),
        "with_equal": with_equal,
        "shipped": queries.shipped_choices(),
        "own": queries.own_editions(organisation, rows),
        "day": day,
        "is_today": day == request.today,
    }
    return render(request, "control/compare_rules.html", context)


@require_safe
def rules_file(request: SchoolRequest, side: str, kind: str) -> HttpResponse:
    """Send a side as a policy file: TOML, or the same as JSON."""
    access.require_staff(request.actor)
    found = _side(request.actor.organisation, side, request.today)
    edition = found.edition or _without_act(found, request.today)
    if kind == "json":
        content, content_type = json.dumps(as_json(edition), ensure_ascii=False, indent=2) + "\n", "application/json"
    else:
        content, content_type = write_edition(edition), "application/toml; charset=utf-8"
    response = HttpResponse(content, content_type=content_type)
    name = f"rules-{found.key}-{edition.in_force_from:%Y-%m-%d}.{kind}"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


def as_json(edition: Edition) -> dict[str, Any]:
    """Return an edition as JSON holds it: the tables of the TOML file under the same names."""
    head = {
        "act": edition.act, "title": edition.title, "kind": edition.kind, "number": edition.number,
        "adopted_on": edition.adopted_on, "adopted_by": edition.adopted_by, "order": edition.order,
        "agreed_with": list(edition.agreed_with), "in_force_from": edition.in_force_from,
        "in_force_to": edition.in_force_to,
    }  # fmt: skip
    return {
        "edition": {
            name: value.isoformat() if isinstance(value, date) else value for name, value in head.items() if value
        },
        "values": {
            name: {"value": encode(said.value), "clause": said.clause, **({"note": said.note} if said.note else {})}
            for name, said in edition.values.items()
        },
    }


def _side(organisation: Organisation, key: str, day: date) -> queries.Side:
    return queries.side_of(organisation, key, day=day) or invisible()


def _without_act(side: queries.Side, day: date) -> Edition:
    """Return law and defaults as a file to begin an own edition from: every value, with what it rests on."""
    values = {name: Stated(getattr(side.policy, name), side.policy.clause(name)) for name in variables()}
    return Edition(act=side.key, title=side.title, in_force_from=day, values=values)
