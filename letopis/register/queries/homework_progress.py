"""Who opened and did a homework, what single pupils were set, and what was recommended to them (REG-049)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from letopis.people.access import Actor
from letopis.register.access import OpenLesson
from letopis.register.access.homework import recommendations_of
from letopis.register.models import Homework, HomeworkProgress, PupilHomework, Recommendation
from letopis.register.queries.homework import HomeworkValue, homework_of
from letopis.schooling.models import AcademicYear, GroupKind, Membership
from letopis.schooling.queries import pupils_of


@dataclass(frozen=True, slots=True)
class ShownRecommendation:
    """A recommendation as it is read."""

    code: UUID
    whom: str
    """Name of the pupil, or «8А»."""
    subject: str
    author: str
    on: date
    text: str
    is_withdrawn: bool
    is_own: bool


@dataclass(frozen=True, slots=True)
class PupilProgress:
    """A pupil of the lesson and his homework."""

    code: UUID
    name: str
    opened_at: datetime | None
    done_at: datetime | None
    own: PupilHomework | None
    """What he alone was set."""


@dataclass(frozen=True, slots=True)
class HomeworkProgressPage:
    """Everything the page shows."""

    homework: HomeworkValue
    lines: tuple[PupilProgress, ...]
    recommendations: tuple[ShownRecommendation, ...]

    @property
    def opened(self) -> int:
        return sum(line.opened_at is not None for line in self.lines)

    @property
    def done(self) -> int:
        return sum(line.done_at is not None for line in self.lines)


def homework_progress(opened: OpenLesson) -> HomeworkProgressPage:
    """Return who did the homework of a lesson; five queries."""
    lesson, course = opened.lesson, opened.opened.course
    pupils = pupils_of(course.group, lesson.on)
    homework = Homework.objects.filter(lesson=lesson).select_related("due_lesson").first()
    progress = {row.pupil_id: row for row in HomeworkProgress.objects.filter(homework=homework or 0)}
    own = {row.pupil_id: row for row in PupilHomework.objects.filter(lesson=lesson).exclude(text="")}
    lines = []
    for pupil in pupils:
        row = progress.get(pupil.pk)
        name = f"{pupil.person.last_name} {pupil.person.first_name}"
        done_at, opened_at = (row.done_at, row.opened_at) if row else (None, None)
        lines.append(PupilProgress(pupil.code, name, opened_at, done_at, own.get(pupil.pk)))
    rows = Recommendation.objects.filter(subject=course.subject, withdrawn_at=None).filter(
        Q(pupil__in=pupils) | Q(school_class=course.group.school_class_id or 0)
    )
    return HomeworkProgressPage(
        homework=homework_of(homework),
        lines=tuple(lines),
        recommendations=shown_recommendations(rows.order_by("-on", "-pk")[:20], actor=opened.opened.actor),
    )


def recommendation_list(
    actor: Actor, year: AcademicYear, *, school_class: UUID | None
) -> Sequence[ShownRecommendation]:
    """Return the recommendations of a year that the actor sees, the latest first; of one class and its pupils."""
    rows = recommendations_of(actor).filter(on__range=(year.starts_on, year.ends_on))
    if school_class is not None:
        listed = Membership.objects.filter(
            group__kind=GroupKind.WHOLE_CLASS, group__school_class__code=school_class, pupil=OuterRef("pupil")
        )
        rows = rows.filter(Q(school_class__code=school_class) | Q(Exists(listed)))
    return shown_recommendations(rows.order_by("-on", "-pk")[:300], actor=actor)


def shown_recommendations(rows: QuerySet[Recommendation], *, actor: Actor) -> tuple[ShownRecommendation, ...]:
    """Return the rows as they are read; one query."""
    joined = "pupil__person", "school_class", "subject", "author__person"
    return tuple(
        ShownRecommendation(
            code=row.code,
            whom=row.pupil.person.short_name if row.pupil else row.school_class.title if row.school_class else "",
            subject=row.subject.name if row.subject else "",
            author=row.author.person.short_name,
            on=row.on,
            text=row.text,
            is_withdrawn=row.withdrawn_at is not None,
            is_own=row.author_id == actor.employee_id or actor.controls,
        )
        for row in rows.select_related(*joined)
    )


def done_counts(lessons: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Return by lesson how many pupils opened its homework and how many say it is done. One query."""
    found: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    rows = HomeworkProgress.objects.filter(homework__lesson__in=lessons).values_list("homework__lesson_id", "done_at")
    for lesson, done_at in rows:
        found[lesson][0] += 1
        found[lesson][1] += done_at is not None
    return {lesson: (opened, done) for lesson, (opened, done) in found.items()}
