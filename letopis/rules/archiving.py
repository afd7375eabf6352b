"""Whether a year may be set archived."""

from letopis.rules.verdict import ALLOWED, Verdict, refused

_SHOWN = 5


def may_archive_year(
    *,
    may_build: bool,
    state: str,
    missing: tuple[str, ...],
    unsound: tuple[str, ...] = (),
    stale: tuple[str, ...] = (),
    remarks: tuple[str, ...],
    reason: str,
) -> Verdict:
    """Allow when the year is closed and every package stands; what a package lacks needs a reason.

    missing: titles of units without a package. unsound: of those whose last check failed. stale: of those that were
    built before the year was closed. remarks: what the packages say they lack.
    Source: ARC-021, ARC-026, C-009 (a year may be archived before the council has decided; the package says so).
    """
    if not may_build:
        return refused("NOT_ALLOWED", "Передать год в архив может директор или ответственный за архив.")
    if state == "ARCHIVED":
        return refused("YEAR_ARCHIVED", "Учебный год уже в архиве.")
    if state != "CLOSED":
        return refused("YEAR_NOT_CLOSED", "Учебный год ещё не закрыт: сначала закройте его.")
    if missing:
        return refused("PACKAGES_MISSING", f"Собраны не все пакеты. Нет: {_shown(missing)}.")
    if unsound:
        return refused(
            "PACKAGES_UNSOUND",
            f"Целостность нарушена: {_shown(unsound)}. Восстановите пакеты с другого носителя и проверьте снова.",
        )
    if stale and not reason.strip():
        return refused(
            "REASON_NEEDED",
            f"Пакеты собраны до закрытия года: {_shown(stale)}. Соберите их снова или напишите, почему год передаётся "
            "в архив с ними.",
        )
    if remarks and not reason.strip():
        return refused(
            "REASON_NEEDED",
            f"В пакетах есть пометки: {'; '.join(remarks[:_SHOWN])}. Напишите, почему год передаётся в архив с ними.",
        )
    return ALLOWED


def _shown(titles: tuple[str, ...]) -> str:
    """Return the first titles, and how many more there are."""
    more = f" и ещё {len(titles) - _SHOWN}" if len(titles) > _SHOWN else ""
    return ", ".join(titles[:_SHOWN]) + more
