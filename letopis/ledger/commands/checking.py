"""Commands that look: everything verified, one object proved, such a proof checked."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from letopis.ledger import proofs, telling
from letopis.ledger.commands.asked import OK, PROBLEMS, USAGE, Wrong, log_named, on_database, progress, signed, text_of

if TYPE_CHECKING:
    from letopis.ledger.logs import Log
    from letopis.ledger.models import Checkpoint


def add_to(commands: Any, org: argparse.ArgumentParser) -> None:
    """Add `verify`, `prove` and `check`; org: the parser of --org."""
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


def _verify(args: argparse.Namespace) -> int:
    from letopis.ledger import keyring, notes
    from letopis.ledger.logs import all_logs
    from letopis.ledger.verification.whole import verify

    def work() -> int:
        against = text_of(args.against) if args.against else ""
        logs = [log_named(args.org)] if args.org else all_logs()
        if against:
            try:
                owner = notes.organisation_of(notes.read(against).origin)
            except notes.BadNote as bad:
                raise Wrong(f"{args.against}: {bad}") from None
            # Without a name the checkpoint says whose log is meant.
            logs = logs if args.org else [log for log in logs if log.organisation == owner]
            if not logs:
                raise Wrong(f"В этой базе нет журнала, к которому относится отметка из файла {args.against}.")
        told = None if args.as_json else progress("Проверено записей")
        report = verify(
            [(log.organisation, log.name) for log in logs], key=keyring.file_key(), against=against, report=told
        )
        print(
            json.dumps(report.for_programs(), ensure_ascii=False, indent=2) if args.as_json else telling.as_text(report)
        )
        return OK if report.ok else PROBLEMS

    return on_database(work)


def _prove(args: argparse.Namespace) -> int:
    from letopis.ledger import keyring
    from letopis.ledger.models import Entry
    from letopis.ledger.sequencer import sequence

    def work() -> int:
        log = log_named(args.org)
        sequence(only=log.organisation)
        rows = Entry.objects.filter(object=args.object).values_list("organisation", "place__index")
        places = [place for organisation, place in rows if organisation == log.organisation]
        if not places:
            raise Wrong(f"В журнале «{log.slug}» нет записей об объекте «{args.object}».")
        note = _covering(log, places).note
        ring = keyring.ring(keyring.file_key())
        key = ring.keys[ring.signers(note)[-1]]
        told = proofs.prove(log.organisation, args.object, note=note, key=key)
        text = json.dumps(told, ensure_ascii=False, indent=1)
        if args.out:
            args.out.write_text(text, encoding="utf-8")
            print(f"Записей: {len(told['entries'])}, файл {args.out}. Проверить: letopis ledger check {args.out}")
        else:
            print(text)
        return OK

    return on_database(work)


def _check(args: argparse.Namespace) -> int:
    """No database: whoever got the file has none."""
    try:
        key = text_of(Path(args.key)) if args.key and Path(args.key).exists() else args.key
        checked = proofs.check(text_of(args.file), key_text=key)
    except Wrong as wrong:
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


def _covering(log: "Log", places: Sequence[int | None]) -> "Checkpoint":
    """Return the last checkpoint, or a new one when an entry has its place after it."""
    from letopis.ledger.checkpoints import last_checkpoint

    last = last_checkpoint(log.organisation)
    if last and all(place is not None and place < last.size for place in places):
        return last
    return signed(log)
