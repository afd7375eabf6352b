"""Commands of the archive: `letopis archive …`."""

import argparse
import json
from dataclasses import asdict
from gettext import gettext as _
from pathlib import Path
from typing import Any

from letopis.archive.verify import Report, verify


def register(subparsers: Any) -> None:
    """Add `archive` and its own commands to the parsers of the command line."""
    parser = add_command(subparsers, "verify", help=_("проверить пакет"))
    parser.add_argument("path", type=Path, metavar="PATH", help=_("папка пакета (объект OCFL или копия BagIt)"))
    parser.add_argument("--json", action="store_true", dest="as_json", help=_("ответ для программы"))
    parser.set_defaults(func=verify_package)


def add_command(subparsers: Any, name: str, *, help: str) -> argparse.ArgumentParser:  # noqa: A002 (as argparse)
    """Add a command to the group `archive` and return its parser; the first one that is added makes the group.

    For the apps above, too: those who produce units add the commands that build them.
    """
    group = subparsers.choices.get("archive")
    if group is None:
        group = subparsers.add_parser("archive", help=_("пакеты архива"), description=_("Пакеты архива."))
        # argparse gives no way back from a parser to its commands, so the parser keeps them.
        group.commands = group.add_subparsers(required=True, metavar="COMMAND")
    command: argparse.ArgumentParser = group.commands.add_parser(name, help=help, description=help.capitalize() + ".")
    return command


def verify_package(args: argparse.Namespace) -> int:
    """Print the report and return the exit code: 0 when the package is whole, 1 otherwise."""
    report = verify(args.path)
    print(as_json(report) if args.as_json else as_text(report))
    return 0 if report.ok else 1


def as_json(report: Report) -> str:
    """Return the report for programs."""
    # A path given on the command line may hold bytes that are no UTF-8; JSON escapes keep them printable.
    return json.dumps({"ok": report.ok, **asdict(report)}, ensure_ascii=not report.path.isprintable(), indent=2)


def as_text(report: Report) -> str:
    """Return the report for a person: one line per problem, then the total."""
    lines = [found.sentence for found in report.problems]
    if report.kind:
        lines.append(_("Прочитано файлов: {files}, байтов: {bytes}.").format(files=report.files, bytes=report.bytes))
    if report.manifest_digest:
        groups = " ".join(report.manifest_digest[at : at + 4] for at in range(0, len(report.manifest_digest), 4))
        lines.append(_("SHA-512 манифеста: {digest}").format(digest=groups))
    if report.ok:
        lines.append(_("Повреждений нет."))
    else:
        lines.append(_("Найдено нарушений: {count}.").format(count=len(report.problems)))
    return "\n".join(lines)
