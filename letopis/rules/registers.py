"""Kinds of registers: what each asks of a lesson, and how its paper is called."""

from dataclasses import dataclass

CLASS = "CLASS"
CHOICE = "CHOICE"
EXTRACURRICULAR = "EXTRACURRICULAR"
ADDITIONAL = "ADDITIONAL"
EXTENDED_DAY = "EXTENDED_DAY"
HOME = "HOME"


@dataclass(frozen=True, slots=True)
class RegisterKind:
    """One kind of register. Source: REG-041…044, REG-B028, ABS-B009."""

    code: str
    title: str
    """Of the paper, in Russian."""
    course_kinds: tuple[str, ...]
    """Codes of schooling.CourseKind that are kept in it."""
    group_kind: str
    """Code of schooling.GroupKind of a group that is made for it; empty for classes."""
    part: str
    """Code of schooling.CurriculumPart of a subject that is new with the group."""
    asks_marks: bool
    """Whether a new subject is marked; one that exists keeps its scale."""
    asks_homework: bool
    activity: str
    """Head of the column that says what was done, on paper."""


REGISTERS = (
    RegisterKind(CLASS, "Классный журнал", ("COMPULSORY",), "STREAM", "COMPULSORY", True, True, "Тема урока"),
    RegisterKind(
        CHOICE,
        "Журнал курсов по выбору, элективных курсов и факультативов",
        ("ELECTIVE", "OPTIONAL", "OF_CHOICE"),
        "ELECTIVE",
        "PARTICIPANTS",
        True,
        True,
        "Тема занятия",
    ),
    RegisterKind(
        EXTRACURRICULAR,
        "Журнал внеурочной деятельности",
        ("EXTRACURRICULAR",),
        "CLUB",
        "EXTRACURRICULAR",
        False,
        False,
        "Тема занятия",
    ),
    RegisterKind(
        ADDITIONAL,
        "Журнал объединения дополнительного образования",
        ("ADDITIONAL",),
        "CLUB",
        "ADDITIONAL",
        False,
        False,
        "Содержание занятия",
    ),
    RegisterKind(
        EXTENDED_DAY,
        "Журнал группы продлённого дня",
        ("EXTENDED_DAY",),
        "CLUB",
        "ADDITIONAL",
        False,
        False,
        "Чем занимались",
    ),
    RegisterKind(
        HOME, "Журнал обучения на дому", ("HOME_TUITION",), "INDIVIDUAL", "COMPULSORY", True, True, "Тема занятия"
    ),
)
"""In the order of the switch on the list of registers."""


def register_of(course_kind: str) -> RegisterKind:
    """Return the register that a kind of course is kept in; raises KeyError for an unknown one."""
    for one in REGISTERS:
        if course_kind in one.course_kinds:
            return one
    raise KeyError(course_kind)
