"""Editions of the timetable on pages: the day of a class is changed from a day on, with what that does to lessons."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from letopis.ledger.models import Entry
from letopis.register.actions.lessons import generate_lessons
from letopis.register.models import Lesson
from letopis.schooling.models import Room, TimetableEdition
from tests import factories as make
from tests.cast import TODAY, Cast

MONDAY = TODAY + timedelta(days=7)


@pytest.fixture
def school(cast) -> Cast:
    Room.objects.get_or_create(organisation=cast.organisation, name="404")
    generate_lessons(cast.year, by=cast.actor("deputy").author, at=make.moment(TODAY))
    return cast


def form(cast: Cast, **more: str) -> dict[str, str]:
    asked = {"year": "2026", "class": str(cast.class_8a.code), "weekday": "1", "from": MONDAY.isoformat()}
    return asked | more


def algebra_at(cast: Cast, number: int, **more: str) -> dict[str, str]:
    return form(cast, **{f"course-{number}-1": str(cast.algebra.code), f"room-{number}-1": "404"}, **more)


def test_the_preview_changes_nothing(school: Cast):
    before = (TimetableEdition.objects.count(), Lesson.objects.count(), Entry.objects.count())

    text = school.client("deputy").post(reverse("control:change_timetable"), algebra_at(school, 7)).content.decode()

    assert "Что изменится в журналах" in text
    assert (TimetableEdition.objects.count(), Lesson.objects.count(), Entry.objects.count()) == before


def test_the_change_makes_an_edition_and_moves_the_lessons_from_its_day(school: Cast):
    past = set(Lesson.objects.filter(on__lt=MONDAY).values_list("pk", "number"))

    response = school.client("deputy").post(
        reverse("control:change_timetable"), algebra_at(school, 7, confirmed="1", order="Приказ № 9"), follow=True
    )

    assert "Расписание изменено." in response.content.decode()
    edition = TimetableEdition.objects.get(starts_on=MONDAY)
    assert edition.order == "Приказ № 9"
    assert set(Lesson.objects.filter(course=school.algebra, on=MONDAY).values_list("number", flat=True)) == {7}
    assert set(Lesson.objects.filter(on__lt=MONDAY).values_list("pk", "number")) == past


def test_a_second_change_from_the_same_day_amends_the_edition_that_has_not_begun(school: Cast):
    client = school.client("deputy")
    client.post(reverse("control:change_timetable"), algebra_at(school, 7, confirmed="1"))
    client.post(reverse("control:change_timetable"), algebra_at(school, 6, confirmed="1"))

    assert TimetableEdition.objects.filter(starts_on=MONDAY).count() == 1
    assert set(Lesson.objects.filter(course=school.algebra, on=MONDAY).values_list("number", flat=True)) == {6}
    verbs = set(Entry.objects.filter(verb__endswith="timetable").values_list("verb", flat=True))
    assert verbs == {"schooling.adopt_timetable", "schooling.amend_timetable"}


def test_the_same_again_is_no_entry(school: Cast):
    client = school.client("deputy")
    client.post(reverse("control:change_timetable"), algebra_at(school, 7, confirmed="1"))
    entries = Entry.objects.count()
    client.post(reverse("control:change_timetable"), algebra_at(school, 7, confirmed="1"))

    assert Entry.objects.count() == entries


def test_an_edition_in_force_is_not_amended(school: Cast):
    edition = TimetableEdition.objects.order_by("-starts_on").first()
    asked = algebra_at(school, 7, confirmed="1") | {"from": edition.starts_on.isoformat()}

    text = school.client("deputy").post(reverse("control:change_timetable"), asked).content.decode()

    assert "уже действует и не правится" in text


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"room-7-1": "999"}, "кабинета «999» в школе нет"),
        ({"course-7-1": "нет"}, "такого предмета у класса нет"),
        ({"from": date(2027, 9, 6).isoformat()}, "не входит в учебный год"),
    ],
)
def test_a_wrong_line_is_refused_and_the_form_keeps_what_was_typed(school: Cast, change, sentence):
    asked = algebra_at(school, 7, confirmed="1") | change

    text = school.client("deputy").post(reverse("control:change_timetable"), asked).content.decode()

    assert sentence in text
    assert 'name="course-7-1"' in text
    assert not TimetableEdition.objects.filter(starts_on=MONDAY).exists()


def test_two_lessons_of_a_class_at_one_time_are_refused(school: Cast):
    twice = {"course-7-1": str(school.algebra.code), "course-7-2": str(school.algebra.code)}

    text = school.client("deputy").post(reverse("control:change_timetable"), form(school, **twice)).content.decode()

    assert "сразу несколько занятий" in text


def test_the_list_shows_the_edition_ahead_and_the_one_in_force(school: Cast):
    client = school.client("deputy")
    client.post(reverse("control:change_timetable"), algebra_at(school, 7, confirmed="1"))

    text = client.get(reverse("control:editions")).content.decode()

    assert "вступит в силу" in text
    assert "действует" in text
