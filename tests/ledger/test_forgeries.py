"""Every way to forge a log that we know, each named by verification. The forger owns the database, not the key."""

import pytest
from django.db import connection, transaction

from letopis.ledger import merkle, triggers
from letopis.ledger.actions import record_all
from letopis.ledger.blanking import blank
from letopis.ledger.checkpoints import issue
from letopis.ledger.keys import signing_key
from letopis.ledger.models import Blanking, Checkpoint, Entry, Leaf, Payload, Pending, Subtree
from letopis.ledger.sealing import leaf_hash
from letopis.ledger.sequencer import sequence
from letopis.ledger.tree import BLOCK
from tests.ledger.logs import LATER, OTHER, SCHOOL, a_log, author, codes, facts, forger, log_of, verified

pytestmark = pytest.mark.django_db
SIZE = BLOCK + 20
"""A complete block and the beginning of the next."""


@pytest.fixture
def log():
    return a_log(SIZE)


def only(report):
    """Return the one problem of a report."""
    assert len(report.all_problems) == 1, report.all_problems
    return report.all_problems[0]


def test_a_sound_log_has_no_problems(log):
    issue(SCHOOL, at=LATER)

    found = verified()

    assert found.ok
    assert (log_of(found).size, log_of(found).waiting, log_of(found).checkpoints) == (SIZE, 0, 1)
    assert (log_of(found).signed_size, log_of(found).signed_at) == (SIZE, LATER)
    assert log_of(found).root == bytes(Checkpoint.objects.get().root).hex()


def test_an_empty_log_is_sound():
    assert verified().ok


def test_changed_payload(log):
    with forger():
        Payload.objects.filter(pk=log[5]).update(body=b'{"after":{"value":"2"}}')

    found = only(verified())
    assert (found.code, found.index, found.entry, found.object) == ("payload_changed", 5, log[5], "register.Mark:5")
    assert found.sentence == (
        f"Запись {log[5]} (register.Mark:5, register.put_mark, 16.11.2026 10:41:05, место 5):"
        " содержание изменено после записи."
    )


@pytest.mark.parametrize(
    "what", [{"actor": "accounts.User:8"}, {"verb": "register.note"}, {"object": "register.Mark:6"}]
)
def test_changed_entry(log, what):
    with forger():
        Entry.objects.filter(pk=log[5]).update(**what)

    found = only(verified())
    assert (found.code, found.index, found.entry) == ("entry_changed", 5, log[5])


def test_changed_time_of_an_entry(log):
    with forger():
        Entry.objects.filter(pk=log[5]).update(at=LATER)

    assert only(verified()).code == "entry_changed"


def test_changed_entry_with_its_own_leaf_made_anew(log):
    with forger():
        Entry.objects.filter(pk=log[5]).update(actor="accounts.User:8")
        Entry.objects.filter(pk=log[5]).update(leaf=leaf_hash(Entry.objects.get(pk=log[5])))

    assert (only(verified()).code, only(verified()).entry) == ("entry_changed", log[5])


def forged_with_leaf(entry):
    """Change an entry, its leaf, and the leaf in the tree: everything but the stored nodes."""
    Entry.objects.filter(pk=entry).update(actor="accounts.User:8")
    leaf = leaf_hash(Entry.objects.get(pk=entry))
    Entry.objects.filter(pk=entry).update(leaf=leaf)
    Leaf.objects.filter(pk=entry).update(hash=leaf)


def test_changed_entry_with_its_leaf_in_the_tree(log):
    with forger():
        forged_with_leaf(log[5])

    found = only(verified())
    assert (found.code, found.index) == ("tree_changed", 0)
    assert found.sentence.startswith("Записи на местах 0–255 не сходятся с сохранённым узлом дерева")


def test_forked_log(log):
    """The forger makes everything anew: entry, leaf, nodes. Only the signed checkpoint still knows."""
    issue(SCHOOL, at=LATER)
    with forger():
        forged_with_leaf(log[5])
        hashes = [bytes(one) for one in Leaf.objects.order_by("index").values_list("hash", flat=True)]
        Subtree.objects.update(hash=merkle.root(hashes[:BLOCK]))

    found = only(verified())
    assert found.code == "log_forked"
    assert found.sentence == (
        f"Журнал не продолжает контрольную отметку от 16.11.2026 10:46:05 на {SIZE} записей: первые {SIZE} записей"
        " теперь другие, чем были, когда её подписали."
    )


def test_forked_log_known_by_a_checkpoint_kept_elsewhere(log):
    kept = issue(SCHOOL, at=LATER).note
    with forger():
        Checkpoint.objects.all().delete()
        forged_with_leaf(log[SIZE - 1])

    assert verified().ok
    assert only(verified(against=kept)).code == "log_forked"


def swap(column, first, second):
    """Exchange the values of two leaves, by way of a place that nobody has."""
    rows = {row.pk: row for row in Leaf.objects.filter(pk__in=(first, second))}
    if column == "index":
        Leaf.objects.filter(pk=first).update(index=10**9)
        Leaf.objects.filter(pk=second).update(index=rows[first].index)
        Leaf.objects.filter(pk=first).update(index=rows[second].index)
    else:
        Leaf.objects.filter(pk=first).update(hash=rows[second].hash, index=10**9)
        Leaf.objects.filter(pk=second).update(hash=rows[first].hash, index=rows[first].index)
        Leaf.objects.filter(pk=first).update(index=rows[second].index)


@pytest.mark.parametrize("column", ["index", "index without hash"])
def test_reordered_in_a_block(log, column):
    with forger():
        swap(column, log[5], log[9])

    found = verified().all_problems
    assert [one.code for one in found] == ["reordered", "reordered"]
    assert {one.entry for one in found} == {log[5], log[9]}


def test_reordered_across_blocks():
    log = a_log(2 * BLOCK)
    with forger():
        swap("index", log[5], log[BLOCK + 5])

    assert codes(verified()) == ["reordered", "reordered"]


def test_reordered_in_the_open_block_is_known_by_a_checkpoint(log):
    issue(SCHOOL, at=LATER)
    with forger():
        swap("index", log[BLOCK + 2], log[BLOCK + 7])

    assert codes(verified()) == ["reordered", "reordered"]


def drop_tail(entries):
    Leaf.objects.filter(pk__in=entries).delete()
    Payload.objects.filter(pk__in=entries).delete()
    Entry.objects.filter(pk__in=entries).delete()


def test_dropped_tail_known_by_a_checkpoint(log):
    issue(SCHOOL, at=LATER)
    with forger():
        drop_tail(log[-3:])

    found = only(verified())
    assert (found.code, found.index) == ("tail_dropped", SIZE - 3)
    assert f"было не меньше {SIZE} записей" in found.sentence
    assert found.sentence.endswith(f"осталось {SIZE - 3}.")


def test_dropped_tail_known_by_the_tree(log):
    with forger():
        drop_tail(log[BLOCK - 1 :])

    assert only(verified()).code == "tail_dropped"


def test_dropped_tail_known_by_a_checkpoint_kept_elsewhere(log):
    kept = issue(SCHOOL, at=LATER).note
    with forger():
        Checkpoint.objects.all().delete()
        drop_tail(log[-3:])

    assert only(verified(against=kept)).code == "tail_dropped"


def test_dropped_middle(log):
    with forger():
        drop_tail(log[3:4])

    assert (only(verified()).code, only(verified()).index) == ("leaf_missing", 3)


def test_a_checkpoint_that_was_removed_is_known_by_its_copy(log):
    kept = issue(SCHOOL, at=LATER).note
    with forger():
        Checkpoint.objects.all().delete()

    assert codes(verified(against=kept)) == ["checkpoint_dropped"]


def test_replayed_checkpoint(log):
    """An old checkpoint is shown as the newest, so that what came after it may go unnoticed."""
    old = issue(SCHOOL, at=LATER)
    a_log(5, first=SIZE)
    issue(SCHOOL, at=LATER.replace(hour=9))
    with forger():
        Checkpoint.objects.create(
            organisation=SCHOOL, size=SIZE + 9, root=old.root, note=old.note, at=LATER.replace(hour=10)
        )

    found = only(verified())
    assert found.code == "checkpoint_replayed"
    assert f"старая отметка на {SIZE} записей выдана за новую" in found.sentence


def test_checkpoint_signed_by_another_key(log, settings, tmp_path):
    issue(SCHOOL, at=LATER)
    settings.VAR_DIR = tmp_path

    assert only(verified()).code == "key_foreign"


def test_checkpoint_whose_row_says_another_thing(log):
    row = issue(SCHOOL, at=LATER)
    with forger():
        Checkpoint.objects.filter(pk=row.pk).update(size=SIZE - 1)

    assert only(verified()).code == "checkpoint_changed"


def test_checkpoint_of_another_log(log):
    a_log(2, OTHER)
    foreign = issue(OTHER, at=LATER)
    with forger():
        Checkpoint.objects.filter(pk=foreign.pk).update(organisation=SCHOOL)

    assert only(verified()).code == "checkpoint_foreign"
    assert "checkpoint_foreign" in codes(verified(against=foreign.note))


def test_text_that_is_no_checkpoint(log):
    assert codes(verified(against="привет")) == ["checkpoint_signature"]


@pytest.mark.parametrize("name", ["ledger_entry_no", "ledger_payload_no", "ledger_leaf_no", "ledger_checkpoint_no"])
def test_missing_trigger(log, name):
    with connection.cursor() as cursor:
        for trigger, table in triggers.names():
            if trigger.startswith(name):
                cursor.execute(
                    f"DROP TRIGGER {trigger}" if connection.vendor == "sqlite" else f"DROP TRIGGER {trigger} ON {table}"
                )
    found = verified().all_problems
    triggers.create()

    assert {one.code for one in found} == {"trigger_missing"}
    assert f"защиты {name}" in found[0].sentence


def test_a_trigger_that_does_nothing_is_missing_too(log):
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER ledger_entry_no_update")
            cursor.execute("CREATE TRIGGER ledger_entry_no_update BEFORE UPDATE ON ledger_entry BEGIN SELECT 1; END")
        else:
            cursor.execute("ALTER TABLE ledger_entry DISABLE TRIGGER ledger_entry_no_change")

    found = only(verified())
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE ledger_entry ENABLE TRIGGER ledger_entry_no_change")
    triggers.create()
    assert found.code == "trigger_missing"


@pytest.mark.parametrize("sleeps", ["BEFORE DELETE", "BEFORE UPDATE OF verb", "AFTER UPDATE"])
@pytest.mark.parametrize("when", ["", "WHEN (false)"])
def test_a_trigger_that_sleeps_through_changes_is_missing_too(log, sleeps, when):
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER ledger_entry_no_update")
            cursor.execute(
                f"CREATE TRIGGER ledger_entry_no_update {sleeps} ON ledger_entry {when} "
                "BEGIN SELECT RAISE(ABORT, 'ledger is append-only'); END"
            )
        else:
            cursor.execute(
                f"CREATE OR REPLACE TRIGGER ledger_entry_no_change {sleeps} ON ledger_entry "
                f"FOR EACH ROW {when} EXECUTE FUNCTION ledger_refuse()"
            )

    found = only(verified())
    triggers.create()

    assert found.code == "trigger_missing"
    assert verified().ok


def test_a_leaf_of_another_length_is_named(log):
    with forger():
        Leaf.objects.filter(pk=log[5]).update(hash=b"abc")

    assert codes(verified()) == ["entry_changed", "tree_changed"]


@pytest.mark.parametrize(
    ("table", "column", "code"),
    [
        ("entry", "commitment", "entry_changed"),
        ("entry", "leaf", "entry_changed"),
        ("payload", "body", "payload_changed"),
    ],
)
def test_a_text_where_bytes_were_is_named(log, table, column, code):
    key = "id" if table == "entry" else "entry_id"
    with forger() as cursor:
        cursor.execute(f"UPDATE ledger_{table} SET {column} = 'abc' WHERE {key} = %s", [log[5]])  # noqa: S608

    assert code in codes(verified())


def test_a_leaf_put_far_away_is_named_and_does_not_make_the_replay_endless(log):
    with forger():
        Leaf.objects.filter(pk=log[-1]).update(index=2**60)

    assert "leaf_missing" in codes(verified())


def test_a_forged_record_of_a_blanking_tells_of_nothing(log):
    blank([log[5]], act="Акт № 3", by=author(), at=LATER)
    sequence()
    with forger():
        Payload.objects.filter(entry__verb="ledger.blank").update(body=b"{}")

    assert sorted(codes(verified())) == ["blanking_without_record", "payload_changed"]


def test_payload_gone_without_an_act(log):
    with forger():
        Payload.objects.filter(pk=log[5]).delete()

    assert (only(verified()).code, only(verified()).entry) == ("payload_gone", log[5])


def test_payload_gone_by_an_act_that_nothing_was_recorded_of(log):
    Blanking.objects.create(entry_id=log[5], act="Акт № 3")
    Payload.objects.filter(pk=log[5])._raw_delete("default")

    found = only(verified())
    assert (found.code, found.entry) == ("blanking_without_record", log[5])
    assert "по акту «Акт № 3»" in found.sentence


def test_entry_taken_out_of_the_queue():
    [lost, _kept] = record_all(facts(2))
    Pending.objects.filter(pk=lost).delete()
    sequence()

    found = only(verified())
    assert (found.code, found.entry, found.index) == ("entry_outside", lost, None)


def test_entry_in_the_queue_and_in_the_tree(log):
    Pending.objects.create(entry_id=log[2], organisation=SCHOOL)

    assert (only(verified()).code, only(verified()).entry) == ("entry_in_both", log[2])


def test_leaf_of_an_entry_of_another_organisation(log):
    with forger():
        Entry.objects.filter(pk=log[5]).update(organisation=OTHER)

    assert "entry_missing" in codes(verified())


def test_duplicate(log):
    """The same entry is put in once more, with a new key: a mark that seems to be put twice."""
    row = Entry.objects.values().get(pk=log[5])
    twin = Entry.objects.create(**{**row, "id": None})
    Payload.objects.create(entry=twin, salt=log_payload(log[5]).salt, body=log_payload(log[5]).body)
    sequence()

    found = only(verified())
    assert (found.code, found.entry) == ("duplicate", twin.pk)
    assert found.sentence.endswith(f"на местах 5, {SIZE}.")


def log_payload(entry):
    return Payload.objects.get(pk=entry)


def test_what_waits_must_agree_with_itself():
    [entry] = record_all(facts(1))
    with forger():
        Payload.objects.filter(pk=entry).update(body=b"{}")

    found = verified()
    assert (only(found).code, only(found).index, log_of(found).waiting) == ("payload_changed", None, 1)


def test_a_removed_node(log):
    with forger():
        Subtree.objects.all().delete()

    assert only(verified()).code == "subtree_missing"


def test_many_problems_are_counted_beyond_a_thousand():
    log = a_log(1100)
    with forger():
        Entry.objects.filter(pk__in=log[:1050]).update(verb="x.y")

    found = verified().all_problems
    assert len(found) == 1001
    assert found[-1].sentence == "И ещё таких нарушений: 50."


def test_verification_writes_nothing(log, django_assert_max_num_queries):
    with django_assert_max_num_queries(20) as ran:
        verified()

    assert [one["sql"] for one in ran if not one["sql"].lstrip().upper().startswith(("SELECT", "PRAGMA"))] == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("unlocked_ledger")
def test_a_long_log_is_verified_in_several_processes(monkeypatch):
    from letopis.ledger.verification import whole

    monkeypatch.setattr(whole, "STEP", BLOCK)
    monkeypatch.setattr(whole, "ALONE", 0)
    with transaction.atomic():
        log = a_log(5 * BLOCK + 3)
        with forger():
            Payload.objects.filter(pk=log[700]).update(body=b"{}")
    told = []

    found = whole.verify(
        [(SCHOOL, "Школа № 17")], key=signing_key().public_key(), report=lambda *words: told.append(words)
    )

    assert (only(found).code, only(found).index) == ("payload_changed", 700)
    assert told[-1] == (5 * BLOCK + 3, 5 * BLOCK + 3, "Школа № 17")
