"""Remarks of control: who puts one, until when, who removes it, who confirms (REG-023, REG-038, REG-B032).

A remark is OPEN until its teacher says that it is REMOVED; then the control CONFIRMS it, or returns it, and it is open
again. An automatic one is CLOSED by itself when its duty is done. Any that is not finished may be WITHDRAWN by the
control.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from letopis.rules.policy import Policy
from letopis.rules.russian import short_date
from letopis.rules.verdict import ALLOWED, Verdict, refused

OPEN, REMOVED, CONFIRMED, CLOSED, WITHDRAWN = "OPEN", "REMOVED", "CONFIRMED", "CLOSED", "WITHDRAWN"
STANDING = frozenset({OPEN, REMOVED})
"""States in which somebody still has to do something."""

LONGEST_TEXT = 1000
LONGEST_NOTE = 300
FARTHEST_DAYS = 366
"""How far ahead a term may lie: a slip of typing lies farther."""

AUTOMATIC = {
    "LESSON": "Урок не заполнен",
    "ATTENDANCE": "Не отмечены отсутствующие",
    "TOPIC": "Не записана тема урока",
    "HOMEWORK": "Не записано домашнее задание",
    "MARKS": "Нет отметок за работу",
    "ABSENCE_REASON": "Не указаны причины пропусков",
    "TERM_MARK": "Нет отметок за период",
    "ROSTER": "Не сверен список класса",
}
"""Kinds of duties (rules.obligations) that get an automatic remark, and its words (REP-022).

A plan that lags or few marks are no missing entry of a day, and a remark needs no remark.
"""

LOOK_BACK_DAYS = 28
"""How old a late duty may be to get its first automatic remark. Calendar days."""

CLAUSE = "внутришкольный контроль: замечание с указанием срока его устранения (001 I-5.2-T-е, O.4.2)"

_FINISHED = {
    CONFIRMED: "Устранение этого замечания уже подтверждено.",
    CLOSED: "Это замечание закрылось само: всё внесено.",
    WITHDRAWN: "Это замечание отозвано.",
}


def due_on(*, put_on: date, policy: Policy) -> date:
    """Return the last day on which a remark put on a day is removed in time: policy.remark_days, that day included."""
    return put_on + timedelta(days=policy.remark_days)


def is_overdue(*, state: str, due: date, today: date) -> bool:
    """Say whether the teacher let the term of a remark pass. One that waits to be confirmed is late no more."""
    return state == OPEN and today > due


def may_put(*, controls: bool, year_is_open: bool, has_teacher: bool, text: str, due: date, today: date) -> Verdict:
    """Allow a remark to be put.

    controls: the actor is the director or a deputy. has_teacher: somebody there has to remove it. due: its last day.
    Source: REG-038; 001 O.4.2.
    """
    if not controls:
        return refused("NOT_CONTROL", "Замечания делают директор и заместители директора.", clause=CLAUSE)
    if not year_is_open:
        return refused("YEAR_CLOSED", "Учебный год закрыт: замечаний больше не делают.")
    if not has_teacher:
        return refused("NO_TEACHER", "Учитель не назначен: выберите, кто устранит замечание.")
    if not text:
        return refused("NO_TEXT", "Напишите, что нужно исправить.")
    if len(text) > LONGEST_TEXT:
        return refused("LONG_TEXT", f"Замечание длиннее {LONGEST_TEXT} знаков: сократите его.")
    return _good_term(due, today=today)


def may_change_term(*, controls: bool, state: str, due: date, today: date) -> Verdict:
    """Allow another term for a remark that stands."""
    if not controls:
        return refused("NOT_CONTROL", "Срок замечания меняют директор и заместители директора.", clause=CLAUSE)
    if state not in STANDING:
        return _finished(state)
    return _good_term(due, today=today)


def may_answer(*, is_his: bool, state: str, is_automatic: bool, answer: str) -> Verdict:
    """Allow that the teacher says he removed what the remark names.

    is_his: the remark is his to remove. Source: REG-038.
    """
    if not is_his:
        return refused("NOT_HIS", "Замечание устраняет учитель, которому оно сделано.", clause=CLAUSE)
    if state not in STANDING:
        return _finished(state)
    if is_automatic:
        return refused("AUTOMATIC", "Это замечание сделано автоматически и закроется само, когда всё будет внесено.")
    return _short_enough(answer)


def may_confirm(*, controls: bool, state: str) -> Verdict:
    """Allow that the control confirms what the teacher says he removed."""
    if not controls:
        return refused("NOT_CONTROL", "Устранение подтверждают директор и заместители директора.", clause=CLAUSE)
    if state == OPEN:
        return refused("NOT_REMOVED", "Учитель ещё не отметил, что замечание устранено.")
    return ALLOWED if state == REMOVED else _finished(state)


def may_return(*, controls: bool, state: str, note: str, due: date, today: date) -> Verdict:
    """Allow that the control gives a remark back with a note of what is missing, and with a term."""
    if not controls:
        return refused("NOT_CONTROL", "Возвращают замечание директор и заместители директора.", clause=CLAUSE)
    if state == OPEN:
        return refused("NOT_REMOVED", "Возвращать нечего: замечание ещё у учителя.")
    if state != REMOVED:
        return _finished(state)
    if not note:
        return refused("NO_NOTE", "Напишите, что ещё не исправлено.")
    return _short_enough(note) and _good_term(due, today=today)


def may_withdraw(*, controls: bool, state: str, reason: str) -> Verdict:
    """Allow that the control takes a remark back, an automatic one too."""
    if not controls:
        return refused("NOT_CONTROL", "Отзывают замечание директор и заместители директора.", clause=CLAUSE)
    if state not in STANDING:
        return _finished(state)
    if not reason:
        return refused("NO_REASON", "Назовите, почему замечание отзывается.")
    return _short_enough(reason)


def may_review(*, controls: bool, year_is_open: bool, note: str) -> Verdict:
    """Allow the mark that a page of the register was looked through. Source: REG-B032."""
    if not controls:
        return refused("NOT_CONTROL", "Отметку о проверке ставят директор и заместители директора.", clause=CLAUSE)
    if not year_is_open:
        return refused("YEAR_CLOSED", "Учебный год закрыт: отметок о проверке больше не ставят.")
    return _short_enough(note)


def is_ripe(due: date, *, policy: Policy, today: date) -> bool:
    """Say whether a duty that was due on a day, and is late, gets an automatic remark today.

    With automatic_remarks_after_days = 3 what was due on 10 November gets its remark in the night of 14 November, when
    it is late by more than three days; with None nothing does. What is older than LOOK_BACK_DAYS gets none: the board
    and the closing of the period name it, and a school that begins in the middle of a year is not flooded.
    """
    days = policy.automatic_remarks_after_days
    return days is not None and days < (today - due).days <= LOOK_BACK_DAYS


def automatic_key(*, kind: str, page: str, due: date) -> str:
    """Return the key that duties of one kind, one page and one week share: one remark for all of them.

    page: of the course or class, with who has to do it. A week of forgotten topics is one remark with five days in it,
    not five remarks; another week is another remark, so that an old one can close.
    """
    year, week, _day = due.isocalendar()
    return f"{kind}:{page}:{year}-W{week:02}"


def automatic_text(title: str, days: Iterable[date]) -> str:
    """Return «Тема урока не записана: 09.11.2026, 13.11.2026».

    title: what is missing. days: of the lessons, in any order.
    """
    said = ", ".join(short_date(day) for day in sorted(set(days)))
    return f"{title}: {said}" if said else title


def _good_term(due: date, *, today: date) -> Verdict:
    if due < today:
        return refused("PAST_TERM", f"Срок {short_date(due)} уже прошёл: назовите сегодняшний день или более поздний.")
    if (due - today).days > FARTHEST_DAYS:
        return refused("FAR_TERM", f"Срок {short_date(due)} слишком далеко: проверьте год.")
    return ALLOWED


def _short_enough(text: str) -> Verdict:
    if len(text) > LONGEST_NOTE:
        return refused("LONG_TEXT", f"Текст длиннее {LONGEST_NOTE} знаков: сократите его.")
    return ALLOWED


def _finished(state: str) -> Verdict:
    return refused("FINISHED", _FINISHED[state])
