"""One gap in words, with the address of the very place where it is filled."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from letopis.control.queries.closing.facts import Missing
from letopis.rules.closing import Lack
from letopis.rules.russian import short_date
from letopis.schooling.models import SchoolClass, Term


@dataclass(frozen=True, slots=True)
class GapLine:
    """One gap with the address of the very place where it is filled."""

    text: str
    url: str


def gap_line(
    lack: Lack,
    item: Missing,
    *,
    names: Mapping[int, str],
    codes: Mapping[int, UUID],
    term: Term,
    school_class: SchoolClass,
) -> GapLine:
    """Return a gap as a line. names, codes: of the pupils by key."""
    name, subject = names.get(item.pupil or 0, ""), _subject(item)
    if lack is Lack.LESSONS:
        text = _("%(subject)s, %(day)s, %(number)s-й урок: %(words)s")
        where = {"subject": subject, "day": short_date(item.on), "number": item.number} if item.on else {}
        return GapLine(text % {**where, "words": item.words}, reverse("register:lesson", args=[item.lesson]))
    if lack is Lack.CORRECTIONS:
        return GapLine(_joined(subject, name), reverse("register:correction", args=[item.code]))
    if lack is Lack.REMARKS:
        day = _("срок %(day)s") % {"day": short_date(item.on)} if item.on else ""
        return GapLine(_joined(subject or school_class.title, day), reverse("register:remark", args=[item.code]))
    if lack is Lack.REASONS:
        number = ngettext("%(n)d пропуск", "%(n)d пропусков", item.number) % {"n": item.number}
        url = reverse("register:absence_pupil", args=[school_class.code, codes.get(item.pupil or 0)])
        return GapLine(_joined(name, number), url)
    url = f"{reverse('register:term_marks', args=[item.course.code])}?term={term.number}" if item.course else ""
    if lack is Lack.POSTPONED:
        until = _("отложено до %(day)s") % {"day": short_date(item.on)} if item.on else _("срок не назван")
        return GapLine(_joined(subject, name, until), url)
    if lack is Lack.FEW_MARKS:
        marks = ngettext("%(n)d отметка", "%(n)d отметок", item.number) % {"n": item.number}
        return GapLine(_joined(subject, name, marks), url)
    if lack is Lack.PLAN:
        short = ngettext("не хватает %(n)d урока", "не хватает уроков: %(n)d", item.number) % {"n": item.number}
        return GapLine(
            _joined(subject, short), reverse("register:topics", args=[item.course.code]) if item.course else ""
        )
    return GapLine(_joined(subject, name), url)


def _subject(item: Missing) -> str:
    return f"{item.course.subject.name}, {item.course.group.name}" if item.course else ""


def _joined(*parts: str) -> str:
    return ": ".join(part for part in parts if part)
