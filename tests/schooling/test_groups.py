"""Teaching groups that no class has: made, joined, left, closed, each recorded once."""

import json
from datetime import date
from decimal import Decimal

import pytest

from letopis.control.actions import groups as control
from letopis.core.errors import Refused
from letopis.ledger.models import Entry, Payload
from letopis.people.models import EducationForm, Enrolment
from letopis.register.actions.extra_lessons import add_lessons, remove_lesson
from letopis.register.actions.lessons import generate_lessons
from letopis.register.models import Attendance, Lesson, Task
from letopis.schooling.actions import groups
from letopis.schooling.actions.groups import NewSubject
from letopis.schooling.models import Course, Membership, Subject, Workload
from tests import factories as make
from tests.cast import TODAY, Cast

SINCE = date(2026, 11, 9)
ON = date(2026, 11, 20)


def told(cast: Cast) -> dict:
    return {"by": cast.actor("deputy").author, "at": make.moment(TODAY)}


def club(cast: Cast, **changes) -> Course:
    arguments = {
        "course_kind": "EXTRACURRICULAR",
        "name": "Шахматы, 7–8 классы",
        "subject": NewSubject("Шахматы"),
        "weekly_hours": Decimal(1),
        "teacher": cast.teacher,
        "starts_on": SINCE,
        "order": "Приказ № 7",
        **told(cast),
    } | changes
    return groups.create_group(cast.year, **arguments)


def refusal(call, *args, **kwargs) -> str:
    with pytest.raises(Refused) as caught:
        call(*args, **kwargs)
    assert caught.value.verdict.sentence
    return caught.value.verdict.code


def bodies(verb: str) -> list[dict]:
    return [json.loads(bytes(row.body)) for row in Payload.objects.filter(entry__verb=verb).order_by("entry")]


def test_a_club_is_a_group_with_a_course_a_teacher_and_an_unmarked_subject(cast):
    course = club(cast)

    assert (course.kind, course.group.kind, course.group.name) == ("EXTRACURRICULAR", "CLUB", "Шахматы, 7–8 классы")
    assert (course.subject.part, course.subject.scale) == ("EXTRACURRICULAR", "UNGRADED")
    workload = Workload.objects.get(course=course)
    assert (workload.teacher, workload.starts_on, workload.order) == (cast.teacher, SINCE, "Приказ № 7")
    assert bodies("schooling.create_group")[0]["after"]["name"] == "Шахматы, 7–8 классы"
    assert bodies("schooling.create_subject")[0]["after"] == {
        "name": "Шахматы", "part": "EXTRACURRICULAR", "scale": "UNGRADED",
    }  # fmt: skip


def test_a_group_of_choice_takes_a_subject_that_is_there_with_its_scale(cast):
    course = club(cast, course_kind="ELECTIVE", name="Алгебра плюс", subject=NewSubject(" алгебра "), level="ADVANCED")

    assert course.subject == cast.algebra.subject
    assert (course.group.kind, course.level, course.subject.scale) == ("ELECTIVE", "ADVANCED", "FIVE_POINT")


def test_the_same_group_again_is_the_group_that_stands(cast):
    first = club(cast)

    assert club(cast) == first
    assert Entry.objects.filter(verb="schooling.create_group").count() == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": "  "}, "NO_NAME"),
        ({"weekly_hours": Decimal(0)}, "HOURS"),
        ({"weekly_hours": Decimal(41)}, "HOURS"),
        ({"subject": NewSubject(" ")}, "NO_SUBJECT"),
        ({"starts_on": date(2027, 9, 1)}, "OUTSIDE_YEAR"),
    ],
)
def test_refuses_a_group_that_makes_no_sense(cast, changes, code):
    assert refusal(club, cast, **changes) == code
    assert not Course.objects.filter(kind="EXTRACURRICULAR").exists()


def test_refuses_a_name_that_another_club_has(cast):
    club(cast)

    assert refusal(club, cast, subject=NewSubject("Шашки")) == "NAME_TAKEN"


def test_refuses_a_teacher_who_left(cast):
    gone = cast.users["dismissed"].person.employee

    assert refusal(club, cast, teacher=gone) == "TEACHER_LEFT"


def test_pupils_of_several_classes_join_from_a_day(cast):
    course = club(cast)
    younger = make.whole_class(cast.class_7a).memberships.first().pupil

    groups.join_group(course.group, pupils=[cast.polina, younger], on=SINCE, order="Приказ № 7", **told(cast))
    again = groups.join_group(course.group, pupils=[cast.polina], on=ON, **told(cast))

    assert again == []
    assert set(Membership.objects.filter(group=course.group).values_list("pupil", "starts_on", "ends_on")) == {
        (cast.polina.pk, SINCE, None),
        (younger.pk, SINCE, None),
    }
    assert [body["after"] for body in bodies("schooling.join_group")] == [
        {"group": "Шахматы, 7–8 классы", "on": "2026-11-09"}
    ] * 2


def test_one_who_cannot_join_refuses_all(cast):
    course = club(cast)
    extern = make.make_pupil(cast.organisation, "Дальний Лев Олегович", form=EducationForm.FAMILY)

    assert refusal(groups.join_group, course.group, pupils=[cast.polina, extern], on=ON, **told(cast)) == "EXTERN"
    assert not Membership.objects.filter(group=course.group).exists()


def test_refuses_one_who_is_not_enrolled(cast):
    course = club(cast)
    Enrolment.objects.filter(pupil=cast.polina).update(ends_on=date(2026, 11, 1))

    assert refusal(groups.join_group, course.group, pupils=[cast.polina], on=ON, **told(cast)) == "NOT_ENROLLED"


def test_a_pupil_of_another_school_is_not_taken(cast):
    course = club(cast)
    other = make.make_pupil(cast.users["foreign_teacher"].person.organisation, "Чужой Пётр Ильич")

    assert groups.join_group(course.group, pupils=[other], on=ON, **told(cast)) == []


def test_leaving_ends_the_stay_the_day_before_and_is_harmless_twice(cast):
    course = club(cast)
    groups.join_group(course.group, pupils=[cast.polina], on=SINCE, **told(cast))

    for _time in range(2):
        stay = groups.leave_group(course.group, pupil=cast.polina, on=ON, order="Заявление", **told(cast))

    assert stay.ends_on == date(2026, 11, 19)
    assert len(bodies("schooling.leave_group")) == 1
    assert refusal(groups.leave_group, course.group, pupil=cast.polina, on=SINCE, **told(cast)) == "LATER_LEAVING"


def test_who_joined_that_day_does_not_leave_but_is_withdrawn(cast):
    course = club(cast)
    groups.join_group(course.group, pupils=[cast.polina], on=ON, **told(cast))

    code = refusal(groups.leave_group, course.group, pupil=cast.polina, on=ON, **told(cast))
    assert code == "STAY_BEGINS_THAT_DAY"
    assert control.withdraw_stay(course.group, pupil=cast.polina, reason="Ошибка", **told(cast))
    assert not Membership.objects.filter(group=course.group).exists()
    assert not control.withdraw_stay(course.group, pupil=cast.polina, reason="Ошибка", **told(cast))


def test_a_stay_with_attendance_is_not_withdrawn(cast):
    course = club(cast)
    groups.join_group(course.group, pupils=[cast.polina], on=SINCE, **told(cast))
    lesson = add_lessons(course, places=[(ON, 8)], **told(cast)).lessons[0]
    Attendance.objects.create(
        organisation=cast.organisation, lesson=lesson, pupil=cast.polina, event="ABSENT", put_at=make.moment(ON)
    )

    code = refusal(control.withdraw_stay, course.group, pupil=cast.polina, reason="Ошибка", **told(cast))
    assert code == "FACTS_RECORDED"
    assert Membership.objects.filter(group=course.group).count() == 1


def test_closing_ends_stays_and_workload_and_takes_empty_lessons_away(cast):
    course = club(cast)
    groups.join_group(course.group, pupils=cast.pupils[:3], on=SINCE, **told(cast))
    add_lessons(course, places=[(date(2026, 11, 18), 8), (date(2026, 11, 25), 8)], **told(cast))

    done = control.close_group(course.group, on=ON, order="Приказ № 9", **told(cast))
    again = control.close_group(course.group, on=ON, order="Приказ № 9", **told(cast))

    assert (done, again) == ((3, 1), (0, 0))
    assert list(Lesson.objects.filter(course=course).values_list("on", flat=True)) == [date(2026, 11, 18)]
    assert Workload.objects.get(course=course).ends_on == date(2026, 11, 19)
    assert refusal(groups.join_group, course.group, pupils=[cast.polina], on=ON, **told(cast)) == "GROUP_CLOSED"


class TestLessonsBesideTheTimetable:
    def test_each_has_a_column_and_the_teacher_of_its_day(self, cast):
        course = club(cast)
        control.give_course(course, teacher=cast.substitute, starts_on=ON, order="Приказ № 8", **told(cast))

        add_lessons(course, places=[(date(2026, 11, 19), 8), (ON, 8)], **told(cast))

        rows = Lesson.objects.filter(course=course).order_by("on")
        assert [(row.teacher, row.is_extra, row.tasks.count()) for row in rows] == [
            (cast.teacher, True, 1),
            (cast.substitute, True, 1),
        ]

    def test_a_new_timetable_leaves_them_alone(self, cast):
        course = club(cast)
        add_lessons(course, places=[(ON, 8)], **told(cast))
        make.make_slot(cast.year.timetable_editions.get(), course, 5, 9, teacher=cast.teacher)

        generate_lessons(cast.year, first=ON, last=ON, **told(cast))

        assert list(Lesson.objects.filter(course=course).order_by("number").values_list("number", "is_extra")) == [
            (8, True),
            (9, False),
        ]

    def test_the_place_of_one_is_not_taken_by_the_timetable(self, cast):
        course = club(cast)
        add_lessons(course, places=[(ON, 8)], **told(cast))
        make.make_slot(cast.year.timetable_editions.get(), course, 5, 8, teacher=cast.teacher)

        generate_lessons(cast.year, first=ON, last=ON, **told(cast))

        assert Lesson.objects.filter(course=course, on=ON).count() == 1

    def test_twice_adds_nothing(self, cast):
        course = club(cast)
        add_lessons(course, places=[(ON, 8)], **told(cast))

        again = add_lessons(course, places=[(ON, 8)], **told(cast))

        assert (again.lessons, again.standing) == ((), 1)
        assert Entry.objects.filter(verb="register.add_lesson").count() == 1

    def test_refuses_a_time_at_which_the_teacher_gives_another(self, cast):
        course = club(cast)

        assert refusal(add_lessons, course, places=[(TODAY, 2)], **told(cast)) == "TEACHER_BUSY"
        assert refusal(add_lessons, course, places=[(TODAY, 16)], **told(cast)) == "NUMBER"
        assert refusal(add_lessons, course, places=[(date(2026, 11, 3), 8)], **told(cast)) == "NO_TEACHER"
        assert refusal(add_lessons, cast.algebra, places=[(ON, 8)], **told(cast)) == "IN_TIMETABLE"
        assert not Lesson.objects.filter(course=course).exists()

    def test_a_plan_of_the_week_leaves_breaks_out(self, cast):
        course = club(cast, starts_on=date(2026, 10, 1))

        added = control.plan_lessons_of_week(
            course, weekdays=[6], number=3, first=date(2026, 10, 17), last=date(2026, 11, 8), **told(cast)
        )

        assert [lesson.on for lesson in added.lessons] == [date(2026, 10, 17), date(2026, 11, 7)]

    def test_one_that_was_written_in_is_not_removed(self, cast):
        course = club(cast)
        blank, written = add_lessons(course, places=[(ON, 8), (ON, 9)], **told(cast)).lessons
        Lesson.objects.filter(pk=written.pk).update(topic="Дебют")

        assert remove_lesson(blank, **told(cast))
        assert not remove_lesson(blank, **told(cast))
        assert refusal(remove_lesson, written, **told(cast)) == "WRITTEN"
        assert refusal(remove_lesson, cast.today_lesson, **told(cast)) == "FROM_TIMETABLE"
        assert Task.objects.filter(lesson__course=course).count() == 1


def test_a_subject_is_made_once(cast):
    club(cast)
    club(cast, name="Шахматы, 5 классы", subject=NewSubject("шахматы"))

    assert Subject.objects.filter(name="Шахматы").count() == 1
