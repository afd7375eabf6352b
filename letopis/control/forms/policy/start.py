"""Where a new edition begins: from what, and as which act; or from a file."""

import json
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import tomli_w
from django import forms
from django.utils.translation import gettext_lazy as _

from letopis.org.models import LocalAct
from letopis.rules.policy.editions import Edition
from letopis.rules.policy.file import PolicyFileError, Problem, read_edition

LARGEST_FILE = 512 * 1024
"""Bytes. The whole policy of a school is about 40 kB. Source: the product's own."""
_DAYS = ("adopted_on", "in_force_from", "in_force_to")


class StartForm(forms.Form):
    """What a new edition begins with, and the act that is to decide it."""

    base = forms.ChoiceField(
        label=_("Начать с"), help_text=_("Значения и пункты можно будет изменить: в акте школы пункты свои.")
    )
    act = forms.ChoiceField(
        label=_("Каким актом"), required=False, help_text=_("Новый или проект, который уже внесён.")
    )
    title = forms.CharField(label=_("Название нового акта"), max_length=500, required=False)
    kind = forms.ChoiceField(label=_("Вид акта"), choices=LocalAct.Kind.choices, required=False)

    def __init__(self, *args: Any, bases: Sequence[tuple[str, str]], drafts: Iterable[LocalAct], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.drafts = {str(one.code): one for one in drafts}
        fields: Any = self.fields
        fields["base"].choices = bases
        fields["act"].choices = [("", _("новый акт")), *((code, one.title) for code, one in self.drafts.items())]

    def clean_act(self) -> LocalAct | None:
        return self.drafts.get(self.cleaned_data["act"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("act") and not cleaned.get("title", "").strip() and "title" not in self.errors:
            self.add_error("title", _("Назовите акт, который введёт эти правила."))
        return cleaned


def read_file(name: str, content: bytes) -> Edition:
    """Return the edition of an uploaded file, TOML or JSON. Raises PolicyFileError with everything that is wrong."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise PolicyFileError([Problem(0, "", "Файл не читается как текст: сохраните его в UTF-8.")]) from None
    if not name.casefold().endswith(".json"):
        return read_edition(text)
    try:
        tables = json.loads(text)
        text = tomli_w.dumps(_as_toml(tables))
    except json.JSONDecodeError as error:
        raise PolicyFileError([Problem(error.lineno, "", "Строка не читается как JSON.")]) from None
    except (AttributeError, TypeError, RecursionError):
        raise PolicyFileError([Problem(0, "", "В файле нужны разделы edition и values.")]) from None
    try:
        return read_edition(text)
    except PolicyFileError as refused:
        # The lines are those of the TOML made from it, which nobody has seen.
        raise PolicyFileError([Problem(0, one.field, one.sentence) for one in refused.problems]) from None


def _as_toml(tables: dict[str, Any]) -> dict[str, Any]:
    """Return the tables with days as days: JSON has only text for them."""
    head = dict(tables.get("edition", {}))
    for name in _DAYS:
        try:
            head[name] = date.fromisoformat(head[name])
        except (KeyError, TypeError, ValueError):
            continue
    return {**tables, "edition": head}
