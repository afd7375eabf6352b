"""`letopis archive build`, `letopis control remarks`, `letopis control reminders`, `letopis control compare`.

The archive lies below those who produce its units, so its build is added here.
"""

import argparse
import json
import sys
import time
from typing import Any

from letopis.archive.commands import add_command


def register(subparsers: Any) -> None:
    """Add `build` to the commands of the archive."""
    build = add_command(subparsers, "build", help="собрать пакеты учебного года")
    build.add_argument("--org", required=True, metavar="CODE", help="код организации, например demo")
    build.add_argument("--year", required=True, metavar="2025/26", help="учебный год")
    build.add_argument("--class", dest="school_class", default="", metavar="7А", help="только этот класс")
    build.add_argument("--json", action="store_true", dest="as_json", help="ответ для программы")
    build.set_defaults(func=_build)
    control = subparsers.add_parser("control", help="замечания и напоминания", description="Замечания и напоминания.")
    commands = control.add_subparsers(required=True, metavar="COMMAND")
    for name, told, func in (
        ("remarks", "сделать и закрыть автоматические замечания сейчас", _remarks),
        ("reminders", "разослать напоминания сейчас", _reminders),
    ):
        command = commands.add_parser(name, help=told, description=told.capitalize() + ".")
        command.add_argument("--org", required=True, metavar="CODE", help="код организации, например demo")
        command.set_defaults(func=func)
    command = commands.add_parser(
        "compare",
        help="сверить журнал с записями об изменениях",
        description="Сверить журнал с записями об изменениях.",
    )
    command.add_argument("--org", required=True, metavar="CODE", help="код организации, например demo")
    command.add_argument("--json", action="store_true", dest="as_json", help="ответ для программы")
    command.set_defaults(func=_compare)


class _Wrong(Exception):
    """The command was asked for something that is not there; the sentence is for the person."""


def _build(args: argparse.Namespace) -> int:
    """Exit code 0: every package stands; 1: some were refused; 2: no such organisation, year or class, or no data."""
    from django.core.management import call_command

    from letopis.control.actions.archive import REFUSED, build_units
    from letopis.core import clock
    from letopis.ledger.actions import Author

    call_command("migrate", verbosity=0)
    started = time.monotonic()
    try:
        classes = _classes(args)
    except _Wrong as wrong:
        print(wrong, file=sys.stderr)
        return 2
    organisation, now = classes[0].organisation, clock.now()
    built = build_units(
        classes,
        by=Author(organisation=organisation.code, actor="system", name="Летопись, командная строка"),
        at=now,
        today=clock.local_day(now, organisation.time_zone),
        report=_tell,
    )
    print(_as_json(built) if args.as_json else _as_text(built, seconds=time.monotonic() - started))
    return 1 if any(one.outcome == REFUSED for one in built) else 0


def _remarks(args: argparse.Namespace) -> int:
    """Exit code 0: done, also when there was nothing to do; 2: no such organisation."""
    from letopis.control.actions.remarks import make_automatic_remarks
    from letopis.core import clock

    try:
        organisation = _organisation(args.org)
    except _Wrong as wrong:
        print(wrong, file=sys.stderr)
        return 2
    done = make_automatic_remarks(organisation, at=clock.now(), report=_tell)
    print(f"Сделано: {done.made}, обновлено: {done.changed}, закрылось: {done.closed}, открыто: {done.standing}.")
    return 0


def _reminders(args: argparse.Namespace) -> int:
    """Exit code 0: done, also when there was nothing to say; 2: no such organisation."""
    from letopis.control.actions.reminders import remind
    from letopis.core import clock

    try:
        organisation = _organisation(args.org)
    except _Wrong as wrong:
        print(wrong, file=sys.stderr)
        return 2
    done = remind(organisation, at=clock.now(), report=_tell)
    print(f"Новых напоминаний: {done.told}, закрылось: {done.closed}.")
    return 0


def _organisation(slug: str) -> Any:
    from letopis.org.models import Organisation

    organisation = Organisation.objects.filter(slug=slug).first()
    if organisation is None:
        known = ", ".join(Organisation.objects.order_by("slug").values_list("slug", flat=True)) or "ни одной"
        raise _Wrong(f"Организации с кодом «{slug}» нет. Есть: {known}.")
    return organisation


def _classes(args: argparse.Namespace) -> list[Any]:
    from letopis.control.actions.archive import classes_to_build
    from letopis.register.models import Lesson
    from letopis.rules.classes import class_name, parse_school_class
    from letopis.schooling.models import AcademicYear

    organisation = _organisation(args.org)
    years = {year.label: year for year in AcademicYear.objects.filter(organisation=organisation).order_by("starts_on")}
    year = years.get(args.year.replace("-", "/").strip())
    if year is None:
        known = ", ".join(years) or "ни одного"
        raise _Wrong(f"Учебного года «{args.year}» в организации «{args.org}» нет. Есть: {known}.")
    classes = classes_to_build(year)
    if not classes or not Lesson.objects.filter(course__year=year).exists():
        raise _Wrong(f"За {year.label} учебный год в организации «{args.org}» нет данных: ни одного урока.")
    if not args.school_class:
        return classes
    wanted = parse_school_class(args.school_class)
    found = [one for one in classes if wanted and one.title == class_name(*wanted)]
    if not found:
        known = ", ".join(one.title for one in classes)
        raise _Wrong(f"Класса «{args.school_class}» в {year.label} учебном году нет. Есть: {known}.")
    return found


def _tell(done: int, total: int, note: str) -> None:
    if note:
        print(note, file=sys.stderr, flush=True)


def _as_json(built: list[Any]) -> str:
    return json.dumps(
        [
            {
                "class": one.class_title,
                "kind": one.kind.value,
                "outcome": one.outcome,
                "object_id": one.package.object_id if one.package else "",
                "path": str(_path(one.package)) if one.package else "",
                "version": one.package.version if one.package else 0,
                "bytes": one.package.size if one.package else 0,
                "manifest_sha512": one.package.manifest_digest if one.package else "",
                "remark": one.package.remark if one.package else "",
                "problem": one.sentence,
            }
            for one in built
        ],
        ensure_ascii=False,
        indent=2,
    )


def _as_text(built: list[Any], *, seconds: float) -> str:
    words = {"CREATED": "собран", "NEW_VERSION": "новая версия", "UNCHANGED": "без изменений", "REFUSED": "не собран"}
    lines = []
    for one in built:
        said, remark = one.sentence, ""
        if one.package is not None:
            size = f"{one.package.size:,}".replace(",", " ")
            said = f"v{one.package.version}, {size} Б, {_path(one.package)}"
            remark = f" ({one.package.remark})" if one.package.remark else ""
        lines.append(f"{one.class_title:5}{one.kind.label:20}{words[one.outcome]:15}{said}{remark}")
    done = sum(one.package is not None for one in built)
    return "\n".join([*lines, f"Пакетов: {done} из {len(built)} за {seconds:.1f} с."])


def _path(package: Any) -> Any:
    from letopis.archive.queries import package_path

    return package_path(package)


def _compare(args: argparse.Namespace) -> int:
    """Exit code 0: the register says what was recorded; 1: it does not; 2: no such organisation."""
    from letopis.control.queries.comparison import compare
    from letopis.org.models import Organisation

    organisation = Organisation.objects.filter(slug=args.org).first()
    if organisation is None:
        print(f"Организации «{args.org}» нет.", file=sys.stderr)
        return 2
    found = compare(organisation)
    if args.as_json:
        unequal = [{"object": one.object, "stands": one.stands, "recorded": one.recorded} for one in found.unequal]
        print(json.dumps({"compared": found.compared, "unequal": unequal}, ensure_ascii=False, indent=2))
    else:
        for one in found.unequal:
            print(one.sentence)
        told = "все совпадают с записями" if not found.unequal else f"не совпадает: {len(found.unequal)}"
        print(f"Сверено значений: {found.compared}; {told}.")
    return 1 if found.unequal else 0
