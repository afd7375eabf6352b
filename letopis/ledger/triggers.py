"""Triggers that make the ledger append-only, on SQLite and PostgreSQL, and put every new entry in the queue.

The queue (`Pending`) is filled by a trigger too: no way of writing an entry can forget it, and a save of the register
spares a statement.

Dangers. An AlterField on SQLite rebuilds the table and drops its triggers without a word, so they are
created anew after every migrate. TRUNCATE walks past row triggers on PostgreSQL, so it has one of its own.
Django's flush of transactional tests fails on them by design: one test fixture lifts them.
"""

from django.db import connections, transaction

ENTRY, PAYLOAD, PENDING, BLANKING = "ledger_entry", "ledger_payload", "ledger_pending", "ledger_blanking"
FIXED = (
    "ledger_leaf", "ledger_subtree", "ledger_checkpoint", "ledger_timestamp", "ledger_signingkey", BLANKING,
)  # fmt: skip
"""Tables besides Entry and Payload whose rows stay for ever as they are."""

_ALLOWED = f"EXISTS (SELECT 1 FROM {BLANKING} b WHERE b.entry_id = OLD.entry_id)"  # noqa: S608 (own names only)
_AWAIT = f"INSERT INTO {PENDING} (entry_id, organisation) VALUES (NEW.id, NEW.organisation)"  # noqa: S608 (own names)
_ABORT = "BEGIN SELECT RAISE(ABORT, 'ledger is append-only'); END"

_SQLITE = {
    "ledger_entry_is_pending": f"AFTER INSERT ON {ENTRY} BEGIN {_AWAIT}; END",
    "ledger_entry_no_update": f"BEFORE UPDATE ON {ENTRY} {_ABORT}",
    "ledger_entry_no_delete": f"BEFORE DELETE ON {ENTRY} {_ABORT}",
    "ledger_payload_no_update": f"BEFORE UPDATE ON {PAYLOAD} {_ABORT}",
    "ledger_payload_no_delete": f"BEFORE DELETE ON {PAYLOAD} WHEN NOT {_ALLOWED} {_ABORT}",
    **{f"{table}_no_update": f"BEFORE UPDATE ON {table} {_ABORT}" for table in FIXED},
    **{f"{table}_no_delete": f"BEFORE DELETE ON {table} {_ABORT}" for table in FIXED},
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
    **{f"{table}_no_change": (table, "BEFORE UPDATE OR DELETE", "ROW", "ledger_refuse") for table in FIXED},
    **{f"{table}_no_truncate": (table, "BEFORE TRUNCATE", "STATEMENT", "ledger_refuse") for table in FIXED},
}


def create(*, using: str = "default") -> None:
    """Create every trigger anew, all or none. Twice is harmless. Tables that are not there (yet) get none.

    In one transaction, because every start of the server comes here: another process that writes at that moment must
    not find the ledger open to change, or an entry that no trigger puts in the queue.
    """
    connection = connections[using]
    with transaction.atomic(using=using), connection.cursor() as cursor:
        absent = {ENTRY, PAYLOAD, *FIXED} - set(connection.introspection.table_names(cursor))
        if connection.vendor == "sqlite":
            drop(using=using)
            for name, body in _SQLITE.items():
                if _table_of(body) not in absent:
                    cursor.execute(_statement(name, body))
        elif ENTRY not in absent:
            for function in _POSTGRES_FUNCTIONS:
                cursor.execute(function)
            for name, (table, when, level, function) in _POSTGRES.items():
                if table not in absent:
                    # Replaced and not dropped: a lock that readers need not wait for.
                    cursor.execute(
                        f"CREATE OR REPLACE TRIGGER {name} {when} ON {table} FOR EACH {level} "
                        f"EXECUTE FUNCTION {function}()"
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
    """Return the names of triggers that should be there and are not, or are not what they should be.

    One that was switched off, or whose body was replaced, protects as little as one that is gone.
    """
    connection = connections[using]
    expected: dict[str, str | list[str]]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            expected = {name: _statement(name, body) for name, body in _SQLITE.items()}
        else:
            # Its table, its events, no condition and no columns, too: of the same name and body one may still sleep.
            cursor.execute(
                "SELECT t.tgname, ARRAY[p.prosrc, c.relname::text, t.tgtype::text] FROM pg_trigger t "
                "JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_class c ON c.oid = t.tgrelid "
                "WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A') AND t.tgqual IS NULL "
                "AND cardinality(t.tgattr::int2[]) = 0 AND pg_table_is_visible(c.oid) "
                "AND (t.tgname, c.relname) IN (SELECT * FROM unnest(%s::name[], %s::name[]))",
                [list(_POSTGRES), [table for table, *_ in _POSTGRES.values()]],
            )
            bodies = {text.split()[4].removesuffix("()"): text.split("$$")[1] for text in _POSTGRES_FUNCTIONS}
            expected = {
                name: [bodies[function], table, str(_type_bits(when, level))]
                for name, (table, when, level, function) in _POSTGRES.items()
            }
        present = dict(cursor.fetchall())
    return [name for name, body in expected.items() if present.get(name) != body]


def names() -> list[tuple[str, str]]:
    """Return the names of the triggers of this database with their tables."""
    if connections["default"].vendor == "sqlite":
        return [(name, _table_of(body)) for name, body in _SQLITE.items()]
    return [(name, table) for name, (table, *_) in _POSTGRES.items()]


def unguarded(*, using: str = "default") -> list[str]:
    """Return the names of missing triggers whose tables hold anything: of a new table nothing could be changed yet."""
    gone = set(missing(using=using))
    tables = {table: _holds_rows(table, using=using) for name, table in names() if name in gone}
    return [name for name, table in names() if name in gone and tables[table]]


def _holds_rows(table: str, *, using: str) -> bool:
    connection = connections[using]
    with connection.cursor() as cursor:
        if table not in connection.introspection.table_names(cursor):
            return False
        cursor.execute(f"SELECT 1 FROM {table} LIMIT 1")  # noqa: S608 (own names)
        return cursor.fetchone() is not None


def _table_of(body: str) -> str:
    return body.partition(" ON ")[2].partition(" ")[0]


def _type_bits(when: str, level: str) -> int:
    """Return `pg_trigger.tgtype` of a trigger. Source: catalog/pg_trigger.h of PostgreSQL."""
    bits = {"BEFORE": 2, "INSERT": 4, "DELETE": 8, "UPDATE": 16, "TRUNCATE": 32}
    return (level == "ROW") + sum(bits.get(word, 0) for word in when.split())


def _statement(name: str, body: str) -> str:
    return f"CREATE TRIGGER {name} {body}"
