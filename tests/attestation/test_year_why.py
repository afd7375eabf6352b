"""«Почему?» and «что, если» of a year mark."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from letopis.attestation.models import YearMark
from tests.attestation.results import set_quarter, text
from tests.cast import Cast
from tests.register.test_term_marks import put


def address(cast: Cast) -> str:
    return reverse("attestation:year_why", args=[cast.algebra.code, cast.pupils[0].code])


def ask(cast: Cast, query: str = "", **headers: str) -> Any:
    return cast.client("teacher").get(f"{address(cast)}{query}", headers=headers)


def test_shows_the_marks_of_the_terms_and_where_the_year_leads(cast: Cast):
    set_quarter(cast, 1, cast.algebra.subject, ["4"])
    put(cast, cast.pupils[0], "5", "5", kind="КР")

    answer = ask(cast)

    page = answer.context["page"]
    assert [(one.term.number, one.sign, one.is_running) for one in page.terms] == [
        (1, "4", False), (2, "", True), (3, "", False), (4, "", False),
    ]  # fmt: skip
    assert (page.proposed_sign, page.current, page.forecast_sign) == ("", "5", "5")
    assert "1 отметка за периоды, а нужно не меньше 2" in text(answer)
    assert "(4 + 5) : 2 = 4,50" in text(answer)


def test_what_leads_to_a_mark_and_what_supposed_terms_give(cast: Cast):
    set_quarter(cast, 1, cast.algebra.subject, ["3"])
    set_quarter(cast, 2, cast.algebra.subject, ["3"])

    answer = ask(cast, "?wanted=4&t3=5&t4=2")

    page = answer.context["page"]
    assert page.result_sign == "3"
    assert "С этими отметками за год выйдет 3 :" in text(answer)
    assert ask(cast, "?wanted=4").context["page"].ways.words() == (
        "До четвёрки за год ведут отметки за оставшиеся периоды: 5 и 3; или 4 и 4."
    )
    assert not YearMark.objects.exists()


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("?wanted=9", "«9» – не отметка. Выберите одну из шкалы: 5, 4, 3, 2."),
        ("?t3=<b>", "«<b>» – не отметка. Выберите одну из шкалы: 5, 4, 3, 2."),
        ("?t99=5&t=5&tx=1", ""),
    ],
)
def test_a_garbled_question_gets_a_sentence(cast: Cast, query: str, sentence: str):
    answer = ask(cast, query)

    assert (answer.status_code, answer.context["page"].trouble) == (200, sentence)
    assert b"<b>\xc2\xbb" not in answer.content


def test_a_term_that_is_set_cannot_be_supposed_away(cast: Cast):
    set_quarter(cast, 1, cast.algebra.subject, ["3"])

    assert ask(cast, "?t1=5").context["page"].result is None


def test_htmx_gets_the_panel_and_the_page_of_year_marks_leads_here(cast: Cast):
    panel = ask(cast, **{"HX-Request": "true"}).content.decode()
    page = cast.client("teacher").get(reverse("attestation:year_marks", args=[cast.algebra.code])).content.decode()

    assert panel.strip().startswith('<div class="why-panel')
    assert f'data-why href="{address(cast)}"' in page


def test_takes_the_same_queries_whatever_the_marks(cast: Cast):
    client = cast.client("teacher")
    client.get(address(cast))
    with CaptureQueriesContext(connection) as few:
        client.get(address(cast))
    put(cast, cast.pupils[0], "4", "5", "3")
    set_quarter(cast, 1, cast.algebra.subject, ["3", "4", "5"])

    with CaptureQueriesContext(connection) as many:
        client.get(f"{address(cast)}?wanted=5&t3=5")

    assert (len(many), len(many) <= 13) == (len(few), True)
