"""Commands of the ledger: `letopis ledger sequence | checkpoint | key | verify | prove | check`."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from letopis.ledger import proofs, telling

if TYPE_CHECKING:
    from letopis.ledger.logs import Log
    from letopis.ledger.models import Checkpoint

OK, PROBLEMS, USAGE = 0, 1, 2


def register(subparsers: Any) -> None:
    """Add `ledger` and its own commands to the parsers of the command line."""
    group = subparsers.add_parser("ledger", help="журнал изменений: проверка и доказательства")
    commands = group.add_subparsers(required=True, metavar="COMMAND")
    org = argparse.ArgumentParser(add_help=False)
    org.add_argument("--org", default="", metavar="CODE", help="код организации; без него все")

    sequence = commands.add_parser("sequence", parents=[org], help="дать места в дереве записям, которые ждут")
    sequence.set_defaults(func=_sequence)

    checkpoint = commands.add_parser("checkpoint", parents=[org], help="выпустить контрольную отметку")
    checkpoint.add_argument("--out", type=Path, metavar="FILE", help="записать отметку в файл")
    checkpoint.add_argument(
        "--past-entries", action="store_true", help="записи с прежними датами просмотрены, так и должно быть"
    )
    checkpoint.set_defaults(func=_checkpoint)

    key = commands.add_parser("key", parents=[org], help="показать открытый ключ, которым подписаны отметки")
    key.add_argument("--pem", action="store_true", help="в виде PEM, для openssl")
    key.set_defaults(func=_key)

    verify = commands.add_parser("verify", parents=[org], help="проверить подлинность всех записей")
    verify.add_argument("--against", type=Path, metavar="FILE", help="контрольная отметка, сохранённая отдельно")
    verify.add_argument("--json", action="store_true", dest="as_json", help="ответ для программы")
    verify.set_defaults(func=_verify)

    prove = commands.add_parser("prove", parents=[org], help="файл с доказательством всех записей об объекте")
    prove.add_argument("object", metavar="OBJECT", help="например register.Mark:123")
    prove.add_argument("--out", type=Path, metavar="FILE", help="куда записать; без него на экран")
    prove.set_defaults(func=_prove)

    check = commands.add_parser("check", help="проверить такой файл; база данных не нужна")
    check.add_argument("file", type=Path, metavar="FILE", help="файл доказательства")
    check.add_argument("--key", default="", metavar="KEY", help="открытый ключ, которому вы верите: строка или файл")
    check.set_defaults(func=_check)


class _Wrong(Exception):
    """The command was asked for something that is not there; the sentence is for the person."""


def _sequence(args: argparse.Namespace) -> int:
    from letopis.ledger.sequencer import sequence, waiting

    def work() -> int:
        log = _log(args.org) if args.org else None
        only = log.organisation if log else None
        done = sequence(only=only, report=_progress("Записи получают места в дереве"))
        print(f"Получили место в дереве: {done}. Ждут: {waiting(only)}.")
        return OK

    return _on_database(work)


def _checkpoint(args: argparse.Namespace) -> int:
    def work() -> int:
        row = _signed(_log(args.org), past_is_known=args.past_entries)
        if args.out:
            args.out.write_text(row.note, encoding="utf-8")
            print(f"Контрольная отметка на {row.size} записей записана в файл {args.out}.")
        else:
            print(row.note, end="")
        return OK

    return _on_database(work)


def _key(args: argparse.Namespace) -> int:
    from letopis.ledger import keys, notes

    def work() -> int:
        log = _log(args.org)
        key = keys.public_key()
        print(keys.public_pem() if args.pem else notes.key_text(notes.origin_of(log.organisation), key))
        print(f"Отпечаток SHA-256: {notes.fingerprint(key)}", file=sys.stderr)
        return OK

    return _on_database(work)


def _verify(args: argparse.Namespace) -> int:
    from letopis.ledger import keys, notes
    from letopis.ledger.logs import all_logs
    from letopis.ledger.verification.whole import verify

    def work() -> int:
        against = _text_of(args.against) if args.against else ""
        logs = [_log(args.org)] if args.org else all_logs()
        if against:
            try:
                owner = notes.organisation_of(notes.read(against).origin)
            except notes.BadNote as bad:
                raise _Wrong(f"{args.against}: {bad}") from None
            # Without a name the checkpoint says whose log is meant.
            logs = logs if args.org else [log for log in logs if log.organisation == owner]
            if not logs:
                raise _Wrong(f"В этой базе нет журнала, к которому относится отметка из файла {args.against}.")
        told = None if args.as_json else _progress("Проверено записей")
        report = verify(
            [(log.organisation, log.name) for log in logs], key=keys.public_key(), against=against, report=told
        )
        print(
            json.dumps(report.for_programs(), ensure_ascii=False, indent=2) if args.as_json else telling.as_text(report)
        )
        return OK if report.ok else PROBLEMS

    return _on_database(work)


def _prove(args: argparse.Namespace) -> int:
    from letopis.ledger import keys
    from letopis.ledger.models import Entry
    from letopis.ledger.sequencer import sequence

    def work() -> int:
        log = _log(args.org)
        sequence(only=log.organisation)
        rows = Entry.objects.filter(object=args.object).values_list("organisation", "place__index")
        places = [place for organisation, place in rows if organisation == log.organisation]
        if not places:
            raise _Wrong(f"В журнале «{log.slug}» нет записей об объекте «{args.object}».")
        told = proofs.prove(log.organisation, args.object, note=_covering(log, places).note, key=keys.public_key())
        text = json.dumps(told, ensure_ascii=False, indent=1)
        if args.out:
            args.out.write_text(text, encoding="utf-8")
            print(f"Записей: {len(told['entries'])}, файл {args.out}. Проверить: letopis ledger check {args.out}")
        else:
            print(text)
        return OK

    return _on_database(work)


def _check(args: argparse.Namespace) -> int:
    """No database: whoever got the file has none."""
    try:
        key = _text_of(Path(args.key)) if args.key and Path(args.key).exists() else args.key
        checked = proofs.check(_text_of(args.file), key_text=key)
    except _Wrong as wrong:
        print(wrong, file=sys.stderr)
        return USAGE
    for _code, sentence in checked.problems:
        print(sentence)
    for entry in checked.entries:
        print(telling.line_of(entry))
    if checked.ok:
        print(f"{checked.object}: доказано записей {len(checked.entries)}, журнал {checked.origin}.")
    print(f"Отпечаток ключа SHA-256: {checked.fingerprint}" if checked.fingerprint else "Ключ не прочитан.")
    if checked.ok and not checked.is_key_given:
        print("Ключ взят из самого файла: сравните его отпечаток с тем, что школа хранит на бумаге.")
    return OK if checked.ok else PROBLEMS


def _on_database(work: Any) -> int:
    """Run a command on a database with the newest tables; what was asked for wrongly is one sentence and code 2."""
    from letopis.core.errors import Refused
    from letopis.ledger.keys import NoKey

    try:
        _require_tables()
        return int(work())
    except (_Wrong, NoKey) as wrong:
        print(wrong, file=sys.stderr)
        return USAGE
    except Refused as refusal:
        print(refusal.verdict.sentence, file=sys.stderr)
        return PROBLEMS


def _require_tables() -> None:
    """Refuse a database without the tables: migrating here would mend the very triggers that verification looks at."""
    from django.db import connection

    with connection.cursor() as cursor:
        if "ledger_leaf" not in connection.introspection.table_names(cursor):
            raise _Wrong("В базе нет таблиц журнала изменений. Создайте их: letopis migrate.")


def _log(slug: str) -> "Log":
    """Return the log of that name; without a name the only one there is."""
    from letopis.ledger.logs import all_logs

    logs = all_logs()
    known = ", ".join(log.slug for log in logs) or "ни одной"
    if not slug and len(logs) == 1:
        return logs[0]
    found = next((log for log in logs if slug in (log.slug, str(log.organisation))), None)
    if found is None:
        asked = f"Организации с кодом «{slug}» нет" if slug else "Назовите организацию: --org КОД"
        raise _Wrong(f"{asked}. Есть: {known}.")
    return found


def _signed(log: "Log", *, past_is_known: bool = False) -> "Checkpoint":
    from letopis.core import clock
    from letopis.ledger.checkpoints import issue
    from letopis.ledger.sequencer import sequence

    sequence(only=log.organisation)
    return issue(log.organisation, at=clock.now(), past_is_known=past_is_known)


def _covering(log: "Log", places: Sequence[int | None]) -> "Checkpoint":
    """Return the last checkpoint, or a new one when an entry has its place after it."""
    from letopis.ledger.checkpoints import last_checkpoint

    last = last_checkpoint(log.organisation)
    if last and all(place is not None and place < last.size for place in places):
        return last
    return _signed(log)


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise _Wrong(f"Файл {path} не читается: его нет, или это не текст.") from None


def _progress(label: str) -> Any:
    """Return what tells progress on one line of a terminal, and nothing where nobody looks."""
    shown = sys.stderr.isatty()

    def tell(done: int, total: int, note: str = "") -> None:
        if shown:
            end = "\n" if done >= total else ""
            print(f"\r{label}: {done} из {total} {note}", end=end, file=sys.stderr, flush=True)

    return tell
