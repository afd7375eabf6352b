"""Triggers that make the ledger append-only, on SQLite and PostgreSQL, and put every new entry in the queue.

The queue (`Pending`) is filled by a trigger too: no way of writing an entry can forget it, and a save of the register
spares a statement.

Dangers. An AlterField on SQLite rebuilds the table and drops its triggers without a word, so they are
created anew after every migrate. TRUNCATE walks past row triggers on PostgreSQL, so it has one of its own.
Django's flush of transactional tests fails on them by design: one test fixture lifts them.
"""

from django.db import connections, transaction

ENTRY, PAYLOAD, PENDING, BLANKING = "ledger_entry", "ledger_payload", "ledger_pending", "ledger_blanking"
_ALLOWED = f"EXISTS (SELECT 1 FROM {BLANKING} b WHERE b.entry_id = OLD.entry_id)"  # noqa: S608 (own names only)

_AWAIT = f"INSERT INTO {PENDING} (entry_id, organisation) VALUES (NEW.id, NEW.organisation)"  # noqa: S608 (own names)

_SQLITE = {
    "ledger_entry_is_pending": f"AFTER INSERT ON {ENTRY} BEGIN {_AWAIT}; END",
    "ledger_entry_no_update": f"BEFORE UPDATE ON {ENTRY} BEGIN SELECT RAISE(ABORT, 'ledger is append-only'); END",
    "ledger_entry_no_delete": f"BEFORE DELETE ON {ENTRY} BEGIN SELECT RAISE(ABORT, 'ledger is append-only'); END",
    "ledger_payload_no_update": f"BEFORE UPDATE ON {PAYLOAD} BEGIN SELECT RAISE(ABORT, 'ledger is append-only'); END",
    "ledger_payload_no_delete": f"BEFORE DELETE ON {PAYLOAD} WHEN NOT {_ALLOWED} "
    "BEGIN SELECT RAISE(ABORT, 'ledger is append-only'); END",
}

_POSTGRES_FUNCTIONS = (
    "CREATE OR REPLACE FUNCTION ledger_await() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN {_AWAIT}; RETURN NULL; END $$",
    "CREATE OR REPLACE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'ledger is append-only'; END $$",
    "CREATE OR REPLACE FUNCTION ledger_refuse_unless_blanked() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN IF {_ALLOWED} THEN RETURN OLD; END IF; RAISE EXCEPTION 'ledger is append-only'; END $$",
)
_POSTGRES = {
    "ledger_entry_is_pending": (ENTRY, "AFTER INSERT", "ROW", "ledger_await"),
    "ledger_entry_no_change": (ENTRY, "BEFORE UPDATE OR DELETE", "ROW", "ledger_refuse"),
    "ledger_entry_no_truncate": (ENTRY, "BEFORE TRUNCATE", "STATEMENT", "ledger_refuse"),
    "ledger_payload_no_update": (PAYLOAD, "BEFORE UPDATE", "ROW", "ledger_refuse"),
    "ledger_payload_no_delete": (PAYLOAD, "BEFORE DELETE", "ROW", "ledger_refuse_unless_blanked"),
    "ledger_payload_no_truncate": (PAYLOAD, "BEFORE TRUNCATE", "STATEMENT", "ledger_refuse"),
}


def create(*, using: str = "default") -> None:
    """Create every trigger anew, all or none. Twice is harmless.

    In one transaction, because every start of the server comes here: another process that writes at that moment must
    not find the ledger open to change, or an entry that no trigger puts in the queue.
    """
    connection = connections[using]
    with transaction.atomic(using=using), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            drop(using=using)
            for name, body in _SQLITE.items():
                cursor.execute(f"CREATE TRIGGER {name} {body}")
        else:
            for function in _POSTGRES_FUNCTIONS:
                cursor.execute(function)
            for name, (table, when, level, function) in _POSTGRES.items():
                # Replaced and not dropped: a lock that readers need not wait for.
                cursor.execute(
                    f"CREATE OR REPLACE TRIGGER {name} {when} ON {table} FOR EACH {level} EXECUTE FUNCTION {function}()"
                )


def drop(*, using: str = "default") -> None:
    """Drop every trigger. For `create`, and for the one test fixture that flushes tables."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name in _SQLITE:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
        else:
            for name, (table, *_) in _POSTGRES.items():
                cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")


def missing(*, using: str = "default") -> list[str]:
    """Return the names of triggers that should be there and are not."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            expected = list(_SQLITE)
        else:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
            expected = list(_POSTGRES)
        present = {row[0] for row in cursor.fetchall()}
    return [name for name in expected if name not in present]
