"""Forms of the calendar."""

from django import forms
from django.utils.translation import gettext_lazy as _

from letopis.control.actions.timetable import CLEAR
from letopis.schooling.models import CalendarDay


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
