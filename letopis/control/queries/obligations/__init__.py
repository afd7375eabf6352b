"""All duties of a span of days: the facts of the apps below, judged by rules.obligations. Fixed number of queries.

Nothing is kept: what is done closes itself, and what was done late says so as long as its facts stand. Facts are read
as plain rows; the school is judged in one pass, because every deadline is found once (rules.deadlines.DueFinder).
"""

from collections.abc import Collection
from datetime import datetime

from letopis.control.queries.obligations.duties import Duties
from letopis.register.queries.obligations import Scope
from letopis.rules.obligations import KINDS, Obligation

__all__ = ["ALL_KINDS", "Duties", "Scope", "obligations_of"]

ALL_KINDS = frozenset(KINDS)


def obligations_of(scope: Scope, *, now: datetime, kinds: Collection[str] = ALL_KINDS) -> list[Obligation]:
    """Return the duties of a scope, done ones included, in no order.

    scope: a school, a teacher, a class or a course in some days of one school year. now: aware.
    kinds: which of rules.obligations.KINDS.
    """
    return list(Duties(scope, now=now).of(kinds))
