"""Places in the tree: every entry gets one, once, whoever else writes."""

import threading
import time

import pytest
from django.db import DatabaseError, connection, connections, transaction

from letopis.core import jobs
from letopis.ledger import beat, merkle, sequencer, triggers
from letopis.ledger.actions import record_all
from letopis.ledger.models import Entry, Leaf, Pending, Subtree
from letopis.ledger.sequencer import BATCH, BUSY, DamagedTree, sequence, sequence_batch, waiting
from letopis.ledger.tree import BLOCK, consistency_proof, inclusion_proof, inclusion_proofs, root_at, size_of
from tests.ledger.logs import OTHER, SCHOOL, a_log, codes, facts, verified


def leaves(organisation=SCHOOL):
    rows = Leaf.objects.filter(organisation=organisation).order_by("index")
    return [bytes(one) for one in rows.values_list("hash", flat=True)]


@pytest.mark.django_db
def test_what_waits_gets_places_in_the_order_of_the_queue():
    numbers = record_all(facts(3))

    assert sequence() == 3

    rows = Leaf.objects.order_by("index")
    assert list(rows.values_list("index", "entry_id")) == list(enumerate(numbers))
    assert leaves() == [bytes(Entry.objects.get(pk=number).leaf) for number in numbers]
    assert waiting() == 0
    assert sequence() == 0


@pytest.mark.django_db
@pytest.mark.parametrize("sizes", [[1], [BLOCK], [BLOCK - 1, 2], [700, 900, 1], [BATCH + 1], [3 * BLOCK, 5 * BLOCK]])
def test_the_stored_tree_is_the_tree_of_its_leaves(sizes):
    for size in sizes:
        a_log(size)

    total, hashes = sum(sizes), leaves()
    assert size_of(SCHOOL) == total
    for size in {0, 1, BLOCK - 1, BLOCK, BLOCK + 1, total // 2, total} & set(range(total + 1)):
        assert root_at(SCHOOL, size) == merkle.root(hashes[:size])
    stored = Subtree.objects.filter(organisation=SCHOOL).values_list("level", "index", "hash")
    assert {(level, index): bytes(value) for level, index, value in stored} == {
        (level, index): merkle.root(hashes[index << level : (index + 1) << level])
        for level in range(8, total.bit_length())
        for index in range(total >> level)
    }


@pytest.mark.django_db
def test_proofs_are_read_from_the_stored_tree():
    a_log(3 * BLOCK + 17)
    hashes, size = leaves(), 3 * BLOCK + 17
    root = merkle.root(hashes)

    together = inclusion_proofs(SCHOOL, indexes=[0, 300, size - 1], size=size)
    for index in (0, 300, size - 1):
        proof = inclusion_proof(SCHOOL, index=index, size=size)
        assert merkle.is_included(hashes[index], index=index, size=size, proof=proof, expected=root)
        assert together[index] == proof
    for old in (1, 200, BLOCK, 2 * BLOCK + 3, size):
        proof = consistency_proof(SCHOOL, old=old, new=size)
        assert merkle.is_consistent(old, merkle.root(hashes[:old]), size, root, proof)


@pytest.mark.django_db
def test_a_proof_takes_two_queries(django_assert_num_queries):
    a_log(2 * BLOCK + 5)

    with django_assert_num_queries(2):
        inclusion_proof(SCHOOL, index=3, size=2 * BLOCK + 5)


@pytest.mark.django_db
def test_each_organisation_has_its_own_tree():
    record_all(facts(2))
    record_all(facts(3, OTHER))
    record_all(facts(1))

    assert sequence() == 6

    assert (size_of(SCHOOL), size_of(OTHER)) == (3, 3)
    assert codes(verified(SCHOOL)) == codes(verified(OTHER)) == []


@pytest.mark.django_db
def test_one_organisation_may_be_sequenced_alone_and_tells_progress():
    record_all(facts(BATCH + 5))
    record_all(facts(2, OTHER))
    told = []

    done = sequence(only=SCHOOL, report=lambda done, total: told.append((done, total)))

    assert (done, waiting(OTHER)) == (BATCH + 5, 2)
    assert told == [(BATCH, BATCH + 5), (BATCH + 5, BATCH + 5)]


@pytest.mark.django_db
def test_stops_between_batches_when_told():
    record_all(facts(BATCH + 5))
    asked = iter([False, True])

    assert sequence(until=lambda: next(asked)) == BATCH
    assert waiting() == 5


@pytest.mark.django_db
@pytest.mark.parametrize("model", [Leaf, Subtree])
def test_the_database_itself_refuses_to_change_the_tree(model):
    a_log(BLOCK)

    for change in (lambda: model.objects.update(hash=b""), lambda: model.objects.all()._raw_delete("default")):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()


@pytest.mark.django_db
def test_an_entry_has_one_place_and_a_place_one_entry():
    first, second = a_log(2)

    for entry, index in ((first, 7), (second, 0)):
        with pytest.raises(DatabaseError), transaction.atomic():
            Leaf.objects.create(entry_id=entry, organisation=SCHOOL, index=index, hash=b"0" * 32)


@pytest.mark.django_db
def test_nothing_is_put_behind_a_gap():
    a_log(BLOCK + 3)
    triggers.drop()
    Leaf.objects.filter(organisation=SCHOOL, index=BLOCK + 1).delete()
    triggers.create()
    record_all(facts(BLOCK))

    with pytest.raises(RuntimeError, match="gap"):
        sequence()

    assert waiting() == BLOCK


@pytest.mark.django_db
def test_a_damaged_tree_does_not_stop_the_other_organisations():
    a_log(BLOCK + 3)
    triggers.drop()
    Leaf.objects.filter(organisation=SCHOOL, index=BLOCK + 1).delete()
    triggers.create()
    record_all(facts(BLOCK))
    record_all(facts(2, OTHER))

    with pytest.raises(DamagedTree):
        sequence()

    assert (waiting(SCHOOL), waiting(OTHER), size_of(OTHER)) == (BLOCK, 0, 2)


def test_the_worker_does_it_by_itself():
    works = dict(jobs._beats)

    assert works[beat.put_into_trees] <= 5
    assert beat.look_after_logs in works


def _write():
    for number in range(25):
        with transaction.atomic():
            record_all(facts(3, first=number * 3))
            # A transaction that ends late: its keys are small and become visible last.
            if number % 5 == 0 and connection.vendor == "postgresql":
                time.sleep(0.02)


def _place(until):
    while not until.is_set():
        sequence()
        time.sleep(0.005)


def _apart(errors, work, *arguments):
    def run():
        try:
            work(*arguments)
        except Exception as error:
            errors.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("unlocked_ledger")
def test_writers_and_two_sequencers_at_once_lose_nothing():
    written, errors = threading.Event(), []
    placers = [_apart(errors, _place, written) for _ in range(2)]

    for thread in [_apart(errors, _write) for _ in range(4)]:
        thread.join()
    written.set()
    for thread in placers:
        thread.join()
    sequence()

    assert errors == []
    assert Entry.objects.count() == Leaf.objects.count() == size_of(SCHOOL) == 300
    assert Pending.objects.count() == 0
    assert codes(verified()) == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("unlocked_ledger")
def test_a_second_sequencer_passes_by_or_waits():
    with transaction.atomic():
        record_all(facts(1))
    found = []

    def meet():
        found.append(sequence_batch(SCHOOL))
        connections.close_all()

    second = threading.Thread(target=meet)
    with transaction.atomic():
        assert sequencer._is_ours(SCHOOL)
        second.start()
        if connection.vendor == "postgresql":
            second.join()
    second.join()

    # SQLite has one writer: the second comes after the first.
    assert found == [BUSY if connection.vendor == "postgresql" else 1]
