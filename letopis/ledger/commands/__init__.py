"""Commands of the ledger: `letopis ledger sequence | checkpoint | key | stamp | verify | prove | check`."""

import argparse
from typing import Any

from letopis.ledger.commands import checking, signing


def register(subparsers: Any) -> None:
    """Add `ledger` and its own commands to the parsers of the command line."""
    group = subparsers.add_parser("ledger", help="журнал изменений: проверка и доказательства")
    commands = group.add_subparsers(required=True, metavar="COMMAND")
    org = argparse.ArgumentParser(add_help=False)
    org.add_argument("--org", default="", metavar="CODE", help="код организации; без него все")
    signing.add_to(commands, org)
    checking.add_to(commands, org)
