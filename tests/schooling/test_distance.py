"""Periods of distance learning: declared, ended, shown."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from letopis.core.errors import Refused
from letopis.ledger.models import Entry
from letopis.schooling.actions.distance import declare_distance, end_distance
from letopis.schooling.models import AcademicYear, DistancePeriod
from letopis.schooling.queries.distance import distance_of
from tests.cast import TODAY, Cast
from tests.factories import moment

AT = moment(TODAY)
FRIDAY = date(2026, 11, 20)
PAGE = reverse("schooling:distance")


def declare(cast: Cast, **more: Any) -> DistancePeriod:
    wanted: dict[str, Any] = {"starts_on": TODAY, "ends_on": FRIDAY, "basis": " Приказ  № 12 "} | more
    return declare_distance(cast.year, **wanted, by=cast.actor("deputy").author, at=AT)


def test_declares_once_and_tells_the_ledger(cast: Cast):
    period = declare(cast, school_class=cast.class_8a)

    assert declare(cast, school_class=cast.class_8a).pk == period.pk
    assert (period.basis, period.school_class) == ("Приказ № 12", cast.class_8a)
    assert list(Entry.objects.values_list("verb", flat=True)) == ["schooling.declare_distance"]


def test_covers_the_courses_of_its_class_only(cast: Cast):
    declare(cast, school_class=cast.class_8a)

    assert distance_of(cast.algebra, TODAY).basis == "Приказ № 12"
    assert distance_of(cast.english_1, FRIDAY) is not None
    assert distance_of(cast.algebra, date(2026, 11, 23)) is None


def test_a_group_and_the_school(cast: Cast):
    declare(cast, group=cast.english_1.group)

    assert distance_of(cast.english_1, TODAY) is not None
    assert distance_of(cast.english_2, TODAY) is None
    declare(cast)
    assert distance_of(cast.english_2, TODAY) is not None


def test_a_closed_year_takes_no_period(cast: Cast):
    AcademicYear.objects.filter(pk=cast.year.pk).update(state=AcademicYear.State.CLOSED)

    with pytest.raises(Refused) as refusal:
        declare(cast)

    assert refusal.value.verdict.code == "YEAR_CLOSED"


def test_names_the_last_day_later(cast: Cast):
    period = declare(cast, ends_on=None)
    by = cast.actor("deputy").author

    assert end_distance(period, ends_on=FRIDAY, by=by, at=AT) is True
    assert end_distance(period, ends_on=FRIDAY, by=by, at=AT) is False
    with pytest.raises(Refused):
        end_distance(period, ends_on=date(2026, 11, 15), by=by, at=AT)
    assert DistancePeriod.objects.get().ends_on == FRIDAY


def test_the_page_declares_for_a_class(cast: Cast):
    form = {
        "whom": cast.class_8a.code,
        "starts_on": "2026-11-16",
        "ends_on": "",
        "basis": "Приказ № 12",
        "year": "2026",
    }

    response = cast.client("deputy").post(PAGE, form, follow=True)

    assert [str(one) for one in response.context["messages"]] == [
        "Дистанционное обучение объявлено: его видно в журнале и в дневнике."
    ]
    assert [(line.whom, line.is_now) for line in response.context["lines"]] == [("8А", True)]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"ends_on": "2026-11-15"}, "Последний день —"),
        ({"starts_on": "2025-01-01"}, "не входит в учебный год"),
        ({"basis": ""}, "Обязательное поле"),
    ],
)
def test_the_page_says_what_is_wrong(cast: Cast, changes: dict[str, str], sentence: str):
    form = {"whom": "school", "starts_on": "2026-11-16", "ends_on": "", "basis": "Приказ № 12", "year": "2026"}

    response = cast.client("director").post(PAGE, form | changes)

    assert response.status_code == 409
    assert sentence in response.content.decode()
    assert not DistancePeriod.objects.exists()


def test_a_teacher_reads_and_does_not_declare(cast: Cast):
    form = {"whom": "school", "starts_on": "2026-11-16", "basis": "Приказ № 12", "year": "2026"}

    assert cast.client("teacher").get(PAGE).context["form"] is None
    assert cast.client("teacher").post(PAGE, form).status_code == 403
    assert not DistancePeriod.objects.exists()
