"""Logs for the tests of the ledger, and the door through which a forger comes: triggers are lifted, SQL is plain."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from letopis.ledger import keys, triggers
from letopis.ledger.actions import Author, Fact, record_all
from letopis.ledger.models import Leaf
from letopis.ledger.sequencer import sequence
from letopis.ledger.verification.problems import LogReport, Report
from letopis.ledger.verification.whole import verify

SCHOOL = UUID("00000000-0000-4000-8000-000000000017")
OTHER = UUID("00000000-0000-4000-8000-000000000005")
AT = datetime(2026, 11, 16, 7, 41, 5, 250, tzinfo=UTC)
LATER = AT + timedelta(minutes=5)


def author(organisation: UUID = SCHOOL) -> Author:
    return Author(organisation, "accounts.User:7", "Копылова М. А., учитель математики", "r1")


def facts(count: int, organisation: UUID = SCHOOL, *, first: int = 0, at: datetime = AT) -> list[Fact]:
    return [
        Fact(author(organisation), at, "register.put_mark", f"register.Mark:{number}", None, {"value": "5"})
        for number in range(first, first + count)
    ]


def a_log(count: int, organisation: UUID = SCHOOL, *, first: int = 0, at: datetime = AT) -> list[int]:
    """Record so many facts, put them into the tree, and return the entries' keys."""
    numbers = record_all(facts(count, organisation, first=first, at=at))
    sequence(only=organisation)
    return numbers


def place_of(entry: int) -> int:
    return Leaf.objects.values_list("index", flat=True).get(entry=entry)


@contextmanager
def forger() -> Iterator[Any]:
    """Open the database to change as its owner could, and close it again so that nothing is seen of it."""
    triggers.drop()
    with connection.cursor() as cursor:
        yield cursor
    triggers.create()


def verified(organisation: UUID = SCHOOL, *, against: str = "") -> Report:
    return verify([(organisation, "Школа № 17")], key=keys.public_key(), against=against)


def log_of(report: Report) -> LogReport:
    [log] = report.logs
    return log


def codes(report: Report) -> list[str]:
    return [problem.code for problem in report.all_problems]
