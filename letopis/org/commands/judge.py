"""`letopis policy due | term-mark`: ask a shipped act for a deadline or a mark. No database is needed."""

import argparse
import json
import re
import sys
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, tzinfo
from fractions import Fraction
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from letopis.core import clock
from letopis.rules import deadlines
from letopis.rules.dates import parse_day
from letopis.rules.deadlines import Due, Moments, NoDue
from letopis.rules.decimals import format_exact
from letopis.rules.names import match_key
from letopis.rules.policy import SCALES, GradingScale, Policy, WorkKind
from letopis.rules.policy.editions import Editions
from letopis.rules.policy.published import UnknownAct, published
from letopis.rules.results import result_sign
from letopis.rules.term_marks import CountedMark, Proposal, propose_term_mark

DUTIES = ("lesson", "absence", "attendance", "homework", "absence-reason", "term-mark")
"""What `--kind` names besides kinds of work. An absence is what the teacher marks at the lesson: `attendance`."""
"""What `--kind` takes beside the code of a kind of work."""

PERIODS = ("QUARTER", "TRIMESTER", "HALF_YEAR", "MODULE", "YEAR")

_ZONE = "Europe/Moscow"
_MARK = re.compile(r"(\d)(?:/(\d))?(?:[*×](\d{1,3}))?")

T = TypeVar("T")


class BadQuestion(Exception):
    """Something asked cannot be read or is missing. The text is for the person."""


def add_to(verbs: Any) -> None:
    due = verbs.add_parser("due", help="until when something is entered, by a shipped act")
    due.add_argument("--act", required=True, help="short name of a shipped act; letopis policy acts lists them")
    due.add_argument("--kind", required=True, help=f"code of a kind of work («КР»), or {', '.join(DUTIES)}")
    due.add_argument("--grade", type=int, default=0, help="for marks: 1 to 11")
    due.add_argument("--subject", default="", help="for marks: its name")
    due.add_argument("--lesson", metavar="MOMENT", help="when the lesson begins, YYYY-MM-DDTHH:MM")
    due.add_argument("--worked-on", metavar="DATE", help="day the work was written, when it is not that of the lesson")
    due.add_argument("--lessons-end", metavar="TIME", help="end of the class's lessons that day, HH:MM")
    due.add_argument("--next-lessons", metavar="DATES", help="next lessons of the course, parted by commas")
    due.add_argument("--period-end", metavar="DATE", help="last day of the term")
    due.add_argument("--time-zone", default=_ZONE, help=f"IANA name (default: {_ZONE})")
    due.add_argument("--on", metavar="DATE", help="judge by the edition of this day (default: day of the lesson)")
    due.add_argument("--json", action="store_true")
    due.set_defaults(func=_run, does=_due)
    mark = verbs.add_parser("term-mark", help="which term mark an act proposes from current marks")
    mark.add_argument("--act", required=True, help="short name of a shipped act; letopis policy acts lists them")
    mark.add_argument("--marks", required=True, help='value*weight, parted by commas: "5*5,2,4*3"')
    mark.add_argument("--hours", required=True, help="weekly hours of the subject: 3, 0.5")
    mark.add_argument("--period", choices=PERIODS, default="", help="kind of the term, for the norm of marks")
    mark.add_argument("--on", metavar="DATE", help="last day of the term: its edition judges (default: today)")
    mark.add_argument("--json", action="store_true")
    mark.set_defaults(func=_run, does=_term_mark)


def _run(args: argparse.Namespace) -> int:
    try:
        said = args.does(args)
    except (BadQuestion, UnknownAct) as problem:
        print(problem, file=sys.stderr)
        return 2
    print(json.dumps(said["json"], ensure_ascii=False, indent=2) if args.json else "\n".join(said["lines"]))
    return 0


def _due(args: argparse.Namespace) -> dict[str, Any]:
    editions = published(args.act)
    zone = _read(ZoneInfo, args.time_zone, f"Часового пояса «{args.time_zone}» нет: например, Asia/Kamchatka.")
    period_end = _day(args.period_end, "--period-end")
    if args.kind == "term-mark":
        if period_end is None:
            raise BadQuestion("Для отметки за период укажите последний день периода: --period-end 2026-10-25.")
        policy = _policy(editions, _day(args.on, "--on") or period_end)
        found = deadlines.term_mark_due(period_end, zone=zone, policy=policy)
    else:
        found = _lesson_due(args, editions, zone=zone, period_end=period_end)
    return {"json": _due_as_json(found), "lines": _due_lines(found)}


def _lesson_due(args: argparse.Namespace, editions: Editions, *, zone: tzinfo, period_end: date | None) -> Due | NoDue:
    if not args.lesson:
        raise BadQuestion("Укажите урок: --lesson 2026-10-05T10:20.")
    lesson = _lesson(args.lesson, zone)
    on = _day(args.on, "--on")
    policy = _policy(editions, on or lesson.date())
    moments = Moments(
        lesson=lesson,
        worked_on=_day(args.worked_on, "--worked-on"),
        lessons_end=_lessons_end(args.lessons_end, lesson),
        following_lessons=[day for text in _parts(args.next_lessons) if (day := _day(text, "--next-lessons"))],
        period_end=period_end,
        grade=args.grade,
    )
    rules: dict[str, Callable[..., Due | NoDue]] = {
        "lesson": deadlines.lesson_due,
        "absence": deadlines.attendance_due,
        "attendance": deadlines.attendance_due,
        "homework": deadlines.homework_due,
        "absence-reason": deadlines.absence_reason_due,
    }
    if args.kind in rules:
        return rules[args.kind](moments=moments, policy=policy)
    kind = _kind(args.kind, policy)
    if not 1 <= args.grade <= 11:
        raise BadQuestion("Укажите класс от 1 до 11: --grade 8.")
    term_policy = _policy(editions, on or period_end) if period_end else None
    return deadlines.mark_due(
        kind.code, grade=args.grade, subject=args.subject, moments=moments, policy=policy, term_policy=term_policy
    )


def _due_as_json(due: Due | NoDue) -> dict[str, Any]:
    if isinstance(due, NoDue):
        return {"due": None, "effective": None, "clause": due.clause, "steps": [due.reason]}
    return {
        "due": due.limit.isoformat(),
        "effective": due.effective.isoformat(),
        "clause": due.clause,
        "steps": list(due.steps),
    }


def _due_lines(due: Due | NoDue) -> list[str]:
    if isinstance(due, NoDue):
        return [due.reason, f"Основание: {due.clause}"]
    effective = [f"Действует: до {_moment(due.effective)}"] if due.is_bound else []
    return [
        f"Срок: до {_moment(due.limit)}",
        *effective,
        *(f"  {step}" for step in due.steps),
        f"Основание: {due.clause}",
    ]


def _term_mark(args: argparse.Namespace) -> dict[str, Any]:
    editions = published(args.act)
    today = clock.local_day(clock.now(), _ZONE)
    policy = _policy(editions, _day(args.on, "--on") or today)
    scale = SCALES[policy.grading_scale]
    hours = _read(
        lambda text: Fraction(text.replace(",", ".")), args.hours, f"Часы в неделю «{args.hours}» – не число: 3, 0.5."
    )
    if hours < 0:
        raise BadQuestion(f"Часов в неделю не бывает меньше нуля: {args.hours}.")
    marks = list(_marks(args.marks, scale))
    found = propose_term_mark(marks, weekly_hours=hours, policy=policy, scale=scale, period=args.period)
    return {"json": _mark_as_json(found), "lines": _mark_lines(found)}


def _mark_as_json(found: Proposal) -> dict[str, Any]:
    return {
        "mark": result_sign(found.value) or None,
        "fraction": str(found.mean) if found.mean is not None else None,
        "threshold": format_exact(found.threshold).replace(",", ".") if found.threshold is not None else None,
        "clause": found.clause,
        "marks": found.marks_counted,
        "minimum_marks": found.minimum_marks,
        "enough_marks": found.enough_marks,
        "barred": [bar.value for bar in found.barred],
        "steps": [found.explanation(), *found.decided],
    }


def _mark_lines(found: Proposal) -> list[str]:
    value = result_sign(found.value)
    return [f"Отметка за период: {value}" if value else "Отметка за период не предлагается.", found.explanation()]


def _marks(text: str, scale: GradingScale) -> Iterator[CountedMark]:
    for part in _parts(text):
        found = _MARK.fullmatch(part)
        if found is None:
            raise BadQuestion(f"«{part}» – не отметка: пишите отметку или отметку*вес, например 5*3.")
        value, second, weight = found[1], found[2] or "", int(found[3] or 1)
        for sign in (value, second):
            if sign and sign not in scale.values:
                raise BadQuestion(f"Отметки «{sign}» нет в шкале: можно {', '.join(scale.values)}.")
        if not weight:
            raise BadQuestion(f"Вес в «{part}» – ноль, а отметка с таким весом не считается: вес от 1.")
        yield CountedMark(value, "", weight, second)


def _policy(editions: Editions, on: date) -> Policy:
    """Return the policy of a day on which the act is in force: law and defaults alone would not be its answer."""
    if editions.edition_on(on) is None:
        days = ", ".join(f"с {one.in_force_from:%d.%m.%Y}" for one in editions.editions)
        raise BadQuestion(f"На {on:%d.%m.%Y} акт не действует: его редакции – {days}.")
    return editions.on(on)


def _kind(code: str, policy: Policy) -> WorkKind:
    found = next((kind for kind in policy.work_kinds if match_key(kind.code) == match_key(code)), None)
    if found is None:
        known = ", ".join(kind.code for kind in policy.work_kinds)
        raise BadQuestion(f"Вида «{code}» нет. Есть работы: {known}; и ещё: {', '.join(DUTIES)}.")
    return found


def _lesson(text: str, zone: tzinfo) -> datetime:
    lesson = _read(datetime.fromisoformat, text, f"Урок «{text}» не читается: пишите день и время, 2026-10-05T10:20.")
    return lesson.astimezone(zone) if lesson.tzinfo else lesson.replace(tzinfo=zone)


def _lessons_end(text: str | None, lesson: datetime) -> datetime | None:
    if text is None:
        return None
    at = _read(time.fromisoformat, text, f"Конец уроков «{text}» не читается: пишите время, 14:05.")
    end = datetime.combine(lesson.date(), at.replace(tzinfo=None), lesson.tzinfo)
    if end < lesson:
        raise BadQuestion(f"Уроки кончаются в {text}, раньше урока в {lesson:%H:%M}: проверьте --lessons-end.")
    return end


def _day(text: str | None, option: str) -> date | None:
    if text is None:
        return None
    day = parse_day(text)
    if day is None:
        raise BadQuestion(f"День «{text}» в {option} не читается: пишите 2026-10-05 или 05.10.2026.")
    return day


def _parts(text: str | None) -> list[str]:
    return [part.strip() for part in (text or "").split(",") if part.strip()]


def _read(parse: Callable[[str], T], text: str, otherwise: str) -> T:
    try:
        return parse(text)
    except (ValueError, LookupError, OSError, ZeroDivisionError):
        raise BadQuestion(otherwise) from None


def _moment(moment: datetime) -> str:
    return f"{moment:%d.%m.%Y %H:%M:%S} ({moment:%z})"
