"""Commands of organisations: `letopis org`, `letopis policy`."""

from typing import Any

from letopis.org.commands import judge, organisations, policy


def register(subparsers: Any) -> None:
    org = subparsers.add_parser("org", help="open an organisation")
    organisations.add_to(org.add_subparsers(dest="verb", metavar="VERB", required=True))
    rules = subparsers.add_parser("policy", help="show, check and compare what schools decide by local acts")
    verbs = rules.add_subparsers(dest="verb", metavar="VERB", required=True)
    policy.add_to(verbs)
    judge.add_to(verbs)
