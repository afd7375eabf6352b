"""Homework, the schedule of control works and distance learning by hand."""

from datetime import date

from django.urls import reverse
from playwright.sync_api import expect

from letopis.register.models import Homework, HomeworkProgress, Lesson, PupilHomework, Recommendation, Task
from letopis.schooling.models import DistancePeriod
from tests.browser.conftest import DARK, PHONE, assert_accessible, assert_fits
from tests.cast import TODAY, Cast

FRIDAY = date(2026, 11, 20)


def homework(cast: Cast, **more: object) -> Homework:
    facts = {"text": "№ 5", "due_on": FRIDAY, "minutes": 160} | more
    return Homework.objects.create(organisation=cast.organisation, lesson=cast.today_lesson, **facts)


def test_a_teacher_chooses_the_lesson_and_sees_the_day_of_the_class(open_as, cast: Cast):
    russian = Lesson.objects.get(course=cast.russian, on=TODAY)
    Homework.objects.create(organisation=cast.organisation, lesson=russian, text="Упр. 112", due_on=date(2026, 11, 23))
    page = open_as("teacher", reverse("register:lesson", args=[cast.today_lesson.code]))

    expect(page.get_by_label("Другой день")).to_be_hidden()
    page.get_by_label("Выполнить к").select_option("2026-11-23")
    expect(page.get_by_text("Классу уже задано к 23.11")).to_be_visible()
    page.get_by_label("Домашнее задание").fill("№ 512")
    page.get_by_label("Сколько минут займёт").fill("30")
    assert_accessible(page)
    page.get_by_role("button", name="Сохранить урок").last.click()

    expect(page.get_by_text("Урок сохранён: задание")).to_be_visible()
    assert Homework.objects.get(lesson=cast.today_lesson).due_on == date(2026, 11, 23)


def test_a_pupil_opens_and_does_his_homework_on_a_phone(open_as, cast: Cast):
    homework(cast)
    page = open_as("pupil", reverse("diary:week"), **PHONE, **DARK)

    page.get_by_role("button", name="Сделано").click()

    expect(page.get_by_role("button", name="Ещё не сделано")).to_be_visible()
    assert_accessible(page)
    assert_fits(page)
    progress = HomeworkProgress.objects.get()
    assert progress.done_at is not None


def test_a_teacher_sets_single_pupils_and_recommends(open_as, cast: Cast):
    homework(cast)
    page = open_as("teacher", reverse("register:lesson_homework", args=[cast.today_lesson.code]))

    page.get_by_label("Белов Тимофей").check()
    page.get_by_label("Задание", exact=True).fill("Карточка 3")
    page.get_by_role("button", name="Задать отмеченным").click()
    expect(page.get_by_text("Задано: 1 обучающемуся.")).to_be_visible()
    page.get_by_label("Что вы рекомендуете").fill("Готовьтесь к зачёту")
    page.get_by_label("всему классу 8А").check()
    page.get_by_role("button", name="Записать рекомендацию").click()

    expect(page.get_by_text("Рекомендация записана")).to_be_visible()
    assert_accessible(page)
    assert (PupilHomework.objects.get().text, Recommendation.objects.get().school_class) == (
        "Карточка 3",
        cast.class_8a,
    )


def test_the_week_of_a_class_fits_a_phone(open_as, cast: Cast):
    homework(cast)
    page = open_as("class_teacher", reverse("register:class_homework"), **PHONE)

    expect(page.get_by_text("160 мин — больше 150 мин в день")).to_be_visible()
    assert_accessible(page)
    assert_fits(page)


def test_a_deputy_places_moves_and_withdraws_a_control_work(open_as, cast: Cast):
    page = open_as("deputy", reverse("register:control_works"))
    page.get_by_role("link", name="Поставить работу").click()
    page.get_by_label("Класс и предмет").select_option(label="8А · Алгебра")
    page.get_by_role("button", name="Показать уроки").click()
    assert_accessible(page)
    page.get_by_label("Название работы").fill("Уравнения")
    page.get_by_label("20.11.2026").check()
    page.get_by_role("button", name="Поставить в график").click()
    expect(page.get_by_text("Работа поставлена в график")).to_be_visible()
    assert_accessible(page)

    page.get_by_role("link", name="Перенести").click()
    page.get_by_label("27.11.2026").check()
    page.get_by_role("button", name="Перенести").click()
    expect(page.get_by_text("Работа перенесена.")).to_be_visible()
    assert Task.objects.get(kind="КР").lesson.on == date(2026, 11, 27)
    page.get_by_role("button", name="Снять").click()

    expect(page.get_by_text("Работа снята с графика.")).to_be_visible()
    assert not Task.objects.filter(kind="КР").exists()


def test_a_director_declares_distance_learning(open_as, cast: Cast):
    page = open_as("director", reverse("schooling:year"))
    page.get_by_role("link", name="Дистанционное обучение").click()
    page.get_by_label("Для кого").select_option(label="8А")
    page.get_by_label("Основание").fill("Приказ № 12")
    page.get_by_role("button", name="Объявить дистанционное обучение").click()

    expect(page.get_by_text("идёт сейчас")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Назвать").click()
    expect(page.get_by_text("Последний день записан.")).to_be_visible()
    assert DistancePeriod.objects.get().ends_on == TODAY
