"""Local acts of a school: what may be entered, adopted, superseded, withdrawn and acknowledged, and when."""

from collections.abc import Sequence
from datetime import date, timedelta

from letopis.rules.russian import short_date
from letopis.rules.verdict import ALLOWED, Verdict, refused

DRAFT, IN_FORCE, WITHDRAWN = "DRAFT", "IN_FORCE", "WITHDRAWN"
COMING, OVER = "COMING", "OVER"
"""How an adopted act stands on a day before its first and after its last one."""


def standing(*, state: str, first: date | None, last: date | None, day: date) -> str:
    """Return how an act stands on a day: DRAFT, COMING, IN_FORCE, OVER or WITHDRAWN.

    first, last: its days in force; a withdrawn act stays in force up to its last day. Source: ORG-002, ORG-004.
    """
    if state == DRAFT or first is None:
        return state
    if day < first:
        return COMING
    if last is None or day <= last:
        return IN_FORCE
    return WITHDRAWN if state == WITHDRAWN else OVER


def may_change(*, state: str) -> Verdict:
    """Say whether text, file and fields of an act may be changed: of a draft alone. Source: ORG-003."""
    if state == DRAFT:
        return ALLOWED
    return refused("ACT_ADOPTED", "Принятый акт не правят: введите новую редакцию.")


def may_amend(*, state: str, has_successor: bool) -> Verdict:
    """Say whether a new version of an act may be begun: only one, and only of an adopted act. Source: ORG-003."""
    if state != IN_FORCE:
        return refused("ACT_NOT_IN_FORCE", "Новую редакцию вводят только у принятого акта; проект просто правят.")
    if has_successor:
        return refused("ALREADY_SUPERSEDED", "У этого акта уже есть новая редакция: изменяйте её.")
    return ALLOWED


def may_adopt(
    *,
    state: str,
    number: str,
    dated: date | None,
    adopted_on: date | None,
    order_date: date | None,
    first: date,
    last: date | None,
    old_first: date | None = None,
    old_state: str = "",
) -> Verdict:
    """Say whether a draft may be adopted with these days.

    first, last: the days in force. old_first, old_state: of the version before it, where there is one.
    An act is in force neither before its own date nor before its adoption, and a new version takes force after the
    first day of the old one, so that no day has two. Source: ORG-002…004, ORG-B040.
    """
    if state != DRAFT:
        return refused("ACT_ADOPTED", "Принять можно только проект. Принятый акт не правят: введите новую редакцию.")
    if not number:
        return refused("NO_NUMBER", "Укажите номер акта: по нему на акт ссылаются.")
    if last is not None and last < first:
        return refused(
            "DAYS_BACKWARDS",
            f"Акт не может утратить силу {short_date(last)}, раньше чем вступит в неё {short_date(first)}.",
        )
    for day, what in ((dated, "дата акта"), (adopted_on, "день принятия")):
        if day is not None and day > first:
            return refused(
                "DAYS_BACKWARDS",
                f"Акт вступает в силу {short_date(first)}, а {what} позже, {short_date(day)}: исправьте одну из дат.",
            )
    if adopted_on is not None and order_date is not None and order_date < adopted_on:
        return refused(
            "DAYS_BACKWARDS",
            f"Приказ от {short_date(order_date)} вводит акт, который принят позже, {short_date(adopted_on)}: "
            "исправьте одну из дат.",
        )
    if old_first is not None and old_state == IN_FORCE and first <= old_first:
        return refused(
            "OVERLAP",
            f"Прежняя редакция действует с {short_date(old_first)}: новая вступает в силу не раньше "
            f"{short_date(old_first + timedelta(days=1))}, чтобы в один день не действовали две.",
        )
    return ALLOWED


def may_withdraw(
    *,
    state: str,
    first: date | None,
    last: date | None,
    on: date,
    has_successor: bool,
    shut_until: date | None = None,
) -> Verdict:
    """Say whether an act may be withdrawn from a day. A draft always; an adopted one after its first day in force.

    shut_until: of an act that decides the policy, the last day of the last closed year: its rules ended earlier would
    judge anew what was signed and packed (ORG-001).
    """
    if state == WITHDRAWN:
        return refused("ACT_WITHDRAWN", "Этот акт уже отменён.")
    if state == DRAFT or first is None:
        return ALLOWED
    if has_successor:
        return refused("ALREADY_SUPERSEDED", "У акта есть новая редакция: он утратит силу, когда её примут.")
    if on <= first:
        return refused(
            "DAYS_BACKWARDS",
            f"Акт действует с {short_date(first)}: отменить его можно не раньше "
            f"{short_date(first + timedelta(days=1))}.",
        )
    if last is not None and on > last:
        return refused("ACT_OVER", f"Срок этого акта кончается {short_date(last)}: отменять его не нужно.")
    return _past_stays(on, shut_until=shut_until)


def may_acquaint(
    *, state: str, is_asked: bool, adopted_on: date | None, known_on: date, today: date, is_employee: bool
) -> Verdict:
    """Say whether an employee may be written down as knowing the act since a day. Source: ORG-005, ORG-B040."""
    if state == DRAFT:
        return refused("ACT_IS_DRAFT", "С проектом не знакомятся под подпись: сначала акт принимают.")
    if not is_asked:
        return refused("NOT_ASKED", "С этим актом работников под подпись не знакомят.")
    if not is_employee:
        return refused("NOT_EMPLOYEE", "Отметку об ознакомлении ставит работник школы.")
    if known_on > today:
        return refused("DAY_AHEAD", "День ознакомления ещё не наступил: укажите сегодняшний или прошедший.")
    if adopted_on is not None and known_on < adopted_on:
        return refused(
            "DAYS_BACKWARDS", f"Акт принят {short_date(adopted_on)}: познакомиться с ним раньше было нельзя."
        )
    return ALLOWED


def may_record_decision(*, protocol_number: str, text: str, decided_on: date, today: date) -> Verdict:
    """Say whether a decision of a council may be recorded. Source: ORG-007."""
    if not protocol_number or not text:
        return refused("NOT_WHOLE", "Укажите номер протокола и что решили.")
    if decided_on > today:
        return refused("DAY_AHEAD", "Решение записывают после заседания: этот день ещё не наступил.")
    return ALLOWED


def may_adopt_policy(
    *,
    first: date,
    act_state: str,
    act_first: date | None,
    act_last: date | None,
    editions_from: Sequence[date],
    shut_until: date | None,
) -> Verdict:
    """Say whether an edition of the policy may take force on a day.

    act_…: the act that decides it. editions_from: the first days of the editions adopted before. shut_until: the last
    day of the last closed year: an edition from a day up to it would judge anew what was signed and packed.
    Source: ORG-001.
    """
    if act_state != IN_FORCE or act_first is None:
        return refused("ACT_NOT_IN_FORCE", "Правила вводит принятый акт: сначала примите его.")
    if first < act_first or (act_last is not None and first > act_last):
        return refused(
            "ACT_NOT_IN_FORCE",
            f"Акт действует с {short_date(act_first)}"
            + (f" по {short_date(act_last)}" if act_last else "")
            + ": правила вступают в силу в один из этих дней.",
        )
    if editions_from and first <= max(editions_from):
        latest = max(editions_from)
        return refused(
            "OVERLAP",
            f"Последняя редакция правил действует с {short_date(latest)}: новая вступает в силу не раньше "
            f"{short_date(latest + timedelta(days=1))}.",
        )
    return _past_stays(first, shut_until=shut_until)


def _past_stays(day: date, *, shut_until: date | None) -> Verdict:
    if shut_until is None or day > shut_until:
        return ALLOWED
    return refused(
        "YEAR_CLOSED",
        f"Время по {short_date(shut_until)} закрыто (период или год): правила прошедших дней не меняют. "
        f"Укажите день не раньше {short_date(shut_until + timedelta(days=1))}.",
    )
