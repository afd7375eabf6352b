"""Clashes of a timetable: what cannot happen at one time, and what is worth a look."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from letopis.rules.names import match_key
from letopis.rules.russian import WEEKDAYS, short_date
from letopis.rules.verdict import ALLOWED, Verdict, refused

_Key = TypeVar("_Key")

WHOLE_CLASS = "WHOLE_CLASS"
SUBGROUP = "SUBGROUP"
INDIVIDUAL = "INDIVIDUAL"

ERROR = "error"
WARNING = "warning"


@dataclass(frozen=True, slots=True)
class SlotRow:
    """One line of a timetable; texts are compared by `match_key`."""

    weekday: int
    """1 is Monday, 7 is Sunday."""
    number: int
    """Number of the lesson in the day."""
    school_class: str
    subject: str
    group_kind: str = WHOLE_CLASS
    """WHOLE_CLASS, SUBGROUP or INDIVIDUAL (a pupil's plan: apart from the class, not from the teacher)."""
    subgroup: str = ""
    """Name of the subgroup, or of the pupil when the lesson is individual; empty for the whole class."""
    teacher: str = ""
    """Empty is a vacancy."""
    room: str = ""
    """Empty when not decided: it agrees with any room."""
    row: int = 0
    """Where the line stands in its source, for the message; not compared."""
    combined: str = ""
    """Name of the combined class (класс-комплект) that the class belongs to; empty for most."""

    @property
    def group(self) -> str:
        """What the line is about: «7А» or «7А, 1 подгруппа»."""
        return f"{self.school_class}, {self.subgroup}" if self.subgroup else self.school_class


@dataclass(frozen=True, slots=True)
class Clash:
    """Lines that cannot stand together, or that deserve a look."""

    code: str
    """TEACHER_SUBJECTS, TEACHER_ROOMS, TEACHER_GROUPS, CLASS_TWICE, SUBGROUP_TWICE, ROOM_TWICE or VACANCY."""
    severity: str
    """`error`: the timetable cannot be taken; `warning`: it can."""
    sentence: str
    """What clashes, in Russian."""
    rows: tuple[int, ...]
    """`SlotRow.row` of all the lines concerned, in order."""


def clashes(slots: Iterable[SlotRow]) -> list[Clash]:
    """Return every clash in the order of days and lessons; vacancies stand last.

    One teacher at one time with different subjects, rooms or kinds of group is an error; the same subject in the same
    room with several classes is a stream and none; classes of one combined class (класс-комплект) have in one room each
    its own subject. A class with two lessons for the whole, or with one for the whole and one for a subgroup, is an
    error; so is one subgroup twice. A room with two teachers is a warning.
    Source: issue of the import; ORG-024.
    """
    rows = list(slots)
    found: list[Clash] = []
    for (weekday, number), at_once in sorted(_grouped(rows, _time).items()):
        when = f"{WEEKDAYS[weekday - 1]}, урок {number}"
        found += _teacher_clashes(at_once, when=when)
        found += _class_clashes(at_once, when=when)
        found += _room_clashes(at_once, when=when)
    return found + [_vacancy(slot) for slot in rows if not slot.teacher.strip()]


def may_amend_edition(*, starts_on: date, today: date) -> Verdict:
    """Allow a change of an edition that has not begun: lessons of one that has are given by it. Source: ORG-B012."""
    if starts_on > today:
        return ALLOWED
    return refused(
        "BEGUN",
        f"Расписание с {short_date(starts_on)} уже действует и не правится: укажите более поздний день начала.",
    )


def _teacher_clashes(at_once: Sequence[SlotRow], *, when: str) -> Iterable[Clash]:
    named = [slot for slot in at_once if slot.teacher.strip()]
    for same_teacher in _grouped(named, lambda slot: match_key(slot.teacher)).values():
        if _are_combined(same_teacher):
            continue
        teacher = same_teacher[0].teacher
        rows = _rows(same_teacher)
        if subjects := _several(slot.subject for slot in same_teacher):
            yield Clash(
                "TEACHER_SUBJECTS", ERROR, f"{when}: у учителя {teacher} сразу разные предметы: {subjects}.", rows
            )
        elif rooms := _several(slot.room for slot in same_teacher):
            yield Clash("TEACHER_ROOMS", ERROR, f"{when}: учитель {teacher} сразу в разных кабинетах: {rooms}.", rows)
        elif len({slot.group_kind for slot in same_teacher}) > 1:
            groups = "; ".join(slot.group for slot in same_teacher)
            yield Clash(
                "TEACHER_GROUPS", ERROR, f"{when}: у учителя {teacher} сразу разные виды групп: {groups}.", rows
            )


def _are_combined(slots: Sequence[SlotRow]) -> bool:
    """Say whether the lines are of different classes of one combined class, where the room is one too."""
    one_room = not _several(slot.room for slot in slots)
    classes = [match_key(slot.school_class) for slot in slots]
    names = {slot.combined for slot in slots}
    return one_room and len(set(classes)) == len(classes) > 1 and len(names) == 1 and names != {""}


def _class_clashes(at_once: Sequence[SlotRow], *, when: str) -> Iterable[Clash]:
    in_class = [slot for slot in at_once if slot.group_kind != INDIVIDUAL]
    for same_class in _grouped(in_class, lambda slot: match_key(slot.school_class)).values():
        whole = [slot for slot in same_class if slot.group_kind == WHOLE_CLASS]
        if whole and len(same_class) > 1:
            lessons = "; ".join(f"{slot.subject} ({slot.subgroup or 'весь класс'})" for slot in same_class)
            sentence = f"{when}: у класса {whole[0].school_class} сразу несколько занятий: {lessons}."
            yield Clash("CLASS_TWICE", ERROR, sentence, _rows(same_class))
            continue
        for twice in _grouped(same_class, lambda slot: match_key(slot.subgroup)).values():
            if len(twice) > 1:
                lessons = "; ".join(slot.subject for slot in twice)
                sentence = f"{when}: у группы {twice[0].group} сразу несколько занятий: {lessons}."
                yield Clash("SUBGROUP_TWICE", ERROR, sentence, _rows(twice))


def _room_clashes(at_once: Sequence[SlotRow], *, when: str) -> Iterable[Clash]:
    placed = [slot for slot in at_once if slot.room.strip()]
    for same_room in _grouped(placed, lambda slot: match_key(slot.room)).values():
        if teachers := _several(slot.teacher for slot in same_room):
            sentence = f"{when}: кабинет {same_room[0].room} занят сразу несколькими учителями: {teachers}."
            yield Clash("ROOM_TWICE", WARNING, sentence, _rows(same_room))


def _vacancy(slot: SlotRow) -> Clash:
    when = f"{WEEKDAYS[slot.weekday - 1]}, урок {slot.number}"
    return Clash("VACANCY", WARNING, f"{when}: {slot.group}, {slot.subject}: учитель не назначен.", (slot.row,))


def _time(slot: SlotRow) -> tuple[int, int]:
    return slot.weekday, slot.number


def _grouped(slots: Iterable[SlotRow], key: Callable[[SlotRow], _Key]) -> dict[_Key, list[SlotRow]]:
    groups: dict[_Key, list[SlotRow]] = defaultdict(list)
    for slot in slots:
        groups[key(slot)].append(slot)
    return groups


def _several(texts: Iterable[str]) -> str:
    """Return the different texts joined by commas, or nothing when they are one; empty texts agree with any."""
    different = {match_key(text): text.strip() for text in texts if text.strip()}
    return ", ".join(different.values()) if len(different) > 1 else ""


def _rows(slots: Iterable[SlotRow]) -> tuple[int, ...]:
    return tuple(slot.row for slot in slots)
