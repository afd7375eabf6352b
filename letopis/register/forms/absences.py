"""What the pages of absences send."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from letopis.register.actions.absence_reasons import ReasonCell
from letopis.register.models import AbsenceDocument, AbsenceReason
from letopis.register.queries.absence_cells import ClassPupil
from letopis.rules.dates import parse_day

CELL, SEEN = "cell:", "seen:"
REASONS = [choice for choice in AbsenceReason.choices if choice[0] != AbsenceReason.NOT_SET]


class DayInput(forms.DateInput):
    """The calendar of the browser; its value is in ISO form."""

    input_type = "date"

    def __init__(self, **options: Any) -> None:
        super().__init__(format="%Y-%m-%d", **options)


class DocumentForm(forms.Form):
    """A paper with dates."""

    pupil = forms.ChoiceField(label=_("Обучающийся"))
    kind = forms.ChoiceField(label=_("Документ"), choices=AbsenceDocument.Kind.choices)
    reason = forms.ChoiceField(label=_("Причина, которую он подтверждает"), choices=REASONS)
    starts_on = forms.DateField(label=_("Первый день"), widget=DayInput())
    ends_on = forms.DateField(label=_("Последний день"), widget=DayInput())
    number = forms.CharField(label=_("Номер"), max_length=40, required=False)
    issuer = forms.CharField(label=_("Кем выдан"), max_length=200, required=False)
    issued_on = forms.DateField(label=_("Дата выдачи"), widget=DayInput(), required=False)

    def __init__(self, *args: Any, pupils: Sequence[ClassPupil], **options: Any) -> None:
        super().__init__(*args, **options)
        choices: Any = [("", "—"), *((str(one.code), one.name) for one in pupils)]
        self.fields["pupil"].choices = choices  # type: ignore[attr-defined]


class SpanForm(forms.Form):
    """One reason for several pupils and days."""

    pupils = forms.MultipleChoiceField(label=_("Обучающиеся"), error_messages={"required": _("Отметьте обучающихся.")})
    first = forms.DateField(label=_("С"), widget=DayInput())
    last = forms.DateField(label=_("По"), widget=DayInput())
    reason = forms.ChoiceField(label=_("Причина"), choices=[*REASONS, ("NOT_SET", _("снять причину"))])
    only_unset = forms.BooleanField(label=_("только где причина не указана"), required=False, initial=True)

    def __init__(self, *args: Any, pupils: Sequence[ClassPupil] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        choices: Any = [(str(one.code), one.name) for one in pupils]
        self.fields["pupils"].choices = choices  # type: ignore[attr-defined]


def read_cells(data: QueryDict) -> list[ReasonCell]:
    """Return the cells that were changed; a name that is none of ours is left out."""
    found = []
    for name, text in data.items():
        if not name.startswith(CELL):
            continue
        key, typed = name.removeprefix(CELL), str(text).strip()
        seen = str(data.get(f"{SEEN}{key}", "")).strip()
        cell = _cell(key, typed=typed, seen=seen)
        if cell is not None and typed != seen:
            found.append(cell)
    return found


def _cell(key: str, *, typed: str, seen: str) -> ReasonCell | None:
    parts = key.split(":")
    if len(parts) not in (2, 3):
        return None
    on = parse_day(parts[1])
    try:
        pupil = UUID(parts[0])
        lesson = UUID(parts[2]) if len(parts) == 3 else None
    except ValueError:
        return None
    return ReasonCell(pupil=pupil, on=on, seen=seen, text=typed, lesson=lesson) if isinstance(on, date) else None
