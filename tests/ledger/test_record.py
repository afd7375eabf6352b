import hashlib
import json
from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.db import DatabaseError, transaction

from letopis.ledger import triggers
from letopis.ledger.actions import Author, Fact, canonical, leaf_hash, record, record_all
from letopis.ledger.models import Blanking, Entry, Payload, Pending
from letopis.ledger.queries import history

pytestmark = pytest.mark.django_db

AUTHOR = Author(
    organisation=UUID("00000000-0000-4000-8000-000000000017"),
    actor="accounts.User:7",
    name="Копылова М. А., учитель математики",
    request_id="r1",
)
AT = datetime(2026, 11, 16, 7, 41, 5, 250, tzinfo=UTC)


def fact(value: str = "4", before: str | None = "3") -> Fact:
    return Fact(
        AUTHOR, AT, "register.put_mark", "register.Mark:123", {"value": before} if before else None, {"value": value}
    )


def test_one_fact_is_an_entry_a_payload_and_a_pending_row():
    entry = Entry.objects.get(pk=record(fact()))

    assert Entry.objects.count() == Payload.objects.count() == Pending.objects.count() == 1
    assert entry.pending.organisation == AUTHOR.organisation
    assert (entry.actor, entry.object, entry.verb) == ("accounts.User:7", "register.Mark:123", "register.put_mark")


def test_the_body_is_canonical_json_kept_as_the_bytes_that_were_hashed():
    entry = Entry.objects.get(pk=record(fact()))

    payload = Payload.objects.get(entry=entry)
    assert bytes(payload.body) == canonical(json.loads(bytes(payload.body)))
    assert json.loads(bytes(payload.body)) == {
        "after": {"value": "4"},
        "at": "2026-11-16T07:41:05.000250+00:00",
        "before": {"value": "3"},
        "by": {"id": "accounts.User:7", "name": "Копылова М. А., учитель математики"},
        "object": "register.Mark:123",
        "on_behalf_of": "",
        "reason": "",
        "request": "r1",
        "verb": "register.put_mark",
    }


def test_the_commitment_hides_the_body_behind_its_salt():
    entry = Entry.objects.get(pk=record(fact()))

    payload = Payload.objects.get(entry=entry)
    assert bytes(entry.commitment) == hashlib.sha256(bytes(payload.salt) + bytes(payload.body)).digest()
    assert len(payload.salt) == 16


def test_the_leaf_is_made_again_from_what_the_database_returns():
    entry = Entry.objects.get(pk=record(fact()))

    header = (
        b'{"actor":"accounts.User:7","at":"2026-11-16T07:41:05.000250+00:00","commitment":"'
        + bytes(entry.commitment).hex().encode()
        + b'","object":"register.Mark:123","on_behalf_of":"","organisation":"00000000-0000-4000-8000-000000000017",'
        b'"verb":"register.put_mark"}'
    )
    assert bytes(entry.leaf) == hashlib.sha256(b"\x00" + header).digest() == leaf_hash(entry)


def test_the_header_names_nobody():
    record(fact())

    entry = Entry.objects.values().get()
    assert "Копылова" not in repr(entry)


def test_many_facts_give_one_entry_each_in_order():
    record_all([fact("3", None), fact("4", "3"), fact("5", "4")])

    assert [change.after for change in history(["register.Mark:123"])] == [
        {"value": "5"}, {"value": "4"}, {"value": "3"},
    ]  # fmt: skip


def test_refuses_floats_because_they_have_no_one_spelling():
    with pytest.raises(TypeError, match="no floats"):
        record(Fact(AUTHOR, AT, "x", "y", None, {"mean": [4.5]}))


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("unlocked_ledger")
def test_refuses_to_write_outside_the_transaction_of_the_change():
    with pytest.raises(transaction.TransactionManagementError):
        record(fact())

    assert Entry.objects.count() == 0


@pytest.mark.parametrize(
    "change",
    [
        lambda: Entry.objects.update(verb="forged"),
        lambda: Entry.objects.all()._raw_delete("default"),
        lambda: Payload.objects.update(body=b"{}"),
        lambda: Payload.objects.all()._raw_delete("default"),
    ],
    ids=["update entry", "delete entry", "update payload", "delete payload"],
)
def test_the_database_itself_refuses_to_change_what_was_recorded(change):
    record(fact())

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        change()

    assert Payload.objects.count() == 1


def test_a_payload_goes_only_with_the_act_that_blanks_it():
    entry = Entry.objects.get(pk=record(fact()))
    Blanking.objects.create(entry=entry, act="Акт № 3")

    Payload.objects.filter(entry=entry)._raw_delete("default")

    assert Payload.objects.count() == 0
    assert Entry.objects.count() == 1


def test_every_trigger_is_in_place_after_migrate():
    assert triggers.missing() == []


def test_triggers_that_cannot_be_made_anew_stay_as_they_were(monkeypatch):
    monkeypatch.setitem(triggers._SQLITE, "ledger_broken", "AFTER NOTHING")
    monkeypatch.setitem(triggers._POSTGRES, "ledger_broken", ("ledger_entry", "AFTER NOTHING", "ROW", "ledger_refuse"))

    with pytest.raises(DatabaseError):
        triggers.create()

    assert triggers.missing() == ["ledger_broken"]
