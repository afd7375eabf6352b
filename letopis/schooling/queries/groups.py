"""Who is in a class or a group on a day: the list of a day is the membership of that day and nothing else."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q

from letopis.people.models import EducationForm, Enrolment, Pupil
from letopis.schooling.models import GroupKind, Membership, SchoolClass, StudyGroup


@dataclass(frozen=True, slots=True)
class Member:
    """A pupil with his stays in a group, for lists that span many days."""

    pupil: Pupil
    stays: tuple[tuple[date, date | None], ...]
    """First and last day of each stay, in order; no last day while it goes on."""

    def was_in(self, day: date) -> bool:
        """Say whether the pupil belonged to the group on the day."""
        return any(first <= day and (last is None or day <= last) for first, last in self.stays)


def pupils_of(group: StudyGroup, day: date) -> list[Pupil]:
    """Return who is taught in a group on a day, in the order of a school's list; one query, persons joined.

    An extern is in no such group (C-006); who is taught at home that day is in the class list only (C-005).
    """
    at_home = Enrolment.objects.on(day).filter(pupil=OuterRef("pupil"), form=EducationForm.HOME)
    memberships = (
        Membership.objects.filter(group=group)
        .on(day)
        .exclude(Exists(at_home), ~Q(group__kind=GroupKind.INDIVIDUAL))
        .select_related("pupil__person")
    )
    return [membership.pupil for membership in memberships.order_by("pupil__person__sort_key", "pupil_id")]


def members_between(group: StudyGroup, first: date, last: date) -> list[Member]:
    """Return everybody who was in a group on some day of the span, in the order of the list; one query."""
    memberships = Membership.objects.filter(group=group).during(first, last).select_related("pupil__person")
    return _members(memberships.order_by("pupil__person__sort_key", "pupil_id", "starts_on"))


def whole_class_group(school_class: SchoolClass) -> StudyGroup:
    """Return the group whose membership is the list of the class; raises DoesNotExist for a class without one."""
    return StudyGroup.objects.get(school_class=school_class, kind=GroupKind.WHOLE_CLASS)


def class_list(school_class: SchoolClass, day: date) -> list[Pupil]:
    """Return the pupils of a class on a day; one query."""
    memberships = Membership.objects.filter(group__school_class=school_class, group__kind=GroupKind.WHOLE_CLASS).on(day)
    return [
        membership.pupil
        for membership in memberships.select_related("pupil__person").order_by("pupil__person__sort_key", "pupil_id")
    ]


def current_class_of(pupil: Pupil, day: date) -> SchoolClass | None:
    """Return the class whose list the pupil is in on a day; None for an extern or a pupil who left."""
    membership = (
        # A year that is over leaves its memberships open, so the day alone would find last year's class.
        Membership.objects.filter(
            pupil=pupil,
            group__kind=GroupKind.WHOLE_CLASS,
            group__year__starts_on__lte=day,
            group__year__ends_on__gte=day,
        )
        .on(day)
        .select_related("group__school_class")
        .first()
    )
    return membership.group.school_class if membership else None


def _members(memberships: Iterable[Membership]) -> list[Member]:
    stays: dict[int, list[tuple[date, date | None]]] = {}
    pupils: dict[int, Pupil] = {}
    for membership in memberships:
        pupils.setdefault(membership.pupil_id, membership.pupil)
        stays.setdefault(membership.pupil_id, []).append((membership.starts_on, membership.ends_on))
    return [Member(pupil=pupil, stays=tuple(stays[key])) for key, pupil in pupils.items()]


def stays_of(pupil: Pupil) -> list[Membership]:
    """Return all stays of a pupil in classes and groups, the latest first; one query."""
    rows = Membership.objects.filter(pupil=pupil).select_related("group__school_class", "group__year")
    return list(rows.order_by("-starts_on", "group__kind", "pk"))
