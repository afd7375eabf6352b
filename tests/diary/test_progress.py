"""«Успеваемость»: what a family reads of a child's marks, and what it never reads."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from letopis.ledger.models import Entry
from letopis.register.models import Correction, Mark, TermMark
from tests.cast import TODAY, Cast
from tests.factories import moment
from tests.policy import adopt
from tests.register.test_term_marks import put, text

PAGE = reverse("diary:progress")


def look(cast: Cast, query: str = "", member: str = "mother") -> Any:
    return cast.client(member).get(f"{PAGE}{query}")


def of_algebra(cast: Cast, query: str = "", member: str = "mother", **headers: str) -> Any:
    address = reverse("diary:progress_subject", args=[cast.algebra.subject.code])
    return cast.client(member).get(f"{address}{query}", headers=headers)


def line(answer: Any, subject: str = "Алгебра") -> Any:
    return next(one for one in answer.context["found"].lines if one.subject.name == subject)


@pytest.mark.parametrize("member", ["mother", "pupil"])
def test_shows_marks_the_forecast_with_its_method_and_what_leads_to_a_five(cast: Cast, member: str):
    put(cast, cast.polina, "4", "4", kind="КР")

    answer = look(cast, member=member)

    algebra = line(answer)
    assert ([mark.value for mark in algebra.marks], algebra.mean, algebra.forecast) == (["4", "4"], "4,00", "4")
    assert (algebra.wanted, algebra.ways[0]) == ("пятёрки", "две пятёрки (контрольная работа)")
    assert "он посчитан по отметкам на сегодня," in text(answer)
    assert "Что нужно для пятёрки: две пятёрки (контрольная работа)" in text(answer)


def test_says_nothing_of_other_children(cast: Cast):
    put(cast, cast.polina, "4")
    put(cast, cast.pupils[1], "5", lessons=cast.lessons[1:])

    said = text(look(cast)) + text(of_algebra(cast))

    assert "Белов" not in said
    assert "место" not in said.lower()


def test_a_mark_counts_when_it_is_published(cast: Cast):
    put(cast, cast.polina, "4", "5", kind="КР")
    adopt(cast.organisation, publication="DELAY", publication_delay_minutes=60)
    fresh = Mark.objects.order_by("-pk").first()
    Mark.objects.filter(pk=fresh.pk).update(put_at=moment(TODAY) + timedelta(days=2))
    Mark.objects.exclude(pk=fresh.pk).update(put_at=moment(TODAY) - timedelta(days=2))

    algebra, page = line(look(cast)), of_algebra(cast).context["page"]

    assert (algebra.mean, [mark.value for mark in page.why.marks]) == ("4,00", ["4"])


def test_a_corrected_result_tells_both_values_and_the_reason_once_it_is_published(cast: Cast):
    TermMark.objects.create(
        organisation=cast.organisation, pupil=cast.polina, subject=cast.algebra.subject, term=cast.term, value="4",
        put_at=moment(TODAY - timedelta(days=1)), changes=1,
    )  # fmt: skip
    for pupil, reason in ((cast.polina, "Ошибка при вводе"), (cast.pupils[1], "Чужая ошибка")):
        Correction.objects.create(
            organisation=cast.organisation, kind="TERM_MARK", course=cast.algebra, term=cast.term, pupil=pupil,
            old_value="3", new_value="4", reason=reason, order="приказ № 3", state="APPLIED",
            requested_by=cast.teacher, requested_at=moment(TODAY), decided_at=moment(TODAY - timedelta(days=1)),
        )  # fmt: skip

    assert "исправлено 15.11.2026: 3 → 4 (Ошибка при вводе, приказ № 3)" in text(look(cast))
    assert "Чужая ошибка" not in text(look(cast))
    adopt(cast.organisation, publication="DELAY", publication_delay_minutes=2880)
    assert "исправлено" not in text(look(cast))


def test_on_application_nothing_is_shown_and_it_says_so(cast: Cast):
    put(cast, cast.polina, "4")
    adopt(cast.organisation, publication="ON_APPLICATION")

    answer = look(cast)

    assert line(answer).marks == ()
    assert "Отметки сообщаются семье по заявлению." in text(answer)


def test_a_school_that_hides_the_forecast_shows_marks_alone(cast: Cast):
    put(cast, cast.polina, "4", "4")
    adopt(cast.organisation, forecast_shown=False)

    answer = look(cast)

    algebra = line(answer)
    assert ([mark.value for mark in algebra.marks], algebra.mean, algebra.forecast, algebra.ways) == (
        ["4", "4"], "", "", (),
    )  # fmt: skip
    assert "Прогноз ваша школа в дневнике не показывает" in text(answer)
    assert "data-why" not in answer.content.decode()
    assert of_algebra(cast).status_code == 404


def test_who_refused_the_electronic_form_sees_how_to_change_that(cast: Cast):
    put(cast, cast.polina, "4")

    pages = look(cast, member="father"), of_algebra(cast, member="father")

    assert all("закрыт по вашему решению" in text(page) for page in pages)


def test_a_subject_is_explained_with_the_year_and_supposed_marks(cast: Cast):
    put(cast, cast.polina, "4", "4", kind="КР")
    entries, marks = Entry.objects.count(), Mark.objects.count()

    answer = of_algebra(cast, "?wanted=5&add=5:КР&add=5:КР", member="pupil")

    page = answer.context["page"]
    assert (page.why.forecast_sign, page.what_if.result_sign, page.year_sign) == ("4", "5", "4")
    assert "С этими отметками выйдет 5 , среднее 4,50." in text(answer)
    assert (Entry.objects.count(), Mark.objects.count()) == (entries, marks)


@pytest.mark.parametrize("query", ["?wanted=<b>", "?add=ой", "?value=9&kind=КР", "?term=99&wanted="])
def test_a_garbled_question_still_gets_the_page(cast: Cast, query: str):
    assert of_algebra(cast, query).status_code == 200


@pytest.mark.parametrize("query", ["?pupil=x", "?pupil=00000000-0000-4000-8000-000000000000"])
def test_another_child_is_not_there(cast: Cast, query: str):
    assert (look(cast, query).status_code, of_algebra(cast, query).status_code) == (404, 404)


def test_a_subject_that_the_child_is_not_taught_is_not_there(cast: Cast):
    address = reverse("diary:progress_subject", args=[cast.year.code])

    assert cast.client("mother").get(address).status_code == 404


def test_htmx_gets_the_panel_alone_and_the_week_leads_here(cast: Cast):
    panel = of_algebra(cast, **{"HX-Request": "true"}).content.decode()
    week = cast.client("mother").get(reverse("diary:week")).content.decode()

    assert panel.strip().startswith('<div class="why-panel')
    assert f'href="{PAGE}?pupil={cast.polina.code}"' in week


def test_takes_the_same_queries_whatever_the_marks(cast: Cast):
    client = cast.client("mother")
    client.get(PAGE)
    with CaptureQueriesContext(connection) as few:
        client.get(PAGE)
    put(cast, cast.polina, "4", "5", "3", "2")

    with CaptureQueriesContext(connection) as many:
        client.get(PAGE)

    assert (len(many), len(many) <= 12) == (len(few), True)
