"""The health sheet: dated records, and who sees how much of them."""

from datetime import date

import pytest
from django.urls import reverse

from letopis.core.errors import Refused
from letopis.ledger.models import Entry
from letopis.schooling.actions.health import HealthValue, record_health
from letopis.schooling.models import HealthRecord
from tests import factories as make
from tests.cast import TODAY, Cast

pytestmark = pytest.mark.django_db

AT = make.moment(TODAY, 15)
SEPTEMBER = date(2026, 9, 1)


def record(cast: Cast, group="MAIN", *, since=SEPTEMBER, until=None, **change):
    value = HealthValue(physical_group=group, starts_on=since, ends_on=until, **change)
    return record_health(cast.polina, value=value, by=cast.actor("class_teacher").author, at=AT)


def spans():
    return list(HealthRecord.objects.order_by("starts_on").values_list("physical_group", "starts_on", "ends_on"))


def test_the_next_record_ends_the_one_before_it(cast):
    record(cast, health_group=2, seat="Первая парта")

    record(cast, "EXEMPT", since=TODAY, until=date(2026, 11, 30), basis="Справка № 8 от 13.11.2026")

    assert spans() == [("MAIN", SEPTEMBER, date(2026, 11, 15)), ("EXEMPT", TODAY, date(2026, 11, 30))]
    verbs = Entry.objects.order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["schooling.record_health", "schooling.end_health_record", "schooling.record_health"]


def test_the_same_again_is_no_entry_and_the_same_day_is_a_correction(cast):
    record(cast)
    record(cast)
    assert Entry.objects.count() == 1

    record(cast, "SPECIAL_A")

    assert spans() == [("SPECIAL_A", SEPTEMBER, None)]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"health_group": 6}, "HEALTH_GROUP"),
        ({"until": date(2026, 8, 1)}, "ENDS_BEFORE"),
        ({"group": "EXEMPT"}, "NO_BASIS"),
        ({"group": "SWIMMING"}, "UNKNOWN_GROUP"),
    ],
)
def test_a_record_is_refused_with_a_code(cast, change, code):
    with pytest.raises(Refused) as refusal:
        record(cast, **change)

    assert refusal.value.verdict.code == code


def test_a_record_does_not_run_into_a_later_one(cast):
    record(cast, since=TODAY)

    with pytest.raises(Refused) as refusal:
        record(cast, "SPECIAL_A")
    assert refusal.value.verdict.code == "LATER_RECORD"

    record(cast, "SPECIAL_A", until=date(2026, 11, 15))
    assert len(spans()) == 2


@pytest.fixture
def trainer(cast):
    subject = make.make_subject(cast.organisation, "Физическая культура")
    make.make_course(make.whole_class(cast.class_8a), subject, teacher=cast.teacher)
    return cast.client("teacher")


def sheet(cast: Cast) -> str:
    return reverse("schooling:health", args=[cast.class_8a.code])


def test_who_teaches_physical_education_sees_the_group_and_nothing_else(cast, trainer):
    record(cast, "EXEMPT", health_group=3, seat="Первая парта", basis="Справка № 8", until=date(2026, 12, 1))

    page = trainer.get(sheet(cast)).content.decode()
    whole = cast.client("deputy").get(sheet(cast)).content.decode()

    assert "освобождение" in page
    assert "до</small>" in page or "01.12.2026" in page
    assert [word in page for word in ("Первая парта", "Справка № 8", "Группа здоровья")] == [False] * 3
    assert [word in whole for word in ("Первая парта", "Справка № 8", "Группа здоровья")] == [True] * 3
    assert (
        trainer.get(reverse("schooling:health_pupil", args=[cast.class_8a.code, cast.polina.code])).status_code == 403
    )


def test_the_sheet_shows_the_record_of_the_day_asked_for(cast):
    record(cast)
    record(cast, "EXEMPT", since=TODAY, basis="Справка № 8")
    client = cast.client("class_teacher")

    assert "основная" in client.get(f"{sheet(cast)}?on=2026-11-13").content.decode()
    assert "освобождены: 1" in client.get(sheet(cast)).content.decode()


def test_the_class_teacher_enters_a_record_by_the_form(cast):
    url = reverse("schooling:health_pupil", args=[cast.class_8a.code, cast.polina.code])
    client = cast.client("class_teacher")

    refused = client.post(url, {"physical_group": "EXEMPT", "starts_on": "2026-11-16"})
    done = client.post(
        url,
        {"physical_group": "EXEMPT", "starts_on": "2026-11-16", "health_group": "2", "basis": "Справка № 8"},
        follow=True,
    )

    assert (refused.status_code, "Освобождение ставят по документу" in refused.content.decode()) == (409, True)
    assert "Запись внесена: Ершова П. С." in done.content.decode()
    assert HealthRecord.objects.get().health_group == 2


def test_the_number_of_queries_does_not_grow(cast, django_assert_num_queries):
    client = cast.client("class_teacher")
    with django_assert_num_queries(5):
        client.get(sheet(cast))
    for number in range(8):
        pupil = make.make_pupil(cast.organisation, f"Яковлев{number} Пётр")
        make.join(make.whole_class(cast.class_8a), pupil)
        value = HealthValue(physical_group="MAIN", starts_on=SEPTEMBER)
        record_health(pupil, value=value, by=cast.actor("class_teacher").author, at=AT)

    with django_assert_num_queries(5):
        client.get(sheet(cast))
