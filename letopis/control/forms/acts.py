"""Forms of local acts and of decisions."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from letopis.control.forms.groups import day_field
from letopis.org.actions.acts import ActFields, Adoption
from letopis.org.models import CollegiateDecision, LocalAct
from letopis.rules.russian import short_date

LONGEST_TEXT = 200_000
BODIES = ("педагогический совет", "общее собрание работников", "управляющий совет", "экспертная комиссия")
"""Offered to choose from; another may be written. Source: ORG-007."""


def lines_of(text: str) -> tuple[str, ...]:
    """Return the lines of a field that are not empty."""
    return tuple(line for one in text.splitlines() if (line := " ".join(one.split())))


class _Agreed(forms.Form):
    agreed_with = forms.CharField(
        label=_("С кем согласован"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("По одному в строке: управляющий совет, совет родителей, совет обучающихся, учредитель."),
    )

    def clean_agreed_with(self) -> tuple[str, ...]:
        return lines_of(self.cleaned_data["agreed_with"])


class ActForm(_Agreed):
    """What a draft says of itself."""

    kind = forms.ChoiceField(label=_("Вид акта"), choices=LocalAct.Kind.choices)
    title = forms.CharField(label=_("Название"), max_length=500)
    number = forms.CharField(label=_("Номер"), max_length=40, required=False)
    dated = day_field(_("Дата акта"), required=False)
    registration_number = forms.CharField(label=_("Регистрационный номер"), max_length=40, required=False)
    text = forms.CharField(
        label=_("Текст"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text=_("Или приложите документ файлом."),
    )
    file = forms.FileField(label=_("Файл"), required=False, help_text=_("PDF, DOCX или ODT, до 20 МБ."))
    must_be_known = forms.BooleanField(label=_("Работники знакомятся с актом под подпись"), required=False)
    field_order = (
        "kind", "title", "number", "dated", "registration_number", "agreed_with", "text", "file", "must_be_known",
    )  # fmt: skip

    def fields_of_act(self) -> ActFields:
        """Return what the verbs take; the file goes its own way."""
        return ActFields(**{name: value for name, value in self.cleaned_data.items() if name != "file"})


def initial_of(act: LocalAct) -> dict[str, Any]:
    """Return the values of ActForm for a draft."""
    names = ("kind", "title", "number", "dated", "registration_number", "text", "must_be_known")
    return {name: getattr(act, name) for name in names} | {"agreed_with": "\n".join(act.agreed_with)}


class AdoptForm(_Agreed):
    """By whom and when an act is adopted, and from which day it is in force."""

    number = forms.CharField(label=_("Номер акта"), max_length=40)
    dated = day_field(_("Дата акта"), required=False)
    adopted_by = forms.CharField(
        label=_("Кто принял"),
        max_length=120,
        widget=forms.TextInput(attrs={"list": "bodies"}),
        help_text=_("Например: педагогический совет."),
    )
    adopted_on = day_field(_("Когда принял"))
    decision = forms.ChoiceField(label=_("Решение из реестра"), required=False)
    approved_by = forms.CharField(
        label=_("Кто утвердил"), max_length=200, required=False, help_text=_("Фамилия, инициалы и должность.")
    )
    order_number = forms.CharField(label=_("Номер приказа"), max_length=40, required=False)
    order_date = day_field(_("Дата приказа"), required=False)
    registration_number = forms.CharField(label=_("Регистрационный номер"), max_length=40, required=False)
    in_force_from = day_field(_("Действует с"))
    in_force_to = day_field(_("Действует по"), _("Пусто – бессрочно, до новой редакции."), required=False)
    field_order = (
        "number", "dated", "adopted_by", "adopted_on", "decision", "agreed_with", "approved_by", "order_number",
        "order_date", "registration_number", "in_force_from", "in_force_to",
    )  # fmt: skip

    def __init__(self, *args: Any, decisions: Iterable[CollegiateDecision], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.decisions = {str(one.code): one for one in decisions}
        field: Any = self.fields["decision"]
        field.choices = [("", "—"), *((code, decision_title(one)) for code, one in self.decisions.items())]

    def clean_decision(self) -> CollegiateDecision | None:
        return self.decisions.get(self.cleaned_data["decision"])

    def adoption(self) -> Adoption:
        """Return what the verb takes."""
        return Adoption(**self.cleaned_data)


def decision_title(row: CollegiateDecision) -> str:
    """Return «педагогический совет, протокол № 1 от 28.08.2026, п. 3»."""
    item = f", п. {row.item}" if row.item else ""
    return f"{row.body}, протокол № {row.protocol_number} от {short_date(row.decided_on)}{item}"


class WithdrawForm(forms.Form):
    """From which day an act is out of force, and why."""

    on = day_field(_("С какого дня не действует"))
    reason = forms.CharField(label=_("Каким решением отменён"), max_length=300, help_text=_("Номер и дата приказа."))


class DecisionForm(forms.Form):
    """A decision of a council or a meeting."""

    body = forms.CharField(label=_("Кто решил"), max_length=120, widget=forms.TextInput(attrs={"list": "bodies"}))
    protocol_number = forms.CharField(label=_("Номер протокола"), max_length=40)
    decided_on = day_field(_("Дата протокола"))
    item = forms.CharField(label=_("Пункт"), max_length=20, required=False)
    text = forms.CharField(label=_("Что решили"), max_length=5000, widget=forms.Textarea(attrs={"rows": 4}))


class PaperForm(forms.Form):
    """On which day a sheet was signed; who signed comes as ticks."""

    known_on = day_field(_("Когда подписали"))
