"""Pages where the class teacher sets reasons: a week, a day, a pupil, what has no reason."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from letopis.core.errors import Refused
from letopis.people.middleware import SchoolRequest
from letopis.register.access.classes import (
    OpenAbsences,
    absences_for,
    absences_to_set,
    led_classes,
    pupil_absences_for,
)
from letopis.register.actions.absence_reasons import (
    CONFLICT,
    SAVED,
    Change,
    ReasonsSet,
    set_reason_of_span,
    set_reasons,
    take_back,
)
from letopis.register.forms.absences import SpanForm, read_cells
from letopis.register.queries.absence_cells import (
    AbsenceCell,
    AbsenceTable,
    Counts,
    PupilDay,
    class_day,
    class_week,
    counts_of,
    days_of_pupil,
    days_without_reason,
    pupils_between,
)
from letopis.register.queries.absence_periods import period_of
from letopis.rules.absence import Event, missed_of
from letopis.rules.dates import parse_day

UNDO = "absences_undo"
"""In the session: the class and the changes of the last save, to be taken back by one press."""
SHOWN_DAYS = 200
"""The most days of the list without reasons; the sum counts all."""


@require_GET
def absences(request: SchoolRequest) -> HttpResponse:
    """Lead a class teacher to his class; show the classes to who has several or all."""
    classes = led_classes(request.actor)
    if len(classes) == 1 and not request.actor.controls:
        return redirect("register:absence_week", classes[0].code)
    if request.actor.controls:
        return redirect("register:school_absences")
    return render(request, "register/absence_classes.html", {"classes": classes})


@require_http_methods(["GET", "POST"])
def week(request: SchoolRequest, code: UUID) -> HttpResponse:
    """Show a week of the class (?on= any day of it), pupils × days; save the letters typed."""
    opened = absences_for(request.actor, code)
    errors, typed = _saved(request, opened)
    if errors is None:
        return redirect(request.get_full_path())
    day = _day(request, opened)
    first = day - timedelta(days=day.weekday())
    table, counts = class_week(
        opened, first=first, policy=opened.actor.policy, week_days=request.actor.organisation.week_days
    )
    last = first + timedelta(days=6)
    context = _context(opened, "week", counts) | {
        "table": _with_errors(table, errors, typed),
        "first": first,
        "last": last,
        "previous": first - timedelta(days=7),
        "following": first + timedelta(days=7),
        "span": SpanForm(initial={"first": first, "last": last, "only_unset": True}, auto_id="span_%s"),
    }
    return render(request, "register/absence_week.html", context, status=409 if errors else 200)


@require_http_methods(["GET", "POST"])
def day(request: SchoolRequest, code: UUID) -> HttpResponse:
    """Show a day of the class (?on=), pupils × lessons; save the letters typed."""
    opened = absences_for(request.actor, code)
    errors, typed = _saved(request, opened)
    if errors is None:
        return redirect(request.get_full_path())
    shown = _day(request, opened)
    table, counts = class_day(opened, day=shown, policy=opened.actor.policy)
    context = _context(opened, "day", counts) | {
        "table": _with_errors(table, errors, typed),
        "day": shown,
        "previous": shown - timedelta(days=1 if shown.weekday() else 2),
        "following": shown + timedelta(days=1 if shown.weekday() < 5 else 2),
        "span": SpanForm(initial={"first": shown, "last": shown, "only_unset": True}, auto_id="span_%s"),
    }
    return render(request, "register/absence_week.html", context, status=409 if errors else 200)


@require_http_methods(["GET", "POST"])
def pupil(request: SchoolRequest, code: UUID, pupil: UUID) -> HttpResponse:
    """Show what a pupil missed in a period, with the topics of the lessons; save the letters typed."""
    opened, shown = pupil_absences_for(request.actor, code, pupil)
    errors, typed = _saved(request, opened)
    if errors is None:
        return redirect(request.get_full_path())
    period = period_of(opened.year, grade=opened.school_class.grade, asked=request.GET.dict(), today=request.today)
    days = days_of_pupil(opened, shown, first=period.first, last=period.last, policy=opened.actor.policy)
    events = [Event(one.on, one.event, one.reason) for found in days for one in found.lessons]
    context = _context(opened, "week") | {
        "pupil": shown,
        "period": period,
        "days": _days_with_errors(days, errors, typed),
        "missed": missed_of(events, planned={}, policy=opened.actor.policy),
    }
    return render(request, "register/absence_pupil.html", context, status=409 if errors else 200)


@require_http_methods(["GET", "POST"])
def unset(request: SchoolRequest, code: UUID) -> HttpResponse:
    """Show every day with an absence that has no reason; save the letters typed."""
    opened = absences_for(request.actor, code)
    errors, typed = _saved(request, opened)
    if errors is None:
        return redirect(request.get_full_path())
    days = days_without_reason(opened, policy=opened.actor.policy)
    context = _context(opened, "unset") | {
        "days": _days_with_errors(days[:SHOWN_DAYS], errors, typed),
        "number": len(days),
        "shown": SHOWN_DAYS,
    }
    return render(request, "register/absence_unset.html", context, status=409 if errors else 200)


@require_POST
def span(request: SchoolRequest, code: UUID) -> HttpResponse:
    """Set one reason for the marked pupils and the days of the form."""
    opened = absences_to_set(request.actor, code)
    form = SpanForm(request.POST, pupils=pupils_between(opened, opened.year.starts_on, opened.year.ends_on))
    back = request.POST.get("back", "")
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for found in form.errors.values() for error in found))
    else:
        values = form.cleaned_data | {"pupils": [UUID(one) for one in form.cleaned_data["pupils"]]}
        try:
            _say(request, opened, set_reason_of_span(opened, **values, at=request.now))
        except Refused as refusal:
            messages.error(request, refusal.verdict.sentence)
    return _back(opened, back)


@require_POST
def undo(request: SchoolRequest, code: UUID) -> HttpResponse:
    """Put back what the last save of this person changed, where nobody changed it since."""
    opened = absences_to_set(request.actor, code)
    kept = request.session.pop(UNDO, None)
    if kept and kept["class"] == str(code):
        changes = [Change(**one) for one in kept["changes"]]
        number = take_back(opened, changes=changes, at=request.now)
        messages.success(
            request,
            ngettext("Возвращено: %(n)s пропуск.", "Возвращено пропусков: %(n)s.", number) % {"n": number},
        )
    else:
        messages.info(request, _("Возвращать нечего: последнее изменение уже возвращено."))
    return _back(opened, request.POST.get("back", ""))


def _saved(request: SchoolRequest, opened: OpenAbsences) -> tuple[dict[str, str] | None, dict[str, str]]:
    """Save what a POST sent. Return the errors by cell with what was typed, or None when all is saved."""
    if request.method != "POST":
        return {}, {}
    absences_to_set(request.actor, opened.school_class.code)
    cells = read_cells(request.POST)
    saved = set_reasons(opened, cells=cells, at=request.now)
    errors, typed = {}, {}
    for result in saved.cells:
        if result.status == SAVED:
            continue
        name = ":".join(
            [
                str(result.cell.pupil),
                result.cell.on.isoformat(),
                *([str(result.cell.lesson)] if result.cell.lesson else []),
            ]
        )
        said = _("Пока страница была открыта, здесь поставили «%s». Сохраните ещё раз, если нужно ваше.") % result.shown
        errors[name] = said if result.status == CONFLICT else result.verdict.sentence
        typed[name] = result.cell.text
    if saved.changes:
        _say(request, opened, saved)
    elif not errors:
        messages.info(request, _("Изменений нет: всё уже записано."))
    if errors:
        messages.error(
            request,
            _("Сохранено не всё: причины написаны в клетках.")
            if saved.changes
            else _("Не сохранено: причины написаны в клетках."),
        )
        return errors, typed
    return None, {}


def _say(request: SchoolRequest, opened: OpenAbsences, saved: ReasonsSet) -> None:
    """Say what was set, with the button that takes it back."""
    number = len(saved.changes)
    request.session[UNDO] = {
        "class": str(opened.school_class.code),
        "changes": [asdict(change) for change in saved.changes],
    }
    said = ngettext("Причина записана: %(n)s пропуск.", "Причины записаны, пропусков: %(n)s.", number) % {"n": number}
    messages.success(
        request, format_html('{} <button class="link" form="undo">{}</button>', said, _("Вернуть как было"))
    )


def _context(opened: OpenAbsences, tab: str, counts: Counts | None = None) -> dict[str, Any]:
    return {"opened": opened, "tab": tab, "counts": counts or counts_of(opened), "policy": opened.actor.policy}


def _day(request: SchoolRequest, opened: OpenAbsences) -> date:
    """Return the day asked for, within the year of the class."""
    wanted = parse_day(request.GET.get("on", "")) or request.today
    return min(max(wanted, opened.year.starts_on), opened.year.ends_on)


def _back(opened: OpenAbsences, path: str) -> HttpResponse:
    """Lead back to a page of this class; anything else is not ours to follow."""
    home = redirect("register:absence_week", opened.school_class.code)
    return redirect(path) if path.startswith(home.url) else home


def _with_errors(table: AbsenceTable, errors: Mapping[str, str], typed: Mapping[str, str]) -> AbsenceTable:
    if not errors:
        return table
    rows = tuple(
        replace(row, cells=tuple(_with_error(cell, errors, typed) if cell else None for cell in row.cells))
        for row in table.rows
    )
    return replace(table, rows=rows)


def _days_with_errors(
    days: tuple[PupilDay, ...], errors: Mapping[str, str], typed: Mapping[str, str]
) -> tuple[PupilDay, ...]:
    if not errors:
        return days
    return tuple(replace(one, cell=_with_error(one.cell, errors, typed)) for one in days)


def _with_error(cell: AbsenceCell, errors: Mapping[str, str], typed: Mapping[str, str]) -> AbsenceCell:
    if cell.name not in errors:
        return cell
    return replace(cell, typed=typed[cell.name], error=errors[cell.name])
