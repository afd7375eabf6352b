"""A pupil who goes to another class does not open its registers to his old class teacher."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from letopis.attestation.queries.statement import statement_of
from letopis.register.access import courses_of
from letopis.rules.policy import DEFAULT_POLICY
from letopis.schooling.models import Course, GroupKind, Membership, StudyGroup
from tests import factories as make
from tests.cast import TODAY, Cast

OF_8A = ["Алгебра", "Иностранный язык (английский)", "Иностранный язык (английский)", "Русский язык"]
TOMORROW = TODAY + timedelta(days=1)


def seen(cast: Cast, member: str = "class_teacher") -> list[str]:
    return sorted(course.subject.name for course in courses_of(cast.actor(member)).select_related("subject"))


def moved_to_11a(cast: Cast, *, on: date) -> Course:
    """Полина is in 11А from a day on, as an older base may have it; return its course of physics."""
    class_11a = make.make_class(cast.year, 11, "А")
    physics = make.make_course(
        make.whole_class(class_11a), make.make_subject(cast.organisation, "Физика"), teacher=cast.substitute
    )
    Membership.objects.filter(pupil=cast.polina).update(ends_on=on - timedelta(days=1))
    make.join(make.whole_class(class_11a), cast.polina, since=on)
    return physics


def stream(cast: Cast, *, since: date | None = None) -> Course:
    """A course of astronomy in a group of no class, which Полина is in."""
    group = StudyGroup.objects.create(
        organisation=cast.organisation, year=cast.year, kind=GroupKind.ELECTIVE, name="Астрономия"
    )
    make.join(group, cast.polina, since=since)
    return make.make_course(group, make.make_subject(cast.organisation, "Астрономия"), teacher=cast.teacher)


@pytest.mark.parametrize("on", [TODAY, TOMORROW])
def test_the_old_class_teacher_sees_no_register_of_the_new_class(cast, on):
    physics = moved_to_11a(cast, on=on)

    page = cast.client("class_teacher").get(reverse("register:grid", args=[physics.code]))

    assert seen(cast) == OF_8A
    assert page.status_code == 404


@pytest.mark.parametrize(
    ("on", "status"),
    [
        pytest.param(TOMORROW, 200, id="she is still in 8А today"),
        pytest.param(TODAY, 404, id="she is in 11А today"),
    ],
)
def test_a_group_of_no_class_is_seen_while_its_pupil_is_in_the_class(cast, on, status):
    course = stream(cast)
    moved_to_11a(cast, on=on)
    Membership.objects.filter(group=course.group).update(ends_on=None)

    page = cast.client("class_teacher").get(reverse("register:grid", args=[course.code]))

    assert page.status_code == status
    assert ("Астрономия" in seen(cast)) == (status == 200)


@pytest.mark.parametrize("on", [TODAY, TOMORROW])
def test_the_statement_has_the_subjects_of_its_class_only(cast, on):
    moved_to_11a(cast, on=on)
    stream(cast, since=on)

    found = statement_of(cast.class_8a, term_number="2", today=TODAY, policy=DEFAULT_POLICY)

    assert [head.subject.name for head in found.subjects] == sorted(set(OF_8A))


def test_the_statement_has_the_group_of_no_class_of_its_pupils(cast):
    stream(cast)

    found = statement_of(cast.class_8a, term_number="2", today=TODAY, policy=DEFAULT_POLICY)

    assert "Астрономия" in [head.subject.name for head in found.subjects]


def test_a_teacher_of_the_new_class_does_not_see_the_old_one(cast):
    physics = moved_to_11a(cast, on=TODAY)
    colleague = make.make_employee(cast.organisation, "Юрьева Анна Олеговна", username="yurieva")
    physics.workloads.update(teacher=colleague)
    cast.users["colleague"] = colleague.person.user

    page = cast.client("colleague").get(reverse("schooling:school_class", args=[cast.class_8a.code]))

    assert page.status_code == 403
