"""`letopis demo`: the school that everything is shown on."""

import argparse
import gc
import shutil
import sys
from datetime import date
from typing import Any


def register(subparsers: Any) -> None:
    demo = subparsers.add_parser("demo", help="load the demo school")
    demo.add_argument("--school", type=int, choices=(17, 5), default=17, help="17: twelve classes; 5: thirty-seven")
    demo.add_argument("--on", type=date.fromisoformat, help="the day to show it on, YYYY-MM-DD (default: today)")
    demo.add_argument("--seed", type=int, default=17)
    demo.add_argument("--fresh", action="store_true", help="remove every loaded demo school first (never a real one)")
    demo.add_argument("--if-empty", action="store_true", help="load only into an empty database")
    demo.add_argument("--without-packages", action="store_true", help="do not pack the year that is over")
    demo.set_defaults(func=_demo)


def _demo(args: argparse.Namespace) -> int:
    from django.core.management import call_command

    from letopis.core import clock
    from letopis.demo.actions import WrongYear, load_demo
    from letopis.demo.logins import logins
    from letopis.demo.packing import pack
    from letopis.demo.schools import SCHOOLS
    from letopis.exchange.reading import read_workbook
    from letopis.ledger.sequencer import sequence
    from letopis.org.models import Organisation

    call_command("migrate", verbosity=0)
    if args.fresh and not _clear():
        return 2
    school = SCHOOLS[args.school]
    organisation = Organisation.objects.filter(slug=school.slug).first()
    if args.if_empty and Organisation.objects.exists():
        if organisation:
            _print_logins(logins(organisation))
        return 0
    on = args.on or clock.local_day(clock.now(), "Europe/Moscow")
    book = read_workbook(school.path)
    build = _skip if args.without_packages else pack
    # A year of facts is millions of objects without cycles: the collector would look through all of them in vain.
    gc.disable()
    try:
        report = load_demo(book, on=on, school=school, seed=args.seed, build=build, say=_say)
    except WrongYear:
        print(
            "Загружена демонстрация другого учебного года. Добавьте --fresh, чтобы загрузить заново.", file=sys.stderr
        )
        return 2
    finally:
        gc.enable()
    # At once, and not by the server later: nobody else writes now, and the first look finds a tree.
    placed = sequence()
    print(f"Школа загружена на {on:%d.%m.%Y} за {report.seconds:.0f} с. Записей в журнале изменений: {placed}.")
    _print_logins(logins(report.organisation))
    return 0


def _clear() -> bool:
    """Empty the database if it holds nothing but demo schools; refuse, saying why, if there is a real one in it."""
    from django.conf import settings
    from django.core.management import call_command

    from letopis.demo.schools import SCHOOLS
    from letopis.ledger import triggers
    from letopis.org.models import Organisation

    slugs = [school.slug for school in SCHOOLS.values()]
    others = list(Organisation.objects.exclude(slug__in=slugs).values_list("slug", flat=True))
    if others:
        print(
            f"В базе есть другие организации ({', '.join(others)}): --fresh их удалил бы. Ничего не сделано.",
            file=sys.stderr,
        )
        return False
    triggers.drop()
    call_command("flush", interactive=False, verbosity=0)
    triggers.create()
    for slug in slugs:
        shutil.rmtree(settings.VAR_DIR / "archive" / slug, ignore_errors=True)
    return True


def _skip(_year: Any) -> None:
    return


def _say(line: str) -> None:
    print(line, flush=True)


def _print_logins(rows: list[Any]) -> None:
    from letopis.demo.logins import PASSWORD

    print(f"\n{'Имя для входа':16}{'Роль':52}Кто")
    for row in rows:
        print(f"{row.username:16}{row.role:52}{row.name}")
    print(f"Пароль у всех: {PASSWORD}\n")
