"""What a teacher typed in a cell of the register, and how a cell is shown."""

import re
from dataclasses import dataclass

from letopis.rules.keyboard import russian_readings
from letopis.rules.policy import GradingScale, Policy
from letopis.rules.verdict import Verdict, refused

ABSENT = "ABSENT"
LATE = "LATE"
PRESENT = "PRESENT"

NOT_SET = "NOT_SET"
"""The reason of an absence that the class teacher has not named yet."""

LONGEST_TEXT = 10
"""A cell holds a mark and a lateness at most («5 о45»); more is a slip of the paste key. Unit: characters."""

_SHAPE = re.compile(r"(?P<mark>[0-9]*) ?(?P<letters>[^\W\d_]*) ?(?P<minutes>[0-9]*)")


@dataclass(frozen=True, slots=True)
class CellInput:
    """What the typed text asks for; None leaves the fact as it is."""

    mark: str | None = None
    attendance: str | None = None
    """ABSENT, LATE or PRESENT."""
    minutes: int | None = None
    """Of lateness; None when not told."""
    clear: bool = False
    """The cell was emptied: the mark and the event go."""
    reason: str | None = None
    """Reason of absence, only from one who may set it (`policy.reason_letters`)."""


def parse_cell(text: str, *, scale: GradingScale, policy: Policy, subject_teacher: bool = True) -> CellInput | Verdict:
    """Return what the text asks for, or the refusal.

    Digits are a mark of the scale; the letters of absence and lateness are the policy's, in any case and in either
    keyboard layout (`keyboard.russian_readings`). «о5» and «о 5» are five minutes late, «5 о» a mark of a pupil who
    came late, «+» present, nothing clears.
    subject_teacher: whether the person gives the lesson; reason letters are then refused unless the policy allows.
    Source: REG-013, REG-025, C-012, C-023.
    """
    typed = " ".join(text.split())
    if not typed:
        return CellInput(clear=True)
    if len(typed) > LONGEST_TEXT:
        return refused("TOO_LONG", f"«{typed[:LONGEST_TEXT]}…» — слишком длинно для клетки: {_known(scale, policy)}.")
    if typed == "+":
        return CellInput(attendance=PRESENT)
    for reading in russian_readings(typed):
        found = _SHAPE.fullmatch(reading.casefold())
        if found is None:
            continue
        answer = _read(found, scale=scale, policy=policy, subject_teacher=subject_teacher)
        if answer is not None:
            return answer
    return refused("UNKNOWN_TEXT", f"«{typed}» в клетку не ставится: {_known(scale, policy)}.")


def too_many_cells(count: int, *, policy: Policy) -> Verdict:
    """Return the refusal of a block that is too large for one save."""
    return refused(
        "TOO_MANY_CELLS",
        f"Клеток в одном сохранении — не больше {policy.maximum_cells_of_save}, а пришло {count}: ничего не изменено. "
        "Вставьте по частям.",
    )


def display_cell(
    mark: str | None, event: str | None, minutes: int | None, reason: str | None, *, policy: Policy
) -> str:
    """Return what the cell shows: «5», «н», «б», «о10», «4 о10»; nothing for a pupil present without a mark."""
    return " ".join(part for part in (mark or "", event_letters(event, minutes, reason, policy=policy)) if part)


def event_letters(event: str | None, minutes: int | None, reason: str | None, *, policy: Policy) -> str:
    """Return the letters of an attendance event: the reason's when it is set, else that of absence or lateness."""
    if event == ABSENT:
        return dict(policy.reason_letters).get(reason or NOT_SET, policy.absence_letter)
    if event == LATE:
        return f"{policy.lateness_letter}{minutes or ''}"
    return ""


def _read(
    found: re.Match[str], *, scale: GradingScale, policy: Policy, subject_teacher: bool
) -> CellInput | Verdict | None:
    """Return the answer to one reading of the text, or None when its letters mean nothing."""
    mark, letters, minutes = found["mark"], found["letters"], found["minutes"]
    if not letters:
        # «5 5» would otherwise be a mark with minutes of nothing.
        return _mark(mark, scale=scale) if not minutes else None
    if letters == policy.absence_letter.casefold():
        return _absence(has_mark=bool(mark or minutes), reason=None)
    if letters == policy.lateness_letter.casefold():
        return _lateness(mark, minutes, scale=scale, policy=policy)
    for reason, letter in policy.reason_letters:
        if letters == letter.casefold():
            if subject_teacher and not policy.reason_letters_by_subject_teacher:
                return _reason_refused(letter, policy=policy)
            return _absence(has_mark=bool(mark or minutes), reason=reason)
    return None


def _mark(mark: str, *, scale: GradingScale) -> CellInput | Verdict:
    if mark in scale.values:
        return CellInput(mark=mark)
    if not scale.values:
        return refused(
            "UNGRADED",
            "Обучение безотметочное: отметки здесь не ставят, отмечают только отсутствие и опоздание.",
            clause="настройки школы: шкала отметок",
        )
    return refused(
        "OUTSIDE_SCALE",
        f"Отметки «{mark}» нет в шкале «{scale.title}»: можно {', '.join(scale.values)}.",
        clause="настройки школы: шкала отметок",
    )


def _absence(*, has_mark: bool, reason: str | None) -> CellInput | Verdict:
    if has_mark:
        return refused(
            "MARK_FOR_ABSENT",
            "Отсутствующему на занятии отметка не ставится: поставьте либо отметку, либо отсутствие.",
        )
    return CellInput(attendance=ABSENT, reason=reason)


def _lateness(mark: str, minutes: str, *, scale: GradingScale, policy: Policy) -> CellInput | Verdict:
    late = int(minutes) if minutes else None
    if late is not None and not 1 <= late <= policy.maximum_lateness_minutes:
        return refused(
            "LATENESS_MINUTES", f"Опоздание — от 1 до {policy.maximum_lateness_minutes} минут, а указано {late}."
        )
    if not mark:
        return CellInput(attendance=LATE, minutes=late)
    put = _mark(mark, scale=scale)
    return CellInput(mark=mark, attendance=LATE, minutes=late) if isinstance(put, CellInput) else put


def _reason_refused(letter: str, *, policy: Policy) -> Verdict:
    return refused(
        "REASON_BY_SUBJECT_TEACHER",
        f"Причину отсутствия («{letter}») ставит классный руководитель; учитель отмечает «{policy.absence_letter}».",
        clause="настройки школы: кто ставит причину отсутствия",
    )


def _known(scale: GradingScale, policy: Policy) -> str:
    marks = f"отметка {', '.join(scale.values)}; " if scale.values else ""
    absence, late = policy.absence_letter, policy.lateness_letter
    return f"{marks}«{absence}» — отсутствие, «{late}» или «{late}5» — опоздание"
