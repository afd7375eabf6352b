"""Forms of movement."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from letopis.schooling.models import SchoolClass, StudyGroup
from letopis.schooling.queries.classes import group_title


def _day_field(label: Any, help_text: Any) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, help_text=help_text, widget=widget)


class TransferForm(forms.Form):
    """To which class, from which day, by which order."""

    to_class = forms.ChoiceField(label=_("В класс"))
    on = _day_field(_("С какого дня"), _("Первый день в новом классе."))
    order = forms.CharField(label=_("Приказ"), max_length=200, help_text=_("Номер и дата."))

    def __init__(self, *args: object, classes: Iterable[SchoolClass], today: date, **kwargs: object) -> None:
        super().__init__(*args, prefix="transfer", initial={"on": today}, **kwargs)  # type: ignore[misc, arg-type]
        self.classes = {str(one.code): one for one in classes}
        self.fields["to_class"].choices = [(code, one.title) for code, one in self.classes.items()]  # type: ignore[attr-defined]

    def clean_to_class(self) -> SchoolClass:
        return self.classes[self.cleaned_data["to_class"]]


class LeaveForm(forms.Form):
    """From which day the pupil is in no list, why, by which order."""

    on = _day_field(_("Дата отчисления"), _("С этого дня обучающегося нет в списках."))
    reason = forms.CharField(label=_("Причина"), max_length=200)
    order = forms.CharField(label=_("Приказ"), max_length=200, help_text=_("Номер и дата."))

    def __init__(self, *args: object, today: date, **kwargs: object) -> None:
        super().__init__(*args, prefix="leave", initial={"on": today}, **kwargs)  # type: ignore[misc, arg-type]


class GroupForm(forms.Form):
    """Into which subgroup of the class, from which day."""

    group = forms.ChoiceField(label=_("Подгруппа"))
    on = _day_field(_("С какого дня"), _("Первый день в подгруппе."))

    def __init__(self, *args: object, groups: Iterable[StudyGroup], today: date, **kwargs: object) -> None:
        super().__init__(*args, prefix="group", initial={"on": today}, **kwargs)  # type: ignore[misc, arg-type]
        self.groups = {str(one.code): one for one in groups}
        self.fields["group"].choices = [(code, group_title(one)) for code, one in self.groups.items()]  # type: ignore[attr-defined]

    def clean_group(self) -> StudyGroup:
        return self.groups[self.cleaned_data["group"]]
