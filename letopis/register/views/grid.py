"""The page of marks of a course, the saving of its cells, and the panel beside it."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from letopis.core.errors import Refused
from letopis.people.access import forbid
from letopis.register import access
from letopis.register.actions.cell_notes import LESSON, MARK, set_note
from letopis.register.actions.cell_receipts import save_once
from letopis.register.actions.cell_results import CellSave
from letopis.register.actions.cells import set_task_kind
from letopis.register.queries.cell_panel import cell_panel
from letopis.register.queries.course_terms import WHOLE_YEAR, chosen_span, spans_of, terms_for
from letopis.register.queries.grid import grid as grid_of
from letopis.register.queries.grid_filter import GridFilter
from letopis.register.views.grid_script import MODULES, words
from letopis.rules.cells import too_many_cells
from letopis.rules.policy import Policy
from letopis.rules.verdict import Verdict, refused


@require_GET
def grid(request: HttpRequest, code: UUID) -> HttpResponse:
    """Show the grid of a course for a term; the choice is kept in the address (?term=)."""
    opened = access.course_for(request.actor, code)  # type: ignore[attr-defined]
    policy = opened.actor.policy
    shown = grid_of(
        opened,
        term=request.GET.get("term"),
        only=GridFilter.of(request.GET),
        today=request.today,  # type: ignore[attr-defined]
        policies=opened.actor.policies,
    )
    context = {
        "grid": shown,
        "opened": opened,
        "letters": {
            "absent": policy.absence_letter,
            "late": policy.lateness_letter,
            "symbols": " ".join(symbol.code for symbol in policy.symbols),
            "values": " ".join(shown.scale.values),
        },
        "words": words(),
        "modules": MODULES,
        "limit": policy.maximum_cells_of_save,
        "empty_group": {"title": _("В группе никого нет"), "text": _("В этом периоде в группе не было обучающихся.")},
        "nothing_shown": {"title": _("Ничего не нашлось"), "text": _("По этим условиям в периоде ничего нет.")},
        "empty_term": {"title": _("Занятий нет"), "text": _("В этом периоде расписание не дало ни одного занятия.")},
    }
    return render(request, "register/grid.html", context)


@login_not_required
@require_POST
def cells(request: HttpRequest, code: UUID) -> HttpResponse:
    """Save {"key", "user", "term", "cells": [{task, pupil, seen, text, confirm, exact}]}; answer what became of each.

    Every answer is JSON, so that the script can tell them apart: 401 where nobody is signed in (and not the page to
    sign in) or somebody else is, 400 for what no save is, 409 for a key that was used for other cells; each with code
    and sentence.
    """
    actor = request.actor  # type: ignore[attr-defined]
    if actor is None:
        return _refusal("SIGNED_OUT", _("Вход устарел: войдите снова, набранное сохранится."), status=401)
    asked = _asked(request, policy=actor.policy)
    if isinstance(asked, Verdict):
        # Access comes before form: whom the course does not exist for learns nothing about it.
        access.course_for(actor, code)
        return _refusal(asked.code, asked.sentence, status=400)
    if asked.user not in ("", str(request.user.code)):  # type: ignore[union-attr]
        # The page was opened by one person, and another has signed in beside it: what the first typed is not his.
        return _refusal("OTHER_USER", _("В этом браузере вошёл другой человек."), status=401)
    try:
        answer = save_once(
            actor,
            course=code,
            cells=asked.cells,
            key=asked.key,
            whole_year=asked.term == WHOLE_YEAR,
            at=request.now,  # type: ignore[attr-defined]
        )
    except Refused as refusal:
        return _refusal(refusal.verdict.code, refusal.verdict.sentence, status=409)
    return JsonResponse(answer)


@require_GET
def cell(request: HttpRequest, code: UUID) -> HttpResponse:
    """Return the panel of one cell (?task=, ?pupil=, ?term=)."""
    opened = access.course_for(request.actor, code)  # type: ignore[attr-defined]
    spans = spans_of(opened, list(terms_for(opened)))
    span = chosen_span(spans, wanted=request.GET.get("term"), today=request.today)  # type: ignore[attr-defined]
    panel = cell_panel(
        opened,
        task=_code(request.GET.get("task")),
        pupil=_code(request.GET.get("pupil")),
        span=span,
        policies=opened.actor.policies,
        now=request.now,  # type: ignore[attr-defined]
    )
    context = {
        "cell": panel,
        "opened": opened,
        "term": span.key,
        "notes_shown": opened.actor.policy.notes_shown_to_families,
    }
    return render(request, "register/grid.html#cell", context)


@require_POST
def task_kind(request: HttpRequest, code: UUID, task: UUID) -> HttpResponse:
    """Name the kind of work of a column, and lead back to the grid."""
    opened = access.course_for(request.actor, code)  # type: ignore[attr-defined]
    if not opened.may_edit:
        forbid(opened.read_only_reason)
    try:
        set_task_kind(
            request.actor,  # type: ignore[attr-defined]
            course=code,
            task=task,
            kind=request.POST.get("kind", ""),
            title=request.POST.get("title", ""),
            at=request.now,  # type: ignore[attr-defined]
        )
    except Refused as refusal:
        messages.error(request, refusal.verdict.sentence)
    return redirect(f"{reverse('register:grid', args=[code])}?term={request.POST.get('term', '')}")


@dataclass(frozen=True, slots=True)
class _Asked:
    """A request to save, read."""

    cells: list[CellSave]
    term: str
    key: UUID | None
    user: str = ""
    """Code of the person whose page it is, when the page says so."""


@require_POST
def note(request: HttpRequest, code: UUID, task: UUID, pupil: UUID) -> HttpResponse:
    """Write the notes of a cell, and lead back to it."""
    opened = access.course_for(request.actor, code)  # type: ignore[attr-defined]
    if not opened.may_edit:
        forbid(opened.read_only_reason)
    for about in (MARK, LESSON):
        if about not in request.POST:
            continue
        try:
            set_note(
                request.actor,  # type: ignore[attr-defined]
                course=code,
                task=task,
                pupil=pupil,
                about=about,
                text=request.POST[about],
                at=request.now,  # type: ignore[attr-defined]
            )
        except Refused as refusal:
            messages.error(request, refusal.verdict.sentence)
    term = urlencode({"term": request.POST.get("term", "")})
    return redirect(f"{reverse('register:grid', args=[code])}?{term}#task={task}&pupil={pupil}")


def _asked(request: HttpRequest, *, policy: Policy) -> _Asked | Verdict:
    try:
        said: dict[str, Any] = json.loads(request.body)
        rows = said["cells"]
        if len(rows) > policy.maximum_cells_of_save:
            return too_many_cells(len(rows), policy=policy)
        cells = [
            CellSave(
                task=UUID(row["task"]),
                pupil=UUID(row["pupil"]),
                seen=_text(row["seen"]),
                text=_text(row["text"]),
                confirm=row.get("confirm") is True,
                exact=row.get("exact") is True,
            )
            for row in rows
        ]
        term, user = str(said.get("term", "")), str(said.get("user", ""))
    except (ValueError, KeyError, TypeError, AttributeError):
        return refused("BAD_REQUEST", _("Запрос не понят: обновите страницу. Ничего не изменено."))
    try:
        key = UUID(_text(said["key"])) if said.get("key") is not None else None
    except (ValueError, TypeError):
        return refused("BAD_KEY", _("Ключ запроса неверен: обновите страницу. Ничего не изменено."))
    return _Asked(cells, term, key, user)


def _refusal(code: str, sentence: str, *, status: int) -> JsonResponse:
    return JsonResponse({"code": code, "sentence": sentence}, status=status)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _code(text: str | None) -> UUID:
    try:
        return UUID(text or "")
    except ValueError:
        raise Http404 from None
