"""Until when an entry may be changed, and what closes it: windows, months, deadlines, term marks, closings."""

from letopis.rules.windows.lessons import (
    ARCHIVED,
    ATTENDANCE,
    CLOSED,
    HOMEWORK,
    MARKS,
    OPEN,
    TOPIC,
    Window,
    edit_window,
    may_edit_lesson,
    may_enter,
)
from letopis.rules.windows.locks import (
    CLOSED_PERIOD,
    LOCK_CODES,
    PeriodLock,
    may_change_marks_of_period,
    may_set_term_mark,
    period_is_closed,
)
from letopis.rules.windows.marks import (
    may_change_mark,
    may_mark_absent,
    may_mark_attendance,
    may_put_mark,
)

__all__ = [
    "ARCHIVED",
    "ATTENDANCE",
    "CLOSED",
    "CLOSED_PERIOD",
    "HOMEWORK",
    "LOCK_CODES",
    "MARKS",
    "OPEN",
    "TOPIC",
    "PeriodLock",
    "Window",
    "edit_window",
    "may_change_mark",
    "may_change_marks_of_period",
    "may_edit_lesson",
    "may_enter",
    "may_mark_absent",
    "may_mark_attendance",
    "may_put_mark",
    "may_set_term_mark",
    "period_is_closed",
]
