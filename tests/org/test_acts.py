"""Verbs of local acts and of decisions."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from letopis.core.errors import Refused
from letopis.ledger.models import Entry
from letopis.ledger.queries import history
from letopis.org.actions.act_files import attach_act_file
from letopis.org.actions.acts import ActFields, Adoption, adopt_act, amend, change_act, publish_act, withdraw_act
from letopis.org.actions.decisions import record_decision
from letopis.org.models import CollegiateDecision, LocalAct
from letopis.org.queries import policies
from tests import factories as make
from tests.org.acts import FIRST, adopted, draft, edition, told

pytestmark = pytest.mark.django_db

JANUARY = date(2027, 1, 11)


@pytest.fixture
def school():
    return make.make_organisation()


def code_of(refusal) -> str:
    return refusal.value.verdict.code


def test_a_draft_is_entered_and_changed(school):
    act = draft(school)

    fields = ActFields("REGULATION", "Положение о журнале", text="Новый текст", agreed_with=("совет родителей", " "))
    assert change_act(act, fields=fields, **told(school))
    assert not change_act(act, fields=fields, **told(school))

    act.refresh_from_db()
    assert (act.title, act.text, act.agreed_with) == ("Положение о журнале", "Новый текст", ["совет родителей"])
    assert [change.verb for change in history([f"org.LocalAct:{act.pk}"])] == ["org.change_act", "org.enter_act"]


def test_an_act_without_a_title_is_refused(school):
    with pytest.raises(Refused) as refusal:
        draft(school, "  ")

    assert code_of(refusal) == "NO_TITLE"
    assert not LocalAct.objects.exists()


def test_an_adopted_act_is_not_changed(school):
    act = adopted(school)

    with pytest.raises(Refused) as refusal:
        change_act(act, fields=ActFields("ORDER", "Другое"), **told(school))
    with pytest.raises(Refused) as of_file:
        attach_act_file(act, upload=SimpleUploadedFile("акт.pdf", b"1"), **told(school))

    assert code_of(refusal) == code_of(of_file) == "ACT_ADOPTED"
    assert refusal.value.verdict.sentence == "Принятый акт не правят: введите новую редакцию."


def test_adoption_is_recorded_with_body_order_and_agreement(school):
    act = adopted(school)

    assert (act.state, act.number, act.adopted_by, act.order_number) == ("IN_FORCE", "12", "педагогический совет", "45")
    assert act.agreed_with == ["совет родителей"]
    newest = history([f"org.LocalAct:{act.pk}"])[0]
    assert newest.verb == "org.adopt_act"
    assert newest.after["in_force_from"] == "2026-09-01"


def test_a_new_version_ends_the_old_one_on_the_day_before(school):
    old = adopted(school)
    new = amend(old, **told(school))
    assert amend(old, **told(school)) == new

    adopt_act(new, adoption=Adoption(JANUARY, number="1"), **told(school))

    old.refresh_from_db()
    assert (old.state, old.in_force_to) == ("IN_FORCE", date(2027, 1, 10))
    assert history([f"org.LocalAct:{old.pk}"])[0].verb == "org.supersede_act"


def test_an_act_is_superseded_once(school):
    old = adopted(school)
    adopt_act(amend(old, **told(school)), adoption=Adoption(JANUARY, number="1"), **told(school))

    with pytest.raises(Refused) as refusal:
        amend(old, **told(school))

    assert code_of(refusal) == "ALREADY_SUPERSEDED"


def test_a_new_version_cannot_take_force_with_the_old_one(school):
    old = adopted(school)
    new = amend(old, **told(school))

    with pytest.raises(Refused) as refusal:
        adopt_act(new, adoption=Adoption(FIRST, number="1"), **told(school))

    assert code_of(refusal) == "OVERLAP"
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.in_force_to, new.state) == (None, "DRAFT")


@pytest.mark.parametrize(
    ("adoption", "code"),
    [
        (Adoption(FIRST, in_force_to=date(2026, 8, 31), number="1"), "DAYS_BACKWARDS"),
        (Adoption(FIRST, number="1", dated=date(2026, 9, 2)), "DAYS_BACKWARDS"),
        (Adoption(FIRST, number="1", adopted_on=date(2026, 9, 2)), "DAYS_BACKWARDS"),
        (Adoption(FIRST, number="1", adopted_on=date(2026, 8, 30), order_date=date(2026, 8, 29)), "DAYS_BACKWARDS"),
        (Adoption(FIRST), "NO_NUMBER"),
    ],
)
def test_refuses_days_that_contradict_each_other(school, adoption, code):
    act = draft(school)

    with pytest.raises(Refused) as refusal:
        adopt_act(act, adoption=adoption, **told(school))

    assert code_of(refusal) == code
    act.refresh_from_db()
    assert act.state == "DRAFT"


def test_an_act_needs_its_text(school):
    with pytest.raises(Refused) as refusal:
        adopt_act(draft(school, text=""), adoption=Adoption(FIRST, number="1"), **told(school))

    assert code_of(refusal) == "NO_TEXT"


def test_an_act_is_adopted_once(school):
    act = adopted(school)

    with pytest.raises(Refused) as refusal:
        adopt_act(act, adoption=Adoption(JANUARY, number="2"), **told(school))

    assert code_of(refusal) == "ACT_ADOPTED"


def test_a_withdrawn_act_ends_with_its_rules(school):
    act = adopted(school)
    made = edition(school, {"remark_days": {"value": 5, "clause": "п. 3"}}, act=act)

    assert withdraw_act(act, on=JANUARY, reason="Приказ № 3", **told(school))
    assert not withdraw_act(act, on=JANUARY, reason="Приказ № 3", **told(school))

    act.refresh_from_db()
    made.refresh_from_db()
    school.refresh_from_db()
    assert (act.state, act.in_force_to) == ("WITHDRAWN", date(2027, 1, 10))
    assert (made.in_force_to, school.policy_version) == (date(2027, 1, 10), 2)


def test_withdrawing_an_act_whose_rules_were_replaced_leaves_the_later_ones(school):
    old = adopted(school)
    made = edition(school, {"remark_days": {"value": 5, "clause": "п. 3"}}, act=old)
    new = adopted(school, "Порядок", first=date(2026, 11, 1))
    edition(school, {"remark_days": {"value": 6, "clause": "п. 3"}}, act=new, first=date(2026, 11, 1))

    withdraw_act(old, on=JANUARY, reason="Приказ № 3", **told(school))

    school.refresh_from_db()
    made.refresh_from_db()
    days = (date(2026, 10, 31), date(2026, 11, 1), JANUARY)
    assert [policies(school).on(day).remark_days for day in days] == [5, 6, 6]
    assert (made.in_force_to, school.policy_version) == (None, 2)


def test_the_rules_of_a_closed_year_do_not_end_with_their_act(school):
    act = adopted(school)
    made = edition(school, {"remark_days": {"value": 5, "clause": "п. 3"}}, act=act)

    with pytest.raises(Refused) as refusal:
        withdraw_act(act, on=JANUARY, reason="Приказ № 3", shut_until=date(2027, 5, 31), **told(school))

    assert code_of(refusal) == "YEAR_CLOSED"
    assert "не раньше 01.06.2027" in refusal.value.verdict.sentence
    made.refresh_from_db()
    assert made.in_force_to is None


def test_withdrawing_asks_for_a_reason_and_for_a_day_in_force(school):
    act = adopted(school)

    with pytest.raises(Refused) as no_reason:
        withdraw_act(act, on=JANUARY, reason=" ", **told(school))
    with pytest.raises(Refused) as too_early:
        withdraw_act(act, on=FIRST, reason="Приказ № 3", **told(school))

    assert (code_of(no_reason), code_of(too_early)) == ("NO_REASON", "DAYS_BACKWARDS")
    act.refresh_from_db()
    assert act.state == "IN_FORCE"


def test_a_withdrawn_draft_lets_the_old_version_be_amended_again(school):
    old = adopted(school)
    first = amend(old, **told(school))

    withdraw_act(first, on=JANUARY, reason="Передумали", **told(school))

    assert amend(old, **told(school)) != first


def test_the_file_of_a_draft_is_replaced_and_kept_once(school, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    act = draft(school)

    act = attach_act_file(act, upload=SimpleUploadedFile("C:\\Акты\\проект.pdf", b"one"), **told(school))
    first = act.file
    again = attach_act_file(act, upload=SimpleUploadedFile("проект.pdf", b"one"), **told(school))
    changed = attach_act_file(act, upload=SimpleUploadedFile("проект.pdf", b"two"), **told(school))

    assert (act.file_name, again.file) == ("проект.pdf", first)
    assert changed.file != first
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 2
    assert Entry.objects.filter(verb="org.attach_act_file").count() == 2


def test_a_file_of_another_kind_leaves_nothing_behind(school, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path

    with pytest.raises(Refused) as refusal:
        attach_act_file(draft(school), upload=SimpleUploadedFile("virus.exe", b"1"), **told(school))

    assert code_of(refusal) == "FILE_TYPE"
    assert list(tmp_path.rglob("*")) == []


def test_only_an_adopted_act_goes_to_the_site(school):
    act = adopted(school)

    assert publish_act(act, published=True, **told(school))
    assert not publish_act(act, published=True, **told(school))
    with pytest.raises(Refused) as refusal:
        publish_act(draft(school), published=True, **told(school))

    assert code_of(refusal) == "ACT_IS_DRAFT"


def test_a_decision_is_recorded_once(school):
    decided = {
        "body": "педагогический совет", "protocol_number": "1", "decided_on": FIRST, "item": "3",
        "text": "Принять положение", "today": FIRST,
    }  # fmt: skip

    assert record_decision(school, **decided, **told(school)) == record_decision(school, **decided, **told(school))

    assert CollegiateDecision.objects.get().recorded_by == "Нечаева М. М., Директор"
    assert Entry.objects.filter(verb="org.record_decision").count() == 1


@pytest.mark.parametrize(
    ("change", "code"), [({"protocol_number": " "}, "NOT_WHOLE"), ({"decided_on": date(2026, 9, 2)}, "DAY_AHEAD")]
)
def test_a_decision_needs_protocol_and_a_day_that_has_come(school, change, code):
    decided = {"body": "совет", "protocol_number": "1", "decided_on": FIRST, "text": "Принять", "today": FIRST}

    with pytest.raises(Refused) as refusal:
        record_decision(school, **(decided | change), **told(school))

    assert code_of(refusal) == code
    assert not CollegiateDecision.objects.exists()
