"""The way of an absence in a real browser: a family writes, the class teacher decides, the teacher enters it later."""

import re
from datetime import date

import pytest
from playwright.sync_api import expect

from letopis.register.models import AbsenceDocument, AbsenceNotice, Attendance
from tests.browser.conftest import DARK, PHONE, OpenAs, assert_accessible, assert_fits
from tests.cast import TODAY, Cast
from tests.factories import moment

AT = moment(TODAY, 15)


def absent(cast: Cast, pupil, lesson) -> None:
    Attendance.objects.create(
        organisation=cast.organisation, lesson=lesson, pupil=pupil, event="ABSENT", put_by=cast.teacher, put_at=AT
    )


def week(cast: Cast) -> str:
    return f"/register/absences/{cast.class_8a.code}/"


def test_a_family_writes_on_a_phone_and_an_absence_entered_later_has_the_reason(cast: Cast, open_as: OpenAs):
    mother = open_as("mother", "/diary/", **PHONE, **DARK)
    mother.get_by_role("link", name="Сообщить об отсутствии").click()
    mother.get_by_label("Сообщение классному руководителю").fill("Поднялась температура")
    mother.get_by_role("button", name="Отправить").click()
    expect(mother.get_by_text("не рассмотрено")).to_be_visible()
    assert_fits(mother)
    assert_accessible(mother)

    leader = open_as("class_teacher", "/")
    leader.get_by_role("link", name=re.compile("сообщения семей: 1")).click()
    expect(leader.get_by_text("Поднялась температура")).to_be_visible()
    assert_accessible(leader)
    leader.get_by_role("button", name="Принять", exact=True).click()
    expect(leader.get_by_text("Новых сообщений нет")).to_be_visible()

    teacher = open_as("teacher", f"/register/lessons/{cast.today_lesson.code}/")
    expect(teacher.get_by_text("на этот день есть документ или сообщение семьи")).to_be_visible()
    assert_accessible(teacher)
    teacher.get_by_role("button", name="Подтвердить н?: 1").click()
    expect(teacher.get_by_text("Урок сохранён: 1 отсутствие")).to_be_visible()

    row = Attendance.objects.get()
    assert (row.event, row.reason, row.document.kind) == ("ABSENT", "ILL", "APPLICATION")
    mother.reload()
    expect(mother.get_by_text("принято", exact=True)).to_be_visible()
    assert AbsenceNotice.objects.get().state == "ACCEPTED"


def test_reasons_of_a_week_by_keyboard_and_taken_back(cast: Cast, open_as: OpenAs):
    lessons = [one for one in cast.lessons if one.on in (date(2026, 11, 9), date(2026, 11, 13))]
    for pupil in cast.pupils[:2]:
        for lesson in lessons:
            absent(cast, pupil, lesson)
    page = open_as("class_teacher", f"{week(cast)}?on=2026-11-09")
    assert_accessible(page)

    first = page.locator("input.letters").first
    first.focus()
    page.keyboard.type(",")
    page.keyboard.press("ArrowRight")
    page.keyboard.type("у")
    page.keyboard.press("ArrowDown")
    page.keyboard.type("G")
    expect(page.get_by_text("изменено: 3")).to_be_visible()
    page.get_by_role("button", name="Сохранить причины").click()

    expect(page.get_by_text("Причины записаны: 3 пропуска.")).to_be_visible()
    found = Attendance.objects.order_by("pupil__person__sort_key", "lesson__on").values_list("reason", flat=True)
    assert list(found) == ["ILL", "VALID", "NOT_SET", "UNEXCUSED"]
    page.get_by_role("button", name="Вернуть как было").click()
    expect(page.get_by_text("Возвращено: 3 пропуска.")).to_be_visible()
    assert set(Attendance.objects.values_list("reason", flat=True)) == {"NOT_SET"}


def test_one_reason_for_several_pupils(cast: Cast, open_as: OpenAs):
    for pupil in cast.pupils[:2]:
        absent(cast, pupil, cast.today_lesson)
    page = open_as("class_teacher", week(cast))

    for pupil in cast.pupils[:2]:
        page.get_by_role("checkbox", name=f"Отметить: {pupil.person.last_name} {pupil.person.first_name}").check()
    page.get_by_label("Причина", exact=True).select_option("VALID")
    page.get_by_role("button", name="Поставить отмеченным").click()

    expect(page.get_by_text("Причины записаны: 2 пропуска.")).to_be_visible()
    expect(page.get_by_text("все причины указаны")).to_be_visible()


def test_a_document_is_entered_and_withdrawn(cast: Cast, open_as: OpenAs):
    absent(cast, cast.polina, cast.today_lesson)
    page = open_as("class_teacher", f"{week(cast)}documents/")
    assert_accessible(page)

    page.get_by_label("Обучающийся", exact=True).select_option(str(cast.polina.code))
    page.get_by_label("Номер").fill("17-б")
    page.get_by_role("button", name="Внести документ").click()
    expect(page.get_by_text("Документ внесён, причина записана: 1 пропуск.")).to_be_visible()

    page.get_by_text("Отозвать", exact=True).click()
    page.get_by_label("Почему").fill("Не тот ребёнок")
    page.get_by_role("button", name="Отозвать документ").click()
    expect(page.get_by_text("Документ отозван")).to_be_visible()
    assert AbsenceDocument.objects.get().withdrawn_reason == "Не тот ребёнок"
    assert Attendance.objects.get().reason == "NOT_SET"


@pytest.mark.parametrize("look", [PHONE, DARK], ids=["phone", "dark"])
@pytest.mark.parametrize(
    "path", ["", "day/", "unset/", "documents/", "notices/", "totals/", "pupil", "health", "gaps", "school"]
)
def test_every_page_fits_and_is_accessible(cast: Cast, open_as: OpenAs, path: str, look: dict):
    absent(cast, cast.polina, cast.today_lesson)
    paths = {
        "pupil": f"{week(cast)}pupils/{cast.polina.code}/",
        "health": f"/classes/{cast.class_8a.code}/health/",
        "gaps": "/register/absences/lessons/",
        "school": "/register/absences/school/",
    }
    page = open_as("director" if path == "school" else "class_teacher", paths.get(path, week(cast) + path), **look)

    assert_fits(page)
    assert_accessible(page)


def test_the_class_teacher_records_an_exemption(cast: Cast, open_as: OpenAs):
    page = open_as("class_teacher", f"/classes/{cast.class_8a.code}/")
    page.get_by_role("link", name="Лист здоровья").click()
    page.get_by_role("link", name="Ершова Полина").click()
    assert_accessible(page)
    page.get_by_label("Группа по физкультуре").select_option("EXEMPT")
    page.get_by_label("Основание").fill("Справка № 8 от 13.11.2026")
    page.get_by_role("button", name="Записать").click()

    expect(page.get_by_text("освобождены: 1")).to_be_visible()
