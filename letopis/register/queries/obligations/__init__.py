"""Facts of the register for duties, in bulk: rows and sums of the database, no objects, a fixed number of queries."""

from letopis.register.queries.obligations.lessons import (
    Scope,
    bells,
    following_lessons,
    last_lessons,
    last_marks_of_present,
    lesson_rows,
    said_homework,
    work_rows,
)
from letopis.register.queries.obligations.periods import (
    MarksOf,
    absence_rows,
    brought_marks,
    mark_counts,
    remark_rows,
    term_mark_rows,
)

__all__ = [
    "MarksOf",
    "Scope",
    "absence_rows",
    "bells",
    "brought_marks",
    "following_lessons",
    "last_lessons",
    "last_marks_of_present",
    "lesson_rows",
    "mark_counts",
    "remark_rows",
    "said_homework",
    "term_mark_rows",
    "work_rows",
]
