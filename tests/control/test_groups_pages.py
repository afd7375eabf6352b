"""Pages of teaching groups: made, filled, planned, closed by hand; what each kind of register shows."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from letopis.register.access import lesson_for
from letopis.register.actions.cell_results import CellSave
from letopis.register.actions.cells import save_cells
from letopis.register.actions.extra_lessons import add_lessons
from letopis.register.actions.lesson import take_attendance
from letopis.register.models import Lesson
from letopis.schooling.actions import groups
from letopis.schooling.actions.groups import NewSubject
from letopis.schooling.models import Course, Membership
from tests import factories as make
from tests.cast import TODAY, Cast

SINCE = date(2026, 11, 9)


def told(cast: Cast) -> dict:
    return {"by": cast.actor("deputy").author, "at": make.moment(TODAY)}


def make_club(cast: Cast, *, kind: str = "EXTRACURRICULAR", name: str = "Шахматы") -> Course:
    course = groups.create_group(
        cast.year, course_kind=kind, name=name, subject=NewSubject(name), weekly_hours=Decimal(1),
        teacher=cast.teacher, starts_on=SINCE, **told(cast),
    )  # fmt: skip
    groups.join_group(course.group, pupils=cast.pupils[:3], on=SINCE, **told(cast))
    return course


def text_of(client, name: str, *args, query: str = "") -> str:
    return client.get(reverse(name, args=args) + query).content.decode()


NEW = {
    "course_kind": "ADDITIONAL",
    "name": "Театр «Маска»",
    "subject": "Театральная мастерская",
    "weekly_hours": "1.5",
    "level": "BASIC",
    "starts_on": "2026-11-16",
    "order": "Приказ № 5",
}


def test_the_deputy_makes_a_group_and_fills_it_by_class(cast: Cast):
    client = cast.client("deputy")
    client.post(reverse("control:new_group"), NEW | {"teacher": cast.teacher.code})
    group = Course.objects.get(kind="ADDITIONAL").group
    page = reverse("control:group", args=[group.code])

    assert "Антонова" in client.get(f"{page}?class=8А").content.decode()
    assert "Антонова" not in client.get(f"{page}?class=7А").content.decode()
    assert "Ершова" in client.get(f"{page}?q=ершо").content.decode()
    chosen = [pupil.code for pupil in cast.pupils[:2]]
    answer = client.post(f"{page}?class=8А", {"verb": "join", "on": "2026-11-16", "pupil": chosen}, follow=True)

    assert "Записано 2 обучающихся" in answer.content.decode()
    assert answer.redirect_chain[0][0].endswith("?class=8%D0%90#members")
    assert Membership.objects.filter(group=group).count() == 2


def test_a_refused_group_keeps_what_was_typed(cast: Cast):
    make_club(cast, kind="ADDITIONAL", name="Театр «Маска»")

    answer = cast.client("deputy").post(reverse("control:new_group"), NEW | {"teacher": "vacancy"})

    assert "уже есть" in answer.content.decode()
    assert 'value="Театральная мастерская"' in answer.content.decode()


def test_lessons_are_planned_by_the_teacher_of_the_group(cast: Cast):
    course = make_club(cast)
    page = reverse("control:group", args=[course.group.code])
    week = {"verb": "week", "weekdays": ["2", "4"], "number": "8", "first": "2026-11-16", "last": "2026-11-29"}

    answer = cast.client("teacher").post(page, week, follow=True)

    assert "Добавлено 4 занятия" in answer.content.decode()
    assert cast.client("teacher").post(page, {"verb": "close", "on": "2026-11-20", "order": "№ 1"}).status_code == 403


def test_a_pupil_leaves_or_is_taken_out_as_a_mistake(cast: Cast):
    course = make_club(cast)
    client = cast.client("administrator")
    first, second = (reverse("control:group_member", args=[course.group.code, pupil.code]) for pupil in cast.pupils[:2])

    client.post(first, {"verb": "leave", "on": "2026-11-20", "order": ""})
    client.post(second, {"verb": "withdraw"})

    left = dict(Membership.objects.filter(group=course.group).values_list("pupil", "ends_on"))
    assert left == {cast.pupils[0].pk: date(2026, 11, 19), cast.pupils[2].pk: None}


def test_the_group_closes_by_hand(cast: Cast):
    course = make_club(cast)
    page = reverse("control:group", args=[course.group.code])

    answer = cast.client("deputy").post(page, {"verb": "close", "on": "2026-11-20", "order": "№ 1"}, follow=True)

    assert "Группа закрыта. Выбыло обучающихся: 3" in answer.content.decode()
    assert "Записать обучающихся" not in text_of(cast.client("deputy"), "control:group", course.group.code)


def test_the_list_is_narrowed_by_kind_and_words(cast: Cast):
    make_club(cast)
    make_club(cast, kind="ELECTIVE", name="Алгебра плюс")

    everything = text_of(cast.client("teacher"), "control:groups")
    clubs = text_of(cast.client("teacher"), "control:groups", query="?kind=EXTRACURRICULAR")
    found = text_of(cast.client("teacher"), "control:groups", query="?q=плюс")

    assert ("Шахматы" in everything, "Алгебра плюс" in everything) == (True, True)
    assert ("Шахматы" in clubs, "Алгебра плюс" in clubs) == (True, False)
    assert ("Шахматы" in found, "Алгебра плюс" in found) == (False, True)


def test_the_list_of_groups_leads_only_where_one_may_go(cast: Cast):
    course = make_club(cast)
    address = reverse("control:group", args=[course.group.code])

    shown = {
        member: text_of(cast.client(member), "control:groups") for member in ("teacher", "class_teacher", "deputy")
    }

    assert {member: address in text for member, text in shown.items()} == {
        "teacher": True, "class_teacher": False, "deputy": True,
    }  # fmt: skip
    assert all(course.group.name in text for text in shown.values())


def test_queries_of_the_pages_do_not_grow(cast: Cast, django_assert_max_num_queries):
    course = make_club(cast)
    add_lessons(course, places=[(TODAY, 8)], **told(cast))
    pages = [
        (cast.client("deputy"), reverse("control:groups"), 5),
        (cast.client("deputy"), reverse("control:group", args=[course.group.code]) + "?class=8А", 15),
        (cast.client("teacher"), reverse("register:sessions", args=[course.code]), 9),
    ]

    for time in range(2):
        for client, page, most in pages:
            with django_assert_max_num_queries(most):
                client.get(page)
        if time == 0:
            for number in range(4):
                make_club(cast, name=f"Кружок {number}")
            groups.join_group(course.group, pupils=cast.pupils[3:], on=SINCE, **told(cast))
            add_lessons(course, places=[(date(2026, 11, 10 + day), 9) for day in range(5)], **told(cast))


class TestTheRegisterOfAKind:
    def test_a_club_opens_with_its_lessons_and_has_no_marks(self, cast: Cast):
        course = make_club(cast)
        lesson = add_lessons(course, places=[(date(2026, 11, 12), 8)], **told(cast)).lessons[0]
        client = cast.client("teacher")
        assert reverse("register:sessions", args=[course.code]) in text_of(client, "register:courses")

        actor = cast.actor("teacher")
        cell = CellSave(task=lesson.tasks.get().code, pupil=cast.pupils[0].code, seen="", text="н")
        save_cells(actor, course=course.code, cells=[cell], at=make.moment(TODAY))
        take_attendance(lesson_for(actor, lesson.code), at=make.moment(TODAY))
        shown = text_of(client, "register:sessions", course.code)

        assert "внеурочная деятельность" in shown
        assert 'class="num">2</span> из <span class="num">3</span>' in shown
        assert "Итоги</a>" not in shown
        assert "Домашнее задание" not in shown
        assert ">Посещаемость</a>" in shown

    def test_nobody_is_asked_for_homework_of_a_club(self, cast: Cast):
        course = make_club(cast)
        add_lessons(course, places=[(TODAY, 8)], **told(cast))

        day = text_of(cast.client("teacher"), "control:my_day")

        assert "Шахматы" in day
        card = day[day.index("<h2>Шахматы") :]
        assert "отметить отсутствующих" in card[: card.index("</article>")]
        assert "записать задание" not in card[: card.index("</article>")]

    def test_a_lesson_is_added_from_the_register_and_opens_at_once(self, cast: Cast):
        course = make_club(cast)

        answer = cast.client("teacher").post(
            reverse("register:sessions", args=[course.code]), {"on": "2026-11-13", "number": "8"}
        )

        lesson = Lesson.objects.get(course=course)
        assert answer.url == reverse("register:lesson", args=[lesson.code])
        assert cast.client("class_teacher").post(
            reverse("register:sessions", args=[course.code]), {"on": "2026-11-14", "number": "8"}
        ).status_code == 403  # fmt: skip

    def test_the_list_of_registers_is_switched_by_kind(self, cast: Cast):
        make_club(cast)

        lessons = text_of(cast.client("teacher"), "register:courses", query="?kind=CLASS")
        clubs = text_of(cast.client("teacher"), "register:courses", query="?kind=EXTRACURRICULAR")

        assert ("Алгебра" in lessons, "Шахматы" in lessons) == (True, False)
        assert ("Алгебра" in clubs, "Шахматы" in clubs) == (False, True)

    @pytest.mark.parametrize("kind", ["EXTRACURRICULAR", "ADDITIONAL", "EXTENDED_DAY", "ELECTIVE"])
    def test_each_kind_prints(self, cast: Cast, kind: str):
        course = make_club(cast, kind=kind)
        add_lessons(course, places=[(TODAY, 8)], **told(cast))

        answer = cast.client("teacher").get(reverse("register:print", args=[course.code]))

        assert answer["Content-Type"] == "application/pdf"
        assert answer.content[:4] == b"%PDF"

    def test_an_empty_group_prints_too(self, cast: Cast):
        course = groups.create_group(
            cast.year, course_kind="ADDITIONAL", name="Пусто", subject=NewSubject("Пусто"), weekly_hours=Decimal(1),
            teacher=None, starts_on=SINCE, **told(cast),
        )  # fmt: skip

        answer = cast.client("deputy").get(reverse("register:print", args=[course.code]))

        assert answer.content[:4] == b"%PDF"
