"""What a duty is. Plain tuples: a page of the deputy holds tens of thousands of them."""

from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from letopis.rules.deadlines import Due, NoDue

ATTENDANCE, TOPIC, MARKS, HOMEWORK = "ATTENDANCE", "TOPIC", "MARKS", "HOMEWORK"
LESSON, ABSENCE_REASON, TERM_MARK, ACCUMULATION = "LESSON", "ABSENCE_REASON", "TERM_MARK", "ACCUMULATION"
ROSTER, PLAN, REMARK = "ROSTER", "PLAN", "REMARK"

KINDS = {
    LESSON: "урок не заполнен",
    ATTENDANCE: "отсутствующие",
    TOPIC: "тема",
    HOMEWORK: "задание",
    MARKS: "отметки за работу",
    ABSENCE_REASON: "причины пропусков",
    TERM_MARK: "отметки за период",
    ACCUMULATION: "накопляемость",
    ROSTER: "сверка списка класса",
    PLAN: "выполнение плана",
    REMARK: "замечание",
}
"""Title of each kind in Russian, in the order of filters and columns."""

LESSON_KINDS = (LESSON, ATTENDANCE, TOPIC, HOMEWORK)

WORDS = {
    LESSON: "заполнить урок",
    ATTENDANCE: "отметить отсутствующих",
    TOPIC: "записать тему",
    HOMEWORK: "записать задание",
    MARKS: "%(about)s: нет отметок (%(missing)s)",
    ABSENCE_REASON: "указать причины пропусков: %(missing)s",
    TERM_MARK: "%(about)s: нет отметок за период (%(missing)s)",
    ACCUMULATION: "%(about)s: мало отметок у учеников (%(missing)s)",
    ROSTER: "сверить список класса",
    PLAN: "отставание от плана, часов: %(missing)s",
    REMARK: "замечание: %(about)s",
}
"""What is asked for, in Russian."""

OPEN, DUE_SOON, LATE, DONE, DONE_LATE = "OPEN", "DUE_SOON", "LATE", "DONE", "DONE_LATE"

STATES = {
    LATE: "просрочено",
    DUE_SOON: "скоро срок",
    OPEN: "не сделано, срок впереди",
    DONE_LATE: "сделано с опозданием",
    DONE: "сделано в срок",
}
"""Title of each state in Russian, the most urgent first."""

OPEN_STATES = frozenset({OPEN, DUE_SOON, LATE})
CLOSED_STATES = frozenset({DONE, DONE_LATE})

_URGENCY = {state: place for place, state in enumerate(STATES)}
_ASKED_FIRST = {kind: place for place, kind in enumerate((LESSON, ATTENDANCE, TOPIC, MARKS, HOMEWORK))}
"""What is forgotten soonest is asked first."""


class Page(NamedTuple):
    """The page of a register: what rules and lists need of a course. `course` is 0 for a class as a whole."""

    course: int
    code: UUID | None
    subject: int
    subject_name: str
    school_class: int
    """0 for a group without a class."""
    grade: int
    """Of the class; of a group without a class, that of its pupils; 0 when nobody is in it."""
    title: str
    """«8А», «8А · 1 подгруппа»."""
    group: int = 0
    asks_homework: bool = True
    scale: str = ""
    """Code of rules.policy.SCALES."""
    shift: int = 1


class Obligation(NamedTuple):
    """A duty: who, what, by when, and whether it is done. Computed from facts, never typed."""

    kind: str
    who: int | None
    """Employee; None for a vacancy, a class without a teacher."""
    since: date
    """The day of the fact it is about: of the lesson, the work, the absence, the last day of the term."""
    due: Due | NoDue
    closed_at: datetime | None
    """When it was done, where that is known."""
    state: str
    """OPEN, DUE_SOON, LATE, DONE or DONE_LATE."""
    page: Page
    ref: tuple[str | int, ...]
    """What it is about: («lesson», 12), («term», 3, «course», 7)."""
    number: int = 0
    """Of the lesson in its day; of the term."""
    code: UUID | None = None
    """Of the lesson, or of the class where the duty is about a class."""
    task: UUID | None = None
    about: str = ""
    """Letters of the kind of work, title of the term, text of the remark."""
    missing: int = 0
    """How many pupils or absences are missing; hours behind the plan."""
    of: int = 0
    """Out of how many."""
    is_part: bool = False
    """Nothing at all is written in its lesson: the duty LESSON stands for it wherever duties are counted."""

    @property
    def key(self) -> str:
        """«TOPIC:lesson:12»: the same for the same duty at any time."""
        return ":".join((self.kind, *map(str, self.ref)))

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def what(self) -> str:
        """What is asked for, in Russian."""
        return WORDS[self.kind] % {"about": self.about, "missing": self.missing}


def urgency(one: Obligation) -> tuple[int, date, int, int, date, int]:
    """Return the key that puts duties in order of urgency: state, day of the deadline, what is forgotten soonest."""
    effective = one.due.effective.date() if isinstance(one.due, Due) else date.max
    first = _ASKED_FIRST.get(one.kind, len(_ASKED_FIRST))
    return _URGENCY[one.state], effective, first, one.page.grade, one.since, one.number
