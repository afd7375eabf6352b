"""What a year still lacks before it is closed: counts by class, and the courses whose lessons are incomplete."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Max, Q

from letopis.attestation.queries.classes import Missing, missing_of
from letopis.ledger.queries import Change
from letopis.register.models import Lesson
from letopis.rules.classes import class_name
from letopis.rules.policy import Policy
from letopis.rules.verdict import Verdict
from letopis.rules.year_end import may_close_year
from letopis.schooling.models import AcademicYear, SchoolClass, Term
from letopis.schooling.queries.years import closing_of


@dataclass(frozen=True, slots=True)
class CourseGaps:
    """Lessons of a course without topic, and without attendance."""

    code: UUID
    subject: str
    group: str
    """«8А», «8А · 1 подгруппа»."""
    class_id: int | None
    """None for a group of several classes."""
    topics: int
    attendance: int


@dataclass(frozen=True, slots=True)
class ClassGaps:
    """What a class lacks."""

    missing: Missing
    courses: tuple[CourseGaps, ...]

    @property
    def school_class(self) -> SchoolClass:
        return self.missing.school_class

    @property
    def topics(self) -> int:
        return sum(course.topics for course in self.courses)

    @property
    def attendance(self) -> int:
        return sum(course.attendance for course in self.courses)

    @property
    def has_gaps(self) -> bool:
        return bool(self.courses or self.missing.total)


@dataclass(frozen=True, slots=True)
class YearGaps:
    """What a year lacks."""

    classes: tuple[ClassGaps, ...]
    """Those that lack something."""
    courses: tuple[CourseGaps, ...]
    """Of all classes and of groups that belong to none."""

    @property
    def totals(self) -> dict[str, int]:
        """Return the counts by name, as the ledger keeps them."""
        return {
            "lessons_without_topic": sum(course.topics for course in self.courses),
            "lessons_without_attendance": sum(course.attendance for course in self.courses),
            "term_marks_missing": sum(one.missing.term_marks for one in self.classes),
            "year_marks_missing": sum(one.missing.year_marks for one in self.classes),
            "pupils_without_decision": sum(one.missing.undecided for one in self.classes),
        }

    def __bool__(self) -> bool:
        return any(self.totals.values())


@dataclass(frozen=True, slots=True)
class YearEndPage:
    """Everything the page of closing a year shows."""

    year: AcademicYear
    gaps: YearGaps | None
    """None for a year that is shut."""
    verdict: Verdict
    """Whether the year may be closed today, gaps aside."""
    closing: Change | None
    """How it was closed."""


def year_end_page(year: AcademicYear, *, today: date, policy: Policy) -> YearEndPage:
    """Return the page of closing a year. Ten queries, whatever the number of classes."""
    is_open = year.state == AcademicYear.State.OPEN
    return YearEndPage(
        year=year,
        gaps=gaps_of_year(year, today=today, policy=policy) if is_open else None,
        verdict=may_close_year(state=year.state, last_day=last_day_of(year), today=today, has_gaps=False, reason=""),
        closing=None if is_open else closing_of(year),
    )


def last_day_of(year: AcademicYear) -> date:
    """Return the last day of the last term; of the year itself when it has no terms."""
    last: date | None = Term.objects.filter(year=year).aggregate(last=Max("ends_on"))["last"]
    return last or year.ends_on


def gaps_of_year(year: AcademicYear, *, today: date, policy: Policy) -> YearGaps:
    """Return what a year lacks on a day. Eight queries, whatever the number of classes."""
    classes = list(SchoolClass.objects.filter(year=year).order_by("grade", "letter"))
    courses = _courses(year, today=today)
    by_class: dict[int | None, list[CourseGaps]] = defaultdict(list)
    for course in courses:
        by_class[course.class_id].append(course)
    found = (
        ClassGaps(missing, tuple(by_class[missing.school_class.pk]))
        for missing in missing_of(year, classes, policy=policy)
    )
    return YearGaps(tuple(one for one in found if one.has_gaps), tuple(courses))


def _courses(year: AcademicYear, *, today: date) -> list[CourseGaps]:
    """Return the courses with lessons that lack their topic or attendance. One query."""
    rows = (
        Lesson.objects.filter(Q(topic="") | Q(attendance_taken_at=None), course__year=year, on__lte=today)
        .exclude(state=Lesson.State.CANCELLED)
        .values_list(
            "course__code", "course__subject__name", "course__group__name", "course__group__school_class",
            "course__group__school_class__grade", "course__group__school_class__letter",
        )
        .annotate(
            topics=Count("pk", filter=Q(topic="")), attendance=Count("pk", filter=Q(attendance_taken_at__isnull=True))
        )
        .order_by(
            "course__group__school_class__grade", "course__group__school_class__letter", "course__group__name",
            "course__subject__sort_key",
        )
    )  # fmt: skip
    return [
        CourseGaps(code, subject, _group_title(name, grade, letter), class_id, topics, attendance)
        for code, subject, name, class_id, grade, letter, topics, attendance in rows
    ]


def _group_title(name: str, grade: int | None, letter: str | None) -> str:
    if grade is None or letter is None or name == class_name(grade, letter):
        return name
    return f"{class_name(grade, letter)} · {name}"
