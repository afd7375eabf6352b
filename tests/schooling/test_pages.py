"""The pages of the year, the timetable and the classes."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from letopis.schooling.models import Membership, TimetableSlot
from tests import factories as make
from tests.cast import Cast

NAMES = ["Антонова", "Белов", "Ёлкин", "Ершова", "Журавлёв", "Зимина"]


def page(client: Client, name: str, query: str = "", **arguments) -> str:
    response = client.get(reverse(name, kwargs=arguments) + query)
    assert response.status_code == 200
    return response.content.decode()


def queries_of(client: Client, url: str, count) -> int:
    client.get(url)
    with count as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_the_year_shows_terms_by_grades_breaks_and_bells(cast: Cast):
    text = page(cast.client("teacher"), "schooling:year")

    for words in ("Учебный год 2026/27", "1–9 классы", "10–11 классы", "2 четверть", "Осенние", "08:30–09:10"):
        assert words in text
    assert "Изменить день" not in text


def test_the_year_lets_the_deputy_change_a_day(cast: Cast):
    text = page(cast.client("deputy"), "schooling:year")

    assert reverse("control:calendar_day") in text
    assert reverse("control:proposed_days") in text


def test_the_timetable_shows_a_teacher_his_own_week(cast: Cast):
    text = page(cast.client("teacher"), "schooling:timetable")

    assert "Расписание: Копылова М. А." in text
    assert text.count("<b>Алгебра</b>") == 2
    assert "Русский язык" not in text
    assert "расписание с 01.09.2026" in text


@pytest.mark.parametrize(
    ("query", "subjects"),
    [
        ("?class={8a}", {"Алгебра", "Русский язык", "Иностранный язык (английский)"}),
        ("?class={7a}", set()),
        ("?teacher={substitute}", {"Иностранный язык (английский)"}),
        ("?room=204", {"Алгебра"}),
        ("?room=205", {"Русский язык"}),
        ("?class=nonsense", set()),
        ("?class={8a}&week=2026-10-28", set()),
    ],
)
def test_the_timetable_is_that_of_the_choice(cast: Cast, query: str, subjects: set[str]):
    choice = {"8a": cast.class_8a.code, "7a": cast.class_7a.code, "substitute": cast.substitute.code}

    text = page(cast.client("clerk"), "schooling:timetable", query.format(**choice))

    found = {name for name in ("Алгебра", "Русский язык", "Иностранный язык (английский)") if f"<b>{name}</b>" in text}
    assert found == subjects


def test_a_week_of_vacation_says_so(cast: Cast):
    text = page(cast.client("teacher"), "schooling:timetable", "?week=2026-10-28")

    assert text.count("Осенние каникулы") == 5


def test_clashes_are_listed_for_the_office_only(cast: Cast):
    TimetableSlot.objects.filter(course=cast.english_2).update(teacher=None)

    assert "учитель не назначен" in page(cast.client("deputy"), "schooling:timetable")
    assert "учитель не назначен" not in page(cast.client("teacher"), "schooling:timetable")


def test_the_list_of_classes_counts_the_pupils_of_today(cast: Cast):
    Membership.objects.filter(pupil=cast.polina).update(ends_on=date(2026, 11, 10))

    text = page(cast.client("archivist"), "schooling:classes")

    assert text.index("7А") < text.index("8А")
    assert "Зайцева Арина Алексеевна" in text
    assert '<td data-label="Обучающихся" class="num right">5</td>' in text


def test_the_class_teacher_sees_the_list_with_everything(cast: Cast):
    text = page(cast.client("class_teacher"), "schooling:school_class", code=cast.class_8a.code)

    places = [text.index(name) for name in NAMES]
    assert places == sorted(places)
    for words in (cast.polina.book_number, "очная", "2 подгруппа", "Ершов С. О.", "отказ", "родители не указаны"):
        assert words in text


def test_a_subject_teacher_sees_the_names_only(cast: Cast):
    text = page(cast.client("teacher"), "schooling:school_class", code=cast.class_8a.code)

    assert all(name in text for name in NAMES)
    text = text[: text.index("Кто работает с классом")]
    for words in (cast.polina.book_number, "очная", "2 подгруппа", "Ершов С. О.", "отказ"):
        assert words not in text


def test_the_list_of_classes_leads_only_where_one_may_go(cast: Cast):
    class_8b = make.make_class(cast.year, 8, "Б")
    own, other = (reverse("schooling:school_class", args=[one.code]) for one in (cast.class_8a, class_8b))

    shown = {member: page(cast.client(member), "schooling:classes") for member in ("teacher", "deputy")}

    assert [(own in text, other in text) for text in shown.values()] == [(True, False), (True, True)]
    assert "8Б" in shown["teacher"]


def test_the_list_is_that_of_the_asked_day(cast: Cast):
    Membership.objects.filter(pupil=cast.polina).update(ends_on=date(2026, 11, 10))
    client = cast.client("clerk")

    before = page(client, "schooling:school_class", "?on=2026-11-10", code=cast.class_8a.code)
    after = page(client, "schooling:school_class", "?on=2026-11-11", code=cast.class_8a.code)

    assert ("6 обучающихся" in before, "5 обучающихся" in after) == (True, True)
    assert "последний день в списке" in after


def test_the_clerk_transfers_a_pupil(cast: Cast):
    class_8b = make.make_class(cast.year, 8, "Б")
    url = reverse("control:pupil", kwargs={"code": cast.class_8a.code, "pupil": cast.polina.code})
    data = {"verb": "transfer", "transfer-to_class": class_8b.code, "transfer-on": "2026-11-20",
            "transfer-order": "Приказ № 12-у"}  # fmt: skip

    before = cast.client("clerk").post(url, data)
    assert "Что произойдёт с 20 ноября 2026 года" in before.content.decode()
    assert not Membership.objects.filter(group__name="8Б").exists()
    response = cast.client("clerk").post(url, data | {"confirmed": "1"}, follow=True)

    assert "Перевод записан: Ершова Полина." in response.content.decode()
    assert Membership.objects.get(pupil=cast.polina, ends_on=None).group.name == "8Б"


def test_the_form_of_transfer_offers_the_parallel_classes_only(cast: Cast):
    url = reverse("control:pupil", kwargs={"code": cast.class_8a.code, "pupil": cast.polina.code})
    alone = cast.client("clerk").get(url).content.decode()
    make.make_class(cast.year, 8, "Б")

    form = cast.client("clerk").get(url).context["forms"]["transfer"]

    assert "Перевод в другой класс" not in alone
    assert [title for _code, title in form.fields["to_class"].choices] == ["8Б"]


def test_a_refusal_stands_in_the_form(cast: Cast):
    url = reverse("control:pupil", kwargs={"code": cast.class_8a.code, "pupil": cast.polina.code})
    data = {"verb": "leave", "leave-on": "2026-09-01", "leave-reason": "Переезд", "leave-order": "№ 1"}

    response = cast.client("director").post(url, data)

    assert response.status_code == 200
    assert "перевод и выбытие возможны со следующего дня" in response.content.decode()


def test_the_class_teacher_keeps_the_subgroups_but_does_not_move(cast: Cast):
    client = cast.client("class_teacher")
    class_8b = make.make_class(cast.year, 8, "Б")
    url = reverse("control:pupil", kwargs={"code": cast.class_8a.code, "pupil": cast.polina.code})
    move = {"verb": "transfer", "transfer-to_class": class_8b.code, "transfer-on": "2026-11-20",
            "transfer-order": "№ 1"}  # fmt: skip
    group = {"verb": "group", "group-group": cast.english_1.group.code, "group-on": "2026-11-20"}

    assert "Перевод в другой класс" not in client.get(url).content.decode()
    assert client.post(url, move | {"confirmed": "1"}).status_code == 200
    assert not Membership.objects.filter(pupil=cast.polina, group__name="8Б").exists()
    assert client.post(url, group | {"confirmed": "1"}).status_code == 302
    assert Membership.objects.get(pupil=cast.polina, group=cast.english_1.group).starts_on == date(2026, 11, 20)


def test_a_pupil_of_another_class_is_not_found(cast: Cast):
    url = reverse("control:pupil", kwargs={"code": cast.class_7a.code, "pupil": cast.polina.code})

    assert cast.client("clerk").get(url).status_code == 404


def grow(cast: Cast, pupils: int) -> None:
    group = make.whole_class(cast.class_8a)
    for number in range(pupils):
        pupil = make.make_pupil(cast.organisation, f"Яшин{number} Пётр")
        make.make_guardian(pupil, f"Яшина{number} Анна")
        make.join(group, pupil)


@pytest.mark.parametrize("member", ["class_teacher", "teacher"])
def test_a_class_of_thirty_costs_as_many_queries_as_one_of_six(cast: Cast, member, django_assert_max_num_queries):
    url = reverse("schooling:school_class", kwargs={"code": cast.class_8a.code})
    small = queries_of(cast.client(member), url, django_assert_max_num_queries(30))

    grow(cast, 24)

    assert queries_of(cast.client(member), url, django_assert_max_num_queries(30)) == small


@pytest.mark.parametrize("name", ["schooling:classes", "schooling:timetable", "schooling:year"])
def test_more_classes_cost_no_more_queries(cast: Cast, name, django_assert_max_num_queries):
    small = queries_of(cast.client("deputy"), reverse(name), django_assert_max_num_queries(30))
    for letter in "БВГДЕЖЗ":
        school_class = make.make_class(cast.year, 8, letter, teacher=cast.teacher)
        course = make.make_course(make.whole_class(school_class), cast.algebra.subject, teacher=cast.teacher)
        make.make_slot(cast.year.timetable_editions.get(), course, 3, 1, teacher=cast.teacher)

    assert queries_of(cast.client("deputy"), reverse(name), django_assert_max_num_queries(30)) == small


@pytest.mark.parametrize(("day", "shown"), [("0001-01-01", "01.09"), ("9999-12-31", "31.08")])
def test_a_week_that_no_year_reaches_is_the_nearest_of_the_year(cast: Cast, day: str, shown: str):
    response = cast.client("teacher").get(reverse("schooling:timetable") + f"?week={day}")

    assert response.status_code == 200
    week = response.context["week"]
    assert any(f"{one.on:%d.%m}" == shown for one in week.days)
