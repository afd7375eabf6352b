"""«Исправления»: ask for a correction, see who asked what, approve, decline, take back, print."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from letopis.core.errors import Refused
from letopis.core.printer import PrintJob
from letopis.core.web import read_code, safe_next
from letopis.people.access import invisible
from letopis.people.middleware import SchoolRequest
from letopis.register.access import corrections as access
from letopis.register.access.corrections import Asked, Target, target_for
from letopis.register.actions import corrections as verbs
from letopis.register.forms.corrections import CorrectionForm, initial_of
from letopis.register.models import Correction
from letopis.register.prints.corrections import correction_act
from letopis.register.queries.correction_values import current, kind_of_text, shown, typed_value
from letopis.register.queries.corrections import (
    STATES,
    CorrectionFilter,
    classes_corrected,
    correction_list,
    correction_page,
    line_of,
)
from letopis.register.queries.locks import lock_of_entry
from letopis.register.views.prints import pdf_response
from letopis.rules.corrections import offers_correction
from letopis.rules.verdict import Verdict

PER_PAGE = 40
_KINDS = Correction.Kind


@require_GET
def corrections(request: SchoolRequest) -> HttpResponse:
    """List the requests the actor may see, by what the address says: ?state=, ?kind=, ?class=, ?mine=1, ?q=."""
    actor, asked = request.actor, request.GET
    if actor.employee_id is None:
        invisible()
    approves = access.approves(actor)
    state = asked.get("state", "")
    only = CorrectionFilter(
        state=state if state in STATES else ("waiting" if approves else "all"),
        kind=asked.get("kind", ""),
        mine=asked.get("mine") == "1",
        school_class=str(read_code(asked.get("class", "")) or ""),
        words=asked.get("q", "")[:60].strip(),
    )
    page = Paginator(correction_list(actor, only), PER_PAGE).get_page(asked.get("page"))
    context = {
        "only": only,
        "page": page,
        "lines": [line_of(row) for row in page],
        "page_range": page.paginator.get_elided_page_range(page.number),
        "approves": approves,
        "states": _states(),
        "kinds": _KINDS.choices,
        "classes": classes_corrected(actor),
        "is_filtered": bool(only.kind or only.mine or only.school_class or only.words),
    }
    return render(request, "register/corrections.html", context)


@require_http_methods(["GET", "POST"])
def ask(request: SchoolRequest) -> HttpResponse:
    """Ask for a correction of one entry, named by the address; a refusal keeps what was typed.

    ?kind= with ?task=&pupil=, ?lesson=, ?lesson=&pupil=, or ?course=&term=&pupil=; ?value= is what was typed there.
    """
    target, typed = _target(request)
    entry, stands = target.entry, current(target.entry)
    form = CorrectionForm(request.POST or None, entry=entry, initial=initial_of(entry, value=stands, typed=typed))
    if request.method == "POST" and form.is_valid():
        try:
            row = verbs.request_correction(target, text=form.text(), reason=form.cleaned_data["reason"], at=request.now)
        except Refused as refusal:
            form.add_error(None, refusal.verdict.sentence)
        else:
            messages.success(request, _("Просьба записана: её увидит тот, кто разрешает исправления."))
            return redirect("register:correction", code=row.code)
    lock = lock_of_entry(target, old=stands, new=typed or stands, at=request.now)
    context = {
        "target": target,
        "entry": entry,
        "form": form,
        "kind_title": _KINDS(entry.kind).label,
        "now": shown(entry.kind, stands),
        "lock": lock,
        "is_offered": offers_correction(lock),
        "other_kind": _other_kind(request, entry.kind),
        "back": safe_next(request),
    }
    return render(request, "register/ask_correction.html", context, status=409 if form.errors else 200)


@require_GET
def correction(request: SchoolRequest, code: UUID) -> HttpResponse:
    """Show one request: both values, why, who asked, who decided."""
    return _page(request, access.correction_for(request.actor, code))


@require_POST
def approve(request: SchoolRequest, code: UUID) -> HttpResponse:
    """Approve a request; the last approval changes the entry."""
    row = access.correction_to_decide(request.actor, code)
    try:
        row = verbs.approve_correction(request.actor, row, order=request.POST.get("order", ""), at=request.now)
    except Refused as refusal:
        return _page(request, access.correction_for(request.actor, code), error=refusal.verdict, field="order")
    if row.state == Correction.State.HALF:
        messages.success(request, _("Первое разрешение записано: нужно ещё одно, от другого человека."))
    else:
        messages.success(request, _("Исправлено. Оба значения остались в журнале."))
    return redirect("register:correction", code=code)


@require_POST
def decline(request: SchoolRequest, code: UUID) -> HttpResponse:
    """Decline a request and say why."""
    row = access.correction_to_decide(request.actor, code)
    try:
        verbs.decline_correction(request.actor, row, reason=request.POST.get("reason", ""), at=request.now)
    except Refused as refusal:
        return _page(request, access.correction_for(request.actor, code), error=refusal.verdict, field="reason")
    messages.success(request, _("Просьба отклонена: учитель прочтёт причину."))
    return redirect("register:correction", code=code)


@require_POST
def withdraw(request: SchoolRequest, code: UUID) -> HttpResponse:
    """Take a request back."""
    row = access.correction_to_withdraw(request.actor, code)
    try:
        verbs.withdraw_correction(request.actor, row, at=request.now)
    except Refused as refusal:
        messages.error(request, refusal.verdict.sentence)
    else:
        messages.success(request, _("Просьба отозвана."))
    return redirect("register:correction", code=code)


@require_safe
def correction_pdf(request: SchoolRequest, code: UUID) -> HttpResponse:
    """Send the request, or the act once it is carried out, as PDF."""
    row = access.correction_for(request.actor, code)
    job = PrintJob(
        ("register", "correction_act", request.today), correction_act(row, on=request.today), issued_on=request.today
    )
    name = _("Исправление %(day)s %(subject)s") % {
        "day": f"{row.requested_at:%d.%m.%Y}",
        "subject": row.course.subject,
    }
    return pdf_response(request, job, name=name, back=("register:correction", row.code))


def _page(request: SchoolRequest, row: Correction, *, error: Verdict | None = None, field: str = "") -> HttpResponse:
    context = {
        "row": row,
        "page": correction_page(request.actor, row),
        "error": error,
        "field": field,
        "order": request.POST.get("order", ""),
        "reason": request.POST.get("reason", ""),
    }
    return render(request, "register/correction.html", context, status=200 if error is None else 409)


def _target(request: HttpRequest) -> tuple[Target, str]:
    """Return the entry of the address, and the value typed there as a request keeps it; empty when none was."""
    asked, text = request.GET, request.GET.get("value", "")[:200]
    one = Asked(
        kind=asked.get("kind", _KINDS.MARK),
        lesson=read_code(asked.get("lesson", "")),
        task=read_code(asked.get("task", "")),
        course=read_code(asked.get("course", "")),
        term=asked.get("term", ""),
        pupil=read_code(asked.get("pupil", "")),
    )
    actor = request.actor  # type: ignore[attr-defined]
    target = target_for(actor, one)
    if text and "kind" not in asked and kind_of_text(target.entry, text) == _KINDS.ATTENDANCE:
        target = target_for(actor, Asked(kind=_KINDS.ATTENDANCE, task=one.task, pupil=one.pupil))
    typed = typed_value(target.entry, text) if text else ""
    return target, "" if isinstance(typed, Verdict) else typed


def _other_kind(request: HttpRequest, kind: str) -> str:
    """Return the address for the other thing that a cell holds: its attendance, or its mark."""
    if kind not in (_KINDS.MARK, _KINDS.ATTENDANCE) or not request.GET.get("task"):
        return ""
    query = request.GET.copy()
    query["kind"] = _KINDS.ATTENDANCE if kind == _KINDS.MARK else _KINDS.MARK
    query.pop("value", None)
    return f"?{query.urlencode()}"


def _states() -> list[tuple[str, str]]:
    return [
        ("waiting", _("Ждут решения")),
        ("done", _("Исправлено")),
        ("declined", _("Отклонены")),
        ("withdrawn", _("Отозваны")),
        ("all", _("Все")),
    ]
