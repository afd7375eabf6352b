"""A database made before there was a tree: its entries get into the queue, and none is lost on the way back."""

from importlib import import_module

import pytest
from django.db import connection

from letopis.ledger import beat, triggers
from letopis.ledger.actions import record_all
from letopis.ledger.models import Entry, Leaf, Pending
from tests.ledger.logs import codes, facts, forger, verified


@pytest.mark.django_db
def test_the_migration_puts_every_entry_into_the_queue_in_both_directions():
    """The statement of the migration alone: turning all migrations back and forth takes ten seconds."""
    numbers = record_all(facts(4))
    Pending.objects.filter(pk__in=numbers[:2]).delete()

    for _direction in range(2):
        with connection.cursor() as cursor:
            cursor.execute(import_module("letopis.ledger.migrations.0002_tree").AWAIT)
        assert list(Pending.objects.order_by("pk").values_list("pk", flat=True)) == numbers

    beat.put_into_trees()
    assert (Leaf.objects.count(), Pending.objects.count()) == (4, 0)
    assert codes(verified()) == []


@pytest.mark.django_db
def test_the_log_of_the_server_names_guards_that_were_missing(caplog):
    record_all(facts(1))
    with connection.cursor() as cursor:
        table = "" if connection.vendor == "sqlite" else " ON ledger_payload"
        cursor.execute(f"DROP TRIGGER ledger_payload_no_delete{table}")

    assert beat.warn_of_triggers() == ["ledger_payload_no_delete"]

    assert "triggers were missing: ledger_payload_no_delete" in caplog.text
    triggers.create()
    assert beat.warn_of_triggers() == []


@pytest.mark.django_db
def test_nothing_is_said_of_guards_of_tables_that_hold_nothing_yet(caplog):
    with forger():
        assert Entry.objects.count() == 0
        assert beat.warn_of_triggers() == []

    assert caplog.records == []
