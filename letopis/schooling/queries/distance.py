"""Periods of distance learning, as values for the rules (ORG-034)."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from letopis.rules.distance import DistanceSpan
from letopis.schooling.models import AcademicYear, Course, DistancePeriod, GroupKind, SchoolClass, StudyGroup


def distance_spans(organisation_id: int, first: date, last: date) -> tuple[DistanceSpan, ...]:
    """Return the periods of a school that have a day in the span; one query."""
    rows = DistancePeriod.objects.filter(organisation=organisation_id).during(first, last)
    return tuple(span_of(row) for row in rows.order_by("starts_on", "pk"))


def distance_of(course: Course, on: date) -> DistanceSpan | None:
    """Return the period that a lesson of the course lies in, None when the class is in school. One query.

    course: with its group joined in.
    """
    spans = distance_spans(course.organisation_id, on, on)
    group = course.group
    return next((one for one in spans if one.covers(on, group=group.pk, school_class=group.school_class_id)), None)


def distance_of_year(year: AcademicYear) -> list[DistancePeriod]:
    """Return the periods of a year with class and group joined in, the latest first."""
    rows = DistancePeriod.objects.filter(year=year).select_related("school_class", "group__school_class")
    return list(rows.order_by("-starts_on", "-pk"))


def span_of(row: DistancePeriod) -> DistanceSpan:
    """Return a row as the value of the rules."""
    return DistanceSpan(row.starts_on, row.ends_on, row.school_class_id, row.group_id, row.basis)


@dataclass(frozen=True, slots=True)
class DistanceLine:
    """A period as the page lists it."""

    period: DistancePeriod
    whom: str
    """«вся школа», «8А», «8А, 1 подгруппа»."""
    is_now: bool
    is_over: bool


def distance_lines(year: AcademicYear, *, today: date) -> list[DistanceLine]:
    """Return the periods of a year, the latest first; one query."""
    return [
        DistanceLine(
            period=row,
            whom=_whom(row),
            is_now=row.starts_on <= today and (row.ends_on is None or today <= row.ends_on),
            is_over=row.ends_on is not None and row.ends_on < today,
        )
        for row in distance_of_year(year)
    ]


def distance_targets(year: AcademicYear) -> list[SchoolClass | StudyGroup]:
    """Return for whom a period may be declared besides the whole school: classes, then groups; two queries."""
    classes = list(SchoolClass.objects.filter(year=year).order_by("grade", "letter"))
    groups = StudyGroup.objects.filter(year=year).exclude(kind=GroupKind.WHOLE_CLASS).select_related("school_class")
    return [*classes, *groups.order_by("school_class__grade", "school_class__letter", "name", "pk")]


def target_title(target: SchoolClass | StudyGroup) -> str:
    """Return «8А» or «8А, 1 подгруппа»."""
    if isinstance(target, SchoolClass):
        return target.title
    return f"{target.school_class.title}, {target.name}" if target.school_class else target.name


def _whom(row: DistancePeriod) -> str:
    target = row.school_class or row.group
    return target_title(target) if target else _("вся школа")
