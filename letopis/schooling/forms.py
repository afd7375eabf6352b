"""Forms of movement and of distance learning."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from letopis.schooling.models import SchoolClass, StudyGroup
from letopis.schooling.queries.classes import group_title
from letopis.schooling.queries.distance import target_title


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


SCHOOL = "school"
"""What the list of classes and groups sends for the whole school."""


class DistanceForm(forms.Form):
    """For whom, from which day to which, on what basis."""

    whom = forms.ChoiceField(label=_("Для кого"))
    starts_on = _day_field(_("С какого дня"), "")
    ends_on = forms.DateField(
        label=_("По какой день"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_("Если последний день ещё не известен, оставьте пустым и назовите его потом."),
    )
    basis = forms.CharField(label=_("Основание"), max_length=200, help_text=_("Номер и дата приказа."))

    def __init__(
        self, *args: object, targets: Iterable[SchoolClass | StudyGroup], today: date, **kwargs: object
    ) -> None:
        super().__init__(*args, initial={"starts_on": today}, **kwargs)  # type: ignore[misc, arg-type]
        self.targets = {str(one.code): one for one in targets}
        choices = [(code, target_title(one)) for code, one in self.targets.items()]
        self.fields["whom"].choices = [(SCHOOL, _("вся школа")), *choices]  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """Return what the verb takes."""
        cleaned = dict(self.cleaned_data)
        target = self.targets.get(cleaned.pop("whom"))
        return cleaned | {
            "school_class": target if isinstance(target, SchoolClass) else None,
            "group": target if isinstance(target, StudyGroup) else None,
        }


class DistanceEndForm(forms.Form):
    """The last day of a period."""

    ends_on = _day_field(_("Последний день"), "")
