"""Content of entries is destroyed by an act and in no other way; the proof stands."""

import pytest

from letopis.core.errors import Refused
from letopis.ledger.blanking import blank
from letopis.ledger.models import Blanking, Entry, Payload
from letopis.ledger.sequencer import sequence
from tests.ledger.logs import LATER, OTHER, SCHOOL, a_log, author, codes, verified

pytestmark = pytest.mark.django_db
ACT = "Акт № 3 от 16.11.2026"


def refusal(entries, act=ACT, by=None):
    with pytest.raises(Refused) as refused:
        blank(entries, act=act, by=by or author(), at=LATER)
    assert not Blanking.objects.exists()
    return refused.value.verdict.code


def test_content_goes_and_the_log_stands():
    log = a_log(5)

    assert blank(log[1:3], act=ACT, by=author(), at=LATER, reason="Срок хранения истёк") == 2

    sequence()
    assert set(log) - set(Payload.objects.values_list("pk", flat=True)) == set(log[1:3])
    assert dict(Blanking.objects.values_list("entry_id", "act")) == {log[1]: ACT, log[2]: ACT}
    assert codes(verified()) == []


def test_each_blanking_is_recorded():
    log = a_log(2)

    blank(log[:1], act=ACT, by=author(), at=LATER, reason="Срок хранения истёк")

    entry = Entry.objects.get(verb="ledger.blank")
    assert entry.object == f"ledger.Entry:{log[0]}"
    assert f'"after":{{"act":"{ACT}"}}'.encode() in bytes(entry.payload.body)
    assert '"reason":"Срок хранения истёк"'.encode() in bytes(entry.payload.body)


def test_twice_is_harmless():
    log = a_log(3)

    blank(log[:2], act=ACT, by=author(), at=LATER)

    assert blank(log[:3], act="Акт № 4", by=author(), at=LATER) == 1
    assert Blanking.objects.get(pk=log[0]).act == ACT
    assert codes(verified()) == []


@pytest.mark.parametrize("act", ["", "  ", "А" * 65])
def test_refuses_without_an_act(act):
    assert refusal(a_log(1), act) == "NO_ACT"


def test_refuses_entries_of_another_organisation():
    assert refusal([*a_log(1), *a_log(1, OTHER)]) == "NOT_FOUND"
    assert refusal(a_log(1), by=author(OTHER)) == "NOT_FOUND"


def test_refuses_to_destroy_the_trace_of_a_destruction():
    blank(a_log(1), act=ACT, by=author(), at=LATER)
    trace = Entry.objects.get(verb="ledger.blank").pk

    with pytest.raises(Refused) as refused:
        blank([trace], act=ACT, by=author(SCHOOL), at=LATER)

    assert refused.value.verdict.code == "IS_TRACE"
    assert Payload.objects.filter(pk=trace).exists()
