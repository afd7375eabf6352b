"""Lessons that follow from a timetable, and how those that exist are brought in line with it."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from letopis.rules.calendar import SchoolCalendar


@dataclass(frozen=True, slots=True)
class Edition:
    """A timetable in force from a day; the edition of a day is the latest not after it."""

    edition_id: int
    starts_on: date
    ends_on: date | None = None
    """Its last day, when it ends before the next begins; there are no lessons in between."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A line of an edition: a course at a lesson of a weekday."""

    slot_id: int
    edition_id: int
    course_id: int
    weekday: int
    """1 is Monday."""
    number: int


@dataclass(frozen=True, slots=True)
class PlannedLesson:
    """A lesson as the timetable wants it."""

    on: date
    number: int
    slot_id: int
    course_id: int


@dataclass(frozen=True, slots=True)
class ExistingLesson:
    """A lesson as it stands in the register."""

    lesson_id: int
    on: date
    number: int
    course_id: int
    slot_id: int | None = None
    is_held: bool = False
    """Given, or holding any fact, or fixed by an order (moved, cancelled): never touched.

    A moved one is told with the place it left, for which it answers."""
    is_bound: bool = False
    """Has a substitute: it may take another number of its day, never another day."""


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """What must be done so that the register agrees with the timetable."""

    create: tuple[PlannedLesson, ...]
    keep: tuple[ExistingLesson, ...]
    """Held ones, and ones that already stand where they should."""
    move: tuple[tuple[ExistingLesson, PlannedLesson], ...]
    """The lesson takes the day, number and slot, with what was planned in it; sometimes only the slot differs."""
    cancel: tuple[ExistingLesson, ...]
    """No longer in the timetable."""

    @property
    def changes_nothing(self) -> bool:
        """Say whether the register already agrees."""
        return not (self.create or self.move or self.cancel)


def plan_lessons(
    *,
    slots: Iterable[Slot],
    editions: Sequence[Edition],
    calendar: SchoolCalendar,
    grade: int,
    first: date,
    last: date,
) -> list[PlannedLesson]:
    """Return the lessons of the grade from first to last, both included, in order of days and numbers.

    slots: of courses of this grade only; of any editions.
    editions: in any order; no two may begin on one day.
    """
    by_place: dict[tuple[int, int], list[Slot]] = defaultdict(list)
    for slot in sorted(slots, key=lambda slot: (slot.number, slot.slot_id)):
        by_place[slot.edition_id, slot.weekday].append(slot)
    planned: list[PlannedLesson] = []
    for day in calendar.school_days(grade=grade, first=first, last=last):
        edition = edition_of(day, editions=editions)
        weekday = calendar.timetable_weekday(day)
        if edition is None or weekday is None:
            continue
        planned += [
            PlannedLesson(on=day, number=slot.number, slot_id=slot.slot_id, course_id=slot.course_id)
            for slot in by_place[edition.edition_id, weekday]
        ]
    return planned


def edition_of(day: date, *, editions: Iterable[Edition]) -> Edition | None:
    """Return the edition in force on the day, or None before the first one and after the end of one."""
    begun = [edition for edition in editions if edition.starts_on <= day]
    latest = max(begun, key=lambda edition: edition.starts_on, default=None)
    if latest is None or (latest.ends_on is not None and latest.ends_on < day):
        return None
    return latest


def reconcile(*, existing: Iterable[ExistingLesson], wanted: Iterable[PlannedLesson]) -> Reconciliation:
    """Return how to bring the lessons in line with the timetable without touching a held one.

    existing: all lessons of the courses in the span that `wanted` was planned for, and no others.
    A held lesson answers for a wanted one of its course and day, whatever its number: nothing is created beside it.
    One with a substitute keeps to its day; without a place on that day it is cancelled.
    Of the rest, a lesson goes to the same day and number, else to the same day, else to the same week of its course,
    so that a topic placed ahead goes along; what finds no place is cancelled.
    """
    lessons = sorted(existing, key=lambda lesson: (lesson.on, lesson.number, lesson.lesson_id))
    places = sorted(wanted, key=lambda place: (place.on, place.number, place.course_id, place.slot_id))
    matching = _Matching(places)
    held = [lesson for lesson in lessons if lesson.is_held]
    bound = [lesson for lesson in lessons if lesson.is_bound and not lesson.is_held]
    free = [lesson for lesson in lessons if not (lesson.is_held or lesson.is_bound)]
    for candidates in (held,), (bound, free):
        for some in candidates:
            matching.pair(some, by=lambda one: (one.course_id, one.on, one.number))
        for some in candidates:
            matching.pair(some, by=lambda one: (one.course_id, one.on))
    matching.pair(free, by=lambda one: (one.course_id, *one.on.isocalendar()[:2]))

    keep = [lesson for lesson in lessons if lesson.is_held or _stands(lesson, matching.found.get(lesson.lesson_id))]
    kept = {lesson.lesson_id for lesson in keep}
    return Reconciliation(
        create=tuple(matching.open_places),
        keep=tuple(keep),
        move=tuple(
            (lesson, matching.found[lesson.lesson_id])
            for lesson in (*bound, *free)
            if lesson.lesson_id in matching.found and lesson.lesson_id not in kept
        ),
        cancel=tuple(lesson for lesson in (*bound, *free) if lesson.lesson_id not in matching.found),
    )


class _Matching:
    """Pairs of lessons and wanted places, made in rounds from the closest likeness to the loosest."""

    def __init__(self, places: Sequence[PlannedLesson]) -> None:
        self.found: dict[int, PlannedLesson] = {}
        self.open_places = list(places)

    def pair(
        self, lessons: Iterable[ExistingLesson], *, by: Callable[[ExistingLesson | PlannedLesson], tuple[object, ...]]
    ) -> None:
        """Give every lesson still without a place the first open one with the same key."""
        waiting: dict[tuple[object, ...], list[ExistingLesson]] = defaultdict(list)
        for lesson in lessons:
            if lesson.lesson_id not in self.found:
                waiting[by(lesson)].append(lesson)
        still_open: list[PlannedLesson] = []
        for place in self.open_places:
            queue = waiting.get(by(place))
            if queue:
                self.found[queue.pop(0).lesson_id] = place
            else:
                still_open.append(place)
        self.open_places = still_open


def _stands(lesson: ExistingLesson, place: PlannedLesson | None) -> bool:
    return place is not None and (lesson.on, lesson.number, lesson.slot_id) == (place.on, place.number, place.slot_id)
