"""Whether a year may be closed, and opened again."""

from datetime import date

from letopis.rules.russian import short_date
from letopis.rules.verdict import ALLOWED, Verdict, refused


def may_close_year(*, state: str, last_day: date, today: date, has_gaps: bool, reason: str) -> Verdict:
    """Allow closing an open year after its last term; what is missing in it needs a reason.

    state: OPEN, CLOSED or ARCHIVED; a closed year may be closed again, which does nothing.
    last_day: of the last term of the year, whatever its grades.
    has_gaps: lessons without topic or attendance, results or decisions of the council are missing.
    Source: ARC-021, C-009 (decisions may follow later; the statement says that they are missing).
    """
    if state == "ARCHIVED":
        return refused("YEAR_ARCHIVED", "Учебный год уже в архиве.")
    if state == "CLOSED":
        return ALLOWED
    if today <= last_day:
        return refused(
            "YEAR_GOES_ON",
            f"Последний учебный период заканчивается {short_date(last_day)}: закрыть год можно со следующего дня.",
        )
    if has_gaps and not reason.strip():
        return refused(
            "REASON_NEEDED",
            "В журналах есть пробелы. Заполните их или напишите, почему год закрывается с ними.",
        )
    return ALLOWED


def may_reopen_year(*, state: str, reason: str, order: str) -> Verdict:
    """Allow opening a closed year again by an order; what is in the archive stays shut."""
    if state == "ARCHIVED":
        return refused("YEAR_ARCHIVED", "Учебный год уже в архиве: открыть его нельзя.")
    if state == "CLOSED" and not order.strip():
        return refused("ORDER_NEEDED", "Напишите номер и дату приказа, по которому год открывается.")
    if state == "CLOSED" and not reason.strip():
        return refused("REASON_NEEDED", "Напишите, почему год открывается снова.")
    return ALLOWED
