"""Whether a movement of a pupil, a teacher or a day of the calendar may be recorded."""

from dataclasses import dataclass
from datetime import date

from letopis.rules.russian import short_date
from letopis.rules.verdict import ALLOWED, Verdict, refused


@dataclass(frozen=True, slots=True)
class YearSpan:
    """What these rules need of a school year."""

    label: str
    starts_on: date
    ends_on: date
    is_open: bool


@dataclass(frozen=True, slots=True)
class Stay:
    """A pupil's stay in the list of a class."""

    class_title: str
    starts_on: date
    ends_on: date | None = None


def may_change_year(year: YearSpan, *, on: date) -> Verdict:
    """Allow a change of an open year on one of its days."""
    if not year.is_open:
        return refused("YEAR_CLOSED", f"Учебный год {year.label} закрыт: изменения в нём не записываются.")
    if not year.starts_on <= on <= year.ends_on:
        return refused(
            "OUTSIDE_YEAR",
            f"День {short_date(on)} не входит в учебный год {year.label}: "
            f"{short_date(year.starts_on)}–{short_date(year.ends_on)}.",
        )
    return ALLOWED


def may_enrol(*, on: date, stays: tuple[Stay, ...], is_extern: bool) -> Verdict:
    """Allow a pupil into a class list on a day he is in no other, and has not been put in another later."""
    if is_extern:
        return refused(
            "EXTERN",
            "Обучающийся осваивает программу в семейной форме или самообразованием: он прикреплён для аттестации "
            "и в списки классов не входит. Сначала измените форму обучения.",
            clause="273-ФЗ, ст. 33 ч. 1 п. 9",
        )
    for stay in stays:
        if stay.ends_on is None or stay.ends_on >= on:
            return refused(
                "ALREADY_IN_CLASS",
                f"Обучающийся уже состоит в списке класса {stay.class_title} с {short_date(stay.starts_on)}. "
                "Оформите перевод.",
            )
    return ALLOWED


def may_leave_class(*, on: date, stays: tuple[Stay, ...]) -> Verdict:
    """Allow to take a pupil off the list of his class from a day on: the day before must still be a day of his stay."""
    later = [stay for stay in stays if stay.starts_on > on]
    if later:
        return refused(
            "LATER_MOVEMENT",
            f"После {short_date(on)} уже записано движение: с {short_date(later[0].starts_on)} — "
            f"класс {later[0].class_title}. Записанное не переписывается.",
        )
    present = [stay for stay in stays if stay.starts_on <= on and (stay.ends_on is None or stay.ends_on >= on)]
    if not present:
        return refused("NOT_IN_CLASS", f"На {short_date(on)} обучающийся не состоит в списке класса.")
    if present[0].starts_on == on:
        return refused(
            "STAY_BEGINS_THAT_DAY",
            f"Обучающийся зачислен в класс {present[0].class_title} с {short_date(on)}: "
            "перевод и выбытие возможны со следующего дня.",
        )
    return ALLOWED


def may_succeed(*, on: date, since: date | None) -> Verdict:
    """Allow a new teacher or class teacher from a day later than the day the present one began."""
    if since is not None and since >= on:
        return refused(
            "LATER_APPOINTMENT",
            f"Уже записано назначение с {short_date(since)}: новое действует только с более позднего дня.",
        )
    return ALLOWED
