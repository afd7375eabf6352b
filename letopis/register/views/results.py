"""What the pages of term marks and of year marks share: fields, rows, the words after a save."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, QueryDict
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from letopis.register.access import OpenCourse
from letopis.register.actions.results import Outcome
from letopis.register.queries.course_terms import TermLink
from letopis.rules.results import result_sign
from letopis.schooling.models import Term

VALUE, SEEN = "value-", "seen-"


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the form: what the query found, and what the person has chosen but not saved."""

    line: Any
    """TermMarkLine, or the line of a year: pupil, value, proposal, may_be_filled, differs."""
    value: str
    """Chosen in the select."""
    is_filled: bool = False
    """Chosen by «выставить по предложенному», not saved yet."""
    outcome: Outcome | None = None

    @property
    def proposed_sign(self) -> str:
        return result_sign(self.line.proposal.value)

    @property
    def sign(self) -> str:
        return result_sign(self.line.value)


def rows_of(
    lines: Sequence[Any], *, values: Mapping[UUID, str], outcomes: Mapping[UUID, Outcome], fills: bool
) -> list[Row]:
    """Return the rows of the form: as stored, as chosen before a refusal, or filled with the proposals."""
    rows = []
    for line in lines:
        code = line.pupil.code
        outcome = outcomes.get(code)
        chosen = line.value if outcome is None and outcomes else values.get(code, line.value)
        if fills and line.may_be_filled and not chosen:
            rows.append(Row(line, line.proposal.value or "", is_filled=True))
        else:
            # After a conflict the select shows the value in force: to insist, the person chooses again.
            rows.append(Row(line, line.value if outcome else chosen, outcome=outcome))
    return rows


def posted(data: QueryDict, prefix: str) -> dict[UUID, str]:
    """Return the fields «prefix<code of a pupil>»; a name that is no code is left out."""
    found = {}
    for name, value in data.items():
        if name.startswith(prefix) and isinstance(value, str):
            try:
                found[UUID(name.removeprefix(prefix))] = value
            except ValueError:
                continue
    return found


def say(request: HttpRequest, *, changed: int, refused: int) -> None:
    """Tell what was saved and what was not."""
    if changed:
        text = ngettext("Записан %(count)d итог.", "Записано итогов: %(count)d.", changed)
        messages.success(request, text % {"count": changed})
    elif not refused:
        messages.info(request, _("Ничего не изменилось."))
    if refused:
        messages.error(request, _("Не записано: %(count)d. Причина стоит в строке.") % {"count": refused})


def say_outcomes(request: HttpRequest, outcomes: Sequence[Outcome]) -> None:
    """Tell how a save of results ended."""
    say(
        request,
        changed=sum(outcome.is_changed for outcome in outcomes),
        refused=sum(not outcome.verdict for outcome in outcomes),
    )


def switch(opened: OpenCourse, terms: Sequence[Term], *, current: Term | None) -> list[TermLink]:
    """Return the places of the switch: the terms here, and the year, which lives in an app above this one."""
    here = reverse("register:term_marks", args=[opened.course.code])
    links = [TermLink(term.short_title, f"{here}?term={term.number}", term == current) for term in terms]
    try:
        year = reverse("attestation:year_marks", args=[opened.course.code])
    except NoReverseMatch:
        return links
    return [*links, TermLink(_("Год"), year, current is None)]
