"""`letopis policy show | acts | check | export | compare`: editions of a policy, of a shipped act or of a school.

What concerns a shipped act needs no database.
"""

import argparse
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.db import connection

from letopis.core import clock
from letopis.org.models import Organisation
from letopis.org.queries import policies
from letopis.rules.dates import parse_day
from letopis.rules.policy import section_title, variables
from letopis.rules.policy.codec import encode
from letopis.rules.policy.editions import LAW, SCHOOL, Edition, Editions, Standing, changed_between
from letopis.rules.policy.file import PolicyFileError, read_edition, write_edition
from letopis.rules.policy.published import UnknownAct, published, published_acts
from letopis.rules.policy.recorded import RECORDED_ONLY
from letopis.rules.policy.words import words

SILENT = "акт об этом молчит"

# A shipped act belongs to no school and so to no time zone; its today is that of most schools.
_ZONE = "Europe/Moscow"


class NotFound(Exception):
    """The act, school, edition or file a command was asked about is not there. The text is for the person."""


@dataclass(frozen=True)
class Source:
    """Whose editions a command was asked about, and on which day."""

    name: str
    editions: Editions
    on: date

    def edition(self) -> Edition:
        """Return the edition in force. Raises NotFound with the days on which there is one."""
        found = self.editions.edition_on(self.on)
        if found is not None:
            return found
        if not self.editions.editions:
            raise NotFound(
                f"«{self.name}»: редакций ещё нет, действуют закон и значения по умолчанию. "
                "Сравнить готовые акты: letopis policy acts."
            )
        first, last = self.editions.editions[0], self.editions.editions[-1]
        if self.on < first.in_force_from:
            raise NotFound(
                f"«{self.name}»: на {self.on:%d.%m.%Y} редакции ещё нет, "
                f"первая действует с {first.in_force_from:%d.%m.%Y}."
            )
        raise NotFound(
            f"«{self.name}»: на {self.on:%d.%m.%Y} действующей редакции нет; последняя, «{last.title}», "
            f"действует с {last.in_force_from:%d.%m.%Y}."
        )


def add_to(verbs: Any) -> None:
    show = verbs.add_parser("show", help="show what an act states, with its clauses")
    _add_source(show)
    show.add_argument("--all", action="store_true", help="also what the act is silent on")
    show.add_argument("--json", action="store_true")
    show.set_defaults(func=_run, does=_show)
    acts = verbs.add_parser("acts", help="list the acts shipped with the product")
    acts.set_defaults(func=_run, does=_acts)
    check = verbs.add_parser("check", help="check a policy file; tells every problem with its line")
    check.add_argument("file", type=Path)
    check.set_defaults(func=_run, does=_check)
    export = verbs.add_parser("export", help="write an edition as a policy file")
    _add_source(export)
    export.set_defaults(func=_run, does=_export)
    compare = verbs.add_parser("compare", help="show where two acts differ on a day")
    _add_source(compare)
    compare.add_argument("--with", required=True, dest="other", metavar="ACT", help="the shipped act to compare with")
    compare.add_argument("--json", action="store_true")
    compare.set_defaults(func=_run, does=_compare)


def _add_source(parser: argparse.ArgumentParser) -> None:
    whose = parser.add_mutually_exclusive_group(required=True)
    whose.add_argument("--act", help="short name of a shipped act; letopis policy acts lists them")
    whose.add_argument("--org", metavar="SLUG", help="short code of a school: its own editions")
    parser.add_argument("--on", type=_day, metavar="DATE", help="the day, YYYY-MM-DD (default: today)")


def _day(text: str) -> date:
    day = parse_day(text)
    if day is None:
        raise argparse.ArgumentTypeError(f"день «{text}» не читается: пишите 2026-10-05 или 05.10.2026")
    return day


def source_of(args: argparse.Namespace) -> Source:
    """Return whose editions `--act` or `--org` names, on the day of `--on`. Raises NotFound."""
    if args.act:
        try:
            return Source(args.act, published(args.act), args.on or clock.local_day(clock.now(), _ZONE))
        except UnknownAct as unknown:
            raise NotFound(str(unknown)) from None
    if Organisation._meta.db_table not in connection.introspection.table_names():
        raise NotFound("В базе нет таблиц. Создайте их: letopis migrate.")
    school = Organisation.objects.filter(slug=args.org).first()
    if school is None:
        raise NotFound(f"Организации «{args.org}» нет.")
    return Source(args.org, policies(school), args.on or clock.local_day(clock.now(), school.time_zone))


def _run(args: argparse.Namespace) -> int:
    try:
        return int(args.does(args))
    except NotFound as missing:
        print(missing, file=sys.stderr)
        return 2
    except BrokenPipeError:
        # The reader, `head` or a pager, has seen enough. Python would complain once more when it closes the output.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _show(args: argparse.Namespace) -> int:
    source = source_of(args)
    edition = source.edition()
    standing = [source.editions.standing(name, source.on) for name in variables()]
    shown = [one for one in standing if args.all or one.layer == SCHOOL]
    if args.json:
        _print_json({**_head(edition, source.on), "values": [_as_json(one) for one in shown]})
        return 0
    print(edition.title)
    print(f"Действует с {edition.in_force_from:%d.%m.%Y}, показано на {source.on:%d.%m.%Y}.")
    for title, group in _by_section(shown):
        print(f"\n{title}")
        for one in group:
            print("\n".join(_lines(one, edition)))
    silent = len(standing) - len(edition.values)
    if not args.all and silent:
        print(f"\nОстальные переменные, {silent}: {SILENT}, действуют закон и значения по умолчанию. Показать: --all.")
    return 0


def _by_section(standing: list[Standing]) -> Iterator[tuple[str, list[Standing]]]:
    for section in dict.fromkeys(one.section for one in variables().values()):
        group = [one for one in standing if variables()[one.name].section == section]
        if group:
            yield section_title(section), group


def _lines(one: Standing, edition: Edition) -> Iterator[str]:
    variable = variables()[one.name]
    told = words(one.value, variable)
    yield f"  {variable.title} [{one.name}]: {told[0] if len(told) == 1 else ''}".rstrip()
    if len(told) > 1:
        yield from (f"    – {row}" for row in told)
    if one.layer == SCHOOL:
        yield f"    {edition.values[one.name].clause}" + (f" – прочитано так: {one.note}" if one.note else "")
    else:
        yield f"    {SILENT}; {one.clause}" if one.layer == LAW else f"    {SILENT}; по умолчанию"
    if one.name in RECORDED_ONLY:
        yield "    записано; система этого ещё не проверяет"


def _head(edition: Edition, on: date) -> dict[str, Any]:
    return {
        "act": edition.act,
        "title": edition.title,
        "in_force_from": edition.in_force_from.isoformat(),
        "in_force_to": edition.in_force_to.isoformat() if edition.in_force_to else None,
        "on": on.isoformat(),
    }


def _as_json(one: Standing) -> dict[str, Any]:
    variable = variables()[one.name]
    return {
        "name": one.name,
        "title": variable.title,
        "section": section_title(variable.section),
        "value": encode(one.value),
        "words": list(words(one.value, variable)),
        "default": encode(one.default),
        "layer": one.layer,
        "silent": one.layer != SCHOOL,
        "since": one.since.isoformat() if one.since else None,
        "clause": one.clause,
        "note": one.note,
    }


def _acts(_args: argparse.Namespace) -> int:
    for act in published_acts():
        for edition in published(act).editions:
            print(f"{act:16} с {edition.in_force_from:%d.%m.%Y}, переменных {len(edition.values)}: {edition.title}")
    return 0


def _check(args: argparse.Namespace) -> int:
    try:
        # Notepad begins a file with a mark that TOML does not know.
        text = args.file.read_text("utf-8-sig")
    except OSError as error:
        raise NotFound(f"Файл «{args.file}» не открывается: {error.strerror}.") from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        print(f"{args.file}: строка {line}: файл не в кодировке UTF-8. Сохраните его в UTF-8 и проверьте снова.")
        return 1
    try:
        edition = read_edition(text)
    except PolicyFileError as wrong:
        for problem in wrong.problems:
            print(f"{args.file}: {problem}")
        return 1
    print(f"Файл годен: «{edition.act}», с {edition.in_force_from:%d.%m.%Y}, переменных {len(edition.values)}.")
    return 0


def _export(args: argparse.Namespace) -> int:
    print(write_edition(source_of(args).edition()), end="")
    return 0


def _compare(args: argparse.Namespace) -> int:
    one = source_of(args)
    other = source_of(argparse.Namespace(act=args.other, org=None, on=one.on))
    first, second = one.edition(), other.edition()
    names = changed_between(one.editions.on(one.on), other.editions.on(one.on))
    rows = [(name, one.editions.standing(name, one.on), other.editions.standing(name, one.on)) for name in names]
    if args.json:
        differ = [{"act": _as_json(left), "with": _as_json(right)} for _name, left, right in rows]
        _print_json({"act": _head(first, one.on), "with": _head(second, one.on), "differ": differ})
        return 0
    found = f"различаются переменные, {len(rows)}:" if rows else "переменные не различаются."
    print(f"А: {first.title}\nБ: {second.title}\nНа {one.on:%d.%m.%Y} {found}")
    for name, left, right in rows:
        print(f"\n{variables()[name].title} [{name}]")
        for letter, side, edition in (("А", left, first), ("Б", right, second)):
            clause = edition.values[name].clause if side.layer == SCHOOL else SILENT
            print(f"  {letter}: {'; '.join(words(side.value, variables()[name]))} ({clause})")
    return 0


def _print_json(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))
