"""Tables of schooling: the year, classes and groups, teaching, the timetable."""

from letopis.schooling.models.groups import (
    ClassTeacher,
    GroupKind,
    Membership,
    SchoolClass,
    StudyGroup,
)
from letopis.schooling.models.teaching import (
    Course,
    CourseKind,
    CurriculumLine,
    CurriculumPart,
    Scale,
    Subject,
    Workload,
)
from letopis.schooling.models.timetable import Bell, Room, TimetableEdition, TimetableSlot
from letopis.schooling.models.year import AcademicYear, Break, CalendarDay, Term

__all__ = [
    "AcademicYear",
    "Bell",
    "Break",
    "CalendarDay",
    "ClassTeacher",
    "Course",
    "CourseKind",
    "CurriculumLine",
    "CurriculumPart",
    "GroupKind",
    "Membership",
    "Room",
    "Scale",
    "SchoolClass",
    "StudyGroup",
    "Subject",
    "Term",
    "TimetableEdition",
    "TimetableSlot",
    "Workload",
]
