"""Marks of terms that were put off, and until when."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from letopis.people.access import Actor
from letopis.register.access import courses_of
from letopis.register.models import TermMark
from letopis.rules.results import POSTPONED
from letopis.schooling.models import AcademicYear, Course, GroupKind, Membership, Term


@dataclass(frozen=True, slots=True)
class PostponedMark:
    """A mark of a term that is put off."""

    pupil: UUID
    name: str
    school_class: str
    subject: str
    term: Term
    until: date | None
    reason: str
    course: UUID | None
    """The page of term marks where it is set; None when the actor does not see it."""
    is_late: bool


def postponed_of_course(course: Course, term: Term, *, today: date) -> list[PostponedMark]:
    """Return the marks of a term put off in a course. One query."""
    rows = (
        TermMark.objects.filter(
            term=term, subject=course.subject_id, value=POSTPONED, pupil__memberships__group=course.group_id
        )
        .select_related("pupil__person", "subject", "term")
        .order_by("pupil__person__sort_key")
        .distinct()
    )
    return [_shown(row, course.code, "", today=today) for row in rows]


def postponed_of_year(actor: Actor, year: AcademicYear) -> list[PostponedMark]:
    """Return what is put off in a year, of the courses that the actor sees, the first due first. Three queries."""
    seen = {(course.group_id, course.subject_id): course.code for course in courses_of(actor).filter(year=year)}
    rows = list(
        TermMark.objects.filter(term__year=year, value=POSTPONED)
        .select_related("pupil__person", "subject", "term")
        .order_by("postponed_until", "pupil__person__sort_key")
    )
    stays: dict[int, list[Membership]] = {}
    for stay in Membership.objects.filter(pupil__in=[row.pupil_id for row in rows], group__year=year).select_related(
        "group__school_class"
    ):
        stays.setdefault(stay.pupil_id, []).append(stay)
    found = []
    for row in rows:
        own = stays.get(row.pupil_id, [])
        course = next((seen[key] for stay in own if (key := (stay.group_id, row.subject_id)) in seen), None)
        if course is None and not actor.controls:
            continue
        classes = [stay.group.name for stay in own if stay.group.kind == GroupKind.WHOLE_CLASS]
        found.append(_shown(row, course, classes[-1] if classes else "", today=actor.today))
    return found


def _shown(row: TermMark, course: UUID | None, school_class: str, *, today: date) -> PostponedMark:
    return PostponedMark(
        pupil=row.pupil.code,
        name=f"{row.pupil.person.last_name} {row.pupil.person.first_name}",
        school_class=school_class,
        subject=row.subject.name,
        term=row.term,
        until=row.postponed_until,
        reason=row.postponed_reason,
        course=course,
        is_late=row.postponed_until is not None and row.postponed_until < today,
    )
