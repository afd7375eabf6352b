"""Terms of a course: which there are, which one a page shows, and the line that says where and when you are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.formats import localize
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from letopis.register.access import OpenCourse
from letopis.schooling.models import Term

WHOLE_YEAR = "year"
"""Value of ?term= for the whole year."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the year that a page of the course shows: a term, or the whole year."""

    term_id: int | None
    """None for the whole year."""
    key: str
    """Value of ?term=."""
    title: str
    """«2 четверть»; «год»."""
    short_title: str
    """«2 чт»; «Год»."""
    first: date
    last: date

    @property
    def is_year(self) -> bool:
        return self.term_id is None

    @property
    def query(self) -> str:
        """«?term=2»: keeps the choice in the address."""
        return f"?term={self.key}"


@dataclass(frozen=True, slots=True)
class TermLink:
    """One place of the term switch."""

    title: str
    query: str
    is_current: bool


def terms_for(opened: OpenCourse) -> QuerySet[Term]:
    """Return the terms that the pupils of the course have, in order."""
    terms = Term.objects.filter(year=opened.course.year_id)
    # A group that nobody is in yet has no grade: it is shown by quarters.
    own = (
        terms.filter(grade_from__lte=opened.grade, grade_to__gte=opened.grade)
        if opened.grade
        else terms.filter(kind=Term.Kind.QUARTER)
    )
    return own.order_by("starts_on", "pk")


def term_of_day(opened: OpenCourse, day: date) -> Term | None:
    """Return the term of the course that the day lies in; None between terms."""
    return terms_for(opened).filter(starts_on__lte=day, ends_on__gte=day).first()


def spans_of(opened: OpenCourse, terms: Sequence[Any]) -> list[Span]:
    """Return the terms and, last, the whole year."""
    year = opened.course.year
    spans = [
        Span(term.pk, str(term.number), term.title, term.short_title, term.starts_on, term.ends_on) for term in terms
    ]
    return [*spans, Span(None, WHOLE_YEAR, _("год"), _("Год"), year.starts_on, year.ends_on)]


def chosen_span(spans: Sequence[Span], *, wanted: str | None, today: date) -> Span:
    """Return the wanted span; without a choice the term of today, in vacation the one before, before all the first."""
    for span in spans:
        if span.key == wanted:
            return span
    begun = [span for span in spans if not span.is_year and span.first <= today]
    return begun[-1] if begun else spans[0]


def term_links(spans: Sequence[Span], current: Span) -> list[TermLink]:
    """Return the places of the term switch."""
    return [TermLink(span.short_title, span.query, span == current) for span in spans]


def course_line(opened: OpenCourse, span: Span) -> str:
    """Return «8А · 2 четверть 2026/27 · 3 часа в неделю»."""
    course = opened.course
    school_class = course.group.school_class
    names = [school_class.title] if school_class else []
    if school_class is None or course.group.name != school_class.title:
        names.append(course.group.name)
    return " · ".join([*names, f"{span.title} {course.year.label}", weekly_hours(course.weekly_hours)])


def weekly_hours(hours: Decimal) -> str:
    """Return «3 часа в неделю», «1,5 часа в неделю»."""
    if hours == hours.to_integral_value():
        whole = int(hours)
        return ngettext("%(hours)s час в неделю", "%(hours)s часов в неделю", whole) % {"hours": whole}
    return _("%(hours)s часа в неделю") % {"hours": localize(hours.normalize())}
