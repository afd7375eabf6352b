"""A change of the calendar shows what it does with the lessons before it does it."""

from datetime import date

import pytest
from django.urls import reverse

from letopis.register.actions.lessons import generate_lessons
from letopis.register.models import Lesson
from letopis.schooling.models import Break, CalendarDay
from tests import factories as make
from tests.cast import TODAY, Cast

FRIDAY = date(2026, 11, 27)
DAY_OFF = {"year": "2026", "on": "2026-11-27", "kind": "OFF", "title": "Карантин", "source": "Приказ № 4"}


@pytest.fixture
def school(cast) -> Cast:
    generate_lessons(cast.year, by=cast.actor("deputy").author, at=make.moment(TODAY))
    return cast


def test_the_preview_counts_the_lessons_and_changes_nothing(school: Cast):
    text = school.client("deputy").get(reverse("control:calendar_day"), DAY_OFF).content.decode()

    assert "<b>1</b>будет снято" in text
    assert not CalendarDay.objects.exists()
    assert Lesson.objects.filter(on=FRIDAY).count() == 1


def test_the_confirmed_day_is_in_the_calendar_and_its_lessons_are_gone(school: Cast):
    response = school.client("administrator").post(reverse("control:calendar_day"), DAY_OFF, follow=True)

    assert "Занятий добавлено: 0, перенесено: 0, снято: 1, отменено: 0." in response.content.decode()
    assert CalendarDay.objects.get(on=FRIDAY).source == "Приказ № 4"
    assert not Lesson.objects.filter(on=FRIDAY).exists()


def test_a_day_without_a_name_is_asked_again(school: Cast):
    text = school.client("deputy").get(reverse("control:calendar_day"), DAY_OFF | {"title": ""}).content.decode()

    assert "Назовите день" in text


def test_a_day_outside_the_year_is_refused_in_the_form(school: Cast):
    response = school.client("deputy").post(reverse("control:calendar_day"), DAY_OFF | {"on": "2027-09-02"})

    assert "не входит в учебный год 2026/27" in response.content.decode()


def test_the_official_days_are_shown_and_then_taken(school: Cast):
    client = school.client("director")

    shown = client.get(reverse("control:proposed_days")).content.decode()
    client.post(reverse("control:proposed_days"), {"year": "2026"})

    assert "День народного единства" in shown
    assert CalendarDay.objects.filter(on=date(2026, 11, 4)).exists()
    assert not Lesson.objects.filter(on=date(2027, 2, 22)).exists()
    assert "Все дни уже в календаре" in client.get(reverse("control:proposed_days")).content.decode()


def test_who_reads_the_year_may_not_change_it(school: Cast):
    response = school.client("teacher").post(reverse("control:calendar_day"), DAY_OFF)

    assert response.status_code == 403
    assert not CalendarDay.objects.exists()


def _break(school: Cast) -> dict[str, str]:
    one = Break.objects.filter(year=school.year, starts_on__gt=TODAY).order_by("starts_on").first()
    assert one is not None
    return {
        "year": "2026",
        "which": f"{one.grade_from}-{one.starts_on.isoformat()}",
        "starts_on": "2026-11-25",
        "ends_on": one.ends_on.isoformat(),
        "order": "приказ № 5",
    }


def test_a_break_is_previewed_and_then_moved(school: Cast):
    client, asked = school.client("deputy"), _break(school)
    held = Lesson.objects.filter(on=FRIDAY).count()
    preview = client.get(reverse("control:change_break"), asked).content.decode()
    between = Lesson.objects.filter(on=FRIDAY).count()
    done = client.post(reverse("control:change_break"), asked, follow=True).content.decode()

    assert "будет снято" in preview
    assert (held, between) == (1, 1)
    assert "Каникулы изменены." in done
    assert not Lesson.objects.filter(on=FRIDAY).exists()
    assert Break.objects.filter(year=school.year, starts_on=date(2026, 11, 25)).exists()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"ends_on": "2026-11-01"}, "Последний день раньше первого"),
        ({"starts_on": "2031-01-01", "ends_on": "2031-01-05"}, "не входит в учебный год"),
        ({"which": "чужие"}, "чужие"),
    ],
)
def test_a_break_with_wrong_days_is_asked_again(school: Cast, wrong: dict[str, str], sentence: str):
    text = school.client("deputy").post(reverse("control:change_break"), _break(school) | wrong).content.decode()

    assert sentence in text
    assert not Break.objects.filter(year=school.year, starts_on=date(2026, 11, 25)).exists()
