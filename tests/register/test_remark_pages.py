"""Pages of remarks: the list, one remark, a new one, the review of a course, the sheet and the table."""

import csv
import io
import subprocess
from datetime import date, timedelta
from shutil import which
from typing import Any

import pytest
from django.urls import reverse

from letopis.register.models import PageReview, Remark
from tests import factories as make
from tests.cast import TODAY, Cast

AT = make.moment(TODAY)
PUT = reverse("register:new_remark")
LIST = reverse("register:remarks")


def remark(cast: Cast, **said: Any) -> Remark:
    deputy = cast.actor("deputy").employee_id
    values = {
        "course": cast.algebra, "teacher": cast.teacher, "text": "Не записана тема", "due_on": TODAY, "made_at": AT,
        "made_by_id": deputy,
    }  # fmt: skip
    return Remark.objects.create(organisation=cast.organisation, **(values | said))


def page(cast: Cast, member: str, address: str) -> str:
    answer = cast.client(member).get(address)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def one(row: Remark) -> str:
    return reverse("register:remark", args=[row.code])


def test_a_deputy_puts_a_remark_with_the_term_of_the_policy(cast: Cast):
    address = f"{PUT}?lesson={cast.today_lesson.code}&pupil={cast.polina.code}"
    assert 'value="2026-11-19"' in page(cast, "deputy", address)
    asked = {"lesson": cast.today_lesson.code, "pupil": cast.polina.code, "text": "Отметка без вида работы"}
    answer = cast.client("deputy").post(PUT, asked)

    row = Remark.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, one(row))
    assert (row.pupil, row.lesson, row.due_on) == (cast.polina, cast.today_lesson, date(2026, 11, 19))


def test_a_refusal_keeps_what_was_typed(cast: Cast):
    asked = {"course": cast.algebra.code, "text": "Нет темы", "due": "2026-11-01"}
    answer = cast.client("deputy").post(PUT, asked)

    assert answer.status_code == 422
    assert "Срок 01.11.2026 уже прошёл" in answer.content.decode()
    assert "Нет темы</textarea>" in answer.content.decode()
    assert not Remark.objects.exists()


@pytest.mark.parametrize("named", ["lesson", "course", "class", "pupil", "none"])
def test_what_does_not_exist_is_not_found(cast: Cast, named):
    for value in ("garbage", "00000000-0000-4000-8000-000000000000"):
        assert cast.client("deputy").get(f"{PUT}?{named}={value}").status_code == 404


def test_the_way_of_a_remark_through_the_page(cast: Cast):
    row = remark(cast)
    teacher, deputy = cast.client("teacher"), cast.client("deputy")
    said = [
        teacher.post(one(row), {"do": "answer", "answer": "Записала"}, follow=True),
        deputy.post(one(row), {"do": "return", "note": "Нет числа", "due": "2026-11-20"}, follow=True),
        teacher.post(one(row), {"do": "answer", "answer": "С числом"}, follow=True),
        deputy.post(one(row), {"do": "confirm"}, follow=True),
    ]

    row.refresh_from_db()
    assert (row.state, row.answer, row.due_on) == ("CONFIRMED", "С числом", date(2026, 11, 20))
    text = said[-1].content.decode()
    assert all(words in text for words in ("Устранение подтверждено.", "Нет числа", "Записала", "С числом"))


@pytest.mark.parametrize("verb", ["confirm", "return", "withdraw", "term"])
def test_a_teacher_does_nothing_of_the_control(cast: Cast, verb):
    row = remark(cast)

    assert cast.client("teacher").post(one(row), {"do": verb}).status_code == 403


def test_the_list_is_narrowed_by_the_address(cast: Cast):
    remark(cast, text="Поздняя запись", due_on=TODAY - timedelta(days=2))
    remark(cast, text="Без темы")
    remark(cast, text="Готовая", state="CONFIRMED", duty="TOPIC:1", made_by_id=None)
    remark(cast, course=cast.russian, teacher=cast.class_teacher, text="По русскому", state="REMOVED")
    wanted = {
        "": {"Поздняя запись", "Без темы", "По русскому"},
        "?state=overdue": {"Поздняя запись"},
        "?state=CONFIRMED": {"Готовая"},
        "?state=all": {"Поздняя запись", "Без темы", "По русскому", "Готовая"},
        f"?teacher={cast.class_teacher.code}": {"По русскому"},
        f"?subject={cast.algebra.subject.code}&q=тЕМы": {"Без темы"},
        "?class=7А": set(),
        "?state=all&made=automatic": {"Готовая"},
        "?made=own": {"Поздняя запись", "Без темы", "По русскому"},
        "?state=all&last=2026-11-15": set(),
        "?state=всё&teacher=x&subject=y&first=z": set(),
    }
    everything = {"Поздняя запись", "Без темы", "По русскому", "Готовая"}

    for query, shown in wanted.items():
        text = page(cast, "deputy", LIST + query)
        assert {words for words in everything if words in text} == shown, query
    assert "просрочено, дней: 2" in page(cast, "deputy", LIST)


def test_a_teacher_lists_his_own_and_sees_others_on_the_page_of_his_course(cast: Cast):
    remark(cast)
    remark(cast, course=cast.russian, teacher=cast.class_teacher, text="По русскому")

    assert "По русскому" not in page(cast, "teacher", LIST)
    assert "Не записана тема" in page(cast, "teacher", LIST)
    review = reverse("register:review", args=[cast.algebra.code])
    assert "Не записана тема" in page(cast, "class_teacher", review)


def test_the_pages_of_the_register_tell_of_remarks_and_lead_to_a_new_one(cast: Cast):
    remark(cast, lesson=cast.today_lesson)
    grid = reverse("register:grid", args=[cast.algebra.code])
    lesson = reverse("register:lesson", args=[cast.today_lesson.code])
    task = cast.today_lesson.tasks.get()
    cell = reverse("register:cell", args=[cast.algebra.code]) + f"?task={task.code}&pupil={cast.polina.code}"

    assert '<span class="count">1' in page(cast, "teacher", grid)
    assert "Замечания <span" in page(cast, "teacher", lesson)
    assert f"{PUT}?lesson={cast.today_lesson.code}" in page(cast, "deputy", lesson)
    assert f"?lesson={cast.today_lesson.code}&amp;pupil={cast.polina.code}" in page(cast, "deputy", cell)
    assert PUT not in page(cast, "teacher", lesson) + page(cast, "teacher", cell)


def test_the_control_marks_a_journal_as_checked(cast: Cast):
    address = reverse("register:review", args=[cast.algebra.code])
    answer = cast.client("deputy").post(address, {"note": "Темы записаны"}, follow=True)

    assert "Записано: журнал проверен." in answer.content.decode()
    assert PageReview.objects.get().note == "Темы записаны"
    assert "Темы записаны" in page(cast, "teacher", address)
    assert cast.client("teacher").post(address).status_code == 403


def test_the_table_opens_in_a_spreadsheet_and_holds_no_formula(cast: Cast):
    remark(cast, text="=1+1")
    answer = cast.client("deputy").get(reverse("register:remarks_csv"))
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))

    assert rows[1][:8] == [
        "16.11.2026", "8А", "Алгебра", "", "Копылова М. А.", "'=1+1", "16.11.2026", "Хабибуллина Д. Т.",
    ]  # fmt: skip


@pytest.mark.parametrize("address", [reverse("register:remarks_pdf"), "course"])
@pytest.mark.skipif(not which("pdftotext"), reason="pdftotext is not installed")
def test_the_sheet_is_printed(cast: Cast, address):
    remark(cast, lesson=cast.today_lesson)
    PageReview.objects.create(
        organisation=cast.organisation, course=cast.algebra, reviewed_on=TODAY, made_at=AT, note="Проверены темы",
        reviewed_by_id=cast.actor("deputy").employee_id,
    )  # fmt: skip
    address = reverse("register:review_pdf", args=[cast.algebra.code]) if address == "course" else address
    answer = cast.client("deputy").get(address)

    assert answer["Content-Type"] == "application/pdf"
    command = ["pdftotext", "-raw", "-", "-"]
    found = subprocess.run(command, input=answer.content, capture_output=True, check=True).stdout.decode()
    text = " ".join(found.split())
    assert all(words in text for words in ("Замечания по ведению журнала", "Проверены темы", "Не записана тема"))


@pytest.mark.parametrize("address", [LIST, "review"])
def test_the_number_of_queries_does_not_grow(cast: Cast, django_assert_num_queries, address):
    address = reverse("register:review", args=[cast.algebra.code]) if address == "review" else address
    queries = 5 if "review" in address else 3
    client = cast.client("deputy")
    remark(cast)
    with django_assert_num_queries(queries):
        client.get(address)

    for number in range(8):
        remark(cast, text=f"Замечание {number}", lesson=cast.lessons[number % 3], pupil=cast.polina)
    with django_assert_num_queries(queries):
        client.get(address)


def test_the_sheet_of_a_course_asks_no_more_queries_for_more_reviews(cast: Cast, django_assert_num_queries):
    deputy = cast.actor("deputy").employee_id
    for day in range(12):
        PageReview.objects.create(
            organisation=cast.organisation, course=cast.english_1, reviewed_on=TODAY - timedelta(days=day), made_at=AT,
            reviewed_by_id=deputy,
        )  # fmt: skip
        remark(cast, course=cast.english_1, text=f"Замечание {day}")
    client = cast.client("deputy")
    with django_assert_num_queries(5):
        client.get(reverse("register:review_pdf", args=[cast.english_1.code]))
