"""The form of one topic of a thematic plan."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from letopis.rules.plan import IN_PLAN, MODULES, MOST_HOURS, NEXT_YEAR
from letopis.rules.plan_changes import (
    LONGEST_HOMEWORK,
    LONGEST_REASON,
    LONGEST_SECTION,
    LONGEST_TITLE,
    PlanItem,
)
from letopis.rules.policy import Policy

FIRST = "first"
FATES = [
    (IN_PLAN, _("изучается по плану")),
    (MODULES, _("изучается модулями")),
    (NEXT_YEAR, _("перенесена на следующий год")),
]


class TopicForm(forms.Form):
    """A topic: what it says, how many hours, where it stands, what becomes of it, and why."""

    section = forms.CharField(label=_("Раздел"), max_length=LONGEST_SECTION, required=False)
    title = forms.CharField(label=_("Тема"), max_length=LONGEST_TITLE, widget=forms.Textarea(attrs={"rows": 2}))
    hours = forms.IntegerField(label=_("Часов"), min_value=1, max_value=MOST_HOURS)
    work_kind = forms.ChoiceField(label=_("Вид работы"), required=False)
    lesson_kind = forms.CharField(label=_("Тип урока"), max_length=80, required=False)
    homework = forms.CharField(
        label=_("Домашнее задание"),
        max_length=LONGEST_HOMEWORK,
        required=False,
        help_text=_("Подставится на уроке вместе с темой."),
    )
    after = forms.ChoiceField(label=_("Место в плане"))
    fate = forms.ChoiceField(label=_("Что с темой"), choices=FATES)
    reason = forms.CharField(label=_("Причина"), max_length=LONGEST_REASON, required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        item: PlanItem | None,
        others: Sequence[PlanItem],
        after: str,
        is_in_use: bool,
        policy: Policy,
    ) -> None:
        """item: None for a new topic. others: the rest of the plan in order. after: key of the topic it follows."""
        initial: dict[str, Any] = {"after": after, "fate": IN_PLAN, "hours": 1}
        if item:
            names = ("section", "title", "hours", "work_kind", "lesson_kind", "homework", "fate")
            initial |= {name: getattr(item, name) for name in names}
        else:
            initial["section"] = next((one.section for one in others if one.key == after), "")
        super().__init__(data, initial=initial)
        fields: dict[str, Any] = dict(self.fields)
        fields["work_kind"].choices = [
            ("", "—"),
            *((one.code, f"{one.code} — {one.title}") for one in policy.work_kinds),
        ]
        fields["after"].choices = [
            (FIRST, _("первой")),
            *((one.key, _("после «%(title)s»") % {"title": one.title[:70]}) for one in others),
        ]
        if is_in_use:
            fields["reason"].required = True
            fields["reason"].help_text = _("По плану уже идут уроки: причина войдёт в лист корректировки.")
        else:
            del self.fields["reason"]

    def item(self, *, key: str, given: int) -> PlanItem:
        """Return the topic as it was typed."""
        values = self.cleaned_data
        return PlanItem(
            key=key,
            title=values["title"],
            hours=values["hours"],
            section=values["section"],
            work_kind=values["work_kind"],
            lesson_kind=values["lesson_kind"],
            homework=values["homework"],
            fate=values["fate"],
            given=given,
        )
