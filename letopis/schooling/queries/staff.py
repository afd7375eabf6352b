"""Who works with a class or a pupil (ORG-029)."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from letopis.people.models import Pupil
from letopis.schooling.models import AcademicYear, ClassTeacher, GroupKind, Membership, SchoolClass, Workload


@dataclass(frozen=True, slots=True)
class StaffLine:
    """A teacher with what he teaches there."""

    name: str
    subjects: tuple[str, ...]
    """«Алгебра», «Иностранный язык, 1 подгруппа»."""
    leads: bool
    """The class teacher; stands first."""


def staff_of_class(school_class: SchoolClass, *, day: date) -> list[StaffLine]:
    """Return who teaches the class, its subgroups and the common groups of its pupils on a day. Two queries."""
    listed = Membership.objects.filter(group__kind=GroupKind.WHOLE_CLASS, group__school_class=school_class).on(day)
    of_class = Q(course__group__school_class=school_class) | Q(
        course__group__school_class=None, course__group__memberships__pupil__in=listed.values("pupil")
    )
    return _lines(of_class, school_class_id=school_class.pk, year_id=school_class.year_id, day=day)


def staff_of_pupil(pupil: Pupil, year: AcademicYear, *, day: date) -> list[StaffLine]:
    """Return who teaches the pupil on a day, in whatever group. Three queries."""
    stays = list(
        Membership.objects.filter(pupil=pupil, group__year=year)
        .on(day)
        .values_list("group", "group__kind", "group__school_class")
    )
    own = next((class_id for _group, kind, class_id in stays if kind == GroupKind.WHOLE_CLASS), None)
    of_pupil = Q(course__group__in=[group for group, _kind, _class in stays])
    return _lines(of_pupil, school_class_id=own, year_id=year.pk, day=day)


def _lines(whose: Q, *, school_class_id: int | None, year_id: int, day: date) -> list[StaffLine]:
    workloads = (
        Workload.objects.filter(whose, course__year=year_id, teacher__isnull=False)
        .on(day)
        .select_related("teacher__person", "course__subject", "course__group")
        .order_by("course__subject__sort_key", "course__group__name")
        .distinct()
    )
    leaders = ClassTeacher.objects.filter(school_class=school_class_id or 0).on(day).select_related("employee__person")
    leading = {leader.employee_id: leader.employee.person for leader in leaders}
    persons = dict(leading)
    subjects: dict[int, list[str]] = {pk: [] for pk in leading}
    for workload in workloads:
        group, name = workload.course.group, workload.course.subject.name
        persons[workload.teacher_id] = workload.teacher.person
        title = name if group.kind in (GroupKind.WHOLE_CLASS, GroupKind.INDIVIDUAL) else f"{name}, {group.name}"
        subjects.setdefault(workload.teacher_id, []).append(title)
    ordered = sorted(subjects, key=lambda pk: (pk not in leading, persons[pk].sort_key))
    return [StaffLine(persons[pk].full_name, tuple(dict.fromkeys(subjects[pk])), pk in leading) for pk in ordered]
