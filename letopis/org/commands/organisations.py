"""`letopis org add`: open a school before anybody can sign in to it."""

import argparse
import sys
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.validators import validate_slug

from letopis.core import clock
from letopis.org.actions import open_organisation


def add_to(verbs: Any) -> None:
    add = verbs.add_parser("add", help="open a school")
    add.add_argument("--slug", required=True, help="short code in Latin letters, for example school5")
    add.add_argument("--name", required=True, help="short name; the import replaces it by the workbook's")
    add.set_defaults(func=_add)


def _add(args: argparse.Namespace) -> int:
    try:
        validate_slug(args.slug)
    except ValidationError:
        print(f"Код «{args.slug}» не подходит: латинские буквы, цифры и дефис.", file=sys.stderr)
        return 2
    call_command("migrate", verbosity=0)
    _school, is_new = open_organisation(slug=args.slug, name=args.name, at=clock.now())
    print(f"Организация «{args.slug}» открыта." if is_new else f"Организация «{args.slug}» уже есть.")
    print(
        f"Дальше: letopis user add --org {args.slug} --username admin --role ADMINISTRATOR"
        ' --full-name "Фамилия Имя Отчество"'
    )
    return 0
