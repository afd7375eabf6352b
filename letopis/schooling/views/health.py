"""The health sheet of a class."""

from datetime import date
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from letopis.core.errors import Refused
from letopis.people.middleware import SchoolRequest
from letopis.rules.dates import parse_day
from letopis.schooling.access.health import OpenHealth, health_for, health_to_keep
from letopis.schooling.actions.health import HealthValue, record_health
from letopis.schooling.models import HealthRecord
from letopis.schooling.queries.health import health_sheet, records_of


class HealthForm(forms.Form):
    """A record of the sheet."""

    physical_group = forms.ChoiceField(
        label=gettext_lazy("Группа по физкультуре"), choices=HealthRecord.PhysicalGroup.choices
    )
    health_group = forms.TypedChoiceField(
        label=gettext_lazy("Группа здоровья"),
        choices=[("", "—"), *((str(number), str(number)) for number in range(1, 6))],
        coerce=int,
        empty_value=None,
        required=False,
    )
    starts_on = forms.DateField(
        label=gettext_lazy("С какого дня"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    ends_on = forms.DateField(
        label=gettext_lazy("По какой день"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"), required=False
    )
    seat = forms.CharField(label=gettext_lazy("Где сидеть"), max_length=80, required=False)
    basis = forms.CharField(
        label=gettext_lazy("Основание"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Справка, её номер и дата. Диагноз не пишут."),
    )


@require_GET
def sheet(request: SchoolRequest, code: UUID) -> HttpResponse:
    """Show the sheet on a day (?on=); to the teacher of physical education the groups for it alone."""
    opened = health_for(request.actor, code)
    day = _day(opened, parse_day(request.GET.get("on", "")) or request.today)
    lines = health_sheet(opened.school_class, day)
    context = {
        "opened": opened,
        "day": day,
        "lines": lines,
        "exempt": sum(line.is_exempt for line in lines),
    }
    return render(request, "schooling/health.html", context)


@require_http_methods(["GET", "POST"])
def pupil(request: SchoolRequest, code: UUID, pupil: UUID) -> HttpResponse:
    """Show the records of a pupil and enter the next one."""
    opened, kept = health_to_keep(request.actor, code, pupil)
    records = records_of(kept)
    day = _day(opened, request.today)
    stands = records[0] if records else None
    initial: dict[str, object] = {"starts_on": day}
    if stands:
        initial |= {
            "health_group": stands.health_group,
            "physical_group": stands.physical_group,
            "seat": stands.seat,
        }
    form = HealthForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            record_health(kept, value=HealthValue(**form.cleaned_data), by=request.actor.author, at=request.now)
        except Refused as refusal:
            form.add_error(None, refusal.verdict.sentence)
        else:
            messages.success(request, _("Запись внесена: %(name)s.") % {"name": kept.person.short_name})
            return redirect("schooling:health", code)
    context = {"opened": opened, "pupil": kept, "records": records, "form": form, "day": day}
    return render(request, "schooling/health_pupil.html", context, status=409 if form.errors else 200)


def _day(opened: OpenHealth, day: date) -> date:
    year = opened.school_class.year
    return min(max(day, year.starts_on), year.ends_on)
