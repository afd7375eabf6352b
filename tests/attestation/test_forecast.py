"""The forecast and the rating of a class."""

import csv
import io
from fractions import Fraction
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from letopis.rules.forecast_risks import FEW, NEAR, TWO
from letopis.rules.policy import MarksNorm
from tests import factories as make
from tests.attestation.results import set_quarter, set_year, text
from tests.cast import Cast
from tests.policy import adopt
from tests.register.test_term_marks import put


def show(cast: Cast, query: str = "", member: str = "class_teacher") -> Any:
    return cast.client(member).get(reverse("attestation:forecast", args=[cast.class_8a.code]) + query)


def cells(found: Any, subject: str) -> dict[str, Any]:
    at = [one.name for one in found.subjects].index(subject)
    return {line.pupil.name.split()[0]: line.cells[at] for line in found.lines}


@pytest.fixture
def marks(cast: Cast) -> None:
    # Almost a quarter of the term is over, so that two of these nine are due by now.
    adopt(cast.organisation, minimum_marks=(MarksNorm(9),))
    put(cast, cast.pupils[0], "2", "2")
    put(cast, cast.pupils[1], "4", "5", kind="КР")
    put(cast, cast.pupils[2], "5")
    put(cast, cast.pupils[3], "4", "4")


@pytest.mark.usefixtures("marks")
def test_shows_the_forecast_and_who_needs_a_look(cast: Cast):
    found = show(cast).context["found"]

    algebra = cells(found, "Алгебра")
    assert {name: (cell.sign, cell.shown_mean, list(cell.risks)) for name, cell in algebra.items()} == {
        "Антонова": ("2", "2,00", [TWO, NEAR]),
        "Белов": ("5", "4,50", []),
        "Ёлкин": ("5", "5,00", [FEW]),
        "Ершова": ("4", "4,00", [NEAR]),
        "Журавлёв": ("", "", [FEW]),
        "Зимина": ("", "", [FEW]),
    }
    assert (found.period.term.number, found.counts[TWO], found.counts[NEAR]) == (2, 1, 2)


@pytest.mark.usefixtures("marks")
def test_a_set_mark_stands_and_only_a_two_is_still_a_risk(cast: Cast):
    set_quarter(cast, 2, cast.algebra.subject, ["2", "4", "NOT_ATTESTED"])

    algebra = cells(show(cast).context["found"], "Алгебра")

    both = [algebra["Антонова"], algebra["Белов"]]
    assert [(cell.sign, cell.is_set, list(cell.risks)) for cell in both] == [("2", True, [TWO]), ("4", True, [])]
    assert (algebra["Ёлкин"].sign, algebra["Ёлкин"].points) == ("н/а", None)


@pytest.mark.usefixtures("marks")
def test_rates_by_the_average_with_shared_places(cast: Cast):
    put(cast, cast.pupils[4], "4")

    lines = show(cast, "?by=average").context["found"].lines

    assert [(line.pupil.name.split()[0], line.average, line.place) for line in lines] == [
        ("Ёлкин", Fraction(5), 1),
        ("Белов", Fraction(9, 2), 2),
        ("Ершова", Fraction(4), 3),
        ("Журавлёв", Fraction(4), 3),
        ("Антонова", Fraction(2), 5),
        ("Зимина", None, None),
    ]


@pytest.mark.usefixtures("marks")
def test_averages_by_subject_and_of_the_class_are_those_of_all_pupils_whatever_is_shown(cast: Cast):
    whole, narrowed = show(cast).context["found"], show(cast, "?risk=two").context["found"]

    assert [line.pupil.name.split()[0] for line in narrowed.lines] == ["Антонова"]
    assert (narrowed.averages, narrowed.average) == (whole.averages, whole.average)
    assert whole.averages[0] == "3,88"


@pytest.mark.usefixtures("marks")
def test_one_subject_alone(cast: Cast):
    found = show(cast, f"?subject={cast.russian.subject.code}").context["found"]

    assert [one.name for one in found.subjects] == ["Русский язык"]
    assert len(found.all_subjects) == 3


def test_the_year_takes_set_marks_and_the_forecast_of_the_term_that_goes_on(cast: Cast):
    set_quarter(cast, 1, cast.algebra.subject, ["4", "3"])
    put(cast, cast.pupils[0], "5")
    set_year(cast, cast.algebra.subject, ["", "2"])

    answer = show(cast, "?term=year")

    algebra = cells(answer.context["found"], "Алгебра")
    assert [one["code"] for one in answer.context["risks"]] == [TWO]
    assert [(algebra[name].sign, algebra[name].is_set) for name in ("Антонова", "Белов", "Зимина")] == [
        ("5", False), ("2", True), ("", False),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("query", "status"),
    [("?term=9", 404), ("?term=<b>", 404), ("?risk=<b>&subject=x&by=1", 200), ("?format=csv&risk=two", 200)],
)
def test_bad_choices(cast: Cast, query: str, status: int):
    assert show(cast, query).status_code == status


@pytest.mark.usefixtures("marks")
def test_sends_a_table(cast: Cast):
    answer = show(cast, "?format=csv&by=average")

    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert rows[0][:4] == ["№", "Обучающийся", "Алгебра", "Алгебра, среднее"]
    assert rows[1][1:4] == ["Ёлкин Глеб", "5", "5,00"]
    assert answer["Content-Type"] == "text/csv; charset=utf-8"


def test_only_who_leads_the_class_or_controls_the_school_is_led_here(cast: Cast):
    statement = reverse("attestation:statement", args=[cast.class_8a.code])

    seen = {
        member: "Прогноз и рейтинг" in text(cast.client(member).get(statement))
        for member in ("class_teacher", "deputy", "teacher", "clerk")
    }

    assert seen == {"class_teacher": True, "deputy": True, "teacher": False, "clerk": False}


def test_takes_the_same_queries_whatever_the_class(cast: Cast):
    client, address = cast.client("deputy"), reverse("attestation:forecast", args=[cast.class_8a.code])
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    newcomers = [make.make_pupil(cast.organisation, f"Новиков Иван {number}") for number in range(5)]
    make.join(make.whole_class(cast.class_8a), *newcomers)
    for pupil in newcomers:
        put(cast, pupil, "4", "5")

    with CaptureQueriesContext(connection) as many:
        client.get(address)

    assert (len(many), len(many) <= 12) == (len(few), True)
