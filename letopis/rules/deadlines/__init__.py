"""Until when a thing is entered: the limit of the clause, the effective one, and how they were found (C-003)."""

from letopis.rules.deadlines.counting import end_of_day
from letopis.rules.deadlines.duties import (
    absence_reason_due,
    attendance_due,
    due_of,
    half_year_of,
    homework_due,
    lesson_due,
    mark_due,
    term_mark_due,
)
from letopis.rules.deadlines.finder import DueFinder
from letopis.rules.deadlines.values import Due, Moments, NoDue

__all__ = [
    "Due",
    "DueFinder",
    "Moments",
    "NoDue",
    "absence_reason_due",
    "attendance_due",
    "due_of",
    "end_of_day",
    "half_year_of",
    "homework_due",
    "lesson_due",
    "mark_due",
    "term_mark_due",
]
