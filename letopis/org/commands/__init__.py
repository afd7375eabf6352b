"""Commands of organisations: `letopis org`."""

from typing import Any

from letopis.org.commands import organisations


def register(subparsers: Any) -> None:
    org = subparsers.add_parser("org", help="open an organisation")
    organisations.add_to(org.add_subparsers(dest="verb", metavar="VERB", required=True))
