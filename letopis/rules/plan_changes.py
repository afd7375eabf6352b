"""What changed between two states of a thematic plan, and whether it may. Source: ORG-021, ORG-022."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain

from letopis.rules.names import match_key
from letopis.rules.plan import DROPPED, IN_PLAN, MODULES, MOST_HOURS, NEXT_YEAR, STUDIED
from letopis.rules.verdict import ALLOWED, Verdict, refused

LONGEST_TITLE, LONGEST_SECTION, LONGEST_REASON, LONGEST_HOMEWORK = 500, 200, 300, 500
ADDED, RENAMED, HOURS, MOVED, RESTORED, DETAILS = "ADDED", "RENAMED", "HOURS", "MOVED", "RESTORED", "DETAILS"
FATES = {DROPPED: DROPPED, NEXT_YEAR: NEXT_YEAR, MODULES: MODULES, IN_PLAN: RESTORED}
CLAUSE = "лист корректировки рабочей программы"
"""Source: ORG-021."""


@dataclass(frozen=True, slots=True)
class PlanItem:
    """A topic as people write it. key is empty for one that is new."""

    key: str
    title: str
    hours: int
    section: str = ""
    work_kind: str = ""
    lesson_kind: str = ""
    homework: str = ""
    fate: str = IN_PLAN
    given: int = 0

    @property
    def details(self) -> tuple[str, ...]:
        """What may change without a line of the correction sheet of its own kind."""
        return (self.section, self.work_kind, self.lesson_kind, self.homework)


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the correction sheet."""

    kind: str
    """ADDED, DROPPED, HOURS, MOVED, RENAMED, NEXT_YEAR, MODULES, RESTORED, or DETAILS: no kind of the sheet."""
    place: int
    """Index of the topic in the plan as it becomes; of one that is gone, as it was."""
    key: str
    before: str
    after: str


def changes_between(before: Sequence[PlanItem], after: Sequence[PlanItem]) -> tuple[Change, ...]:
    """Return what changed, in the order of the plan as it becomes; topics absent from `after` are DROPPED last."""
    known = {item.key: item for item in before}
    moved = _moved(before, after)
    found: list[Change] = []
    for place, item in enumerate(after):
        was = known.get(item.key) if item.key else None
        if was is None:
            found.append(Change(ADDED, place, item.key, "", said(item)))
            continue
        if item.fate != was.fate:
            found.append(Change(FATES[item.fate], place, item.key, said(was), said(item)))
        if item.title != was.title:
            found.append(Change(RENAMED, place, item.key, was.title, item.title))
        if item.hours != was.hours:
            found.append(Change(HOURS, place, item.key, f"{was.hours} ч", f"{item.hours} ч"))
        if item.key in moved:
            old, new = moved[item.key]
            found.append(Change(MOVED, place, item.key, f"№ {old}", f"№ {new}"))
        if item.details != was.details:
            found.append(Change(DETAILS, place, item.key, "; ".join(was.details), "; ".join(item.details)))
    kept = {item.key for item in after}
    gone = ((place, item) for place, item in enumerate(before) if item.key not in kept and item.fate != DROPPED)
    found += [Change(DROPPED, place, item.key, said(item), "") for place, item in gone]
    return tuple(found)


def may_change(before: Sequence[PlanItem], after: Sequence[PlanItem]) -> Verdict:
    """Say whether a plan may become another; the first thing that is wrong refuses all of it."""
    given = {item.key: item.given for item in before}
    wrong = (verdict for item in after if not (verdict := _may_stand(item, given=given.get(item.key, 0))))
    kept = {item.key for item in after}
    gone = (_topic_given(item) for item in before if item.given and item.key not in kept)
    return next(chain(wrong, gone), ALLOWED)


def _may_stand(item: PlanItem, *, given: int) -> Verdict:
    lengths = (
        ("LONG_TITLE", f"Тема «{item.title[:40]}…»", item.title, LONGEST_TITLE),
        ("LONG_SECTION", "Название раздела", item.section, LONGEST_SECTION),
        ("LONG_HOMEWORK", f"Задание темы «{item.title[:40]}»", item.homework, LONGEST_HOMEWORK),
    )
    for code, what, text, longest in lengths:
        if len(text) > longest:
            return refused(code, f"{what}: {len(text)} знаков, помещается {longest}. Сократите.")
    if not item.title:
        return refused("NO_TITLE", "У темы нет названия: впишите его.")
    if not 1 <= item.hours <= MOST_HOURS:
        return refused("WRONG_HOURS", f"«{item.title}»: часов должно быть от 1 до {MOST_HOURS}.")
    if item.hours < given:
        return refused("HOURS_GIVEN", f"«{item.title}»: уже дано {given} ч, меньше поставить нельзя.")
    return _topic_given(item) if given and item.fate not in STUDIED else ALLOWED


def _topic_given(item: PlanItem) -> Verdict:
    return refused("TOPIC_GIVEN", f"«{item.title}»: тему уже давали на уроках, из плана года её не убрать.")


def matched(before: Sequence[PlanItem], typed: Sequence[PlanItem]) -> tuple[PlanItem, ...]:
    """Return the topics of a file with the keys of the topics they are in the plan; new ones stay without.

    By section and title first, one to one in order («Контрольный диктант» stands twice); then topics left over at the
    same place and in the same section of both are one topic renamed. Fate and hours given come from the plan.
    """
    exact: dict[tuple[str, str], list[PlanItem]] = defaultdict(list)
    for item in before:
        exact[_key(item)].append(item)
    pairs: dict[int, PlanItem] = {}
    for place, item in enumerate(typed):
        if exact[_key(item)]:
            pairs[place] = exact[_key(item)].pop(0)
    taken = {item.key for item in pairs.values()}
    for place, item in enumerate(typed):
        if place in pairs or place >= len(before):
            continue
        same = before[place]
        if same.key not in taken and match_key(same.section) == match_key(item.section):
            pairs[place] = same
            taken.add(same.key)
    # A topic that the school moved to next year or dropped comes back only by a decision, not by an old file.
    return tuple(
        replace(item, key=pairs[place].key, fate=pairs[place].fate, given=pairs[place].given,
                lesson_kind=item.lesson_kind or pairs[place].lesson_kind,
                homework=item.homework or pairs[place].homework)
        if place in pairs else item
        for place, item in enumerate(typed)
    )  # fmt: skip


def said(item: PlanItem) -> str:
    """Return «Квадратные корни, 2 ч»."""
    return f"{item.title}, {item.hours} ч"


def _key(item: PlanItem) -> tuple[str, str]:
    return match_key(item.section), match_key(item.title)


def _moved(before: Sequence[PlanItem], after: Sequence[PlanItem]) -> dict[str, tuple[int, int]]:
    """Return old and new numbers of the topics that changed their order: the fewest that explain it."""
    new = {item.key: place for place, item in enumerate(after) if item.key}
    order = [item.key for item in before if item.key in new]
    kept = set(_longest_rising([new[key] for key in order]))
    old = {item.key: place for place, item in enumerate(before)}
    return {key: (old[key] + 1, new[key] + 1) for key in order if new[key] not in kept}


def _longest_rising(places: Sequence[int]) -> list[int]:
    """Return a longest rising part of the places; plans are short, so the plain square way is enough."""
    best: list[list[int]] = []
    for place in places:
        ending = max((run for run in best if run[-1] < place), key=len, default=[])
        best.append([*ending, place])
    return max(best, key=len, default=[])
