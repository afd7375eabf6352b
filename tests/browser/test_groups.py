"""Groups, movement, home tuition and journals as people do them by hand."""

from decimal import Decimal

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from letopis.register.actions.extra_lessons import add_lessons
from letopis.register.models import Attendance, Journal, JournalEntry, Lesson
from letopis.schooling.actions.groups import NewSubject, create_group, join_group
from letopis.schooling.models import Course, CurriculumLine, Membership
from tests import factories as make
from tests.browser.conftest import DARK, PHONE, WIDE, assert_accessible, assert_fits
from tests.cast import TODAY


def make_club(cast) -> Course:
    told = {"by": cast.actor("deputy").author, "at": make.moment(TODAY)}
    course = create_group(
        cast.year, course_kind="EXTRACURRICULAR", name="Шахматы", subject=NewSubject("Шахматы"),
        weekly_hours=Decimal(1), teacher=cast.teacher, starts_on=TODAY, **told,
    )  # fmt: skip
    join_group(course.group, pupils=cast.pupils[:3], on=TODAY, **told)
    add_lessons(course, places=[(TODAY, 8)], **told)
    return course


def test_the_deputy_makes_a_club_and_adds_pupils(open_as, cast):
    page = open_as("deputy", "/classes/")
    page.get_by_role("link", name="Группы и объединения").click()
    page.get_by_role("link", name="Создать группу").click()
    page.get_by_label("Что это").select_option(label="дополнительное образование")
    page.get_by_label("Название группы").fill("Театр «Маска»")
    page.get_by_label("Предмет, курс или программа").fill("Театральная мастерская")
    page.get_by_label("Часов в неделю").fill("2")
    page.get_by_label("Кто ведёт").select_option(label="Копылова Мария Андреевна")
    assert_accessible(page)
    page.get_by_role("button", name="Создать группу").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Театр «Маска»")
    page.get_by_label("Класс", exact=True).select_option("8А")
    page.get_by_role("button", name="Показать").click()
    page.get_by_label("Антонова Дарья Ильинична, 8А").check()
    page.get_by_label("Белов Тимофей Маркович, 8А").check()
    page.get_by_role("button", name="Записать отмеченных").click()

    expect(page.get_by_text("Записано 2 обучающихся")).to_be_visible()
    assert_accessible(page)
    assert Membership.objects.filter(group__name="Театр «Маска»").count() == 2


def test_the_teacher_holds_a_session_and_marks_who_is_away(open_as, cast):
    course = make_club(cast)
    page = open_as("teacher", "/register/?kind=EXTRACURRICULAR")
    page.get_by_role("link", name="Шахматы").click()
    expect(page.get_by_text("не отмечено")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("link", name="16.11.2026").first.click()
    page.get_by_label("Тема урока").fill("Двойной удар")
    page.get_by_role("button", name="Сохранить").first.click()
    expect(page.get_by_label("Тема урока")).to_have_value("Двойной удар")

    grid = open_as("teacher", reverse("register:grid", args=[course.code]))
    expect(grid.locator("section[data-ready]")).to_be_attached()
    grid.locator("tbody tr").first.locator("td").first.click()
    # «н» in the Latin layout: Playwright knows no Russian keys.
    grid.keyboard.press("y")
    grid.keyboard.press("Enter")
    expect(grid.locator("tbody td[data-state=saved], tbody td.absent").first).to_be_visible()

    assert Lesson.objects.get(course=course).topic == "Двойной удар"
    assert Attendance.objects.get(lesson__course=course).event == "ABSENT"


def test_a_pupil_changes_subgroup_after_a_look_and_it_is_taken_back(open_as, cast):
    address = reverse("control:pupil", args=[cast.class_8a.code, cast.polina.code])
    page = open_as("class_teacher", reverse("schooling:school_class", args=[cast.class_8a.code]))
    page.get_by_role("link", name="Ершова Полина Сергеевна").first.click()
    page.get_by_label("Подгруппа").select_option(label="1 подгруппа")
    page.get_by_role("button", name="Записать в подгруппу").click()
    expect(page.get_by_text("Накануне закончится: 2 подгруппа.")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Записать").click()
    expect(page.get_by_text("Подгруппа записана: Ершова Полина.")).to_be_visible()

    page.goto(address)
    page.get_by_role("button", name="Отменить движение").click()
    expect(page.get_by_text("Движение отменено")).to_be_visible()
    assert Membership.objects.get(pupil=cast.polina, group=cast.english_2.group).ends_on is None


def test_home_tuition_is_set_up_by_order(open_as, cast):
    page = open_as("deputy", reverse("control:pupil", args=[cast.class_8a.code, cast.polina.code]))
    page.get_by_label("Форма обучения").select_option(label="обучение на дому")
    form = page.locator("form", has=page.get_by_role("button", name="Сменить форму"))
    form.get_by_label("Приказ").fill("Приказ № 40")
    page.get_by_role("button", name="Сменить форму").click()
    expect(page.get_by_text("Составьте индивидуальный план")).to_be_visible()
    page.get_by_role("button", name="Записать").click()

    page.goto(reverse("control:plan", args=[cast.class_8a.code, cast.polina.code]))
    page.locator("#id_subject").select_option(label="Алгебра")
    page.get_by_label("Часов в неделю").fill("1.5")
    page.locator("#id_teacher").select_option(label="Копылова Мария Андреевна")
    page.locator("#id_order").fill("Приказ № 40")
    page.get_by_role("button", name="Записать", exact=True).click()

    expect(page.get_by_text("План изменён")).to_be_visible()
    assert_accessible(page)
    assert CurriculumLine.objects.get(pupil=cast.polina).weekly_hours == Decimal("1.5")


def test_a_journal_is_opened_written_and_struck(open_as, cast):
    page = open_as("deputy", "/register/journals/")
    page.get_by_role("link", name="Открыть журнал").click()
    page.get_by_label("Название журнала").fill("Олимпиады")
    page.get_by_label("Графы").fill("Предмет\nРезультат")
    page.get_by_label("Кто ведёт").select_option(label="Копылова Мария Андреевна")
    page.get_by_role("button", name="Открыть журнал").click()
    expect(page.get_by_text("Журнал открыт.")).to_be_visible()

    address = reverse("register:journal", args=[Journal.objects.get().code])
    keeper = open_as("teacher", address)
    keeper.get_by_label("Обучающийся").fill("Ершова Полина Сергеевна, 8А")
    keeper.get_by_label("Предмет").fill("Алгебра")
    keeper.get_by_role("button", name="Внести запись").click()
    expect(keeper.get_by_text("Запись № 1 внесена.")).to_be_visible()
    assert_accessible(keeper)
    keeper.get_by_role("link", name="Зачеркнуть № 1").click()
    keeper.get_by_label("Почему").fill("Не та")
    keeper.get_by_role("button", name="Зачеркнуть").click()

    expect(keeper.get_by_text("Запись № 1 зачёркнута.")).to_be_visible()
    assert JournalEntry.objects.get().struck_reason == "Не та"


@pytest.mark.parametrize("options", [WIDE, PHONE, WIDE | DARK, PHONE | DARK], ids=["wide", "phone", "dark", "night"])
def test_the_pages_fit_and_are_accessible(open_as, cast, options):
    course = make_club(cast)
    pages = [
        reverse("control:groups"),
        reverse("control:group", args=[course.group.code]) + "?class=8А",
        reverse("control:group_member", args=[course.group.code, cast.pupils[0].code]),
        reverse("control:enrol", args=[cast.class_8a.code]),
        reverse("control:class_teachers", args=[cast.class_8a.code]),
        reverse("control:give_course", args=[cast.algebra.code]),
        reverse("control:combined"),
        reverse("control:plan", args=[cast.class_8a.code, cast.polina.code]),
        reverse("register:sessions", args=[course.code]),
        reverse("register:journals"),
    ]
    page = open_as("deputy", pages[0], **options)

    for address in pages:
        page.goto(address)
        assert_accessible(page)
        assert_fits(page)
