"""Tables of schooling: the year, classes and groups, teaching, the timetable."""

from letopis.schooling.models.checks import RosterCheck, SetupSection
from letopis.schooling.models.groups import (
    ClassTeacher,
    DistancePeriod,
    GroupKind,
    Membership,
    SchoolClass,
    StudyGroup,
)
from letopis.schooling.models.health import HealthRecord
from letopis.schooling.models.plan import PlanCorrection, PlanTopic
from letopis.schooling.models.teaching import (
    Course,
    CourseKind,
    CourseLevel,
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
    "CourseLevel",
    "CurriculumLine",
    "CurriculumPart",
    "DistancePeriod",
    "GroupKind",
    "HealthRecord",
    "Membership",
    "PlanCorrection",
    "PlanTopic",
    "Room",
    "RosterCheck",
    "Scale",
    "SchoolClass",
    "SetupSection",
    "StudyGroup",
    "Subject",
    "Term",
    "TimetableEdition",
    "TimetableSlot",
    "Workload",
]
