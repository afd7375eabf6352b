"""The command line: `letopis COMMAND`. Each app adds its own commands in `commands.register`."""

import argparse
import importlib
import os
import sys
from collections.abc import Sequence

APPS_WITH_COMMANDS = (
    "core",
    "ledger",
    "org",
    "people",
    "archive",
    "control",
    "exchange",
    "demo",
)


def parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    root = argparse.ArgumentParser(prog="letopis", description="Letopis: register, results and archive of a school.")
    subparsers = root.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for app in APPS_WITH_COMMANDS:
        importlib.import_module(f"letopis.{app}.commands").register(subparsers)
    return root


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; return its exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "letopis.config.settings")
    arguments = list(sys.argv[1:] if argv is None else argv)
    import django

    django.setup()
    args = parser().parse_args(arguments)
    return int(args.func(args))
