"""What happened in a lesson of the demo: a pure function of the seed and the lesson.

Nothing here depends on the day the demo is loaded for, so a later day only adds facts; and nothing depends on the
order in which lessons are asked for.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from hashlib import blake2b
from pathlib import Path

WITHOUT_TESTS = frozenset(
    {"Физическая культура", "Музыка", "Изобразительное искусство", "Труд (технология)", "Индивидуальный проект"}
)
"""Subjects that are marked for practical work, not by control works."""
ASKED = {1: 0.6, 2: 0.36}
"""Share of those present who are asked in a lesson, by weekly hours: a subject of one hour needs its marks too."""


@dataclass(frozen=True, slots=True)
class LessonKey:
    """What a lesson is known by, whatever the database calls it."""

    school_class: str
    grade: int
    subject: str
    group: str
    on: date
    number: int
    index: int
    """Which lesson of its course in the year, from 0."""
    is_graded: bool
    weekly_hours: int = 3


@dataclass(frozen=True, slots=True)
class Event:
    """A pupil who was not there, or came late."""

    event: str
    minutes: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class LessonFacts:
    """What the teacher wrote. Empty topic or homework: forgotten. nothing_set: the explicit word."""

    topic: str
    homework: str
    nothing_set: bool
    kind: str
    title: str
    marks: Mapping[str, str]
    """By number of the alphabet book."""
    events: Mapping[str, Event]


def chance(*parts: object) -> float:
    """Return a number from 0 to 1 that depends on nothing but the parts."""
    digest = blake2b("|".join(map(str, parts)).encode(), digest_size=6).digest()
    return int.from_bytes(digest, "big") / 2**48


class Chances:
    """The chances of one lesson: `chance(name, …)` with the name taken in once, for many are asked."""

    __slots__ = ("_begun",)

    def __init__(self, name: str) -> None:
        self._begun = blake2b(f"{name}|".encode(), digest_size=6)

    def __call__(self, *parts: str) -> float:
        digest = self._begun.copy()
        digest.update("|".join(parts).encode())
        return int.from_bytes(digest.digest(), "big") / 2**48


def lesson_facts(seed: int, key: LessonKey, *, abilities: Mapping[str, int], may_forget: bool) -> LessonFacts:
    """Return what happened in a lesson.

    abilities: the mark that a pupil deserves in this subject, 2 to 5, by number of the alphabet book.
    may_forget: whether a few topics and homeworks are missing, as in a year that is under way.
    """
    luck = Chances(f"{seed}|{key.school_class}|{key.subject}|{key.group}|{key.on}|{key.number}")
    events = {number: event for number in abilities if (event := _event(seed, luck, number, key.on))}
    kind, title, density = _work(key)
    present = [number for number in abilities if number not in events or events[number].event == "LATE"]
    marks = {
        number: _mark(luck, number, abilities[number])
        for number in present
        if key.is_graded and luck(number, "asked") < density
    }
    forgets_topic = may_forget and luck("topic") < 0.012
    forgets_homework = may_forget and luck("homework") < 0.02
    nothing = key.grade == 1 or key.subject in WITHOUT_TESTS or luck("nothing") < 0.12
    return LessonFacts(
        topic="" if forgets_topic else _topic(key, title),
        homework="" if nothing or forgets_homework else _homework(luck, key),
        nothing_set=nothing and not forgets_homework,
        kind=kind if marks else "",
        title=title if marks else "",
        marks=marks,
        events=events,
    )


def ability(seed: int, number: str, subject: str) -> int:
    """Return the mark an invented pupil deserves in a subject: 3, 4 or 5, rarely 2."""
    general = chance(seed, number, "ability")
    shade = (chance(seed, number, subject, "ability") - 0.5) * 0.5
    found = general + shade
    return 2 if found < -0.2 else 3 if found < 0.3 else 4 if found < 0.75 else 5


def _work(key: LessonKey) -> tuple[str, str, float]:
    """Return kind of work, title of the column, and what share of those present got a mark."""
    if key.subject in WITHOUT_TESTS:
        return "ПР", "", ASKED.get(key.weekly_hours, 0.3)
    place = key.index % 8
    if place == 7:
        title = f"Контрольная работа № {key.index // 8 + 1}"
        if _is_dictation(key):
            return "Д", f"Контрольный диктант № {key.index // 8 + 1}", 0.96
        return "КР", title, 0.96
    if place == 3:
        return "СР", f"Самостоятельная работа № {key.index // 8 + 1}", 0.85
    return "УО", "", ASKED.get(key.weekly_hours, 0.22)


def _is_dictation(key: LessonKey) -> bool:
    return key.subject == "Русский язык" and key.grade <= 9


def _mark(luck: Chances, number: str, deserved: int) -> str:
    found = luck(number, "mark")
    step = -1 if found < 0.16 else 1 if found > 0.83 else 0
    return str(min(5, max(2, deserved + step)))


def _event(seed: int, luck: Chances, number: str, on: date) -> Event | None:
    if _is_ill(seed, number, on):
        return Event("ABSENT", None, "ILL")
    found = luck(number, "there")
    if found < 0.008:
        return Event("LATE", 3 + int(luck(number, "minutes") * 13), "NOT_SET")
    if found > 0.988:
        reason = luck(number, "reason")
        return Event("ABSENT", None, "NOT_SET" if reason < 0.4 else "VALID" if reason < 0.8 else "UNEXCUSED")
    return None


def _is_ill(seed: int, number: str, on: date) -> bool:
    """Return whether a spell of illness, which begins in one week in twenty, covers the day."""
    monday = on.toordinal() - on.weekday()
    for start_of_week in (monday, monday - 7):
        first, past = _spell(seed, number, start_of_week)
        if first <= on.toordinal() < past:
            return True
    return False


@cache
def _spell(seed: int, number: str, monday: int) -> tuple[int, int]:
    """Return the first day of the illness that begins in a week, and the day after it; equal for none. Ordinals."""
    week = date.fromordinal(monday)
    if chance(seed, number, week, "ill") >= 0.05:
        return monday, monday
    first = monday + int(chance(seed, number, week, "from") * 5)
    return first, first + 3 + int(chance(seed, number, week, "long") * 6)


def _topic(key: LessonKey, title: str) -> str:
    if title:
        return title
    topics = _words(key.subject)["topics"]
    return topics[(key.index // 2) % len(topics)]


def _homework(luck: Chances, key: LessonKey) -> str:
    patterns = _words(key.subject)["homework"]
    pattern = patterns[int(luck("pattern") * len(patterns))]
    first = key.index * 3 + key.grade
    return pattern.format(paragraph=key.index // 2 + 1, first=first, last=first + 4, page=key.index + 8)


def _words(subject: str) -> Mapping[str, Sequence[str]]:
    table: Mapping[str, dict[str, list[str]]] = _table()
    return table.get(subject, table["*"])


@cache
def _table() -> dict[str, dict[str, list[str]]]:
    with Path(__file__).with_name("words.toml").open("rb") as file:
        return tomllib.load(file)
