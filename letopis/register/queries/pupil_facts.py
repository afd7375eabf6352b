"""What the register holds of one pupil, for whoever moves him: how much, in which subjects, since when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from letopis.people.models import Pupil
from letopis.register.models import Attendance, Mark
from letopis.schooling.models import StudyGroup


@dataclass(frozen=True, slots=True)
class SubjectMarks:
    """Marks of a pupil in a subject."""

    subject: str
    marks: int


def marks_by_subject(
    pupil: Pupil, groups: Iterable[StudyGroup | int], *, first: date, last: date
) -> list[SubjectMarks]:
    """Return the marks in force of a pupil in these groups from first to last, by subject. One query."""
    rows = (
        Mark.objects.filter(
            pupil=pupil, task__lesson__course__group__in=list(groups), task__lesson__on__range=(first, last)
        )
        .exclude(value="")
        .values_list("task__lesson__course__subject__name")
        .annotate(marks=Count("pk"))
        .order_by("task__lesson__course__subject__sort_key")
    )
    return [SubjectMarks(subject, marks) for subject, marks in rows]


def has_facts(pupil: Pupil, groups: Iterable[StudyGroup | int], *, since: date) -> bool:
    """Say whether marks or attendance of a pupil were ever put in these groups from a day on. Two queries at most."""
    of = list(groups)
    marks = Mark.objects.filter(pupil=pupil, task__lesson__course__group__in=of, task__lesson__on__gte=since)
    events = Attendance.objects.filter(pupil=pupil, lesson__course__group__in=of, lesson__on__gte=since)
    return marks.exists() or events.exists()
