"""Individual plans: pupil × subject × hours × teacher × order (C-005)."""

from datetime import date
from decimal import Decimal

import pytest

from letopis.core.errors import Refused
from letopis.ledger.models import Entry
from letopis.people.models import EducationForm
from letopis.schooling.actions.plans import end_plan_line, set_plan_line
from letopis.schooling.models import Course, CurriculumLine, Membership, Workload
from tests import factories as make
from tests.cast import TODAY, Cast

SINCE = date(2026, 11, 9)
ORDER = "Приказ № 40-од"


def told(cast: Cast) -> dict:
    return {"by": cast.actor("deputy").author, "at": make.moment(TODAY)}


@pytest.fixture
def ida(cast):
    pupil = make.make_pupil(cast.organisation, "Вольнова Ида Юрьевна", form=EducationForm.HOME)
    make.join(make.whole_class(cast.class_8a), pupil)
    return pupil


def line(cast: Cast, pupil, **changes) -> Course:
    arguments = {
        "year": cast.year,
        "subject": cast.algebra.subject,
        "weekly_hours": Decimal("1.5"),
        "teacher": cast.teacher,
        "starts_on": SINCE,
        "order": ORDER,
        **told(cast),
    } | changes
    return set_plan_line(pupil, **arguments)


def refusal(call, *args, **kwargs) -> str:
    with pytest.raises(Refused) as caught:
        call(*args, **kwargs)
    return caught.value.verdict.code


def test_the_first_line_opens_the_own_group_with_a_course_of_home_tuition(cast, ida):
    course = line(cast, ida)
    russian = line(cast, ida, subject=cast.russian.subject, teacher=cast.class_teacher)

    assert course.group == russian.group
    assert (course.kind, course.weekly_hours, course.group.school_class) == (
        "HOME_TUITION",
        Decimal("1.5"),
        cast.class_8a,
    )
    assert course.group.name == f"Вольнова И. Ю., {ida.book_number}"
    stay = Membership.objects.get(group=course.group)
    assert (stay.pupil, stay.starts_on, stay.ends_on) == (ida, SINCE, None)
    lines = CurriculumLine.objects.filter(pupil=ida).order_by("pk").values_list("weekly_hours", "order")
    assert list(lines) == [(Decimal("1.5"), ORDER), (Decimal("1.5"), ORDER)]
    assert Entry.objects.filter(verb="schooling.set_plan_line").count() == 2


def test_twice_is_harmless(cast, ida):
    line(cast, ida)
    before = Entry.objects.count()

    line(cast, ida)

    assert Entry.objects.count() == before
    assert Workload.objects.filter(course__group__kind="INDIVIDUAL").count() == 1


def test_other_hours_and_teacher_hold_from_their_day(cast, ida):
    course = line(cast, ida)

    line(cast, ida, weekly_hours=Decimal(2), teacher=cast.substitute, starts_on=TODAY, order="Приказ № 50")

    rows = Workload.objects.filter(course=course).order_by("starts_on")
    assert [(row.teacher, row.weekly_hours, row.starts_on, row.ends_on) for row in rows] == [
        (cast.teacher, Decimal("1.5"), SINCE, date(2026, 11, 15)),
        (cast.substitute, Decimal(2), TODAY, None),
    ]
    assert CurriculumLine.objects.get(pupil=ida).weekly_hours == Decimal(2)


def test_who_is_not_at_home_learns_by_a_plan_in_school(cast):
    assert line(cast, cast.polina).kind == "COMPULSORY"


def test_the_end_of_the_last_line_ends_the_own_group(cast, ida):
    course = line(cast, ida)

    assert end_plan_line(ida, year=cast.year, subject=course.subject, on=TODAY, order="Приказ № 51", **told(cast))
    assert not end_plan_line(ida, year=cast.year, subject=course.subject, on=TODAY, order="Приказ № 51", **told(cast))

    assert Workload.objects.get(course=course).ends_on == date(2026, 11, 15)
    assert Membership.objects.get(group=course.group).ends_on == date(2026, 11, 15)
    assert not CurriculumLine.objects.filter(pupil=ida).exists()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"order": " "}, "NO_ORDER"),
        ({"weekly_hours": Decimal(0)}, "HOURS"),
        ({"starts_on": date(2027, 9, 1)}, "OUTSIDE_YEAR"),
    ],
)
def test_refuses_a_line_that_makes_no_sense(cast, ida, changes, code):
    assert refusal(line, cast, ida, **changes) == code


def test_refuses_an_extern_and_one_without_a_class(cast):
    extern = make.make_pupil(cast.organisation, "Дальний Лев Олегович", form=EducationForm.FAMILY)
    homeless = make.make_pupil(cast.organisation, "Ничей Пётр Ильич", form=EducationForm.HOME)

    assert refusal(line, cast, extern) == "EXTERN"
    assert refusal(line, cast, homeless) == "NOT_IN_CLASS"
