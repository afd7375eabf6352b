"""Forms of the calendar."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from letopis.control.actions.timetable import CLEAR
from letopis.schooling.models import Break, CalendarDay


class DayForm(forms.Form):
    """A day of the year that becomes free, a school day, or an ordinary one again."""

    on = forms.DateField(label=_("День"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    kind = forms.ChoiceField(
        label=_("Что меняется"),
        choices=[
            (CalendarDay.Kind.OFF, _("День становится нерабочим")),
            (CalendarDay.Kind.WORKING, _("День становится рабочим")),
            (CLEAR, _("Снять отметку: день как обычно по неделе")),
        ],
    )
    title = forms.CharField(
        label=_("Название"), max_length=120, required=False, help_text=_("Например: «Карантин», «День города».")
    )
    source = forms.CharField(label=_("Основание"), max_length=200, required=False, help_text=_("Номер и дата приказа."))

    def clean(self) -> dict[str, object]:
        cleaned: dict[str, object] = super().clean() or {}
        if cleaned.get("kind") != CLEAR and not cleaned.get("title") and "kind" in cleaned:
            self.add_error("title", _("Назовите день: название увидят в расписании."))
        return cleaned


class BreakForm(forms.Form):
    """Other days of a break of the year."""

    which = forms.ChoiceField(label=_("Каникулы"))
    starts_on = forms.DateField(
        label=_("Первый день"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    ends_on = forms.DateField(
        label=_("Последний день"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    order = forms.CharField(label=_("Основание"), max_length=200, required=False, help_text=_("Номер и дата приказа."))

    def __init__(self, *args: Any, breaks: Sequence[Break], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.breaks = {f"{one.grade_from}-{one.starts_on.isoformat()}": one for one in breaks}
        self.fields["which"].choices = [(key, _said(one)) for key, one in self.breaks.items()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("Последний день раньше первого: проверьте даты."))
        return cleaned

    @property
    def chosen(self) -> Break:
        """The break that a valid form names."""
        return self.breaks[self.cleaned_data["which"]]


def _said(one: Break) -> str:
    grades = f"{one.grade_from}" if one.grade_from == one.grade_to else f"{one.grade_from}–{one.grade_to}"
    return f"{one.title}, {grades}: {one.starts_on:%d.%m.%Y} – {one.ends_on:%d.%m.%Y}"
