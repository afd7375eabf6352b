"""`letopis import school`, `letopis plan import`."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any


def register(subparsers: Any) -> None:
    group = subparsers.add_parser("import", help="bring data in from files").add_subparsers(dest="what", required=True)
    school = group.add_parser("school", help="import a school's workbook")
    school.add_argument("file", type=Path)
    school.add_argument("--org", required=True, help="code of the organisation, for example demo")
    school.add_argument("--dry-run", action="store_true", help="check and compare, write nothing")
    school.add_argument("--json", action="store_true", help="print the report as JSON")
    school.set_defaults(func=_import_school)

    plan = subparsers.add_parser("plan", help="thematic plans").add_subparsers(dest="what", required=True)
    plans = plan.add_parser("import", help="import thematic plans: a sheet is a subject and a grade")
    plans.add_argument("file", type=Path)
    plans.add_argument("--org", required=True, help="code of the organisation, for example demo")
    plans.add_argument("--year", default="", help="school year as 2026/27; the present one when not said")
    plans.add_argument("--reason", default="", help="why plans in use are corrected")
    plans.add_argument("--dry-run", action="store_true", help="check and compare, write nothing")
    plans.add_argument("--json", action="store_true", help="print the report as JSON")
    plans.set_defaults(func=_import_plans)


def _import_school(args: argparse.Namespace) -> int:
    """Exit code 0: imported or would be; 1: the workbook has errors, nothing was written."""
    from django.core.management import call_command

    from letopis.core import clock
    from letopis.exchange.actions import ImportReport, import_and_plan_lessons, preview_school
    from letopis.exchange.reading import read_workbook
    from letopis.exchange.workbook import BrokenWorkbook
    from letopis.org.models import Organisation

    call_command("migrate", verbosity=0)
    try:
        book = read_workbook(args.file)
    except BrokenWorkbook as broken:
        return _refuse(broken, as_json=args.json)
    now = clock.now()
    organisation = Organisation.objects.filter(slug=args.org).first()
    zone = organisation.time_zone if organisation else book.school.timezone if book.school else "Europe/Moscow"
    today = clock.local_day(now, zone)
    report: ImportReport
    if args.dry_run:
        report = preview_school(book, organisation=organisation, today=today)
    else:
        reason = f"Импорт {args.file.name}"
        report = import_and_plan_lessons(book, slug=args.org, by=None, at=now, today=today, reason=reason)
    if args.json:
        print(json.dumps(report.as_json(), ensure_ascii=False, indent=2))
    else:
        _print(report, dry_run=args.dry_run)
    return 1 if report.has_errors else 0


def _refuse(broken: Any, *, as_json: bool) -> int:
    if as_json:
        problem = {
            "severity": "error", "sheet": "", "row": 0, "column": "", "value": "",
            "message": broken.sentence, "mend": broken.mend,
        }  # fmt: skip
        empty: dict[str, Any] = {"sheets": {}, "problems": [problem], "conflicts": [], "vanished": [], "ignored": []}
        print(json.dumps(empty, ensure_ascii=False, indent=2))
    else:
        print(f"{broken.sentence} {broken.mend}", file=sys.stderr)
    return 1


def _print(report: Any, *, dry_run: bool) -> None:
    for problem in report.problems:
        word = "ошибка" if problem.severity == "error" else "внимание"
        place = f"«{problem.sheet}», строка {problem.row}, «{problem.column}»"
        print(f"{word}: {place}: {problem.message} {problem.mend}")
    for conflict in report.conflicts:
        print(
            f"расхождение: «{conflict.sheet}», строка {conflict.row}, «{conflict.field}»: в файле «{conflict.file}», "
            f"здесь исправлено на «{conflict.here}»; оставлено как здесь"
        )
    for sheet, key in report.vanished:
        print(f"нет в файле: «{sheet}», {key}; в системе оставлено")
    if report.has_errors:
        print("В файле есть ошибки, ничего не записано.")
        return
    print(f"{'Лист':28}{'новых':>8}{'изменено':>10}{'без изменений':>15}")
    for title, counts in report.sheets.items():
        print(f"{title:28}{counts.created:>8}{counts.changed:>10}{counts.left:>15}")
    print("Это проба, ничего не записано." if dry_run else "Загружено.")


def _import_plans(args: argparse.Namespace) -> int:
    """Exit code 0: imported or would be; 1: the workbook has errors or was refused, nothing was written."""
    from django.core.management import call_command

    from letopis.core import clock
    from letopis.core.errors import Refused
    from letopis.exchange.plans.actions import compare_plans, import_plans
    from letopis.exchange.plans.reading import read_plans
    from letopis.exchange.workbook import BrokenWorkbook
    from letopis.org.actions import system_author
    from letopis.org.models import Organisation
    from letopis.org.queries import policies
    from letopis.register.actions.plan import Correction
    from letopis.schooling.queries.years import year_of_day, years_of

    call_command("migrate", verbosity=0)
    organisation = Organisation.objects.filter(slug=args.org).first()
    if organisation is None:
        print(f"Школы «{args.org}» здесь нет.", file=sys.stderr)
        return 1
    now = clock.now()
    today = clock.local_day(now, organisation.time_zone)
    years = years_of(organisation)
    year = next((one for one in years if one.label == args.year), None) if args.year else year_of_day(years, today)
    if year is None:
        print(f"Учебного года {args.year} нет.".replace("  ", " "), file=sys.stderr)
        return 1
    correction = Correction(
        by=system_author(organisation), at=now, on=today, reason=args.reason or f"Файл {args.file.name}"
    )
    policy = policies(organisation).on(today)
    act = compare_plans if args.dry_run else import_plans
    try:
        report = act(read_plans(args.file, policy=policy), year=year, actor=None, correction=correction)
    except BrokenWorkbook as broken:
        return _refuse_plans(f"{broken.sentence} {broken.mend}", as_json=args.json)
    except Refused as refusal:
        return _refuse_plans(refusal.verdict.sentence, as_json=args.json)
    if args.json:
        print(json.dumps(report.as_json(), ensure_ascii=False, indent=2))
    else:
        _print_plans(report, dry_run=args.dry_run)
    return 1 if report.problems else 0


def _refuse_plans(sentence: str, *, as_json: bool) -> int:
    if as_json:
        problem = {"sheet": "", "cell": "", "value": "", "message": sentence, "mend": ""}
        print(json.dumps({"problems": [problem], "courses": [], "ignored": []}, ensure_ascii=False, indent=2))
    else:
        print(sentence, file=sys.stderr)
    return 1


def _print_plans(report: Any, *, dry_run: bool) -> None:
    for problem in report.problems:
        print(f"ошибка: {problem.place}: {problem.message} {problem.mend}")
    if report.problems:
        print("В файле есть ошибки, ничего не записано.")
        return
    words = {"NEW": "новый план", "CHANGED": "изменён", "SAME": "без изменений"}
    for one in report.courses:
        print(f"{one.title}: {words[one.state]}. {one.fit.sentence}.")
    print("Это проба, ничего не записано." if dry_run else "Загружено.")
