"""The pages of corrections, and where a correction is shown: grid, panel, lesson, term marks, diary, print."""

import html
import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from letopis.core.typst import render
from letopis.register.access.corrections import Asked, correction_for, target_for
from letopis.register.actions.corrections import approve_correction, request_correction
from letopis.register.models import Attendance, Correction, Mark, PeriodClosing, TermMark
from letopis.register.packages.changes import changes_table, printed_changes, register_subjects
from letopis.register.packages.facts import load_facts
from letopis.register.prints.corrections import correction_act
from letopis.register.queries.corrections import CorrectionFilter, correction_list
from tests.cast import TODAY, Cast
from tests.factories import moment
from tests.policy import adopt

AT = moment(TODAY)
MONDAY = date(2026, 11, 2)


@pytest.fixture
def shut(cast: Cast) -> Cast:
    adopt(cast.organisation, edit_window_days=3)
    Mark.objects.create(
        organisation=cast.organisation, task=cast.lessons[0].tasks.get(), pupil=cast.polina, value="3",
        put_at=moment(MONDAY), put_by=cast.teacher,
    )  # fmt: skip
    return cast


def cell_of(cast: Cast) -> str:
    return f"task={cast.lessons[0].tasks.get().code}&pupil={cast.polina.code}"


def ask_url(cast: Cast, more: str = "") -> str:
    return f"{reverse('register:ask_correction')}?{cell_of(cast)}{more}"


def asked(cast: Cast, text: str = "4", kind: str = "MARK") -> Correction:
    one = Asked(kind=kind, task=cast.lessons[0].tasks.get().code, pupil=cast.polina.code)
    return request_correction(target_for(cast.actor("teacher"), one), text=text, reason="Ошибка при вводе", at=AT)


def applied(cast: Cast, text: str = "4", kind: str = "MARK") -> Correction:
    return approve_correction(cast.actor("deputy"), asked(cast, text, kind), order="№ 15 от 16.11.2026", at=AT)


def text(response) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def test_a_teacher_asks_for_the_cell_with_what_he_typed(shut):
    client = shut.client("teacher")
    page = client.get(ask_url(shut, "&value=4"))
    assert 'value="4"' in page.content.decode()
    assert "Изменять занятие можно было до 05.11.2026" in text(page)
    sent = client.post(ask_url(shut), {"value": "4", "reason": "Ошибка при вводе"}, follow=True)
    assert "Просьба записана" in text(sent)
    assert "Было 3 Должно быть 4" in text(sent)


def test_a_typed_absence_asks_for_attendance(shut):
    Mark.objects.all().delete()
    page = shut.client("teacher").get(ask_url(shut, "&value=н")).content.decode()
    assert '<option value="ABSENT" selected>' in page


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"value": "9", "reason": "Ошибка"}, "Отметки «9» нет в шкале"),
        ({"value": "4", "reason": ""}, "Обязательное поле"),
        ({"value": "3", "reason": "Ошибка"}, "В журнале это и стоит"),
    ],
)
def test_a_refused_request_keeps_what_was_typed(shut, data, sentence):
    page = shut.client("teacher").post(ask_url(shut), data)
    assert page.status_code == 409
    assert sentence in text(page)
    assert not Correction.objects.exists()


@pytest.mark.parametrize("query", ["", "?kind=NONSENSE", "?task=1", "?kind=TERM_MARK&term=9", "?kind=TOPIC&lesson=x"])
def test_garbage_in_the_address_is_not_found(shut, query):
    assert shut.client("teacher").get(reverse("register:ask_correction") + query).status_code == 404


def test_the_deputy_approves_on_the_page_of_the_request(shut):
    row = asked(shut)
    client, page = shut.client("deputy"), reverse("register:correction", args=[row.code])
    assert "Разрешить и исправить" in text(client.get(page))
    done = client.post(reverse("register:approve_correction", args=[row.code]), {"order": "№ 15"}, follow=True)
    assert "Исправлено. Оба значения остались в журнале." in text(done)
    assert "Было 3 Стало 4" in text(done)
    assert "приказ № 15" in text(done)


def test_a_conflict_is_shown_before_and_after_the_button(shut):
    row = asked(shut)
    Mark.objects.update(value="5")
    client = shut.client("deputy")
    assert "сейчас там «5»" in text(client.get(reverse("register:correction", args=[row.code])))
    refused = client.post(reverse("register:approve_correction", args=[row.code]))
    assert (refused.status_code, "Ничего не исправлено" in text(refused)) == (409, True)


def test_a_decline_without_a_reason_keeps_the_order_typed(shut):
    row = asked(shut)
    refused = shut.client("deputy").post(reverse("register:decline_correction", args=[row.code]), {"order": "№ 8"})
    assert refused.status_code == 409
    assert 'value="№ 8"' in refused.content.decode()


def test_the_list_is_filtered_by_the_address(shut):
    row = asked(shut)
    shown = reverse("register:correction", args=[row.code])
    deputy = shut.client("deputy")
    url = reverse("register:corrections")
    for query, holds in (
        ("", True), ("?state=done", False), ("?state=all&kind=TOPIC", False), ("?q=ершова", True), ("?q=белов", False),
        ("?mine=1", False), (f"?class={shut.class_8a.code}", True), (f"?class={shut.class_7a.code}", False),
    ):  # fmt: skip
        assert (shown in deputy.get(url + query).content.decode()) is holds, query
    assert shown in shut.client("teacher").get(f"{url}?mine=1").content.decode()
    assert correction_list(shut.actor("substitute"), CorrectionFilter(state="all")).count() == 0


def test_the_list_takes_the_same_number_of_queries_for_one_and_ten_requests(shut):
    client, counts = shut.client("deputy"), []
    asked(shut)
    client.get(reverse("register:corrections"))
    for more in (0, 9):
        for number in range(more):
            Correction.objects.create(
                organisation=shut.organisation, kind="TOPIC", course=shut.algebra, lesson=shut.lessons[number % 5],
                new_value="Корни", reason="Ошибка", requested_by=shut.teacher, requested_at=AT,
            )  # fmt: skip
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("register:corrections"))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 6


def test_the_waiting_ones_are_counted_for_who_approves_alone(shut):
    asked(shut)
    url = reverse("register:courses")
    assert "Исправления 1 ждут решения" in text(shut.client("deputy").get(url))
    assert "ждут решения" not in text(shut.client("teacher").get(url))


def test_both_values_stand_in_the_panel_on_the_lesson_and_in_the_grid(shut):
    applied(shut)
    client = shut.client("teacher")
    panel = text(client.get(f"{reverse('register:cell', args=[shut.algebra.code])}?{cell_of(shut)}&term=2"))
    said = "исправлено 16.11.2026: 3 → 4 · Ошибка при вводе · просит Копылова М. А. · разрешает Хабибуллина Д. Т."
    assert said in panel
    assert "приказ № 15 от 16.11.2026" in panel
    assert "Попросить исправление" in panel
    lesson = text(client.get(reverse("register:lesson", args=[shut.lessons[0].code])))
    assert f"Ершова П. С., отметка: {said}" in lesson
    grid = client.get(f"{reverse('register:grid', args=[shut.algebra.code])}?term=2").content.decode()
    assert '<td class="corrected locked">4</td>' in grid


def test_a_corrected_attendance_has_the_corner_too(shut):
    Mark.objects.all().delete()
    applied(shut, "н", "ATTENDANCE")
    grid = shut.client("teacher").get(f"{reverse('register:grid', args=[shut.algebra.code])}?term=2").content.decode()
    assert '<td class="absent corrected locked">н</td>' in grid


def test_a_corrected_term_mark_is_told_beside_it(cast):
    PeriodClosing.objects.create(
        organisation=cast.organisation, term=cast.term, school_class=cast.class_8a, closed_by=cast.teacher, closed_at=AT
    )
    TermMark.objects.create(
        organisation=cast.organisation, pupil=cast.polina, subject=cast.algebra.subject, term=cast.term, value="3",
        put_at=AT,
    )  # fmt: skip
    url, client = reverse("register:term_marks", args=[cast.algebra.code]), cast.client("teacher")
    page = client.get(f"{url}?term=2")
    assert "Период закрыт 16.11.2026" in text(page)
    assert "kind=TERM_MARK" in page.content.decode()
    one = Asked(kind="TERM_MARK", course=cast.algebra.code, term="2", pupil=cast.polina.code)
    row = request_correction(target_for(cast.actor("teacher"), one), text="4", reason="Пересчитана", at=AT)
    approve_correction(cast.actor("director"), row, order="№ 9", at=AT)
    assert "исправлено 16.11.2026: 3 → 4 · Пересчитана" in text(client.get(f"{url}?term=2"))


def test_the_family_reads_the_correction_of_its_own_child_with_the_reason(shut):
    applied(shut)
    url = f"{reverse('diary:week')}?week=2026-11-02"
    said = "Исправлено 16.11.2026: 3 → 4 (Ошибка при вводе, приказ № 15 от 16.11.2026)"
    assert said in text(shut.client("mother").get(url))
    assert "Ошибка при вводе" not in text(shut.client("other_parent").get(url))


def test_a_school_may_keep_corrections_from_families(shut):
    applied(shut)
    adopt(shut.organisation, on=date(2026, 11, 16), corrections_shown_to_families=False)
    page = text(shut.client("mother").get(f"{reverse('diary:week')}?week=2026-11-02"))
    assert "Ошибка при вводе" not in page


def test_the_act_is_printed_with_both_values_and_the_order(shut):
    row = correction_for(shut.actor("deputy"), applied(shut).code)
    data = correction_act(row, on=TODAY)
    assert (data["old"], data["new"], data["order"], data["is_done"]) == ("3", "4", "приказ № 15 от 16.11.2026", True)
    assert render(("register", "correction_act", TODAY), data, issued_on=TODAY).startswith(b"%PDF")
    response = shut.client("teacher").get(reverse("register:correction_pdf", args=[row.code]))
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")


def test_the_printed_changes_of_a_class_name_the_order(shut):
    applied(shut)
    facts = load_facts(shut.class_8a)
    table = changes_table(register_subjects(facts), moments=facts.moments)
    rows = printed_changes(shut.class_8a, table, on=TODAY)["rows"]
    assert any("приказ № 15 от 16.11.2026" in row[-1] and row[-3:-1] == ["3", "4"] for row in rows)


def test_an_absence_reason_is_no_matter_of_corrections(shut):
    Attendance.objects.create(
        organisation=shut.organisation, lesson=shut.lessons[1], pupil=shut.polina, event="ABSENT", put_at=AT
    )
    url = f"{reverse('register:ask_correction')}?kind=REASON&lesson={shut.lessons[1].code}&pupil={shut.polina.code}"
    assert shut.client("class_teacher").get(url).status_code == 404
