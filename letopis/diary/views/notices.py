"""«Сообщить об отсутствии»: a guardian tells that a child will not come, and sees what became of it."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from letopis.core.errors import Refused
from letopis.diary.access import child_for, children_of, notice_for
from letopis.people.access import forbid, invisible
from letopis.people.middleware import SchoolRequest
from letopis.people.models import Pupil
from letopis.register.actions.absence_documents import send_notice, withdraw_notice
from letopis.register.models import AbsenceNotice, AbsenceReason

SHOWN = 30
"""The most notices the page lists, the latest first."""


class NoticeForm(forms.Form):
    """When, why and a few words."""

    first = forms.DateField(label=gettext_lazy("С какого дня"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    last = forms.DateField(label=gettext_lazy("По какой день"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    reason = forms.ChoiceField(
        label=gettext_lazy("Почему"),
        choices=[(AbsenceReason.ILL, gettext_lazy("болезнь")), (AbsenceReason.VALID, gettext_lazy("другая причина"))],
        widget=forms.RadioSelect,
        initial=AbsenceReason.ILL,
    )
    text = forms.CharField(
        label=gettext_lazy("Сообщение классному руководителю"),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text=gettext_lazy("Диагноз писать не нужно."),
    )


@require_http_methods(["GET", "POST"])
def absence(request: SchoolRequest) -> HttpResponse:
    """Show the notices about a child (?pupil=) and send one. A pupil does not send: he is told who does."""
    actor = request.actor
    children = children_of(actor)
    child = child_for(actor, children, _code(request.GET.get("pupil")))
    context: dict[str, Any] = {"child": child, "children": children, "is_own": child.pupil.pk == actor.pupil_id}
    if not child.is_open:
        return render(request, "diary/refused.html", context)
    if child.pupil.pk == actor.pupil_id:
        forbid(_("Об отсутствии сообщает родитель или другой законный представитель."))
    form = NoticeForm(request.POST or None, initial={"first": actor.today, "last": actor.today, "reason": "ILL"})
    if request.method == "POST" and form.is_valid() and _send(request, child.pupil, form):
        return redirect(_address(child.pupil.code))
    notices = AbsenceNotice.objects.filter(pupil=child.pupil).select_related("sent_by").order_by("-sent_at", "-pk")
    context |= {"form": form, "notices": list(notices[:SHOWN]), "mine": actor.person_id}
    return render(request, "diary/absence.html", context, status=409 if form.errors else 200)


@require_POST
def withdraw(request: SchoolRequest, code: UUID) -> HttpResponse:
    """Take back a notice that this person sent and nobody decided yet."""
    notice = notice_for(request.actor, code)
    try:
        withdraw_notice(request.actor, notice=notice, at=request.now)
        messages.success(request, _("Сообщение отозвано."))
    except Refused as refusal:
        messages.error(request, refusal.verdict.sentence)
    return redirect(_address(notice.pupil.code))


def _send(request: SchoolRequest, pupil: Pupil, form: NoticeForm) -> bool:
    values = form.cleaned_data
    try:
        send_notice(request.actor, pupil=pupil, **values, at=request.now)
    except Refused as refusal:
        form.add_error(None, refusal.verdict.sentence)
        return False
    messages.success(request, _("Сообщение отправлено классному руководителю. Здесь будет видно, принял ли он его."))
    return True


def _address(pupil: UUID) -> str:
    return f"{reverse('diary:absence')}?pupil={pupil}"


def _code(text: str | None) -> UUID | None:
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError:
        invisible()
