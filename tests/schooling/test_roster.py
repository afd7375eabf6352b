"""The monthly look through a class list (REG-046), and who works with a class (ORG-029)."""

from datetime import date

from django.urls import reverse

from letopis.ledger.models import Entry
from letopis.schooling.models import RosterCheck
from letopis.schooling.queries.staff import staff_of_class, staff_of_pupil
from tests.cast import TODAY, Cast


def address(cast: Cast) -> str:
    return reverse("schooling:check_roster", args=[cast.class_8a.code])


def test_the_class_teacher_checks_once_a_day_and_it_is_recorded(cast: Cast):
    client = cast.client("class_teacher")
    client.post(address(cast))
    text = client.post(address(cast), follow=True).content.decode()

    assert RosterCheck.objects.get().checked_on == TODAY
    assert Entry.objects.filter(verb="schooling.check_roster").count() == 1
    assert "Список и данные проверены 16.11.2026" in text
    assert "следующая проверка до 17.12.2026" in text


def test_a_list_that_nobody_looked_through_for_a_month_is_late(cast: Cast):
    page = cast.client("class_teacher").get(reverse("schooling:school_class", args=[cast.class_8a.code]))
    listed = cast.client("deputy").get(reverse("schooling:classes"))

    assert "В этом году список ещё не проверяли." in page.content.decode()
    assert "просрочена на 45 дней" in page.content.decode()
    assert "пора проверить" in listed.content.decode()


def test_a_teacher_is_not_reminded_of_lists_of_others(cast: Cast):
    assert "пора проверить" not in cast.client("teacher").get(reverse("schooling:classes")).content.decode()


def test_who_only_sees_the_class_does_not_check_its_list(cast: Cast):
    assert cast.client("teacher").post(address(cast)).status_code == 403
    assert cast.client("deputy").post(address(cast)).status_code == 403
    assert not RosterCheck.objects.exists()


def test_a_closed_year_takes_no_check(cast: Cast):
    cast.year.state = "CLOSED"
    cast.year.save()

    text = cast.client("class_teacher").post(address(cast), follow=True).content.decode()

    assert "закрыт" in text
    assert not RosterCheck.objects.exists()


def test_the_staff_of_a_class_begins_with_its_class_teacher(cast: Cast):
    lines = staff_of_class(cast.class_8a, day=TODAY)

    assert lines[0].leads
    assert any("Алгебра" in line.subjects for line in lines)


def test_the_staff_of_a_pupil_is_of_the_day(cast: Cast, django_assert_num_queries):
    with django_assert_num_queries(3):
        lines = staff_of_pupil(cast.polina, cast.year, day=TODAY)

    assert any("Алгебра" in line.subjects for line in lines)
    assert staff_of_pupil(cast.polina, cast.year, day=date(2025, 1, 1)) == []
