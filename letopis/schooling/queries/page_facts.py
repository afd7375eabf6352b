"""Pages of registers as plain rows, for rules that judge a whole school at once: one query each, no objects."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from typing import Any, NamedTuple

from django.db.models import F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from letopis.rules.obligations import Page, RosterFacts, TermFacts
from letopis.rules.registers import register_of
from letopis.schooling.models import (
    AcademicYear,
    ClassTeacher,
    Course,
    GroupKind,
    Membership,
    RosterCheck,
    SchoolClass,
    Term,
    Workload,
)


class PageRow(NamedTuple):
    """A page with what only some rules need."""

    page: Page
    weekly_hours: Fraction
    subject_key: str
    """Lists order by it."""


class ClassRow(NamedTuple):
    """A class as a page of its own: of the duties of its class teacher."""

    page: Page
    code: Any
    letter: str


@dataclass(frozen=True, slots=True)
class Members:
    """Who is in which group, in days."""

    stays: Mapping[int, list[tuple[int, date, date | None]]]
    """Group → pupil, first and last day."""
    alone: Mapping[int, list[tuple[int, date, date | None]]]
    """Subject → pupils who are taught it by an individual plan, and not on the page of their class."""
    individual: frozenset[int]
    """Groups of individual plans."""

    def of(self, page: Page, on: date) -> frozenset[int]:
        """Return who is taught on a page on a day."""
        here = frozenset(pupil for pupil, first, last in self.stays.get(page.group, ()) if _holds(first, last, on))
        if page.group in self.individual:
            return here
        return here - {pupil for pupil, first, last in self.alone.get(page.subject, ()) if _holds(first, last, on)}


def page_rows(courses: QuerySet[Course]) -> dict[int, PageRow]:
    """Return the pages by course. One query."""
    rows = _courses_with_grade().filter(pk__in=courses.order_by().values("pk")).values_list(
        "pk", "code", "subject_id", "subject__name", "subject__scale", "subject__sort_key", "group_id", "group__name",
        "group__school_class_id", "group__school_class__grade", "group__school_class__letter",
        "group__school_class__shift", "taught_grade", "kind", "weekly_hours",
    )  # fmt: skip
    found: dict[int, PageRow] = {}
    for pk, code, subject, name, scale, key, group, group_name, klass, own, letter, shift, grade, kind, hours in rows:
        title = f"{own}{letter}" if klass else ""
        page = Page(
            course=pk,
            code=code,
            subject=subject,
            subject_name=name,
            school_class=klass or 0,
            grade=grade,
            title=title if title == group_name else f"{title} · {group_name}" if title else group_name,
            group=group,
            asks_homework=register_of(kind).asks_homework,
            scale=scale,
            shift=shift or 1,
        )
        found[pk] = PageRow(page, Fraction(hours), key)
    return found


@cache
def _courses_with_grade() -> QuerySet[Any]:
    """Made once: building the query takes longer than running it for one teacher."""
    of_pupils = SchoolClass.objects.filter(
        year=OuterRef("year"),
        groups__kind=GroupKind.WHOLE_CLASS,
        groups__memberships__pupil__memberships__group=OuterRef("group"),
    )
    grade = Coalesce(F("group__school_class__grade"), Subquery(of_pupils.values("grade")[:1]), 0)
    courses: QuerySet[Any] = Course.objects.annotate(taught_grade=grade).order_by()
    return courses


def class_rows(classes: QuerySet[SchoolClass]) -> dict[int, ClassRow]:
    """Return the classes in the order of lists, by key. One query."""
    rows = classes.order_by("grade", "letter", "pk").values_list("pk", "code", "grade", "letter", "shift")
    return {
        pk: ClassRow(Page(0, None, 0, "", pk, grade, f"{grade}{letter}", shift=shift), code, letter)
        for pk, code, grade, letter, shift in rows
    }


def terms_between(organisation: int, first: date, last: date) -> list[tuple[TermFacts, int, int]]:
    """Return the terms of a school that share a day with a span, each with the grades it is for. One query."""
    rows = Term.objects.filter(organisation=organisation, starts_on__lte=last, ends_on__gte=first)
    return _terms(rows)


def term_rows(year: AcademicYear) -> list[tuple[TermFacts, int, int]]:
    """Return the terms of a year in order, each with the grades it is for. One query."""
    return _terms(Term.objects.filter(year=year))


def _terms(rows: QuerySet[Term]) -> list[tuple[TermFacts, int, int]]:
    names = ("pk", "number", "title", "starts_on", "ends_on", "kind", "grade_from", "grade_to")
    ordered = rows.order_by("starts_on", "grade_from", "pk").values_list(*names)
    return [(TermFacts(*row[:6]), row[6], row[7]) for row in ordered]


def members(year: int | AcademicYear, groups: Iterable[int] | None = None) -> Members:
    """Return who is taught in the groups of a year, all of them or some. One query.

    year: or its key.
    """
    rows = Membership.objects.filter(group__year=year).taught()
    if groups is not None:
        rows = rows.filter(group__in=list(groups))
    single = Membership.objects.filter(group__year=year, group__kind=GroupKind.INDIVIDUAL)
    names = ("group_id", "pupil_id", "starts_on", "ends_on")
    listed = rows.order_by().values_list(*names, Value(0), Value(0))
    alone_rows = single.order_by().values_list(*names, Coalesce(F("group__courses__subject_id"), 0), Value(1))
    stays: dict[int, list[tuple[int, date, date | None]]] = defaultdict(list)
    alone: dict[int, list[tuple[int, date, date | None]]] = defaultdict(list)
    individual = set()
    for group, pupil, first, last, subject, is_alone in listed.union(alone_rows, all=True):
        if is_alone:
            individual.add(group)
            alone[subject].append((pupil, first, last))
        else:
            stays[group].append((pupil, first, last))
    return Members(stays, alone, frozenset(individual))


def teachers_of_pages(courses: QuerySet[Course]) -> dict[int, list[tuple[date, date | None, int]]]:
    """Return by course who teaches it from which day to which. One query."""
    found: dict[int, list[tuple[date, date | None, int]]] = defaultdict(list)
    rows = Workload.objects.filter(course__in=courses, teacher__isnull=False).order_by("starts_on", "pk")
    for course, first, last, teacher in rows.values_list("course_id", "starts_on", "ends_on", "teacher_id"):
        found[course].append((first, last, teacher))
    return found


def class_teachers(year: AcademicYear) -> dict[int, list[tuple[date, date | None, int]]]:
    """Return by class who leads it from which day to which. One query."""
    found: dict[int, list[tuple[date, date | None, int]]] = defaultdict(list)
    rows = ClassTeacher.objects.filter(school_class__year=year).order_by("starts_on", "pk")
    for school_class, first, last, employee in rows.values_list(
        "school_class_id", "starts_on", "ends_on", "employee_id"
    ):
        found[school_class].append((first, last, employee))
    return found


def on_duty(spans: Iterable[tuple[date, date | None, int]], day: date) -> int | None:
    """Return who it was on the day; None where nobody was."""
    return next((who for first, last, who in spans if _holds(first, last, day)), None)


def roster_facts(
    year: AcademicYear, *, leaders: Mapping[int, list[tuple[date, date | None, int]]], today: date
) -> dict[int, RosterFacts]:
    """Return the checks of the list of each class that is led. One query."""
    checks: dict[int, list[date]] = defaultdict(list)
    rows = RosterCheck.objects.filter(school_class__year=year).order_by("checked_on")
    for school_class, day in rows.values_list("school_class_id", "checked_on"):
        checks[school_class].append(day)
    day = min(today, year.ends_on)
    return {
        school_class: RosterFacts(on_duty(spans, day), year.starts_on, year.ends_on, checks[school_class])
        for school_class, spans in leaders.items()
    }


def _holds(first: date, last: date | None, day: date) -> bool:
    return first <= day and (last is None or day <= last)
