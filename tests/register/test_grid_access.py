from datetime import date
from uuid import uuid4

import pytest
from django.http import Http404

from letopis.register import access
from letopis.schooling.models import AcademicYear, ClassTeacher, GroupKind, Workload
from tests import factories as make
from tests.cast import MEMBERS

pytestmark = pytest.mark.django_db

SEES_ALGEBRA = {"teacher": "TEACHER", "class_teacher": "CLASS_TEACHER", "deputy": "CONTROL", "director": "CONTROL"}


def seen_as(actor, code):
    try:
        return access.course_for(actor, code).sees_as
    except Http404:
        return None


def test_each_member_of_the_cast_sees_the_course_as_the_rules_say(cast):
    found = {member: seen_as(cast.actor(member), cast.algebra.code) for member in MEMBERS}

    assert found == {member: SEES_ALGEBRA.get(member) for member in MEMBERS}


def test_the_list_of_courses_holds_just_those_that_open(cast):
    courses = [cast.algebra, cast.russian, cast.english_1, cast.english_2]

    for member in MEMBERS:
        actor = cast.actor(member)
        listed = set(access.courses_of(actor))

        assert listed == {course for course in courses if seen_as(actor, course.code)}, member


def test_an_unknown_course_is_not_found(cast):
    with pytest.raises(Http404):
        access.course_for(cast.actor("director"), uuid4())


def test_opens_a_course_with_everything_joined_by_one_query(cast, django_assert_num_queries):
    actor = cast.actor("teacher")

    with django_assert_num_queries(1):
        opened = access.course_for(actor, cast.algebra.code)
        found = (str(opened.course.subject), opened.course.group.school_class.title, opened.course.year.label)

    assert (*found, opened.grade, opened.may_edit) == ("Алгебра", "8А", "2026/27", 8, True)


def test_a_teacher_owns_lessons_of_the_days_of_his_workload_and_those_he_is_named_in(cast):
    Workload.objects.filter(course=cast.algebra).update(ends_on=date(2026, 11, 10))
    Workload.objects.create(
        organisation=cast.organisation, course=cast.algebra, teacher=cast.substitute, weekly_hours=3,
        starts_on=date(2026, 11, 11),
    )  # fmt: skip

    opened = access.course_for(cast.actor("teacher"), cast.algebra.code)

    me, other = cast.teacher.pk, cast.substitute.pk
    owned = [opened.is_own(on=date(2026, 11, day), teacher_id=teacher) for day, teacher in
             ((10, me), (10, other), (11, other), (11, me), (11, None))]  # fmt: skip
    assert owned == [True, True, False, True, False]


def test_a_closed_year_is_only_read_and_says_so(cast):
    AcademicYear.objects.update(state=AcademicYear.State.CLOSED)

    opened = access.course_for(cast.actor("teacher"), cast.algebra.code)

    assert (opened.may_edit, opened.read_only_reason) == (
        False,
        "Учебный год закрыт: журнал больше не изменяется.",
    )


def test_the_substitute_of_a_lesson_opens_that_lesson_and_not_the_course(cast):
    lesson = cast.today_lesson
    lesson.teacher = cast.substitute
    lesson.save()
    actor = cast.actor("substitute")

    opened = access.lesson_for(actor, lesson.code)

    assert (opened.opened.sees_as, opened.is_own, opened.sees_course) == ("SUBSTITUTE", True, False)
    assert seen_as(actor, cast.algebra.code) is None
    with pytest.raises(Http404):
        access.lesson_for(actor, cast.lessons[0].code)


def test_opens_a_lesson_by_one_query(cast, django_assert_num_queries):
    actor = cast.actor("teacher")

    with django_assert_num_queries(1):
        opened = access.lesson_for(actor, cast.today_lesson.code)
        found = (opened.lesson.course.subject.name, opened.lesson.teacher.person.last_name, opened.is_own)

    assert found == ("Алгебра", "Копылова", True)


def test_a_class_teacher_sees_a_group_without_a_class_that_has_a_pupil_of_his(cast):
    group = make.make_group(cast.class_8a, GroupKind.ELECTIVE, "Занимательная физика")
    group.school_class = None
    group.save()
    make.join(group, cast.polina)
    course = make.make_course(group, make.make_subject(cast.organisation, "Физика"), teacher=None)

    opened = access.course_for(cast.actor("class_teacher"), course.code)

    assert (opened.sees_as, opened.grade) == ("CLASS_TEACHER", 8)


def test_a_class_teacher_who_was_replaced_sees_the_class_no_more(cast):
    ClassTeacher.objects.filter(school_class=cast.class_8a).update(ends_on=date(2026, 10, 1))

    assert seen_as(cast.actor("class_teacher"), cast.algebra.code) is None
