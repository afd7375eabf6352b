"""What a health record may say. Never a diagnosis: groups, days, a seat and the paper it rests on."""

from datetime import date

from letopis.rules.verdict import ALLOWED, Verdict, refused

PHYSICAL_EDUCATION = "физическая культура"
"""How the key of the subject begins («Физическая культура», «Физическая культура (юноши)»): its teacher sees who is
exempt. Source: федеральный учебный план."""


def may_record_health(
    *, health_group: int | None, exempt: bool, starts_on: date, ends_on: date | None, basis: str
) -> Verdict:
    """Say whether a record may be entered: a group of one to five, days in order, and for an exemption its paper."""
    if health_group is not None and not 1 <= health_group <= 5:
        return refused("HEALTH_GROUP", "Группа здоровья — от 1 до 5.")
    if ends_on is not None and ends_on < starts_on:
        return refused("ENDS_BEFORE", "Последний день раньше первого: проверьте даты.")
    if exempt and not basis:
        return refused("NO_BASIS", "Освобождение ставят по документу: напишите его номер и дату.")
    return ALLOWED
