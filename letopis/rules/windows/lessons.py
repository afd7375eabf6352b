"""Who may change a lesson and when."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from letopis.rules.deadlines import Due, NoDue, end_of_day
from letopis.rules.names import match_key
from letopis.rules.policy import Policy, WindowException
from letopis.rules.russian import short_date
from letopis.rules.verdict import ALLOWED, Verdict, refused
from letopis.rules.windows.locks import PeriodLock, period_is_closed

MARKS = "MARKS"
ATTENDANCE = "ATTENDANCE"
TOPIC = "TOPIC"
HOMEWORK = "HOMEWORK"

OPEN = "OPEN"
CLOSED = "CLOSED"
ARCHIVED = "ARCHIVED"

FORBIDDEN = "FORBIDDEN"
LATE = "LATE"
"""Code of an allowed entry that is shown as late."""

_PLANNED_AHEAD = frozenset({TOPIC, HOMEWORK})
_YEAR_IS_SHUT = {
    CLOSED: "Учебный год закрыт: журнал больше не изменяется. Открыть его может только директор.",
    ARCHIVED: "Учебный год передан в архив: журнал больше не изменяется.",
}


@dataclass(frozen=True, slots=True)
class Window:
    """How long the teacher of a lesson changes it by himself."""

    last_day: date | None
    """Included; None = until the year, or the period, is closed."""
    code: str
    """WINDOW_OVER or MONTH_LOCKED: what its end is called."""
    clause: str

    def until(self, zone: tzinfo) -> datetime | None:
        """Return the last second of it, for «править можно до …»."""
        return None if self.last_day is None else end_of_day(self.last_day, zone)


def edit_window(
    *,
    lesson_on: date,
    policy: Policy,
    grade: int = 0,
    class_title: str = "",
    subject: str = "",
    is_control: bool = False,
) -> Window:
    """Return the window of a lesson.

    The shorter of two stands: policy.edit_window_days calendar days, and the lock of the month on day
    policy.month_locked_on of the next one. The first row of policy.window_exceptions that fits the grade, class and
    subject stands in place of both. is_control: the teacher is also director or deputy, whom the policy may exempt.
    """
    if is_control and policy.control_exempt_from_window:
        return Window(None, "", policy.clause("control_exempt_from_window"))
    for row in policy.window_exceptions:
        if _fits(row, grade=grade, class_title=class_title, subject=subject):
            last = None if row.days is None else lesson_on + timedelta(days=row.days)
            return Window(last, "WINDOW_OVER", policy.clause("window_exceptions"))
    found = Window(None, "WINDOW_OVER", policy.clause("edit_window_days"))
    if policy.edit_window_days is not None:
        found = Window(lesson_on + timedelta(days=policy.edit_window_days), found.code, found.clause)
    if policy.month_locked_on is None:
        return found
    month_end = _month_after(lesson_on).replace(day=policy.month_locked_on) - timedelta(days=1)
    if found.last_day is not None and found.last_day <= month_end:
        return found
    return Window(month_end, "MONTH_LOCKED", policy.clause("month_locked_on"))


def may_edit_lesson(
    *,
    lesson_on: date,
    today: date,
    year_state: str,
    is_own: bool,
    policy: Policy,
    part: str = MARKS,
    is_cancelled: bool = False,
    grade: int = 0,
    class_title: str = "",
    subject: str = "",
    is_control: bool = False,
    is_distance: bool = False,
    lock: PeriodLock | None = None,
) -> Verdict:
    """Say whether a part of the lesson may be changed today.

    year_state: OPEN, CLOSED or ARCHIVED.
    is_own: the person gives the lesson, as its teacher or its substitute.
    part: MARKS, ATTENDANCE, TOPIC or HOMEWORK; the last two may be placed ahead when the policy allows (REG-009).
    is_cancelled: the lesson did not take place, so that nothing may be written into it.
    policy: that of the lesson's day. grade, class_title, subject, is_control: see `edit_window`.
    is_distance: the lesson was at a distance; then a mark goes to the column of its topic though the window is over
    (REG-053), while the policy says so.
    lock: the period of the lesson; a closed one takes nothing. What a pupil's term mark locks is asked for by pupil:
    `may_change_marks_of_period`.
    Source: REG-001, REG-009, REG-020, REG-036.
    """
    if not is_own:
        return refused("NOT_OWN_LESSON", "Занятие заполняет учитель, который его ведёт или замещает.")
    if year_state in _YEAR_IS_SHUT:
        return refused(f"YEAR_{year_state}", _YEAR_IS_SHUT[year_state])
    if is_cancelled:
        return refused("LESSON_CANCELLED", "Занятие отменено: заполнять его не нужно.")
    closed = period_is_closed(lock)
    if not closed:
        return closed
    if lesson_on > today:
        return _may_fill_ahead(lesson_on=lesson_on, policy=policy, part=part)
    if part == MARKS and is_distance and policy.distance_marks_to_topic:
        return ALLOWED
    window = edit_window(
        lesson_on=lesson_on,
        policy=policy,
        grade=grade,
        class_title=class_title,
        subject=subject,
        is_control=is_control,
    )
    if window.last_day is None or today <= window.last_day:
        return ALLOWED
    over = f"Изменять занятие можно было до {short_date(window.last_day)}"
    month = ", потом месяц закрылся" if window.code == "MONTH_LOCKED" else ""
    return refused(window.code, f"{over}{month}; теперь нужно разрешение на исправление.", clause=window.clause)


def may_enter(part: str, *, due: Due | NoDue | None, at: datetime, policy: Policy) -> Verdict:
    """Say whether a topic, absences or homework that are not there yet may be entered at a moment.

    part: TOPIC, ATTENDANCE or HOMEWORK; homework after its term is always taken, as late (REG-008).
    due: its deadline (rules.deadlines); None or NoDue: nothing is late.
    Allowed with the code LATE when the entry is shown as late. Source: REG-003; policy late_lessons.
    """
    if not due or not due.is_over(at):
        return ALLOWED
    if part == HOMEWORK or policy.late_lessons != FORBIDDEN:
        return late(f"Срок был до {_moment(due.limit)}: запись останется с пометкой «поздно».", clause=due.clause)
    return refused(
        "LATE_LESSON",
        f"Запись урока принимали до {_moment(due.limit)}; теперь нужно разрешение.",
        clause=policy.clause("late_lessons"),
    )


def late(sentence: str, *, clause: str) -> Verdict:
    """Return a permission that is shown as late."""
    return Verdict(allowed=True, code=LATE, sentence=sentence, clause=clause)


def _moment(moment: datetime) -> str:
    return f"{moment:%d.%m.%Y %H:%M}"


def _may_fill_ahead(*, lesson_on: date, policy: Policy, part: str) -> Verdict:
    if part in _PLANNED_AHEAD and policy.future_topics_allowed:
        return ALLOWED
    if part in _PLANNED_AHEAD:
        sentence = f"Тему и задание ставят в день занятия, {short_date(lesson_on)}, или позже."
        return refused("LESSON_AHEAD", sentence, clause=policy.clause("future_topics_allowed"))
    return refused("LESSON_AHEAD", f"Отметки и отсутствие ставят в день занятия, {short_date(lesson_on)}, или позже.")


def _month_after(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _fits(row: WindowException, *, grade: int, class_title: str, subject: str) -> bool:
    return (
        (not row.grades or grade in row.grades)
        and (not row.classes or match_key(class_title) in {match_key(one) for one in row.classes})
        and (not row.subjects or match_key(subject) in {match_key(one) for one in row.subjects})
    )
