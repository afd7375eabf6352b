"""Commands about users: the first administrator of a school, a lost password of an administrator."""

import argparse
import sys
from typing import Any

from django.core.management import call_command

from letopis.accounts.actions import reset_password
from letopis.accounts.models import Role, User
from letopis.core import clock
from letopis.core.errors import Refused
from letopis.org.actions import system_author
from letopis.org.models import Organisation
from letopis.people.actions import add_user


def register(subparsers: Any) -> None:
    user = subparsers.add_parser("user", help="add a user or reset a password from the server")
    verbs = user.add_subparsers(dest="verb", metavar="VERB", required=True)
    add = verbs.add_parser("add", help="open an account with an office; prints its password once")
    add.add_argument("--org", required=True, metavar="SLUG", help="short code of the organisation")
    add.add_argument("--username", required=True)
    add.add_argument("--role", required=True, choices=list(Role.values))
    add.add_argument("--full-name", default="", help="last, first and middle name of the person")
    add.set_defaults(func=_add)
    reset = verbs.add_parser("reset", help="give an account a new password; prints it once")
    reset.add_argument("--username", required=True)
    reset.set_defaults(func=_reset)


def _add(args: argparse.Namespace) -> int:
    call_command("migrate", verbosity=0)
    organisation = Organisation.objects.filter(slug=args.org).first()
    if organisation is None:
        return _fail(f"Организации «{args.org}» нет. Сначала откройте её: letopis org add --slug {args.org} --name …")
    now = clock.now()
    try:
        password = add_user(
            organisation=organisation,
            username=args.username,
            role=args.role,
            full_name=args.full_name,
            by=system_author(organisation),
            at=now,
            today=clock.local_day(now, organisation.time_zone),
        )
    except Refused as refusal:
        return _fail(refusal.verdict.sentence)
    return _tell(args.username, password)


def _reset(args: argparse.Namespace) -> int:
    user = User.objects.select_related("organisation").filter(username__iexact=args.username.strip()).first()
    if user is None:
        return _fail(f"Имени «{args.username}» нет.")
    return _tell(user.username, reset_password(user=user, by=system_author(user.organisation), at=clock.now()))


def _tell(username: str, password: str) -> int:
    print(f"Имя для входа: {username.strip().casefold()}")
    print(f"Пароль:        {password}")
    print("Пароль показан один раз. При первом входе система попросит заменить его.")
    return 0


def _fail(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1
