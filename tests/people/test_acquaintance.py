"""Who knows a local act: the employee's own mark, and the signed sheet entered by the office."""

from datetime import date

import pytest

from letopis.core.errors import Refused
from letopis.ledger.models import Entry
from letopis.people.actions import acquaint
from letopis.people.models import ActAcquaintance
from tests import factories as make
from tests.org.acts import FIRST, adopted, draft, told

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 16)


@pytest.fixture
def school():
    return make.make_organisation()


def test_a_mark_is_put_once_and_recorded(school):
    act, employee = adopted(school), make.make_employee(school, "Копылова Мария Андреевна")

    assert acquaint(act, [employee], known_on=TODAY, today=TODAY, **told(school)) == 1
    assert acquaint(act, [employee], known_on=TODAY, on_paper=True, today=TODAY, **told(school)) == 0

    assert not ActAcquaintance.objects.get().on_paper
    assert Entry.objects.filter(verb="people.acquaint").count() == 1


def test_a_signed_sheet_is_entered_for_several(school):
    act = adopted(school)
    staff = [make.make_employee(school, name) for name in ("Копылова Мария Андреевна", "Орлова Татьяна Павловна")]

    assert acquaint(act, staff, known_on=FIRST, on_paper=True, today=TODAY, **told(school)) == 2

    assert set(ActAcquaintance.objects.values_list("on_paper", "known_on")) == {(True, FIRST)}


@pytest.mark.parametrize(
    ("known_on", "code"), [(date(2026, 11, 17), "DAY_AHEAD"), (date(2026, 8, 31), "DAYS_BACKWARDS")]
)
def test_refuses_days_when_nobody_could_know_it(school, known_on, code):
    act, employee = adopted(school), make.make_employee(school, "Копылова Мария Андреевна")

    with pytest.raises(Refused) as refusal:
        acquaint(act, [employee], known_on=known_on, today=TODAY, **told(school))

    assert refusal.value.verdict.code == code
    assert not ActAcquaintance.objects.exists()


def test_refuses_drafts_quiet_acts_and_strangers(school):
    employee = make.make_employee(school, "Копылова Мария Андреевна")
    gone = make.make_employee(school, "Хохлов Фёдор Григорьевич", dismissed_on=date(2026, 10, 1))
    asked = {"known_on": TODAY, "today": TODAY} | told(school)

    codes = []
    for act, who in (
        (draft(school), employee), (adopted(school, must_be_known=False), employee), (adopted(school), gone),
    ):  # fmt: skip
        with pytest.raises(Refused) as refusal:
            acquaint(act, [who], **asked)
        codes.append(refusal.value.verdict.code)

    assert codes == ["ACT_IS_DRAFT", "NOT_ASKED", "NOT_EMPLOYEE"]
    assert not ActAcquaintance.objects.exists()
