"""«Почему?» and «что, если» of a teacher: the page, the panel, and what it makes of a garbled question."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from letopis.ledger.models import Entry
from letopis.register.models import Mark, Task
from letopis.rules.policy import Bar, TermScheme
from tests.cast import Cast
from tests.policy import adopt
from tests.register.test_term_marks import put, text


def address(cast: Cast, pupil: Any) -> str:
    return reverse("register:why", args=[cast.algebra.code, pupil.code])


def ask(cast: Cast, pupil: Any = None, query: str = "", *, member: str = "teacher", **headers: str) -> Any:
    return cast.client(member).get(f"{address(cast, pupil or cast.pupils[0])}{query}", headers=headers)


def test_shows_every_mark_with_its_work_day_and_weight_and_the_formula(cast: Cast):
    put(cast, cast.pupils[0], "5", "4", kind="КР")
    put(cast, cast.pupils[0], "3", lessons=cast.lessons[2:])
    Task.objects.filter(lesson=cast.lessons[0]).update(title="Дроби")

    answer = ask(cast, query="?term=2")

    why = answer.context["why"]
    assert [(mark.value, mark.work, mark.on, mark.weight, mark.brings) for mark in why.marks] == [
        ("5", "Контрольная работа: Дроби", date(2026, 11, 2), 3, "5·3 = 15"),
        ("4", "Контрольная работа", date(2026, 11, 6), 3, "4·3 = 12"),
        ("3", "Устный ответ", date(2026, 11, 9), 1, "3·1 = 3"),
    ]
    assert (why.value, why.mean, why.total, why.total_weight) == ("4", "4,29", "30", 7)
    assert [(fact.title, fact.text) for fact in why.facts] == [
        ("Какие дни", "отметки с 02.11.2026 по 29.12.2026"),
        ("Формула", "(5·3 + 4·3 + 3·1) : 7 ≈ 4,29 (точно 30/7)"),
        ("Точное среднее", "30/7 ≈ 4,29"),
        ("Порог", "порог четвёрки 3,5, порог пятёрки 4,5"),
        ("Накопляемость", "3 отметки, нужно не меньше 5"),
        ("Отметок мало", "отметка предлагается с предупреждением"),
    ]
    assert "политика по умолчанию" in text(answer)


def test_says_which_bar_of_the_school_decided(cast: Cast):
    adopt(cast.organisation, bars=(Bar("5", "2"),))
    put(cast, cast.pupils[0], "5", "5", "5", "5", kind="КР")
    put(cast, cast.pupils[0], "2", lessons=cast.lessons[4:])

    why = ask(cast, query="?term=2").context["why"]

    assert why.value == "4"
    assert [fact.text for fact in why.facts if fact.title == "Что решило"] == [
        "Пятёрка не ставится, если есть 1 двойка (Положение о ведении журнала, № 01-01-20, п. 1)"
    ]


def test_a_taken_away_or_symbol_mark_is_shown_and_does_not_count(cast: Cast):
    put(cast, cast.pupils[0], "5", ".")

    why = ask(cast).context["why"]

    assert [(mark.value, mark.weight, mark.note) for mark in why.marks] == [
        ("5", 1, ""), (".", None, "не отметка: в среднее не входит"),
    ]  # fmt: skip
    assert why.total_weight == 1


def test_what_leads_to_a_five(cast: Cast):
    put(cast, cast.pupils[0], "4", "4", kind="КР")

    answer = ask(cast, query="?wanted=5").context["answer"]

    assert answer.ways[0] == ("две пятёрки (контрольная работа)", "4,50")
    assert answer.answer.words().startswith("До пятёрки ведут: две пятёрки (контрольная работа); или ")


def test_supposed_marks_change_the_result_and_nothing_is_stored(cast: Cast):
    put(cast, cast.pupils[0], "4", "4", kind="КР")
    marks, entries = Mark.objects.count(), Entry.objects.count()

    answer = ask(cast, query="?wanted=5&add=5:КР&value=5&kind=КР")

    assert [one.text for one in answer.context["supposed"]] == ["5:КР", "5:КР"]
    assert (answer.context["answer"].result_sign, answer.context["answer"].result_mean) == ("5", "4,50")
    assert "С этими отметками выйдет 5 , среднее 4,50." in text(answer)
    assert "ничего не записывается" in text(answer)
    assert (Mark.objects.count(), Entry.objects.count()) == (marks, entries)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("?wanted=7", "«7» – не отметка. Выберите одну из шкалы: 5, 4, 3, 2."),
        ("?wanted=" + "я" * 300, "«" + "я" * 20 + "…» – не отметка. Выберите одну из шкалы: 5, 4, 3, 2."),
        ("?add=5", "«5» не понято: выберите отметку (5, 4, 3, 2) и вид работы из списка."),
        ("?add=5:??", "«5:??» не понято: выберите отметку (5, 4, 3, 2) и вид работы из списка."),
        ("?add=5/5/5:КР", "«5/5/5:КР» не понято: выберите отметку (5, 4, 3, 2) и вид работы из списка."),
        ("?value=5", "«5:» не понято: выберите отметку (5, 4, 3, 2) и вид работы из списка."),
        ("?" + "&".join(["add=5:КР"] * 21), "Предположить можно не больше 20 отметок сразу, а названо 21."),
    ],
)  # fmt: skip
def test_a_garbled_question_gets_a_sentence_and_the_explanation_all_the_same(cast: Cast, query: str, sentence: str):
    put(cast, cast.pupils[0], "4", "4", kind="КР")

    answer = ask(cast, query=query)

    assert (answer.status_code, answer.context["answer"].trouble) == (200, sentence)
    assert answer.context["why"].value == "4"


def test_markup_in_the_question_stays_text(cast: Cast):
    answer = ask(cast, query="?wanted=<script>alert(1)</script>&add=<b>:<i>")

    assert b"<script>alert" not in answer.content
    assert b"<b>:<i>" not in answer.content


def test_htmx_gets_the_panel_alone(cast: Cast):
    put(cast, cast.pupils[0], "4")

    panel, page = ask(cast, **{"HX-Request": "true"}).content.decode(), ask(cast).content.decode()

    assert panel.strip().startswith('<div class="why-panel')
    assert "<html" not in panel
    assert "hx-get" in panel
    assert "<html" in page
    assert page.count("hx-get") == 0


def test_who_was_never_in_the_group_is_not_explained(cast: Cast):
    stranger = cast.client("teacher").get(reverse("register:why", args=[cast.english_1.code, cast.pupils[0].code]))
    nobody = ask(cast, cast.year)

    assert (stranger.status_code, nobody.status_code) == (404, 404)


def test_a_subject_of_one_hour_is_explained_by_the_half_year_that_carries_its_mark(cast: Cast):
    adopt(cast.organisation, term_schemes=(TermScheme(period="HALF_YEAR"),))
    put(cast, cast.pupils[0], "4")

    page = ask(cast, query="?term=1").context["page"]

    assert (page.is_of_other_term, page.period.term.number, page.period.first) == (True, 2, date(2026, 9, 1))
    assert [mark.value for mark in page.why.marks] == ["4"]


def test_takes_the_same_queries_whatever_the_marks(cast: Cast):
    client = cast.client("teacher")
    client.get(address(cast, cast.pupils[0]))
    with CaptureQueriesContext(connection) as few:
        client.get(address(cast, cast.pupils[0]))
    put(cast, cast.pupils[0], "4", "5", "3", "2")

    with CaptureQueriesContext(connection) as many:
        client.get(f"{address(cast, cast.pupils[0])}?wanted=5&add=5:КР")

    assert (len(many), len(many) <= 11) == (len(few), True)


def test_the_page_of_term_marks_and_the_panel_of_a_cell_lead_here(cast: Cast):
    put(cast, cast.pupils[0], "4")
    client, task = cast.client("teacher"), cast.lessons[0].tasks.get()

    marks = client.get(reverse("register:term_marks", args=[cast.algebra.code])).content.decode()
    cell = client.get(
        reverse("register:cell", args=[cast.algebra.code]), {"task": task.code, "pupil": cast.pupils[0].code}
    ).content.decode()

    assert f'data-why href="{address(cast, cast.pupils[0])}?term=2"' in marks
    assert f'data-why href="{address(cast, cast.pupils[0])}?term=2"' in cell
