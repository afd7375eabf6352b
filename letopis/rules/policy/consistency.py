"""What makes no sense in a policy though each value alone is within its bounds.

One table of checks, used by the policy file and by the form of a new edition.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from letopis.rules.control_works import CODES
from letopis.rules.policy.model import Policy
from letopis.rules.policy.values import LONGEST_KIND, PERIOD_END, SCALES, Deadline, Limit, Threshold

GRADES = range(1, 12)
REASONS = {"ILL": "болезнь", "VALID": "уважительная", "UNEXCUSED": "без уважительной"}


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Values that cannot stand together, and how to mend it."""

    names: tuple[str, ...]
    """Variables that take part, the one to mend first."""
    sentence: str
    path: str = ""
    """Where inside the value of the first: «[2]»."""


def contradictions(policy: Policy) -> tuple[Contradiction, ...]:
    """Return everything in a policy that makes no sense, in the order of the checks; nothing for a sound one."""
    return tuple(found for check in _CHECKS for found in check(policy))


Found = Iterator[Contradiction]


def _works(policy: Policy) -> Found:
    codes = [kind.code for kind in policy.work_kinds]
    if not codes:
        yield Contradiction(("work_kinds",), "Нужен хотя бы один вид работы.")
    for place, code in _repeated(codes):
        yield Contradiction(("work_kinds",), f"Вид работы «{code}» указан дважды.", f"[{place}]")
    for place, code in enumerate(codes, 1):
        if len(code) > LONGEST_KIND:
            told = f"Код вида работы «{code[:20]}» длиннее {LONGEST_KIND} знаков."
            yield Contradiction(("work_kinds",), told, f"[{place}]")
    if codes and policy.default_work_kind not in codes:
        told = f"Вида работы «{policy.default_work_kind}» нет среди видов работ школы: {', '.join(codes)}."
        yield Contradiction(("default_work_kind", "work_kinds"), told)


def _symbols(policy: Policy) -> Found:
    codes = [one.code.casefold() for one in policy.symbols]
    for place, code in _repeated(codes):
        yield Contradiction(("symbols",), f"Знак «{code}» указан дважды.", f"[{place}]")
    letters = {letter.casefold() for _reason, letter in policy.reason_letters}
    for place, code in enumerate(codes, 1):
        if code in letters | {policy.absence_letter.casefold(), policy.lateness_letter.casefold()}:
            told = f"Знак «{code}» занят буквой отсутствия или опоздания."
            yield Contradiction(("symbols", "reason_letters", "absence_letter", "lateness_letter"), told, f"[{place}]")


def _letters(policy: Policy) -> Found:
    reasons = [reason for reason, _letter in policy.reason_letters]
    for place, reason in enumerate(reasons, 1):
        if reason not in REASONS:
            known = ", ".join(f"{code} ({words})" for code, words in REASONS.items())
            yield Contradiction(("reason_letters",), f"Причины «{reason}» нет. Можно: {known}.", f"[{place}]")
    for place, reason in _repeated(reasons):
        yield Contradiction(("reason_letters",), f"У причины {reason} две буквы, а нужна одна.", f"[{place}]")
    letters = [letter.casefold() for _reason, letter in policy.reason_letters]
    for place, letter in _repeated(letters):
        yield Contradiction(("reason_letters",), f"Буква «{letter}» у двух причин.", f"[{place}]")
    # A cell and a list of reasons are read in any case, so «н» and «Н» are one letter.
    others = {"absence_letter": policy.absence_letter, "lateness_letter": policy.lateness_letter}
    for name, letter in others.items():
        if not letter.isalpha():
            yield Contradiction((name,), f"«{letter}» не подходит: нужна буква.")
        elif letter.casefold() in letters:
            told = f"Буква «{letter}» уже означает причину отсутствия; заглавная и строчная – одна буква."
            yield Contradiction((name, "reason_letters"), told)
    if policy.absence_letter.casefold() == policy.lateness_letter.casefold():
        told = f"Отсутствие и опоздание обозначены одной буквой «{policy.absence_letter}»."
        yield Contradiction(("absence_letter", "lateness_letter"), told)


def _reason_letters(policy: Policy) -> Found:
    for place, (_reason, letter) in enumerate(policy.reason_letters, 1):
        # Reasons of several lessons are typed in a row, a letter for each; without a letter the absence is not seen.
        if len(letter) != 1 or not letter.isalpha():
            yield Contradiction(("reason_letters",), f"«{letter}» не подходит: нужна одна буква.", f"[{place}]")


def _deadlines(policy: Policy) -> Found:
    known = {kind.code for kind in policy.work_kinds}
    rows = policy.mark_deadlines
    if not rows:
        yield Contradiction(("mark_deadlines",), "Нужен хотя бы один срок отметок.")
    for place, row in enumerate(rows, 1):
        for code in row.kinds:
            if code not in known:
                told = f"Вида работы «{code}» нет среди видов работ школы: {', '.join(sorted(known))}."
                yield Contradiction(("mark_deadlines", "work_kinds"), told, f"[{place}].kinds")
        if row.limit.since == PERIOD_END:
            told = "Срок отметки за работу считают от урока или от дня работы, а не от конца периода."
            yield Contradiction(("mark_deadlines",), told, f"[{place}].limit")
        earlier = next((at for at, other in enumerate(rows[: place - 1], 1) if _covers(other, row)), None)
        if earlier:
            told = f"Эта строка никогда не действует: всё, что она называет, уже решает строка {earlier}."
            yield Contradiction(("mark_deadlines",), told, f"[{place}]")


def _covers(one: Deadline, other: Deadline) -> bool:
    pairs = [(getattr(one, name), getattr(other, name)) for name in ("kinds", "grades", "subjects")]
    single = [(one.deadline_class, other.deadline_class), (one.half_year, other.half_year)]
    return all(not wide or (narrow and set(narrow) <= set(wide)) for wide, narrow in pairs) and all(
        not wide or wide == narrow for wide, narrow in single
    )


def _limits(policy: Policy) -> Found:
    for name in ("lesson_limit", "attendance_limit", "homework_limit", "absence_reason_limit"):
        limit: Limit | None = getattr(policy, name)
        if limit is not None and limit.since == PERIOD_END:
            yield Contradiction((name,), "Этот срок считают от урока, а не от конца периода.")
    if policy.term_mark_limit.since != PERIOD_END:
        yield Contradiction(
            ("term_mark_limit",), "Срок отметок за период считают от конца периода: since = PERIOD_END."
        )


def _thresholds(policy: Policy) -> Found:
    for name in ("term_thresholds", "year_thresholds"):
        rows: Sequence[Threshold] = getattr(policy, name)
        values = [row.value for row in rows]
        known = SCALES["FIVE_POINT"].values
        for place, row in enumerate(rows, 1):
            if row.value not in known:
                told = f"Отметки «{row.value}» в школе нет. Можно: {', '.join(known)}."
                yield Contradiction((name,), told, f"[{place}]")
        for place, value in _repeated(values):
            yield Contradiction((name,), f"У отметки «{value}» два порога.", f"[{place}]")
        for place in range(1, len(rows)):
            if rows[place].at_least >= rows[place - 1].at_least or values[place] >= values[place - 1]:
                told = "Пороги идут от большего к меньшему, от лучшей отметки к худшей."
                yield Contradiction((name,), told, f"[{place + 1}]")
        if not rows or rows[-1].at_least != 0:
            yield Contradiction((name,), "Последний порог – 0, иначе для низкого среднего отметки не найдётся.")


def _bars(policy: Policy) -> Found:
    known = SCALES["FIVE_POINT"].values
    for place, row in enumerate(policy.bars, 1):
        for value in (row.value, row.by):
            if value not in known:
                told = f"Отметки «{value}» в школе нет. Можно: {', '.join(known)}."
                yield Contradiction(("bars",), told, f"[{place}]")


def _terms(policy: Policy) -> Found:
    # A row for some subjects or few hours leaves the other subjects of its grades without a period.
    whole = [row for row in policy.term_schemes if not row.subjects and row.up_to_hours is None]
    graded = [grade for grade in GRADES if grade not in policy.ungraded_grades]
    open_grades = [grade for grade in graded if not any(not row.grades or grade in row.grades for row in whole)]
    if open_grades:
        named = ", ".join(str(grade) for grade in open_grades)
        told = f"Не сказано, за какие периоды ставят отметки в классах: {named}."
        yield Contradiction(("term_schemes", "ungraded_grades"), told)
    if not policy.minimum_marks:
        yield Contradiction(("minimum_marks",), "Нужна хотя бы одна строка; 0 отметок – нормы нет.")


def _corrections(policy: Policy) -> Found:
    approvers = policy.correction_approvers
    if not approvers:
        yield Contradiction(("correction_approvers",), "Исправление должен кто-то разрешать.")
    elif policy.correction_approvals == 2 and (len(set(approvers)) < 2 or "DIRECTOR" not in approvers):
        told = "Двое разрешают исправление, только если среди них директор и ещё одна должность."
        yield Contradiction(("correction_approvers", "correction_approvals"), told)
    if not policy.reopening_roles:
        yield Contradiction(("reopening_roles",), "Закрытый период должен кто-то открывать.")


def _families(policy: Policy) -> Found:
    if policy.publication == "TWICE_A_DAY" and not policy.publication_hours:
        yield Contradiction(("publication_hours", "publication"), "Не названы часы, в которые семья видит отметки.")
    if policy.publication == "DELAY" and not policy.publication_delay_minutes:
        yield Contradiction(("publication_delay_minutes", "publication"), "Не сказано, на сколько минут задержка.")


def _days(policy: Policy) -> Found:
    for name in ("setup_deadline", "summary_deadline"):
        month, day = getattr(policy, name)
        if not _is_date(2028, month, day):
            yield Contradiction((name,), f"Нет такого дня: месяц {month}, день {day}.")
        elif not _is_date(2027, month, day):
            # In other years the page of the set-up and the reminders would find no day at all.
            yield Contradiction((name,), "29 февраля есть не каждый год: назовите другой день.")
    for name in ("long_term_border", "age_rule_border"):
        if not _is_date(*getattr(policy, name)):
            yield Contradiction((name,), "Нет такого дня: нужны год, месяц и день.")
    days = policy.paper_copy_days
    if len(days) != 5 or list(days) != sorted(days):
        told = "Нужны пять дней по порядку: проверка, печать, подписи учителей, классного руководителя, директора."
        yield Contradiction(("paper_copy_days",), told)


def _is_date(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _grades(policy: Policy) -> Found:
    named = [grade for row in policy.register_modes for grade in row.grades]
    for place, row in enumerate(policy.register_modes, 1):
        if any(named.count(grade) > 1 for grade in row.grades) and place > 1:
            yield Contradiction(("register_modes",), "Один класс указан в двух строках.", f"[{place}]")
    for place, (first, last, minutes) in enumerate(policy.homework_minutes_by_grade, 1):
        if not (1 <= first <= last <= 11 and minutes > 0):
            told = "Строка – класс с, класс по (от 1 до 11) и минуты больше нуля."
            yield Contradiction(("homework_minutes_by_grade",), told, f"[{place}]")
    for place, code in enumerate(policy.control_work_hard_limits, 1):
        if code not in CODES:
            told = f"Предела «{code}» нет. Можно: {', '.join(CODES)}."
            yield Contradiction(("control_work_hard_limits",), told, f"[{place}]")


def _repeated(items: Sequence[Any]) -> list[tuple[int, Any]]:
    return [(place, item) for place, item in enumerate(items, 1) if item in items[: place - 1]]


_CHECKS: tuple[Callable[[Policy], Found], ...] = (
    _works, _symbols, _letters, _reason_letters, _deadlines, _limits, _thresholds, _bars, _terms, _corrections,
    _families, _days, _grades,
)  # fmt: skip
