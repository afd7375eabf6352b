"""The form of a request for correction: the new value in the way its kind is typed, and why."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from letopis.register.access.corrections import Entry
from letopis.register.models import Correction
from letopis.register.queries.correction_values import NOTHING_SET
from letopis.rules.attestation import result_choices
from letopis.rules.cells import ABSENT, LATE, PRESENT
from letopis.rules.corrections import LONGEST_REASON, LONGEST_VALUE

_KINDS = Correction.Kind
_EVENTS = (
    (PRESENT, gettext_lazy("был на уроке")),
    (ABSENT, gettext_lazy("не был на уроке")),
    (LATE, gettext_lazy("опоздал")),
)


class CorrectionForm(forms.Form):
    """What should stand, and why. `text()` is the value as a cell or a page would be typed."""

    value = forms.CharField(label=gettext_lazy("Как должно быть"), required=False, max_length=LONGEST_VALUE)
    reason = forms.CharField(
        label=gettext_lazy("Почему"),
        max_length=LONGEST_REASON,
        help_text=gettext_lazy("Причина останется в журнале рядом с обоими значениями; её прочтёт и семья."),
    )

    def __init__(self, *args: Any, entry: Entry, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.entry = entry
        field = self.fields["value"]
        if entry.kind == _KINDS.MARK:
            scale = ", ".join(entry.scale.values)
            field.help_text = _("Отметка шкалы (%(scale)s) или пусто, если её не должно быть.") % {"scale": scale}
            field.widget.attrs |= {"maxlength": 10, "autocomplete": "off", "class": "short"}
        elif entry.kind == _KINDS.ATTENDANCE:
            self.fields["value"] = forms.ChoiceField(label=field.label, choices=_EVENTS)
            self.fields["minutes"] = forms.IntegerField(
                label=_("Минут опоздания"), required=False, min_value=1, max_value=entry.policy.maximum_lateness_minutes
            )
        elif entry.kind == _KINDS.TERM_MARK:
            choices = [("", _("не выставлено"))] + [(one.code, one.title) for one in result_choices(entry.scale)]
            self.fields["value"] = forms.ChoiceField(label=field.label, choices=choices, required=False)
        elif entry.kind == _KINDS.HOMEWORK:
            field.widget = forms.Textarea(attrs={"rows": 3, "maxlength": LONGEST_VALUE})
            self.fields["nothing"] = forms.BooleanField(label=_("Ничего не задано"), required=False)
        self.order_fields(["value", "minutes", "nothing", "reason"])

    def text(self) -> str:
        """Return the new value as `queries.correction_values.typed_value` reads it."""
        value: str = self.cleaned_data["value"]
        if self.entry.kind == _KINDS.ATTENDANCE:
            policy = self.entry.policy
            late = f"{policy.lateness_letter}{self.cleaned_data.get('minutes') or ''}"
            return {PRESENT: "+", ABSENT: policy.absence_letter, LATE: late}[value]
        if self.entry.kind == _KINDS.HOMEWORK and self.cleaned_data.get("nothing"):
            return NOTHING_SET
        return value


def initial_of(entry: Entry, *, value: str, typed: str) -> dict[str, object]:
    """Return what the form begins with: what was typed in the cell, else the value that stands.

    value: as a request keeps it. typed: as the cell was typed, read already.
    """
    shown = typed or value
    if entry.kind == _KINDS.ATTENDANCE:
        event, _colon, minutes = shown.partition(":")
        return {"value": event, "minutes": minutes}
    if entry.kind == _KINDS.HOMEWORK and shown == NOTHING_SET:
        return {"nothing": True}
    return {"value": shown}
