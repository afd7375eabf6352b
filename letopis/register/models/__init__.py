"""The register: what happened in lessons, and the marks of terms.

The tables hold the value in force; the ledger holds every value that ever was. A cleared mark keeps
its row with an empty value, so that its history stays in one place.
"""

from letopis.register.models.attendance import AbsenceDocument, AbsenceNotice, AbsenceReason, Attendance
from letopis.register.models.closing import PeriodClosing, TermMarksCheck
from letopis.register.models.corrections import Correction
from letopis.register.models.homework import Homework, HomeworkFile, HomeworkProgress, PupilHomework, Recommendation
from letopis.register.models.journals import Journal, JournalEntry
from letopis.register.models.lessons import Lesson, Substitution, Task
from letopis.register.models.marks import MakeUp, Mark, OutsideMarks, OutsideStatement, TermMark
from letopis.register.models.receipts import SaveReceipt
from letopis.register.models.remarks import PageReview, Remark

__all__ = [
    "AbsenceDocument",
    "AbsenceNotice",
    "AbsenceReason",
    "Attendance",
    "Correction",
    "Homework",
    "HomeworkFile",
    "HomeworkProgress",
    "Journal",
    "JournalEntry",
    "Lesson",
    "MakeUp",
    "Mark",
    "OutsideMarks",
    "OutsideStatement",
    "PageReview",
    "PeriodClosing",
    "PupilHomework",
    "Recommendation",
    "Remark",
    "SaveReceipt",
    "Substitution",
    "Task",
    "TermMark",
    "TermMarksCheck",
]
