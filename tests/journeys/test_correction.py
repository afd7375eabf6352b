"""A wrong mark over HTTP: the window is over, asked for, approved, seen in the register, the diary and on paper."""

from datetime import date

import pytest
from django.urls import reverse

from letopis.register.models import Homework, Lesson, Mark, PeriodClosing, TermMark
from letopis.register.packages.changes import changes_table, printed_changes, register_subjects
from letopis.register.packages.facts import load_facts
from tests.cast import Cast
from tests.factories import moment
from tests.journeys.visitor import Visitor
from tests.policy import adopt

pytestmark = pytest.mark.django_db
MONDAY, AFTER = date(2026, 11, 2), date(2026, 12, 30)


def visitor(cast: Cast, member: str) -> Visitor:
    one = Visitor()
    one.client = cast.client(member)
    return one


def test_a_mark_is_corrected_after_its_window(cast: Cast, settings):
    adopt(cast.organisation, edit_window_days=3, correction_order_required=True)
    settings.LETOPIS_TODAY = MONDAY.isoformat()
    lesson = cast.lessons[0]
    field = f"mark-{lesson.tasks.get().code}_{cast.polina.code}"
    teacher = visitor(cast, "teacher").goto(reverse("register:lesson", args=[lesson.code]))
    teacher.press("Сохранить урок", **{field: "3", "topic": "Корни"})

    settings.LETOPIS_TODAY = "2026-11-16"
    teacher = visitor(cast, "teacher").goto(reverse("register:lesson", args=[lesson.code]))
    assert "Изменять занятие можно было до 05.11.2026" in teacher.text
    assert field not in teacher.page.text_content()
    teacher.follow("исправить : Ершова Полина").press("Попросить исправление", value="4", reason="Ошибка при вводе")
    assert "ждёт решения" in teacher.text
    assert Mark.objects.get().value == "3"

    deputy = visitor(cast, "deputy").goto(reverse("register:corrections")).follow("отметка УО 02.11.2026")
    deputy.press("Разрешить и исправить", order="№ 15 от 16.11.2026")
    assert "Исправлено. Оба значения остались в журнале." in deputy.text
    teacher.goto(reverse("register:lesson", args=[lesson.code]))
    assert "исправлено 16.11.2026: 3 → 4 · Ошибка при вводе" in teacher.text
    assert "приказ № 15 от 16.11.2026" in teacher.text
    family = visitor(cast, "mother").goto(f"{reverse('diary:week')}?week={MONDAY}")
    assert "3 → 4 (Ошибка при вводе, приказ № 15 от 16.11.2026)" in family.text
    facts = load_facts(cast.class_8a)
    table = changes_table(register_subjects(facts), moments=facts.moments)
    (row,) = [one for one in printed_changes(cast.class_8a, table, on=date(2026, 11, 16))["rows"] if one[-3] == "3"]
    assert (row[-2], "приказ № 15 от 16.11.2026" in row[-1]) == ("4", True)


def test_a_closed_term_refuses_until_it_is_opened_again(cast: Cast, settings):
    for lesson in Lesson.objects.filter(course__group__school_class=cast.class_8a):
        lesson.topic, lesson.attendance_taken_at, lesson.state = "Корни", moment(lesson.on), Lesson.State.HELD
        lesson.save()
        Homework.objects.create(organisation=cast.organisation, lesson=lesson, nothing_set=True)
    for pupil in cast.pupils:
        for course in (cast.algebra, cast.russian, cast.english_1):
            TermMark.objects.create(
                organisation=cast.organisation, pupil=pupil, subject=course.subject, term=cast.term, value="4",
                put_at=moment(date(2026, 12, 28)), put_by=cast.teacher,
            )  # fmt: skip
    settings.LETOPIS_TODAY = AFTER.isoformat()
    where = reverse("control:closing_class", args=[cast.class_8a.code, cast.term.code])
    deputy = visitor(cast, "deputy").goto(where).press("Закрыть период")
    assert "Период закрыт" in deputy.text
    address = reverse("register:lesson", args=[cast.lessons[0].code])
    assert "Период закрыт 30.12.2026" in visitor(cast, "teacher").goto(address).text

    director = visitor(cast, "director").goto(where)
    director.press("Открыть период", order="№ 7 от 30.12.2026", reason="Неверная тема")
    assert "приказ № 7 от 30.12.2026 · Неверная тема" in director.text
    teacher = visitor(cast, "teacher").goto(address).press("Сохранить урок", topic="Квадратные корни")
    assert "Урок сохранён" in teacher.text
    assert PeriodClosing.objects.get().reopened_at is not None
