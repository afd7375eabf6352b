"""Forms of accounts and offices."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from letopis.accounts.models import Role


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class ReasonForm(forms.Form):
    """Why an account is closed or opened again."""

    reason = forms.CharField(label=_("Причина"), max_length=200, required=False)


class OrderForm(forms.Form):
    """The order that an office rests on."""

    order_number = forms.CharField(label=_("Номер приказа"), max_length=40)
    order_on = forms.DateField(label=_("Дата приказа"), widget=DayInput())


class AppointForm(OrderForm):
    """A user's new office."""

    field_order = ("role", "starts_on", "order_number", "order_on")
    role = forms.ChoiceField(label=_("Должность в журнале"), choices=[("", _("выберите")), *Role.choices])
    starts_on = forms.DateField(label=_("С какого дня"), widget=DayInput())


class EndForm(OrderForm):
    """The end of an office; which one is told by its role and first day."""

    field_order = ("ends_on", "order_number", "order_on")
    role = forms.ChoiceField(choices=Role.choices, widget=forms.HiddenInput())
    starts_on = forms.DateField(widget=forms.HiddenInput())
    ends_on = forms.DateField(label=_("Последний день"), widget=DayInput())

    @classmethod
    def blank(cls, *, role: str, starts_on: date, today: date) -> "EndForm":
        """Return an empty form of one appointment; several stand on a page, so their ids differ."""
        initial: dict[str, Any] = {"role": role, "starts_on": starts_on.isoformat(), "ends_on": today}
        return cls(initial=initial, auto_id=f"id_{role}_{starts_on:%Y%m%d}_%s")
