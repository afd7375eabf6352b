"""What all commands of the ledger need: the log that is asked for, its sentences and exit codes, its texts."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from letopis.ledger.logs import Log
    from letopis.ledger.models import Checkpoint

OK, PROBLEMS, USAGE = 0, 1, 2


class Wrong(Exception):
    """The command was asked for something that is not there; the sentence is for the person."""


def on_database(work: Any) -> int:
    """Run a command on a database with the newest tables; what was asked for wrongly is one sentence and code 2."""
    from letopis.core.errors import Refused
    from letopis.ledger.keys import NoKey

    try:
        _require_tables()
        return int(work())
    except (Wrong, NoKey) as wrong:
        print(wrong, file=sys.stderr)
        return USAGE
    except Refused as refusal:
        print(refusal.verdict.sentence, file=sys.stderr)
        return PROBLEMS


def _require_tables() -> None:
    """Refuse a database without the tables: migrating here would mend the very triggers that verification looks at."""
    from django.db import connection

    with connection.cursor() as cursor:
        if "ledger_signingkey" not in connection.introspection.table_names(cursor):
            raise Wrong("В базе нет таблиц журнала изменений. Создайте их: letopis migrate.")


def log_named(slug: str) -> "Log":
    """Return the log of that name; without a name the only one there is."""
    from letopis.ledger.logs import all_logs

    logs = all_logs()
    known = ", ".join(log.slug for log in logs) or "ни одной"
    if not slug and len(logs) == 1:
        return logs[0]
    found = next((log for log in logs if slug in (log.slug, str(log.organisation))), None)
    if found is None:
        asked = f"Организации с кодом «{slug}» нет" if slug else "Назовите организацию: --org КОД"
        raise Wrong(f"{asked}. Есть: {known}.")
    return found


def signed(log: "Log", *, past_is_known: bool = False) -> "Checkpoint":
    """Give what waits its place and sign the log as it is now."""
    from letopis.core import clock
    from letopis.ledger.checkpoints import issue
    from letopis.ledger.sequencer import sequence

    sequence(only=log.organisation)
    return issue(log.organisation, at=clock.now(), past_is_known=past_is_known)


def text_of(path: Path) -> str:
    """Return a file as text; one that cannot be read is a sentence."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise Wrong(f"Файл {path} не читается: его нет, или это не текст.") from None


def progress(label: str) -> Any:
    """Return what tells progress on one line of a terminal, and nothing where nobody looks."""
    shown = sys.stderr.isatty()

    def tell(done: int, total: int, note: str = "") -> None:
        if shown:
            end = "\n" if done >= total else ""
            print(f"\r{label}: {done} из {total} {note}", end=end, file=sys.stderr, flush=True)

    return tell
