"""Who teaches and who leads, with history; the timetable as whole editions."""

from datetime import date

import pytest

from letopis.core.errors import Refused
from letopis.ledger.models import Entry
from letopis.schooling.actions.teaching import appoint_class_teacher, change_workload
from letopis.schooling.actions.timetable import NewSlot, adopt_timetable
from letopis.schooling.models import ClassTeacher, Course, Room, TimetableEdition, Workload
from tests import factories as make
from tests.cast import TODAY, Cast

ON = date(2026, 11, 23)


def told(cast: Cast) -> dict:
    return {"by": cast.actor("deputy").author, "at": make.moment(TODAY)}


def test_a_change_of_workload_keeps_the_one_before_it(cast):
    for _ in range(2):
        change_workload(cast.algebra, teacher=cast.substitute, starts_on=ON, order="Приказ № 5-к", **told(cast))

    rows = Workload.objects.filter(course=cast.algebra).order_by("starts_on")
    assert [(row.teacher, row.starts_on, row.ends_on, row.order) for row in rows] == [
        (cast.teacher, date(2026, 9, 1), date(2026, 11, 22), ""),
        (cast.substitute, ON, None, "Приказ № 5-к"),
    ]
    assert Entry.objects.filter(verb="schooling.change_workload").count() == 1


def test_one_of_two_teachers_is_replaced_and_the_other_stays(cast):
    Workload.objects.create(
        organisation=cast.organisation, course=cast.algebra, teacher=cast.class_teacher, weekly_hours=1,
        starts_on=cast.year.starts_on,
    )  # fmt: skip

    change_workload(
        cast.algebra, teacher=cast.substitute, replaces=cast.teacher, starts_on=ON, order="№ 6", **told(cast)
    )

    present = Workload.objects.filter(course=cast.algebra, ends_on=None)
    assert {row.teacher for row in present} == {cast.class_teacher, cast.substitute}


def test_refuses_a_workload_before_the_present_one_began(cast):
    with pytest.raises(Refused) as caught:
        change_workload(cast.algebra, teacher=cast.substitute, starts_on=cast.year.starts_on, order="№ 7", **told(cast))

    assert caught.value.verdict.code == "LATER_APPOINTMENT"


def test_a_class_has_one_class_teacher_and_remembers_the_others(cast):
    for _ in range(2):
        appoint_class_teacher(cast.class_8a, employee=cast.teacher, starts_on=ON, order="№ 8", **told(cast))

    rows = ClassTeacher.objects.filter(school_class=cast.class_8a).order_by("starts_on")
    assert [(row.employee, row.ends_on) for row in rows] == [
        (cast.class_teacher, date(2026, 11, 22)),
        (cast.teacher, None),
    ]
    assert Entry.objects.filter(verb="schooling.appoint_class_teacher").count() == 1


def slots(cast: Cast) -> list[NewSlot]:
    return [
        NewSlot(1, 1, cast.algebra, cast.teacher, Room.objects.get(name="204")),
        NewSlot(1, 2, cast.english_1, cast.substitute, Room.objects.get(name="101")),
        NewSlot(1, 2, cast.english_2, cast.class_teacher, Room.objects.get(name="102")),
    ]


def test_an_edition_is_adopted_once(cast):
    for _ in range(2):
        edition = adopt_timetable(cast.year, starts_on=ON, slots=slots(cast), order="№ 9", **told(cast))

    assert (edition.starts_on, edition.slots.count()) == (ON, 3)
    assert TimetableEdition.objects.count() == 2
    assert Entry.objects.filter(verb="schooling.adopt_timetable").count() == 1


def test_refuses_clashes_with_a_sentence(cast):
    clashing = [*slots(cast), NewSlot(1, 1, cast.russian, cast.teacher)]

    with pytest.raises(Refused) as caught:
        adopt_timetable(cast.year, starts_on=ON, slots=clashing, **told(cast))

    assert caught.value.verdict.code == "CLASH"
    assert caught.value.verdict.sentence == (
        "понедельник, урок 1: у учителя Копылова Мария Андреевна сразу разные предметы: Алгебра, Русский язык. "
        "понедельник, урок 1: у класса 8А сразу несколько занятий: Алгебра (весь класс); Русский язык (весь класс)."
    )
    assert TimetableEdition.objects.count() == 1


def test_takes_a_vacancy_and_a_shared_room(cast):
    shared = Room.objects.get(name="101")
    warned = [
        NewSlot(1, 2, cast.english_1, cast.substitute, shared),
        NewSlot(1, 2, cast.english_2, cast.class_teacher, shared),
        NewSlot(2, 1, cast.algebra, None),
    ]

    assert adopt_timetable(cast.year, starts_on=ON, slots=warned, **told(cast)).slots.count() == 3


def test_refuses_another_timetable_from_the_same_day(cast):
    adopt_timetable(cast.year, starts_on=ON, slots=slots(cast), **told(cast))

    with pytest.raises(Refused) as caught:
        adopt_timetable(cast.year, starts_on=ON, slots=slots(cast)[:1], **told(cast))

    assert caught.value.verdict.code == "EDITION_EXISTS"


def test_refuses_courses_of_another_year(cast):
    other = make.make_year(cast.organisation, 2027)
    course = Course.objects.get(pk=cast.algebra.pk)

    with pytest.raises(Refused) as caught:
        adopt_timetable(other, starts_on=date(2027, 9, 1), slots=[NewSlot(1, 1, course)], **told(cast))

    assert caught.value.verdict.code == "OTHER_YEAR"
