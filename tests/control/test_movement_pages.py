"""Movement by hand: what it does is said first, marks go with the pupil (C-001); home tuition to the statement."""

import html
import re
from datetime import date

import pytest
from django.urls import reverse

from letopis.ledger.models import Entry
from letopis.people.models import Enrolment, Pupil
from letopis.register.access import course_for
from letopis.register.actions.term_marks import set_term_marks
from letopis.register.models import Lesson, Mark, TermMark
from letopis.register.queries.term_marks import term_mark_sheet
from letopis.rules.policy import DEFAULT_POLICY
from letopis.schooling.models import ClassTeacher, Course, CurriculumLine, Membership, Workload
from tests import factories as make
from tests.cast import TODAY, Cast

ON = "2026-11-16"


def text(response) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def page_of(cast: Cast, pupil=None) -> str:
    return reverse("control:pupil", args=[cast.class_8a.code, (pupil or cast.polina).code])


def put(cast: Cast, pupil, lesson, value: str) -> None:
    Mark.objects.create(
        organisation=cast.organisation, task=lesson.tasks.get(), pupil=pupil, value=value, put_at=make.moment(TODAY)
    )


class TestASubgroupIsChangedInMidTerm:
    @pytest.fixture
    def marked(self, cast: Cast) -> Cast:
        """Polina has two marks in the second English group of Mondays gone by."""
        for lesson, value in zip(cast.english_2.lessons.order_by("on")[:2], ("5", "3"), strict=True):
            put(cast, cast.polina, lesson, value)
        return cast

    def move(self, cast: Cast, **changes: str):
        data = {"verb": "group", "group-group": cast.english_1.group.code, "group-on": ON} | changes
        return cast.client("class_teacher").post(page_of(cast), data)

    def test_the_page_says_what_stays(self, marked: Cast):
        shown = text(self.move(marked))

        assert "Накануне закончится: 2 подгруппа." in shown
        assert "2 отметки за этот период останутся видны серым и войдут в предложение итога" in shown
        assert "Иностранный язык (английский) — 2" in shown
        assert not Entry.objects.filter(verb="schooling.move_to_group").exists()

    def test_one_proposal_from_all_marks_and_the_new_teacher_sets_it(self, marked: Cast):
        self.move(marked, confirmed="1")
        lesson = marked.english_1.lessons.get(on=TODAY)
        put(marked, marked.polina, lesson, "4")

        opened = course_for(marked.actor("substitute"), marked.english_1.code)
        sheet = term_mark_sheet(opened, marked.term, terms=[marked.term], policy=DEFAULT_POLICY)
        line = next(one for one in sheet.lines if one.pupil.code == marked.polina.code)

        assert line.proposal.value == "4"
        assert [(mark.value, mark.is_elsewhere) for mark in line.marks] == [("5", True), ("3", True), ("4", False)]
        old = course_for(marked.actor("class_teacher"), marked.english_2.code)
        there = term_mark_sheet(old, marked.term, terms=[marked.term], policy=DEFAULT_POLICY).lines
        assert not next(one for one in there if one.pupil.code == marked.polina.code).pupil.is_present

    def test_the_old_register_keeps_the_marks_in_a_grey_line(self, marked: Cast):
        self.move(marked, confirmed="1")

        grid = marked.client("class_teacher").get(reverse("register:grid", args=[marked.english_2.code]))

        row = next(one for one in grid.content.decode().split("<tr") if str(marked.polina.code) in one)
        assert 'class="gone"' in row
        assert re.search(r"<td[^>]*>5<", row), row
        assert "до 15.11" in row

    def test_it_is_taken_back_from_the_page(self, marked: Cast):
        self.move(marked, confirmed="1")
        assert "смена подгруппы с 16.11.2026" in text(marked.client("class_teacher").get(page_of(marked)))

        answer = marked.client("class_teacher").post(
            page_of(marked), {"verb": "withdraw", "reason": "Не тот"}, follow=True
        )

        assert "Движение отменено" in text(answer)
        assert Membership.objects.get(pupil=marked.polina, group=marked.english_2.group).ends_on is None


def test_a_transfer_names_subjects_that_are_not_taught_there(cast: Cast):
    class_8b = make.make_class(cast.year, 8, "Б")
    group = make.make_group(class_8b, "SUBGROUP", "1 подгруппа")
    make.make_course(make.whole_class(class_8b), cast.russian.subject, teacher=cast.teacher)
    put(cast, cast.polina, cast.lessons[0], "5")
    data = {"verb": "transfer", "transfer-to_class": class_8b.code, "transfer-on": ON, "transfer-order": "№ 1"}

    before = cast.client("clerk").post(page_of(cast), data)
    cast.client("clerk").post(page_of(cast), data | {"confirmed": "1", "subgroup-1": group.code})

    assert "В 8Б не преподают: Алгебра" in text(before)
    assert "1 отметка за этот период останется видна серым" in text(before)
    assert "Подгруппа в новом классе" in text(before)
    stays = Membership.objects.filter(pupil=cast.polina, ends_on=None).values_list("group__name", flat=True)
    assert set(stays) == {"8Б", "1 подгруппа"}


def test_a_refusal_is_said_before_the_confirmation(cast: Cast):
    data = {"verb": "leave", "leave-on": "2026-09-01", "leave-reason": "Переезд", "leave-order": "№ 1"}

    shown = text(cast.client("director").post(page_of(cast), data))

    assert "перевод и выбытие возможны со следующего дня" in shown
    assert "Что произойдёт" not in shown


def test_who_left_comes_back_by_withdrawal(cast: Cast):
    data = {"verb": "leave", "leave-on": ON, "leave-reason": "Переезд", "leave-order": "№ 1", "confirmed": "1"}
    cast.client("clerk").post(page_of(cast), data)
    assert Enrolment.objects.get(pupil=cast.polina).ends_on == date(2026, 11, 15)

    assert "выбытие из школы с 16.11.2026" in text(cast.client("clerk").get(page_of(cast)))
    assert "выбытие" not in text(cast.client("class_teacher").get(page_of(cast)))
    cast.client("clerk").post(page_of(cast), {"verb": "withdraw"})

    assert Enrolment.objects.get(pupil=cast.polina).ends_on is None


class TestArrival:
    DATA = {
        "verb": "new", "last_name": "Новикова", "first_name": "Алёна", "middle_name": "", "sex": "F",
        "born_on": "2012-05-04", "book_number": "Н-1", "on": ON, "form": "FULL_TIME", "order": "Приказ № 20",
    }  # fmt: skip

    def test_a_new_pupil_is_put_into_the_class_with_a_subgroup(self, cast: Cast):
        page = reverse("control:enrol", args=[cast.class_8a.code])
        answer = cast.client("clerk").post(page, self.DATA | {"groups": [cast.english_1.group.code]}, follow=True)

        assert "Зачисление записано: Новикова Алёна." in text(answer)
        pupil = Pupil.objects.get(book_number="Н-1")
        assert set(Membership.objects.filter(pupil=pupil).values_list("group__name", flat=True)) == {
            "8А",
            "1 подгруппа",
        }

    def test_two_subgroups_of_one_subject_are_refused(self, cast: Cast):
        groups = [cast.english_1.group.code, cast.english_2.group.code]
        page = reverse("control:enrol", args=[cast.class_8a.code])

        assert "две подгруппы одного предмета" in text(cast.client("clerk").post(page, self.DATA | {"groups": groups}))
        assert not Pupil.objects.filter(book_number="Н-1").exists()

    def test_one_of_the_book_comes_back(self, cast: Cast):
        back = make.make_pupil(cast.organisation, "Вернулся Пётр Ильич")
        data = {"verb": "known", "pupil": back.code, "on": ON, "form": "FULL_TIME", "order": "Приказ № 21"}

        cast.client("deputy").post(reverse("control:enrol", args=[cast.class_8a.code]), data)

        assert Membership.objects.get(pupil=back).group.name == "8А"


class TestStaff:
    def test_a_course_goes_to_another_teacher_after_a_look(self, cast: Cast):
        page = reverse("control:give_course", args=[cast.algebra.code])
        data = {"teacher": cast.substitute.code, "starts_on": "2026-11-20", "order": "Приказ № 30"}

        before = cast.client("deputy").post(page, data)
        after = cast.client("deputy").post(page, data | {"confirmed": "1"}, follow=True)

        assert "Непроведённых занятий с этого дня: 3" in text(before)
        assert "Учитель назначен" in text(after)
        assert Workload.objects.get(course=cast.algebra, ends_on=None).teacher == cast.substitute
        assert set(cast.algebra.lessons.filter(on__gte="2026-11-20").values_list("teacher", flat=True)) == {
            cast.substitute.pk
        }

    def test_the_level_of_a_subject_is_said_for_a_class(self, cast: Cast):
        page = reverse("control:give_course", args=[cast.algebra.code])

        for _time in range(2):
            cast.client("deputy").post(page, {"verb": "level", "level": "ADVANCED"})

        assert Course.objects.get(pk=cast.algebra.pk).level == "ADVANCED"
        assert Entry.objects.filter(verb="schooling.set_level").count() == 1
        shown = text(cast.client("deputy").get(reverse("control:class_teachers", args=[cast.class_8a.code])))
        assert "Алгебра · углублённый" in shown

    def test_a_class_teacher_is_appointed(self, cast: Cast):
        page = reverse("control:leader", args=[cast.class_8a.code])

        cast.client("director").post(page, {"teacher": cast.teacher.code, "starts_on": ON, "order": "Приказ № 31"})

        assert ClassTeacher.objects.get(school_class=cast.class_8a, ends_on=None).employee == cast.teacher
        shown = text(cast.client("director").get(reverse("control:class_teachers", args=[cast.class_8a.code])))
        assert "Копылова Мария Андреевна" in shown

    def test_combined_classes_are_one_slot_of_the_day(self, cast: Cast):
        history = make.make_course(
            make.whole_class(cast.class_7a), make.make_subject(cast.organisation, "История"), teacher=cast.teacher
        )
        lesson = Lesson.objects.create(
            organisation=cast.organisation, course=history, on=TODAY, number=2, teacher=cast.teacher
        )
        day = reverse("control:my_day")
        apart = cast.client("teacher").get(day).content.decode().count("<article")

        page = reverse("control:combined")
        classes = [cast.class_7a.code, cast.class_8a.code]
        assert "7А + 8А" in text(cast.client("deputy").post(page, {"classes": classes}, follow=True))

        together = cast.client("teacher").get(day).content.decode()
        assert (apart, together.count("<article")) == (2, 1)
        assert reverse("register:lesson", args=[lesson.code]) in together
        assert reverse("register:lesson", args=[cast.today_lesson.code]) in together
        cast.client("deputy").post(page, {"verb": "separate", "name": "7А + 8А"})
        assert cast.client("teacher").get(day).content.decode().count("<article") == 2

    def test_a_class_of_another_school_is_not_combined(self, cast: Cast):
        foreign = make.make_class(make.make_year(cast.users["foreign_teacher"].person.organisation), 9, "А")

        answer = cast.client("deputy").post(
            reverse("control:combined"), {"classes": [cast.class_8a.code, foreign.code]}
        )

        assert answer.status_code == 200
        cast.class_8a.refresh_from_db()
        assert cast.class_8a.combined == ""


class TestHomeTuitionFromTheOrderToTheStatement:
    def go_home(self, cast: Cast) -> None:
        data = {"verb": "form", "form-form": "HOME", "form-on": "2026-11-03", "form-order": "Приказ № 40"}
        assert "составьте индивидуальный план" in text(cast.client("clerk").post(page_of(cast), data)).casefold()
        cast.client("clerk").post(page_of(cast), data | {"confirmed": "1"})

    def plan(self, cast: Cast) -> Course:
        page = reverse("control:plan", args=[cast.class_8a.code, cast.polina.code])
        data = {
            "verb": "set", "subject": cast.algebra.subject.code, "weekly_hours": "1", "level": "BASIC",
            "teacher": cast.teacher.code, "starts_on": "2026-11-03", "order": "Приказ № 40",
        }  # fmt: skip
        cast.client("deputy").post(page, data)
        return Course.objects.get(kind="HOME_TUITION")

    def test_the_whole_way(self, cast: Cast):
        self.go_home(cast)
        course = self.plan(cast)
        assert CurriculumLine.objects.get(pupil=cast.polina).order == "Приказ № 40"
        teacher = cast.client("teacher")
        sessions = reverse("register:sessions", args=[course.code])

        for day in ("2026-11-05", "2026-11-12"):
            teacher.post(sessions, {"on": day, "number": "8"})
        for lesson, value in zip(course.lessons.order_by("on"), ("5", "4"), strict=True):
            cells = [{"task": str(lesson.tasks.get().code), "pupil": str(cast.polina.code), "seen": "", "text": value}]
            answer = teacher.post(
                reverse("register:cells", args=[course.code]), {"cells": cells}, content_type="application/json"
            )
            assert answer.status_code == 200
        opened = course_for(cast.actor("teacher"), course.code)
        set_term_marks(opened, term=cast.term, values={cast.polina.code: "5"}, seen={}, at=make.moment(TODAY))

        shown = text(teacher.get(sessions))
        assert ("05.11.2026" in shown, " 5 " in shown, " 4 " in shown) == (True, True, True)
        assert TermMark.objects.get(pupil=cast.polina).subject == cast.algebra.subject
        page = cast.client("deputy").get(reverse("attestation:statement", args=[cast.class_8a.code]))
        row = next(one for one in page.content.decode().split("<tr") if "Ершова Полина" in one)
        assert " 5" in text_of_row(row)

    def test_no_duties_on_the_pages_of_the_class(self, cast: Cast):
        self.go_home(cast)
        self.plan(cast)

        lesson = cast.client("teacher").get(reverse("register:lesson", args=[cast.today_lesson.code]))

        assert "Ершова" not in lesson.content.decode()

    def test_the_register_of_one_pupil_prints_with_room_for_the_parent(self, cast: Cast):
        self.go_home(cast)
        course = self.plan(cast)
        cast.client("teacher").post(
            reverse("register:sessions", args=[course.code]), {"on": "2026-11-05", "number": "8"}
        )

        answer = cast.client("teacher").get(reverse("register:print", args=[course.code]))

        assert answer.content[:4] == b"%PDF"

    def test_a_subject_is_taken_off_the_plan(self, cast: Cast):
        self.go_home(cast)
        self.plan(cast)
        page = reverse("control:plan", args=[cast.class_8a.code, cast.polina.code])
        data = {"verb": "end", "subject": cast.algebra.subject.code, "on": ON, "order": "Приказ № 50"}

        assert "Предмет снят с плана" in text(cast.client("deputy").post(page, data, follow=True))
        assert cast.client("class_teacher").post(page, data).status_code == 403


def text_of_row(row: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", row).split())
