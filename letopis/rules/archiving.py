"""Whether a year may be set archived."""

from letopis.rules.verdict import ALLOWED, Verdict, refused

_SHOWN = 5


def may_archive_year(
    *, may_build: bool, state: str, missing: tuple[str, ...], remarks: tuple[str, ...], reason: str
) -> Verdict:
    """Allow when the year is closed and every package stands; what a package lacks needs a reason.

    missing: titles of units without a package. remarks: what the packages say they lack.
    Source: ARC-021, C-009 (a year may be archived before the council has decided; the package says so).
    """
    if not may_build:
        return refused("NOT_ALLOWED", "Передать год в архив может директор или ответственный за архив.")
    if state == "ARCHIVED":
        return refused("YEAR_ARCHIVED", "Учебный год уже в архиве.")
    if state != "CLOSED":
        return refused("YEAR_NOT_CLOSED", "Учебный год ещё не закрыт: сначала закройте его.", clause="ARC-021")
    if missing:
        shown = ", ".join(missing[:_SHOWN])
        more = f" и ещё {len(missing) - _SHOWN}" if len(missing) > _SHOWN else ""
        return refused("PACKAGES_MISSING", f"Собраны не все пакеты. Нет: {shown}{more}.", clause="ARC-021")
    if remarks and not reason.strip():
        return refused(
            "REASON_NEEDED",
            f"В пакетах есть пометки: {'; '.join(remarks[:_SHOWN])}. Напишите, почему год передаётся в архив с ними.",
            clause="C-009",
        )
    return ALLOWED
