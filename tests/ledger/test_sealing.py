"""The texts put together by hand are canonical JSON, whatever is in a fact; few facts and thousands are one record."""

import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID

import pytest

from letopis.ledger.actions import MANY, record_all
from letopis.ledger.models import Entry, Payload, Pending
from letopis.ledger.sealing import Author, Fact, canonical, leaf_hash, seal

AUTHOR = Author(UUID("00000000-0000-4000-8000-000000000017"), 'system "1"', "Ёлкин\\О. «Ж» \n\u2028", "r\t1")
AT = datetime(2026, 11, 16, 7, 41, 5, 250, tzinfo=UTC)
VALUES = [
    None,
    {},
    {"value": "5/4", "task": "register.Task:1", "pupil": "people.Pupil:2"},
    {"b": 1, "a": True, "я": None, 'q"': '"\\\u0000'},
    {"lines": [["x", 1, None], {"z": "1", "a": [False]}]},
]


def fact(before=None, after=None, at=AT):
    return Fact(AUTHOR, at, "register.put_mark", "register.Mark:1", before, after, "Ошибка «в» журнале", "")


@pytest.mark.parametrize("after", VALUES)
@pytest.mark.parametrize("before", VALUES)
def test_the_body_is_canonical_json_of_the_fact(before, after):
    [sealed] = seal([fact(before, after)])

    assert sealed.body == canonical(json.loads(sealed.body))
    told = json.loads(sealed.body)
    assert (told["before"], told["after"], told["at"]) == (before, after, "2026-11-16T07:41:05.000250+00:00")
    assert told["by"] == {"id": AUTHOR.actor, "name": AUTHOR.name}


def test_the_leaf_is_the_hash_of_the_canonical_header():
    [sealed] = seal([fact(None, {"value": "5"})])

    header = {
        "actor": AUTHOR.actor, "at": "2026-11-16T07:41:05.000250+00:00", "commitment": sealed.commitment.hex(),
        "object": "register.Mark:1", "on_behalf_of": "", "organisation": str(AUTHOR.organisation),
        "verb": "register.put_mark",
    }  # fmt: skip
    assert sealed.leaf == sha256(b"\x00" + canonical(header)).digest() == leaf_hash(sealed)


def test_each_fact_has_its_own_salt_and_moment():
    sealed = seal([fact(at=AT + timedelta(seconds=second // 2)) for second in range(6)])

    assert len({one.salt for one in sealed}) == 6
    assert [json.loads(one.body)["at"][17:19] for one in sealed] == ["05", "05", "06", "06", "07", "07"]


@pytest.mark.parametrize("values", [{"mean": 4.5}, {"means": [4.5]}, {"deep": {"mean": 4.5}}])
def test_refuses_floats_wherever_they_are(values):
    with pytest.raises(TypeError, match="no floats"):
        seal([fact(None, values)])


@pytest.mark.django_db
def test_many_facts_are_recorded_as_few_are():
    facts = [fact(None, {"value": str(number)}) for number in range(MANY + 1)]

    numbers = record_all(facts) + record_all(facts[:2])

    assert len(set(numbers)) == MANY + 3 == Entry.objects.count() == Pending.objects.count()
    bodies = dict(Payload.objects.values_list("entry_id", "body"))
    assert [json.loads(bytes(bodies[number]))["after"]["value"] for number in numbers[:3]] == ["0", "1", "2"]
    assert [json.loads(bytes(bodies[number]))["after"]["value"] for number in numbers[-2:]] == ["0", "1"]
    for entry in Entry.objects.filter(pk__in=(numbers[7], numbers[-1])).select_related("payload"):
        assert bytes(entry.leaf) == leaf_hash(entry)
        assert bytes(entry.commitment) == sha256(bytes(entry.payload.salt) + bytes(entry.payload.body)).digest()
