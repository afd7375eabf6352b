"""Who is probably not at this lesson: suggested, never counted, until the teacher of the lesson confirms it.

A pupil who was absent at his last lesson that day, one whose paper covers the day, one whose family wrote. One query.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, IntegerField, Value
from django.utils.translation import gettext as _

from letopis.register.models import AbsenceDocument, AbsenceNotice, Attendance, Lesson
from letopis.rules.cells import ABSENT, PRESENT

EARLIER, PAPER, NOTICE = "EARLIER", "PAPER", "NOTICE"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Why a pupil is thought to be absent."""

    why: str
    sentence: str
    """For the teacher of the lesson: no reason and no paper, which are not his to see."""


def suggestions_for(lesson: Lesson, pupils: Collection[int]) -> dict[int, Suggestion]:
    """Return by pupil who is probably not at the lesson; one whose event is recorded already is no question."""
    of_day = Attendance.objects.filter(pupil__in=pupils, lesson__on=lesson.on, lesson__number__lte=lesson.number)
    events = of_day.exclude(lesson__state=Lesson.State.CANCELLED).values_list(
        "pupil_id", "event", "lesson__number", "lesson_id"
    )
    papers = AbsenceDocument.objects.filter(
        pupil__in=pupils, starts_on__lte=lesson.on, ends_on__gte=lesson.on, withdrawn_at=None
    )
    notices = AbsenceNotice.objects.filter(
        pupil__in=pupils, starts_on__lte=lesson.on, ends_on__gte=lesson.on, state=AbsenceNotice.State.NEW
    )
    none = Value(0, output_field=IntegerField())
    rows: Any = events.union(
        *(
            rows.values_list("pupil_id", Value(word, output_field=CharField()), none, none)
            for rows, word in ((papers, PAPER), (notices, NOTICE))
        ),
        all=True,
    )
    last: dict[int, tuple[int, str]] = {}
    known, said = set(), dict[int, str]()
    for pupil, word, number, of in rows:
        if word in (PAPER, NOTICE):
            said[pupil] = PAPER if PAPER in (word, said.get(pupil)) else word
        elif of == lesson.pk:
            known.add(pupil)
        elif number < lesson.number:
            last[pupil] = max(last.get(pupil, (0, PRESENT)), (number, word))
    found = {}
    for pupil in pupils:
        if pupil in known:
            continue
        if pupil in last:
            # Who was there an hour ago came, whatever was announced.
            number, word = last[pupil]
            if word == ABSENT:
                found[pupil] = Suggestion(EARLIER, _("не было на %(number)s-м уроке") % {"number": number})
        elif pupil in said:
            found[pupil] = Suggestion(said[pupil], _SENTENCES[said[pupil]]())
    return found


_SENTENCES = {
    PAPER: lambda: _("на этот день есть документ или сообщение семьи"),
    NOTICE: lambda: _("семья сообщила, что не придёт"),
}
