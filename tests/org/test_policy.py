"""Verbs of the policy: prepare in a draft, adopt by an act."""

from datetime import date

import pytest

from letopis.core.errors import Refused
from letopis.ledger.models import Entry
from letopis.ledger.queries import history
from letopis.org.actions.policy import adopt_policy, prepare_policy
from letopis.org.models import PolicyEdition
from letopis.org.queries import policies
from tests import factories as make
from tests.org.acts import FIRST, adopted, draft, edition, told

pytestmark = pytest.mark.django_db

FIVE_DAYS = {"remark_days": {"value": 5, "clause": "п. 3.2"}}


@pytest.fixture
def school():
    return make.make_organisation()


def test_an_adopted_edition_is_the_policy_from_its_day(school):
    made = edition(school, FIVE_DAYS)

    school.refresh_from_db()
    assert school.policy_version == 1
    before, after = policies(school).on(date(2026, 8, 31)), policies(school).on(FIRST)
    assert (before.remark_days, after.remark_days) == (3, 5)
    assert after.clause("remark_days").endswith("№ 12 от 01.09.2026, п. 3.2")
    said = history([f"org.PolicyEdition:{made.pk}"])[0].after
    assert said["stated"] == FIVE_DAYS
    assert len(said["digest"]) == 64


def test_the_same_edition_twice_is_one(school):
    act = adopted(school)

    assert edition(school, FIVE_DAYS, act=act) == edition(school, FIVE_DAYS, act=act)

    assert PolicyEdition.objects.count() == Entry.objects.filter(verb="org.adopt_policy").count() == 1


@pytest.mark.parametrize(
    ("stated", "code", "says"),
    [
        ({}, "NOTHING_STATED", "ни одного правила"),
        ({"remark_days": {"value": 500, "clause": "п. 1"}}, "BAD_POLICY", "вне границ"),
        ({"remark_days": {"value": 5, "clause": " "}}, "BAD_POLICY", "укажите пункт"),
        ({"no_such": {"value": 5, "clause": "п. 1"}}, "BAD_POLICY", "«no_such» нет"),
        ({"backdating": {"value": "NEVER", "clause": "п. 1"}}, "BAD_POLICY", "не из списка"),
        ({"default_work_kind": {"value": "НЕТ", "clause": "п. 1"}}, "BAD_POLICY", "нет среди видов работ"),
    ],
)
def test_refuses_values_that_are_wrong(school, stated, code, says):
    with pytest.raises(Refused) as refusal:
        edition(school, stated)

    assert refusal.value.verdict.code == code
    assert says in refusal.value.verdict.sentence
    assert not PolicyEdition.objects.exists()


def test_refuses_a_day_that_an_earlier_edition_has(school):
    edition(school, FIVE_DAYS)
    act = adopted(school, "Приказ", first=FIRST)

    with pytest.raises(Refused) as refusal:
        adopt_policy(school, act=act, in_force_from=FIRST, stated={**FIVE_DAYS}, **told(school))

    assert refusal.value.verdict.code == "OVERLAP"
    assert "не раньше 02.09.2026" in refusal.value.verdict.sentence


def test_an_edition_ends_with_its_act(school):
    act = adopted(school, last=date(2026, 12, 31))

    made = edition(school, FIVE_DAYS, act=act)

    school.refresh_from_db()
    assert made.in_force_to == date(2026, 12, 31)
    assert [policies(school).on(day).remark_days for day in (date(2026, 12, 31), date(2027, 1, 1))] == [5, 3]
    assert history([f"org.PolicyEdition:{made.pk}"])[0].after["in_force_to"] == "2026-12-31"


def test_a_later_edition_ends_one_that_would_last_longer(school):
    first = edition(school, FIVE_DAYS, act=adopted(school, last=date(2027, 5, 31)))
    act = adopted(school, "Приказ", first=date(2027, 1, 11))

    edition(school, {"remark_days": {"value": 6, "clause": "п. 1"}}, act=act, first=date(2027, 1, 11))

    first.refresh_from_db()
    school.refresh_from_db()
    assert first.in_force_to == date(2027, 1, 10)
    assert [policies(school).on(day).remark_days for day in (date(2027, 1, 10), date(2027, 1, 11))] == [5, 6]
    said = history([f"org.PolicyEdition:{first.pk}"])[0]
    assert (said.verb, said.before, said.after) == (
        "org.end_policy", {"in_force_to": "2027-05-31"}, {"in_force_to": "2027-01-10"},
    )  # fmt: skip


def test_refuses_a_day_of_a_closed_year(school):
    act = adopted(school, first=date(2026, 5, 1))

    with pytest.raises(Refused) as refusal:
        adopt_policy(
            school, act=act, in_force_from=date(2026, 5, 1), stated=FIVE_DAYS, shut_until=date(2026, 8, 31),
            **told(school),
        )  # fmt: skip

    assert refusal.value.verdict.code == "YEAR_CLOSED"


def test_refuses_an_act_that_is_not_in_force_on_the_day(school):
    with pytest.raises(Refused) as of_draft:
        edition(school, FIVE_DAYS, act=draft(school))
    with pytest.raises(Refused) as too_early:
        edition(school, FIVE_DAYS, act=adopted(school, first=date(2026, 10, 1)))

    assert of_draft.value.verdict.code == too_early.value.verdict.code == "ACT_NOT_IN_FORCE"


def test_a_draft_keeps_what_it_is_to_decide(school):
    act = draft(school)

    assert prepare_policy(act, stated=FIVE_DAYS, made_from="model", **told(school))
    assert not prepare_policy(act, stated=FIVE_DAYS, **told(school))

    act.refresh_from_db()
    assert act.prepared == {"stated": FIVE_DAYS, "made_from": "model"}
    with pytest.raises(Refused) as refusal:
        prepare_policy(adopted(school), stated=FIVE_DAYS, **told(school))
    assert refusal.value.verdict.code == "ACT_ADOPTED"
