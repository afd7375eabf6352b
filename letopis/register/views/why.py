"""«Почему?» and «что, если»: a page, and the same as a panel over the page it was asked from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from letopis.register.access import course_for
from letopis.register.queries.course_terms import terms_for
from letopis.register.queries.pupil_why import pupil_why
from letopis.register.queries.term_marks import chosen_term
from letopis.register.queries.why import Asked, WhatIfAnswer
from letopis.rules.policy import Policy


@dataclass(frozen=True, slots=True)
class SupposedLink:
    """A supposed mark with the address without it."""

    text: str
    """As the address keeps it."""
    value: str
    kind: str
    without: str


@require_GET
def why(request: HttpRequest, code: UUID, pupil: UUID) -> HttpResponse:
    """Show why a term mark is proposed, and what would lead to another (?term=, ?wanted=, ?add=5:КР).

    Nothing that is supposed is stored. htmx gets the panel alone.
    """
    opened = course_for(request.actor, code)  # type: ignore[attr-defined]
    term = chosen_term(list(terms_for(opened)), number=request.GET.get("term"), today=opened.actor.today)
    if term is None:
        raise Http404
    page = pupil_why(opened, pupil, term, asked_of(request.GET))
    context = {
        "opened": opened,
        "page": page,
        "why": page.why,
        "here": reverse("register:why", args=[code, pupil]),
        "back": f"{reverse('register:term_marks', args=[code])}?term={term.number}",
        **form_of(
            page.what_if,
            signs=page.signs,
            policy=opened.actor.policy_of_period(page.period.last),
            keep={"term": str(term.number)},
        ),
    }
    part = "#panel" if request.htmx else ""  # type: ignore[attr-defined]
    return render(request, f"register/why.html{part}", context)


def asked_of(data: QueryDict) -> Asked:
    """Return what is asked: what the address keeps, and the mark that the form adds to it."""
    supposed = [text for text in data.getlist("add") if text.strip()]
    if data.get("value"):
        supposed.append(f"{data['value']}:{data.get('kind', '')}")
    return Asked(wanted=data.get("wanted", "").strip(), supposed=tuple(supposed))


def form_of(answer: WhatIfAnswer, *, signs: Sequence[str], policy: Policy, keep: Mapping[str, str]) -> dict[str, Any]:
    """Return the part of the context that the form needs. keep: fields of the address that stay."""
    texts = [one.text for one in answer.supposed]
    chosen = {"wanted": answer.wanted} if answer.wanted else {}

    def without(place: int) -> str:
        left = [("add", text) for at, text in enumerate(texts) if at != place]
        return urlencode([*keep.items(), *chosen.items(), *left])

    return {
        "answer": answer,
        "keep": list(keep.items()),
        "cleared": urlencode([*keep.items(), *chosen.items()]),
        "supposed": [
            SupposedLink(one.text, one.text.partition(":")[0], one.kind_title, without(place))
            for place, one in enumerate(answer.supposed)
        ],
        "signs": signs,
        "kinds": policy.work_kinds,
    }
