"""What a teacher typed in a cell of the register, and how a cell is shown."""

import re
from dataclasses import dataclass, replace

from letopis.rules.keyboard import russian_readings
from letopis.rules.policy import GradingScale, Policy
from letopis.rules.verdict import Verdict, refused

ABSENT = "ABSENT"
LATE = "LATE"
PRESENT = "PRESENT"

NOT_SET = "NOT_SET"
"""The reason of an absence that the class teacher has not named yet."""

LONGEST_TEXT = 10
"""A cell holds a mark or a sign and a lateness («4/3 о45»); more is a slip of the paste key. Unit: characters."""

_SHAPE = re.compile(
    r"(?P<mark>[0-9]*)(?:(?P<between> ?[/\\|.-] ?| )(?P<second>[0-9]+))?"
    r" ?(?P<letters>[^\W\d_]*) ?(?P<minutes>[0-9]*)"
)
_EVENT = re.compile(r" ?(?P<letters>[^\W\d_]+) ?(?P<minutes>[0-9]*)")


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


def parse_cell(
    text: str,
    *,
    scale: GradingScale,
    policy: Policy,
    components: int = 1,
    subject_teacher: bool = True,
    whole: bool = False,
) -> CellInput | Verdict:
    """Return what the text asks for, or the refusal.

    Digits are a mark of the scale; the letters of absence and lateness are the policy's, in any case and in either
    keyboard layout (`keyboard.russian_readings`). «о5» and «о 5» are five minutes late, «5 о» a mark of a pupil who
    came late, «+» present, nothing clears. A symbol of the policy stands in place of a mark: «.», «. н», «осв».
    components: how many marks a work of this column has. With two, «4/3», «4 3», «4-3» and «43» are one mark «4/3», and
    a single «4» is refused: what is half known is not a mark yet (C-014).
    subject_teacher: whether the person gives the lesson; reason letters are then refused unless the policy allows.
    whole: the text is all of a cell as it was shown, put back by an undo: a mark beside an absence is read, and a
    reason letter is the absence alone, because its reason is not the teacher's to give.
    Source: REG-013, REG-025, C-012, C-014, C-023.
    """
    typed = " ".join(text.split())
    if not typed:
        return CellInput(clear=True)
    if len(typed) > LONGEST_TEXT:
        return refused("TOO_LONG", f"«{typed[:LONGEST_TEXT]}…» — слишком длинно для клетки: {_known(scale, policy)}.")
    if typed == "+":
        return CellInput(attendance=PRESENT)
    reader = _Reader(scale, policy, components, may_give_reason=not subject_teacher, whole=whole)
    for reading in russian_readings(typed):
        answer = reader.read(reading.casefold())
        if answer is not None:
            return answer
    return refused("UNKNOWN_TEXT", f"«{typed}» в клетку не ставится: {_known(scale, policy)}.")


def marks_in(value: str, *, scale: GradingScale) -> tuple[str, ...]:
    """Return the marks that a recorded value holds: («4», «3») of «4/3», («5»,) of «5», none of a symbol or nothing.

    A value of another scale holds none either: it stands in the register and is not counted.
    """
    marks = tuple(value.split("/"))
    return marks if all(mark in scale.values for mark in marks) else ()


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


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads one spelling of a text; None where it means nothing."""

    scale: GradingScale
    policy: Policy
    components: int
    may_give_reason: bool
    whole: bool

    def read(self, text: str) -> CellInput | Verdict | None:
        for symbol in self.policy.symbols:
            sign = symbol.code.casefold()
            if text.startswith(sign):
                found = self._with_symbol(symbol.code, text.removeprefix(sign))
                if found is not None:
                    return found
        shape = _SHAPE.fullmatch(text)
        return None if shape is None else self._marks(shape)

    def _with_symbol(self, symbol: str, rest: str) -> CellInput | Verdict | None:
        if not self.scale.values:
            return self._ungraded()
        if not rest:
            return CellInput(mark=symbol)
        # Read by its own keys: the point of a Latin layout is itself and not the «ю» of its key.
        for reading in russian_readings(rest):
            found = _EVENT.fullmatch(reading)
            event = self._event(found["letters"], found["minutes"]) if found else None
            if event is not None:
                return replace(event, mark=symbol) if isinstance(event, CellInput) else event
        return None

    def _marks(self, found: re.Match[str]) -> CellInput | Verdict | None:
        first, between, second = found["mark"], found["between"], found["second"]
        if second and not first:
            return None
        if second and self.components == 1 and between == " ":
            # «5 5» is two keys too many and no work with two marks.
            return None
        mark = self._mark(first, second) if first else None
        if not found["letters"]:
            return mark if not found["minutes"] else None
        event = self._event(found["letters"], found["minutes"])
        if mark is None or not isinstance(event, CellInput):
            return event
        if event.attendance == ABSENT and not self.whole:
            return refused(
                "MARK_FOR_ABSENT",
                "Отсутствующему на занятии отметка не ставится: поставьте либо отметку, либо отсутствие.",
            )
        return replace(event, mark=mark.mark) if isinstance(mark, CellInput) else mark

    def _event(self, letters: str, minutes: str) -> CellInput | Verdict | None:
        if letters == self.policy.lateness_letter.casefold():
            return _lateness(minutes, policy=self.policy)
        absence = self._absence(letters)
        if isinstance(absence, CellInput) and minutes:
            return refused(
                "MARK_FOR_ABSENT",
                "Отсутствующему на занятии отметка не ставится: поставьте либо отметку, либо отсутствие.",
            )
        return absence

    def _absence(self, letters: str) -> CellInput | Verdict | None:
        if letters == self.policy.absence_letter.casefold():
            return CellInput(attendance=ABSENT)
        for reason, letter in self.policy.reason_letters:
            if letters == letter.casefold():
                if self.may_give_reason or self.policy.reason_letters_by_subject_teacher:
                    return CellInput(attendance=ABSENT, reason=reason)
                return CellInput(attendance=ABSENT) if self.whole else _reason_refused(letter, policy=self.policy)
        return None

    def _mark(self, first: str, second: str | None) -> CellInput | Verdict:
        if not self.scale.values:
            return self._ungraded()
        if self.components == 2 and second is None and len(first) == 2:
            first, second = first[0], first[1]
        if second is None and self.components == 2:
            return refused(
                "ONE_COMPONENT",
                f"За эту работу ставят две отметки сразу: напишите их через дробь, например {first[:1]}/"
                f"{first[:1]}. Если отметка одна, измените столбец.",
            )
        if second is not None and self.components == 1:
            return refused(
                "TWO_COMPONENTS",
                f"В этом столбце за работу одна отметка. Чтобы ставить «{first}/{second}», откройте столбец и укажите "
                "две отметки за работу.",
            )
        for mark in (first, second):
            if mark is not None and mark not in self.scale.values:
                return refused(
                    "OUTSIDE_SCALE",
                    f"Отметки «{mark}» нет в шкале «{self.scale.title}»: можно {', '.join(self.scale.values)}.",
                    clause=self.policy.clause("grading_scale"),
                )
        return CellInput(mark=first if second is None else f"{first}/{second}")

    def _ungraded(self) -> Verdict:
        return refused(
            "UNGRADED",
            "Обучение безотметочное: отметки здесь не ставят, отмечают только отсутствие и опоздание.",
            clause=self.policy.clause("ungraded_grades"),
        )


def _lateness(minutes: str, *, policy: Policy) -> CellInput | Verdict:
    late = int(minutes) if minutes else None
    if late is not None and not 1 <= late <= policy.maximum_lateness_minutes:
        return refused(
            "LATENESS_MINUTES", f"Опоздание — от 1 до {policy.maximum_lateness_minutes} минут, а указано {late}."
        )
    return CellInput(attendance=LATE, minutes=late)


def _reason_refused(letter: str, *, policy: Policy) -> Verdict:
    return refused(
        "REASON_BY_SUBJECT_TEACHER",
        f"Причину отсутствия («{letter}») ставит классный руководитель; учитель отмечает «{policy.absence_letter}».",
        clause=policy.clause("reason_letters_by_subject_teacher"),
    )


def _known(scale: GradingScale, policy: Policy) -> str:
    marks = f"отметка {', '.join(scale.values)}; " if scale.values else ""
    absence, late = policy.absence_letter, policy.lateness_letter
    return f"{marks}«{absence}» — отсутствие, «{late}» или «{late}5» — опоздание"
