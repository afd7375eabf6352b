"""What both pages of «Успеваемость» read: the class and terms of a pupil, his courses, published marks and results."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F

from letopis.attestation.queries.rolls import WITH_RESULTS
from letopis.people.models import Pupil
from letopis.register.models import TermMark
from letopis.register.queries.corrections import results_shown_to_family
from letopis.register.queries.period_marks import BySubject, Judged, Period, judged_by, marks_between, period_of, within
from letopis.register.queries.term_marks import ShownMark, chosen_term, terms_of
from letopis.rules.policy.editions import Editions
from letopis.rules.publication import AT_ONCE, published_before
from letopis.schooling.models import Course, GroupKind, Membership, SchoolClass, Term


@dataclass(frozen=True, slots=True)
class Scene:
    """A pupil in a term, as his family may see him."""

    school_class: SchoolClass
    terms: tuple[Term, ...]
    term: Term
    courses: Mapping[int, Course]
    """By subject: the one that teaches the pupil in the term."""
    marks: BySubject
    results: Mapping[tuple[int, int], str]
    """By subject and term; published ones."""
    corrections: Mapping[tuple[int, int], Sequence[str]]
    """What was corrected in them, in words; published ones."""
    pupil_id: int
    policies: Editions
    today: date

    def period(self, course: Course) -> Period:
        policy = self.policies.of_period(self.term.ends_on, today=self.today)
        return period_of(course, self.term, terms=self.terms, grade=self.school_class.grade, policy=policy)

    def judged(self, course: Course, period: Period) -> Judged:
        policy = self.policies.of_period(period.last, today=self.today)
        return judged_by(course, kind=period.kind, grade=self.school_class.grade, policy=policy)

    def of_period(self, course: Course, period: Period) -> list[ShownMark]:
        found = self.marks.get((self.pupil_id, course.subject_id), ())
        return within(found, first=period.first, last=period.last)


def scene_of(pupil: Pupil, number: str | None, *, today: date, now: datetime, policies: Editions) -> Scene | None:
    """Return what the pages read, None for a pupil of no class. At most seven queries."""
    stay = (
        Membership.objects.filter(pupil=pupil, starts_on__lte=today, group__school_class__isnull=False)
        .filter(group__kind__in=(GroupKind.WHOLE_CLASS, GroupKind.INDIVIDUAL))
        .select_related("group__school_class__year")
        .order_by("-starts_on", "group__kind", "-pk")
        .first()
    )
    if stay is None or stay.group.school_class is None:
        return None
    school_class = stay.group.school_class
    terms = terms_of(year_id=school_class.year_id, grade=school_class.grade)
    term = chosen_term(terms, number=number, today=today)
    if term is None:
        return None
    policy = policies.on(today)
    until = published_before(now, policy=policy)
    marks: BySubject = {}
    results: dict[tuple[int, int], str] = {}
    corrections: Mapping[tuple[int, int], Sequence[str]] = {}
    if until is not None:
        published = None if policy.publication == AT_ONCE else until
        marks = marks_between(
            [pupil.pk],
            year_id=school_class.year_id,
            first=terms[0].starts_on,
            last=terms[-1].ends_on,
            put_until=published,
        )
        rows = TermMark.objects.filter(pupil=pupil, term__in=terms).exclude(value="")
        if published is not None:
            rows = rows.filter(put_at__lte=published)
        results = {(subject, of): value for subject, of, value in rows.values_list("subject_id", "term_id", "value")}
        if policy.corrections_shown_to_families:
            corrections = results_shown_to_family(pupil, terms, until=published)
    courses = _courses(pupil, school_class, term=term, today=today)
    return Scene(school_class, tuple(terms), term, courses, marks, results, corrections, pupil.pk, policies, today)


def _courses(pupil: Pupil, school_class: SchoolClass, *, term: Term, today: date) -> dict[int, Course]:
    """Return by subject the course that teaches the pupil in the term: of several the one of its last day, or today."""
    day = min(max(today, term.starts_on), term.ends_on)
    rows = (
        Course.objects.filter(
            group__memberships__pupil=pupil,
            group__memberships__starts_on__lte=term.ends_on,
            year=school_class.year_id,
            kind__in=WITH_RESULTS,
        )
        .annotate(until=F("group__memberships__ends_on"), since=F("group__memberships__starts_on"))
        .select_related("subject", "group")
        .order_by("since", "pk")
    )
    found: dict[int, Course] = {}
    for course in rows:
        is_present = course.since <= day and (course.until is None or course.until >= day)
        if course.until is not None and course.until < term.starts_on:
            continue
        if course.subject_id not in found or is_present:
            found[course.subject_id] = course
    return found
