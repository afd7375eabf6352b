"""What every worker does for the ledger by itself: places for what waits, checkpoints, a look at the triggers.

Nobody starts it and nobody waits for it. Several workers share the work by the sequencer's lock.
"""

import logging

from django.db import OperationalError, connection

from letopis.core import clock
from letopis.ledger import triggers
from letopis.ledger.checkpoints import issue_nightly
from letopis.ledger.sequencer import sequence

logger = logging.getLogger(__name__)

SECONDS = 1.0
"""Rest between two looks at the queue: an entry is in the tree within five seconds."""
CARE_SECONDS = 300.0
PAUSE = 2.0
"""Rest after each full batch, in times of what it took: on SQLite a saving teacher comes between two batches."""


def put_into_trees() -> None:
    """Give a place to every entry that waits."""
    try:
        sequence(pause=PAUSE)
    except OperationalError as error:
        # An import holds the one writer of SQLite, perhaps for a minute: the next look will do.
        logger.info("the sequencer did not get the database: %s", type(error).__name__)
        connection.close()


def look_after_logs() -> None:
    """Issue the checkpoints of the day, and say in the log what a person must look at."""
    warn_of_triggers()
    for organisation, verdict in issue_nightly(at=clock.now()):
        # The sentence names counts and moments of the log, no person.
        logger.warning("no checkpoint of %s: %s %s", organisation, verdict.code, verdict.sentence)


def warn_of_triggers(*, using: str = "default") -> list[str]:
    """Say in the log which guards of what the ledger holds are missing, and return their names."""
    names = triggers.unguarded(using=using)
    if names:
        logger.warning("the ledger stood open to change, triggers were missing: %s", ", ".join(names))
    return names
