"""What the absences of his class ask of a class teacher, for «Мой день»."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from letopis.people.access import Actor
from letopis.register.models import AbsenceNotice, Attendance, Lesson
from letopis.rules.cells import ABSENT, NOT_SET
from letopis.schooling.models import ClassTeacher, GroupKind


@dataclass(frozen=True, slots=True)
class ClassDuty:
    """A class that the actor leads, with what waits there."""

    title: str
    url: str
    not_set: int
    """Absences without a reason."""
    unset_url: str
    notices: int
    """What families wrote and nobody decided."""
    notices_url: str


def class_duties(actor: Actor) -> tuple[ClassDuty, ...]:
    """Return the classes the actor leads today. One query."""
    listed = {
        "pupil__memberships__group__school_class": OuterRef("school_class"),
        "pupil__memberships__group__kind": GroupKind.WHOLE_CLASS,
    }
    unset = Attendance.objects.filter(
        **listed, event=ABSENT, reason=NOT_SET, lesson__course__year=OuterRef("school_class__year")
    ).exclude(lesson__state=Lesson.State.CANCELLED)
    notices = AbsenceNotice.objects.filter(
        **listed, state=AbsenceNotice.State.NEW, ends_on__gte=OuterRef("school_class__year__starts_on")
    )
    # A year that is over leaves its class teachers open, so the day alone would find last year's class.
    led: Any = ClassTeacher.objects.filter(
        employee=actor.employee_id or 0,
        school_class__year__starts_on__lte=actor.today,
        school_class__year__ends_on__gte=actor.today,
    ).on(actor.today)
    rows = led.annotate(not_set=_number(unset), notices=_number(notices)).values_list(
        "school_class__code", "school_class__grade", "school_class__letter", "not_set", "notices"
    )
    return tuple(
        ClassDuty(
            title=f"{grade}{letter}",
            url=reverse("register:absence_week", args=[code]),
            not_set=not_set,
            unset_url=reverse("register:absence_unset", args=[code]),
            notices=waiting,
            notices_url=reverse("register:absence_notices", args=[code]),
        )
        for code, grade, letter, not_set, waiting in rows.order_by("school_class__grade", "school_class__letter")
    )


def _number(rows: QuerySet[Any]) -> Coalesce:
    """Count each row once, though a pupil may have been in the class twice."""
    counted = rows.order_by().values("organisation").annotate(n=Count("pk", distinct=True)).values("n")
    return Coalesce(Subquery(counted[:1]), 0)
