"""The list of classes, and the page of one class on a day."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from letopis.people.models import Consent, Enrolment, Guardianship, Pupil
from letopis.rules.classes import class_sort_key
from letopis.schooling.models import AcademicYear, ClassTeacher, GroupKind, Membership, SchoolClass, StudyGroup


@dataclass(frozen=True, slots=True)
class ClassLine:
    """A class in the list of classes."""

    school_class: SchoolClass
    teacher: str
    """Full name of the class teacher on the day; empty when there is none."""
    pupils: int
    """How many are in its list on the day."""


@dataclass(frozen=True, slots=True)
class ConsentLine:
    """A guardian's decision on personal data."""

    guardian: str
    relation: str
    state: str
    """Code of Consent.State; empty when nothing was recorded."""
    text: str
    tone: str


@dataclass(frozen=True, slots=True)
class PupilLine:
    """A pupil in the list of a class on a day."""

    pupil: Pupil
    form: str
    groups: tuple[str, ...]
    consents: tuple[ConsentLine, ...]


@dataclass(frozen=True, slots=True)
class MovementLine:
    """Somebody came to the class or went from it during the year."""

    on: date
    """The first day of the new state: in the list, or not in it any more."""
    pupil: Pupil
    came: bool


_CONSENT = {
    Consent.State.GIVEN: (_("согласие"), "good"),
    Consent.State.REFUSED: (_("отказ"), "late"),
    Consent.State.WITHDRAWN: (_("отозвано"), "late"),
}


def classes_of(year: AcademicYear, day: date) -> list[ClassLine]:
    """Return the classes of a year with class teacher and number of pupils on a day. Two queries."""
    present = Q(groups__kind=GroupKind.WHOLE_CLASS, groups__memberships__starts_on__lte=day) & (
        Q(groups__memberships__ends_on=None) | Q(groups__memberships__ends_on__gte=day)
    )
    classes = SchoolClass.objects.filter(year=year).annotate(pupils=Count("groups__memberships", filter=present))
    leaders = ClassTeacher.objects.filter(school_class__year=year).on(day).select_related("employee__person")
    teachers = {leader.school_class_id: leader.employee.person.full_name for leader in leaders}
    lines = [ClassLine(one, teachers.get(one.pk, ""), one.pupils) for one in classes]
    return sorted(lines, key=lambda line: class_sort_key(line.school_class.grade, line.school_class.letter))


def class_lines(school_class: SchoolClass, day: date, *, sees_all: bool) -> list[PupilLine]:
    """Return the list of a class on a day.

    sees_all: forms of education, subgroups and consents too. One query for the names, five in all.
    """
    memberships = (
        Membership.objects.filter(group__school_class=school_class, group__kind=GroupKind.WHOLE_CLASS)
        .on(day)
        .select_related("pupil__person")
        .order_by("pupil__person__sort_key", "pupil_id")
    )
    pupils = [membership.pupil for membership in memberships]
    if not sees_all:
        return [PupilLine(pupil, "", (), ()) for pupil in pupils]
    forms = {one.pupil_id: one.get_form_display() for one in Enrolment.objects.filter(pupil__in=pupils).on(day)}
    groups = _groups_by_pupil(school_class, pupils, day)
    consents = _consents_by_pupil(pupils, day)
    return [
        PupilLine(pupil, forms.get(pupil.pk, ""), tuple(groups[pupil.pk]), tuple(consents[pupil.pk]))
        for pupil in pupils
    ]


def movement_of(school_class: SchoolClass) -> list[MovementLine]:
    """Return who came after the first day of the year and who went before its last, in order of days. One query."""
    year = school_class.year
    memberships = Membership.objects.filter(
        Q(starts_on__gt=year.starts_on) | Q(ends_on__lt=year.ends_on),
        group__school_class=school_class,
        group__kind=GroupKind.WHOLE_CLASS,
    ).select_related("pupil__person")
    lines = []
    for membership in memberships:
        if membership.starts_on > year.starts_on:
            lines.append(MovementLine(membership.starts_on, membership.pupil, came=True))
        if membership.ends_on and membership.ends_on < year.ends_on:
            lines.append(MovementLine(membership.ends_on, membership.pupil, came=False))
    return sorted(lines, key=lambda line: (line.on, line.pupil.person.sort_key))


def leader_of(school_class: SchoolClass, day: date) -> str:
    """Return the full name of the class teacher on a day; empty when there is none. One query."""
    leader = ClassTeacher.objects.filter(school_class=school_class).on(day).select_related("employee__person").first()
    return leader.employee.person.full_name if leader else ""


def subgroups_of(school_class: SchoolClass) -> list[StudyGroup]:
    """Return the subgroups of a class, by subject and name. One query."""
    groups = StudyGroup.objects.filter(school_class=school_class, kind=GroupKind.SUBGROUP).select_related("subject")
    return sorted(groups, key=lambda group: (group.subject.sort_key if group.subject else "", group.name))


def group_title(group: StudyGroup) -> str:
    """Return «1 подгруппа» or «Информатика: 1 подгруппа»."""
    return f"{group.subject.name}: {group.name}" if group.subject else group.name


def _groups_by_pupil(school_class: SchoolClass, pupils: Iterable[Pupil], day: date) -> dict[int, list[str]]:
    """Subgroups of the class, and whatever else of the year the pupils are in."""
    memberships = (
        Membership.objects.filter(pupil__in=list(pupils), group__year=school_class.year_id)
        .exclude(group__kind=GroupKind.WHOLE_CLASS)
        .on(day)
        .select_related("group__subject")
        .order_by("group__name", "pk")
    )
    groups: dict[int, list[str]] = defaultdict(list)
    for membership in memberships:
        groups[membership.pupil_id].append(group_title(membership.group))
    return groups


def _consents_by_pupil(pupils: Iterable[Pupil], day: date) -> dict[int, list[ConsentLine]]:
    guardianships = (
        Guardianship.objects.filter(pupil__in=list(pupils))
        .select_related("guardian__person")
        .order_by("guardian__person__sort_key", "pk")
    )
    known = list(guardianships)
    latest: dict[int, str] = {
        consent.guardianship_id: consent.state
        for consent in Consent.objects.filter(guardianship__in=known, on__lte=day).order_by("on")
    }
    lines: dict[int, list[ConsentLine]] = defaultdict(list)
    for one in known:
        state = latest.get(one.pk, "")
        text, tone = _CONSENT[Consent.State(state)] if state else (_("не получено"), "soon")
        lines[one.pupil_id].append(ConsentLine(one.guardian.person.short_name, one.relation, state, str(text), tone))
    return lines
