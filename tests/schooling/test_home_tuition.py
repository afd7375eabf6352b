"""Who is taught at home stays in the list of the class and is on none of its pages (C-005)."""

from datetime import date

import pytest

from letopis.people.models import EducationForm, Enrolment
from letopis.schooling.models import Membership
from letopis.schooling.queries.groups import class_list
from tests import factories as make
from tests.cast import TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def at_home(cast):
    pupil = make.make_pupil(cast.organisation, "Вольнова Ида Юрьевна", form=EducationForm.HOME)
    make.join(make.whole_class(cast.class_8a), pupil)
    return pupil


def test_is_in_the_class_list_and_on_no_page_of_the_class(cast, at_home):
    group = make.whole_class(cast.class_8a)

    assert at_home in class_list(cast.class_8a, TODAY)
    assert at_home.pk not in Membership.objects.filter(group=group).taught().values_list("pupil", flat=True)
    assert "Вольнова" not in cast.client("teacher").get(f"/register/{cast.algebra.code}/").content.decode()
    assert "Вольнова" not in cast.client("teacher").get(f"/register/lessons/{cast.today_lesson.code}/").content.decode()


def test_is_on_the_page_of_the_own_course(cast, at_home):
    own = make.make_group(cast.class_8a, "INDIVIDUAL", "Вольнова И. Ю.")
    make.join(own, at_home)
    course = make.make_course(own, cast.algebra.subject, teacher=cast.teacher, kind="HOME_TUITION", weekly_hours=1)

    assert "Вольнова" in cast.client("teacher").get(f"/register/{course.code}/").content.decode()


def test_who_went_home_in_mid_year_stays_on_the_page_with_the_marks_before(cast):
    pupil = cast.pupils[0]
    Enrolment.objects.filter(pupil=pupil).update(ends_on=date(2026, 11, 8))
    Enrolment.objects.create(
        organisation=cast.organisation, pupil=pupil, form=EducationForm.HOME, starts_on=date(2026, 11, 9)
    )

    assert "Антонова" in cast.client("teacher").get(f"/register/{cast.algebra.code}/").content.decode()
