"""Lessons made from the timetable, and brought in line with it when the timetable, the calendar or a teacher changes.

The dangers: a held lesson must never move or vanish, and two generations must not run at once (the year is locked).
What was ever written in a lesson that is not held goes along with it, or stays with the lesson as cancelled.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import F

from letopis.core.bulk import insert_all
from letopis.core.errors import require
from letopis.ledger.actions import Author, Fact, Value, canonical, object_name, record_all
from letopis.register.actions.lesson_plan import BATCH, LessonPlan, lesson_plan, let_go_of, written_lessons
from letopis.register.models import Lesson, Substitution, Task
from letopis.rules.calendar import SchoolCalendar
from letopis.rules.lessons import ExistingLesson, PlannedLesson
from letopis.rules.movement import YearSpan, may_change_year
from letopis.schooling.models import AcademicYear, Course
from letopis.schooling.queries import calendar_of

AWAY = 20_000
"""Moved lessons stand this many numbers higher while others take their places: a place holds one lesson at a time."""


@dataclass(frozen=True, slots=True)
class Generation:
    """What a generation did, or would do."""

    created: int = 0
    moved: int = 0
    """Lessons that took another day or number, with what was written in them."""
    updated: int = 0
    """Lessons that kept their place and got another teacher or room, or are planned again."""
    removed: int = 0
    """Lessons without a place in which nothing was ever written."""
    cancelled: int = 0
    """Lessons without a place in which something was written: they stay, as cancelled."""
    kept_off_plan: int = 0
    """Held lessons that the timetable no longer wants; they stay as they are."""

    @property
    def changes_nothing(self) -> bool:
        """Say whether the register already agreed with the timetable."""
        return not (self.created or self.moved or self.updated or self.removed or self.cancelled)


@transaction.atomic
def generate_lessons(
    year: AcademicYear,
    *,
    courses: Iterable[Course] | None = None,
    first: date | None = None,
    last: date | None = None,
    by: Author,
    at: datetime,
) -> Generation:
    """Bring the lessons of a year in line with its timetable, calendar and workloads; return what was done.

    courses: all of the year when not said. first, last: the whole year when not said.
    at: a topic or homework on a day after it is a plan and moves with its lesson; on a day before, the lesson is held.
    Records one entry with the counts and a digest of the plan, because an empty lesson is a plan and no fact, and one
    entry for each lesson that was moved, cancelled or revived with something written in it. Twice is harmless.
    """
    year = AcademicYear.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=year.pk)
    is_open = year.state == AcademicYear.State.OPEN
    require(may_change_year(YearSpan(year.label, year.starts_on, year.ends_on, is_open), on=first or year.starts_on))
    first, last = first or year.starts_on, last or year.ends_on
    plan = lesson_plan(year, courses=courses, first=first, last=last, calendar=calendar_of(year), at=at, lock=True)
    facts: list[Fact] = []
    removed, cancelled = _take_away(plan, facts=facts, by=by, at=at)
    moved, updated = _move(plan, facts=facts, by=by, at=at)
    created = _create(plan)
    done = Generation(
        created=created, moved=moved, updated=updated, removed=removed, cancelled=cancelled,
        kept_off_plan=_kept_off_plan(plan),
    )  # fmt: skip
    if not done.changes_nothing:
        facts.append(_fact(plan, done, first=first, last=last, by=by, at=at))
        record_all(facts)
    return done


def preview_lessons(
    year: AcademicYear, *, calendar: SchoolCalendar, first: date, last: date, at: datetime
) -> Generation:
    """Return what `generate_lessons` would do under another calendar, without doing it."""
    plan = lesson_plan(year, courses=None, first=first, last=last, calendar=calendar, at=at, lock=False)
    changes = [_is_moved(plan, one, place) for one, place in plan.reconciled.move]
    blank = _blank(plan.reconciled.cancel)
    cancelled = _to_cancel(plan, blank)
    return Generation(
        created=len(plan.reconciled.create),
        moved=changes.count("moved"),
        updated=changes.count("updated") + len(plan.heirs()),
        removed=len(blank),
        cancelled=len(cancelled),
        kept_off_plan=_kept_off_plan(plan),
    )


def _create(plan: LessonPlan) -> int:
    lessons = [
        Lesson(
            organisation=plan.year.organisation,
            course_id=place.course_id,
            on=place.on,
            number=place.number,
            teacher_id=plan.teacher_id(place),
            room_id=plan.room_id(place),
        )
        for place in plan.reconciled.create
    ]
    insert_all(lessons)
    insert_all([Task(organisation=plan.year.organisation, lesson=lesson) for lesson in lessons])
    return len(lessons)


def _is_moved(plan: LessonPlan, one: ExistingLesson, place: PlannedLesson) -> str:
    """Return «moved», «updated», or nothing when the lesson stands as it should."""
    lesson = plan.lessons[one.lesson_id]
    if (lesson.on, lesson.number) != (place.on, place.number):
        return "moved"
    wanted = (*plan.given(lesson, place), Lesson.State.PLANNED)
    return "" if (lesson.teacher_id, lesson.room_id, lesson.state) == wanted else "updated"


def _move(plan: LessonPlan, *, facts: list[Fact], by: Author, at: datetime) -> tuple[int, int]:
    changes = [(plan.lessons[one.lesson_id], place, _is_moved(plan, one, place)) for one, place in plan.reconciled.move]
    changed = [(lesson, place) for lesson, place, change in changes if change]
    moved = [lesson for lesson, _place, change in changes if change == "moved"]
    Lesson.objects.filter(pk__in=[lesson.pk for lesson in moved]).update(number=F("number") + AWAY)
    written = written_lessons([lesson.pk for lesson, _place in changed])
    for lesson, place in changed:
        before = _words(lesson)
        lesson.on, lesson.number, lesson.state = place.on, place.number, Lesson.State.PLANNED
        lesson.teacher_id, lesson.room_id = plan.given(lesson, place)
        if lesson.pk in written and _words(lesson) != before:
            facts.append(Fact(by, at, "register.move_lesson", object_name(lesson), before, _words(lesson)))
    # An upsert by primary key: bulk_update takes six times as long for the ten thousand lessons of a new timetable.
    Lesson.objects.bulk_create(
        [lesson for lesson, _place in changed],
        update_conflicts=True,
        unique_fields=["pk"],
        update_fields=["on", "number", "state", "teacher", "room"],
        batch_size=BATCH,
    )
    # The log tells where a substituted lesson is given; it was written for this day and goes along within it.
    for lesson in (one for one in moved if one.pk in plan.substituted):
        Substitution.objects.filter(lesson=lesson, withdrawn_at=None).update(old_number=lesson.number)
    heirs = plan.heirs()
    for lesson, teacher in heirs:
        lesson.teacher_id = teacher
    Lesson.objects.bulk_update([lesson for lesson, _teacher in heirs], ["teacher"], batch_size=BATCH)
    return len(moved), len(changed) - len(moved) + len(heirs)


def _take_away(plan: LessonPlan, *, facts: list[Fact], by: Author, at: datetime) -> tuple[int, int]:
    """Remove the lessons in which nothing was ever written, cancel the others."""
    blank = _blank(plan.reconciled.cancel)
    let_go_of(blank)
    Task.objects.filter(lesson__in=blank).delete()
    Lesson.objects.filter(pk__in=blank).delete()
    cancelled = _to_cancel(plan, blank)
    for lesson in cancelled:
        before = _words(lesson)
        lesson.state = Lesson.State.CANCELLED
        facts.append(Fact(by, at, "register.cancel_lesson", object_name(lesson), before, _words(lesson)))
    Lesson.objects.bulk_update(cancelled, ["state"], batch_size=BATCH)
    return len(blank), len(cancelled)


def _to_cancel(plan: LessonPlan, blank: set[int]) -> list[Lesson]:
    lessons = (plan.lessons[one.lesson_id] for one in plan.reconciled.cancel if one.lesson_id not in blank)
    return [lesson for lesson in lessons if lesson.state != Lesson.State.CANCELLED]


def _blank(lessons: Iterable[ExistingLesson]) -> set[int]:
    ids = {one.lesson_id for one in lessons}
    return ids - written_lessons(sorted(ids))


def _kept_off_plan(plan: LessonPlan) -> int:
    places = {(one.course_id, one.on) for one in plan.wanted}
    held = (one for one in plan.reconciled.keep if one.is_held)
    return sum((one.course_id, one.on) not in places for one in held)


def _fact(plan: LessonPlan, done: Generation, *, first: date, last: date, by: Author, at: datetime) -> Fact:
    lines: list[Value] = [
        [one.course_id, one.on.isoformat(), one.number, plan.teacher_id(one)]
        for one in sorted(plan.wanted, key=lambda one: (one.course_id, one.on, one.number))
    ]
    after: dict[str, Value] = {
        "first": first.isoformat(),
        "last": last.isoformat(),
        "wanted": len(lines),
        "plan": hashlib.sha256(canonical(lines)).hexdigest(),
        "created": done.created,
        "moved": done.moved,
        "updated": done.updated,
        "removed": done.removed,
        "cancelled": done.cancelled,
    }
    return Fact(by, at, "register.generate_lessons", object_name(plan.year), None, after)


def _words(lesson: Lesson) -> dict[str, Value]:
    return {
        "on": lesson.on.isoformat(),
        "number": lesson.number,
        "state": str(lesson.state),
        "teacher": f"people.Employee:{lesson.teacher_id}" if lesson.teacher_id else "",
        "topic": lesson.topic,
    }
