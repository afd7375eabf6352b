"""Whether the registers of a class may be closed for a term, and opened again.

What is missing is either a gap, which stops the closing, or something that the closing accepts and remembers in words.
Sources: REG-030…032, REG-036, REG-B006…B008, REG-B031.
"""

from collections.abc import Collection
from datetime import date
from enum import StrEnum

from letopis.rules.policy import Policy
from letopis.rules.russian import counted, short_date
from letopis.rules.verdict import ALLOWED, Verdict, refused

LONGEST_REASON = 500
LONGEST_ORDER = 120


class Lack(StrEnum):
    """What a class may lack before its term is closed, the gravest first."""

    TERM_MARKS = "TERM_MARKS"
    LESSONS = "LESSONS"
    CORRECTIONS = "CORRECTIONS"
    POSTPONED = "POSTPONED"
    REASONS = "REASONS"
    REMARKS = "REMARKS"
    UNCONFIRMED = "UNCONFIRMED"
    FEW_MARKS = "FEW_MARKS"
    PLAN = "PLAN"


_WORDS = {
    Lack.TERM_MARKS: ("отметка за период", "отметки за период", "отметок за период"),
    Lack.LESSONS: ("урок без записи", "урока без записи", "уроков без записи"),
    Lack.CORRECTIONS: ("нерешённое исправление", "нерешённых исправления", "нерешённых исправлений"),
    Lack.POSTPONED: ("отложенная отметка", "отложенные отметки", "отложенных отметок"),
    Lack.REASONS: ("пропуск без причины", "пропуска без причины", "пропусков без причины"),
    Lack.REMARKS: ("открытое замечание", "открытых замечания", "открытых замечаний"),
    Lack.UNCONFIRMED: (
        "предмет не подтверждён учителем", "предмета не подтверждены учителем", "предметов не подтверждены учителем",
    ),
    Lack.FEW_MARKS: (
        "обучающийся с малым числом отметок", "обучающихся с малым числом отметок",
        "обучающихся с малым числом отметок",
    ),
    Lack.PLAN: (
        "предмет отстаёт от учебного плана", "предмета отстают от учебного плана",
        "предметов отстают от учебного плана",
    ),
}  # fmt: skip


def is_gap(lack: Lack, *, policy: Policy) -> bool:
    """Say whether it stops the closing; everything else is accepted and remembered.

    A postponed mark stands in place of a mark where the policy allows that (REG-B008). Every pupil has a mark or an
    explicit word (REG-032, REG-B007), every lesson its entry (REG-B029), and nothing waits for a decision.
    """
    if lack is Lack.POSTPONED:
        return not policy.postponement_allowed
    return lack in (Lack.TERM_MARKS, Lack.LESSONS, Lack.CORRECTIONS)


def said(lack: Lack, number: int) -> str:
    """Return «3 урока без записи»."""
    return counted(number, *_WORDS[lack])


def may_close_period(*, year_state: str, ends_on: date, today: date, gaps: Collection[tuple[Lack, int]]) -> Verdict:
    """Say whether the registers of a class may be closed for a term.

    ends_on: the last day of the term; it may be closed on that day and later.
    gaps: what stops it (`is_gap`), each with its number; none is zero. Sources: REG-032, REG-036, REG-B007.
    """
    if year_state != "OPEN":
        return refused("YEAR_NOT_OPEN", "Учебный год закрыт: периоды в нём уже не закрывают и не открывают.")
    if today < ends_on:
        return refused(
            "PERIOD_GOES_ON",
            f"Период идёт до {short_date(ends_on)}: закрыть его можно в последний день или позже.",
        )
    if gaps:
        listed = ", ".join(said(lack, number) for lack, number in gaps)
        return refused("GAPS", f"Закрыть нельзя: {listed}. Каждый пробел в списке — ссылка.")
    return ALLOWED


def may_reopen_period(*, year_state: str, roles: Collection[str], reason: str, order: str, policy: Policy) -> Verdict:
    """Say whether a closed term may be opened again. Source: REG-036, policy reopening_roles."""
    if not may_reopen(roles, policy=policy):
        return refused(
            "NOT_REOPENER",
            "Закрытый период открывает директор или тот, кого назвал локальный акт.",
            clause=policy.clause("reopening_roles"),
        )
    if year_state != "OPEN":
        return refused("YEAR_NOT_OPEN", "Учебный год закрыт: сначала директор открывает год, потом период.")
    if not order.strip():
        return refused("ORDER_NEEDED", "Напишите номер и дату приказа, по которому период открывается.")
    if not reason.strip():
        return refused("REASON_NEEDED", "Напишите, почему период открывается снова.")
    if len(reason) > LONGEST_REASON:
        return refused("LONG_REASON", f"Причина длиннее {LONGEST_REASON} знаков: сократите её.")
    if len(order) > LONGEST_ORDER:
        return refused("LONG_ORDER", f"Приказ записан длиннее {LONGEST_ORDER} знаков: нужны номер и дата.")
    return ALLOWED


def may_reopen(roles: Collection[str], *, policy: Policy) -> bool:
    """Say whether the holder of these offices opens closed periods again."""
    return bool(set(policy.reopening_roles) & set(roles))


def may_confirm_term_marks(*, is_own: bool, year_state: str, starts_on: date, today: date, missing: int) -> Verdict:
    """Say whether a teacher may confirm that the term marks of a course are all there. Sources: REG-031, REG-032.

    missing: pupils without a mark or an explicit word.
    """
    if not is_own:
        return refused("NOT_OWN_COURSE", "Наличие отметок подтверждает учитель, который ведёт предмет сейчас.")
    if year_state != "OPEN":
        return refused("YEAR_NOT_OPEN", "Учебный год закрыт.")
    if today < starts_on:
        return refused("PERIOD_AHEAD", f"Период начнётся {short_date(starts_on)}: подтверждать рано.")
    if missing:
        return refused(
            "TERM_MARKS_MISSING",
            f"Выставлены не все отметки: без итога {counted(missing, 'обучающийся', 'обучающихся', 'обучающихся')}.",
        )
    return ALLOWED
