"""Groups that no class has, lessons beside the timetable, registration journals: what is allowed."""

from datetime import date
from decimal import Decimal

import pytest

from letopis.rules.groups import GroupStay, may_add_lesson, may_join_group, may_leave_group, may_make_group
from letopis.rules.journals import columns_of
from letopis.rules.registers import REGISTERS, register_of

ON = date(2026, 11, 20)
BEFORE, AFTER = date(2026, 11, 2), date(2026, 12, 1)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, ""),
        ({"name": " "}, "NO_NAME"),
        ({"is_taken": True}, "NAME_TAKEN"),
        ({"weekly_hours": Decimal("0.25")}, ""),
        ({"weekly_hours": Decimal(-1)}, "HOURS"),
        ({"weekly_hours": Decimal("40.01")}, "HOURS"),
        ({"teacher_left_on": BEFORE}, "TEACHER_LEFT"),
    ],
)
def test_a_group_is_made(changes, code):
    facts = {"name": "Шахматы", "weekly_hours": Decimal(1), "is_taken": False, "teacher_left_on": None}

    assert may_make_group(**(facts | changes)).code == code


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, ""),
        ({"is_taught": False}, "GROUP_CLOSED"),
        ({"is_enrolled": False}, "NOT_ENROLLED"),
        ({"is_extern": True}, "EXTERN"),
        ({"stays": (GroupStay(BEFORE),)}, "ALREADY_IN_GROUP"),
        ({"stays": (GroupStay(BEFORE, ON),)}, "ALREADY_IN_GROUP"),
        ({"stays": (GroupStay(BEFORE, date(2026, 11, 19)),)}, ""),
        ({"stays": (GroupStay(AFTER),)}, "LATER_STAY"),
    ],
)
def test_a_pupil_joins(changes, code):
    facts = {
        "on": ON, "name": "Ершова П. С.", "group_title": "Шахматы", "is_enrolled": True, "is_extern": False,
        "is_taught": True, "stays": (),
    }  # fmt: skip

    assert may_join_group(**(facts | changes)).code == code


@pytest.mark.parametrize(
    ("stays", "code"),
    [
        ((), "NOT_IN_GROUP"),
        ((GroupStay(BEFORE),), ""),
        ((GroupStay(ON),), "STAY_BEGINS_THAT_DAY"),
        ((GroupStay(BEFORE, AFTER),), "LATER_LEAVING"),
        ((GroupStay(AFTER),), "NOT_IN_GROUP"),
    ],
)
def test_a_pupil_leaves(stays, code):
    assert may_leave_group(on=ON, name="Ершова П. С.", stays=stays).code == code


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, ""),
        ({"in_timetable": True}, "IN_TIMETABLE"),
        ({"number": 0}, "NUMBER"),
        ({"number": 15}, ""),
        ({"number": 16}, "NUMBER"),
        ({"is_taken": True}, "LESSON_THERE"),
        ({"has_teacher": False}, "NO_TEACHER"),
        ({"busy_with": "«Алгебра», 8А"}, "TEACHER_BUSY"),
    ],
)
def test_a_lesson_is_added(changes, code):
    assert may_add_lesson(**({"on": ON, "number": 8, "has_teacher": True} | changes)).code == code


def test_every_kind_of_course_has_one_register():
    kinds = [kind for one in REGISTERS for kind in one.course_kinds]

    assert len(kinds) == len(set(kinds)) == 8
    assert [register_of(kind).code for kind in ("OPTIONAL", "EXTENDED_DAY", "HOME_TUITION")] == [
        "CHOICE", "EXTENDED_DAY", "HOME",
    ]  # fmt: skip
    with pytest.raises(KeyError):
        register_of("NOTHING")


def test_columns_are_read_without_empty_ones():
    assert columns_of(["  Предмет ", "", " \t", "Итог  работы"]) == ["Предмет", "Итог работы"]
