"""Commands that write: places in the tree, checkpoints, the key, time stamps."""

import argparse
import sys
from pathlib import Path
from typing import Any

from letopis.ledger.commands.asked import OK, PROBLEMS, Wrong, log_named, on_database, progress, signed, text_of


def add_to(commands: Any, org: argparse.ArgumentParser) -> None:
    """Add `sequence`, `checkpoint`, `key` with `key rotate`, and `stamp`; org: the parser of --org."""
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
    rotate = key.add_subparsers(metavar="VERB").add_parser("rotate", help="сменить ключ подписи")
    rotate.add_argument("--reason", required=True, metavar="TEXT", help="почему меняется ключ")
    rotate.add_argument("--old-key-lost", action="store_true", help="прежнего ключа нет и подписать им нельзя")
    rotate.add_argument("--old-public", type=Path, metavar="FILE", help="прежний открытый ключ, если база его не знает")
    rotate.set_defaults(func=_rotate)

    stamp = commands.add_parser("stamp", parents=[org], help="запросить метку времени на последнюю контрольную отметку")
    stamp.set_defaults(func=_stamp)


def _sequence(args: argparse.Namespace) -> int:
    from letopis.ledger.sequencer import sequence, waiting

    def work() -> int:
        log = log_named(args.org) if args.org else None
        only = log.organisation if log else None
        done = sequence(only=only, report=progress("Записи получают места в дереве"))
        print(f"Получили место в дереве: {done}. Ждут: {waiting(only)}.")
        return OK

    return on_database(work)


def _checkpoint(args: argparse.Namespace) -> int:
    def work() -> int:
        row = signed(log_named(args.org), past_is_known=args.past_entries)
        if args.out:
            args.out.write_text(row.note, encoding="utf-8")
            print(f"Контрольная отметка на {row.size} записей записана в файл {args.out}.")
        else:
            print(row.note, end="")
        return OK

    return on_database(work)


def _key(args: argparse.Namespace) -> int:
    from letopis.ledger import keyring, keys, notes

    def work() -> int:
        log = log_named(args.org)
        key = keyring.public_key()
        print(keys.pem_of(key) if args.pem else notes.key_text(notes.origin_of(log.organisation), key))
        print(f"Отпечаток SHA-256: {notes.fingerprint(key)}", file=sys.stderr)
        return OK

    return on_database(work)


def _rotate(args: argparse.Namespace) -> int:
    from letopis.core import clock
    from letopis.ledger import keyring, keys, notes
    from letopis.ledger.rotation import rotate
    from letopis.ledger.sequencer import sequence

    def work() -> int:
        old = text_of(args.old_public) if args.old_public else ""
        sequence()
        try:
            row = rotate(reason=args.reason, at=clock.now(), is_old_lost=args.old_key_lost, old_public=old)
        except notes.BadNote as bad:
            raise Wrong(f"{args.old_public}: {bad}") from None
        print(f"Подписывает новый ключ, № {row.number}, файл {keys.key_path()}. Положите его в резервную копию.")
        print(f"Отпечаток SHA-256, перепишите его на бумагу: {notes.fingerprint(keyring.public_key())}")
        if row.is_predecessor_lost:
            print("Прежний ключ не подписал передачу: letopis ledger verify будет напоминать об этом.")
        return OK

    return on_database(work)


def _stamp(args: argparse.Namespace) -> int:
    from letopis.ledger.checkpoints import last_checkpoint
    from letopis.ledger.logs import all_logs
    from letopis.ledger.stamps.protocol import NoStamp
    from letopis.ledger.stamps.stamping import stamp

    def work() -> int:
        code = OK
        for log in [log_named(args.org)] if args.org else all_logs():
            last = last_checkpoint(log.organisation)
            try:
                if last is None:
                    raise NoStamp("no_checkpoint", "контрольных отметок ещё нет: letopis ledger checkpoint.")
                row = stamp(last)
            except NoStamp as failure:
                print(f"{log.name}: {failure}", file=sys.stderr)
                code = PROBLEMS
            else:
                print(f"{log.name}: метка времени {row.at:%d.%m.%Y %H:%M:%S} UTC на {last.size} записей, {row.service}")
        return code

    return on_database(work)
