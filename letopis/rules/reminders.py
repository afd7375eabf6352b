"""What a person is reminded of, and when: duties by how near their deadline is, dates of the administration.

Source: MSG-B007 (c5.2.5–2.13: same day, 3 days, a week, the last week of the period, 1.5 hours); MSG-B008 (5 September,
30 June).
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from letopis.rules.policy import Policy
from letopis.rules.russian import counted, short_date

LATE, TODAY, THREE_DAYS, WEEK = "LATE", "TODAY", "THREE_DAYS", "WEEK"
STEPS = {LATE: "просрочено", TODAY: "сегодня", THREE_DAYS: "за три дня", WEEK: "за неделю"}
"""How near a deadline is, in Russian, the nearest first."""

HEADS = {
    LATE: "Просрочено",
    TODAY: "Сегодня",
    THREE_DAYS: "В ближайшие три дня",
    WEEK: "В течение недели",
}

REMINDED = {
    "LESSON": "заполнить урок",
    "ATTENDANCE": "отметить отсутствующих",
    "TOPIC": "записать тему",
    "HOMEWORK": "записать задание",
    "MARKS": "поставить отметки за работу",
    "ABSENCE_REASON": "указать причины пропусков",
    "TERM_MARK": "поставить отметки за период",
    "ACCUMULATION": "спросить тех, у кого мало отметок",
    "ROSTER": "сверить список класса",
    "REMARK": "устранить замечание",
}
"""Kinds of duties (rules.obligations) that people are reminded of. A plan that lags has no deadline."""

MOST_PLACES = 4
"""Classes and subjects named in a line."""

BEFORE = timedelta(days=14)
AFTER = timedelta(days=30)
"""From when and until when the administration is reminded of a date of the year."""


@dataclass(frozen=True, slots=True)
class Matter:
    """A duty as a reminder tells it."""

    what: str
    """One of REMINDED; names no child."""
    place: str
    """«8А · Алгебра»."""
    due: datetime | None
    """The last second that is in time, in the time of the school; None for a duty without a deadline."""
    is_late: bool
    is_period: bool = False
    """Marks of a term: the last week of the period is named."""


@dataclass(frozen=True, slots=True)
class Digest:
    """One reminder: all that is near, in one piece."""

    title: str
    """Counts only: it goes by e-mail too."""
    text: str


def step_of(matter: Matter, *, now: datetime) -> str:
    """Return how near the deadline is: LATE, TODAY, THREE_DAYS or WEEK; nothing for what is farther.

    now: in the time of the school. What ends on the third day from today is near by three days.
    """
    if matter.is_late:
        return LATE
    if matter.due is None:
        return ""
    days = (matter.due.date() - now.date()).days
    steps = ((0, TODAY), (3, THREE_DAYS), (7, WEEK))
    return next((step for most, step in steps if days <= most), "")


def digest(matters: Iterable[Matter], *, now: datetime) -> Digest | None:
    """Return the reminder of one person, or nothing when nothing is near."""
    near: dict[str, list[Matter]] = {step: [] for step in STEPS}
    for matter in matters:
        if step := step_of(matter, now=now):
            near[step].append(matter)
    counts = [f"{STEPS[step]}: {len(found)}" for step, found in near.items() if found]
    if not counts:
        return None
    title = ", ".join(counts)
    lines = [line for step, found in near.items() if found for line in _lines(step, found)]
    return Digest(title=f"{title[0].upper()}{title[1:]}", text="\n".join([*_last_week(near, now=now), *lines]))


def is_digest_due(*, hours: Iterable[int], local: datetime) -> int | None:
    """Return the hour of the day whose reminder is due at a local moment: the latest that has begun, None before it."""
    return max((hour for hour in hours if hour <= local.hour), default=None)


def is_near(last_day: date, *, today: date) -> bool:
    """Say whether the administration is reminded of a date of the year today."""
    return last_day - BEFORE <= today <= last_day + AFTER


def setup_reminder(*, ready: int, total: int, last_day: date, today: date) -> Digest | None:
    """Return the reminder of the set-up of a year (5 September by default), nothing when it is ready or far."""
    if ready == total or not is_near(last_day, today=today):
        return None
    left = counted(total - ready, "раздел", "раздела", "разделов")
    return Digest(
        title=f"Готовность учебного года: {_term(last_day, today=today)}",
        text=f"Не готово: {left} из {total}. Срок готовности учебного года – {short_date(last_day)}.",
    )


def statements_day(*, year_ends: date, policy: Policy) -> date:
    """Return the day by which the consolidated statements of a year are printed."""
    month, day = policy.summary_deadline
    return date(year_ends.year, month, day)


def statements_reminder(*, is_closed: bool, last_day: date, today: date) -> Digest | None:
    """Return the reminder of the consolidated statements (30 June by default) while the year is open. MSG-B008."""
    if is_closed or not is_near(last_day, today=today):
        return None
    return Digest(
        title=f"Сводные ведомости и закрытие года: {_term(last_day, today=today)}",
        text=f"Учебный год ещё открыт. Сводные ведомости печатаются до {short_date(last_day)}.",
    )


def _lines(step: str, matters: list[Matter]) -> list[str]:
    """Return one line for each thing to do, the most frequent first: «Просрочено: записать тему – 2 (7А, 8А)»."""
    counts = Counter(matter.what for matter in matters)
    lines = []
    for what, count in sorted(counts.items(), key=lambda one: (-one[1], one[0])):
        places = list(dict.fromkeys(matter.place for matter in matters if matter.what == what))
        more = f" и ещё {len(places) - MOST_PLACES}" if len(places) > MOST_PLACES else ""
        until = _until(step, [one.due for one in matters if one.what == what and one.due])
        lines.append(f"{HEADS[step]}{until}: {what} – {count} ({', '.join(places[:MOST_PLACES])}{more})")
    return lines


def _until(step: str, dues: list[datetime]) -> str:
    """Return « до 15:40» for what ends today before the day does, « до 19.11» for later days."""
    if step == LATE or not dues:
        return ""
    first = min(dues)
    if step != TODAY:
        return f" до {first:%d.%m}"
    return "" if (first.hour, first.minute) == (23, 59) else f" до {first:%H:%M}"


def _last_week(near: dict[str, list[Matter]], *, now: datetime) -> list[str]:
    matters = [one for step in (TODAY, THREE_DAYS, WEEK) for one in near[step] if one.is_period and one.due]
    if not matters:
        return []
    last = min(one.due for one in matters if one.due)
    pages = counted(len({one.place for one in matters}), "журнал", "журнала", "журналов")
    return [f"Последняя неделя периода: отметки за период – до {last:%d.%m} ({pages})"]


def _term(last_day: date, *, today: date) -> str:
    days = (last_day - today).days
    if days < 0:
        return f"просрочено, {counted(-days, 'день', 'дня', 'дней')}"
    return "сегодня последний день" if days == 0 else f"осталось {counted(days, 'день', 'дня', 'дней')}"
