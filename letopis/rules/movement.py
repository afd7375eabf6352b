"""Whether a movement of a pupil, a teacher or a day of the calendar may be recorded."""

from dataclasses import dataclass
from datetime import date, timedelta

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


def may_move(year: YearSpan | None, *, on: date) -> Verdict:
    """Allow a movement on a day of an open year; a day of no year at all belongs to no list."""
    if year is None:
        return refused(
            "OUTSIDE_YEAR",
            f"День {short_date(on)} не входит ни в один учебный год школы. "
            "Исправьте дату: движение записывается днём учебного года.",
        )
    return may_change_year(year, on=on)


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


def may_end(*, on: date, stays: tuple[Stay, ...]) -> Verdict:
    """Refuse to end on a day a stay whose later end is written down: the new record would wipe the leaving out."""
    ending = [stay for stay in stays if stay.ends_on is not None and stay.starts_on <= on <= stay.ends_on]
    if ending and ending[-1].ends_on:
        last = ending[-1].ends_on
        return refused(
            "LATER_LEAVING",
            f"Уже записано выбытие: последний день в списке {ending[-1].class_title} — {short_date(last)}. "
            "Записанное не переписывается. Если выбытие отменено приказом, сначала зачислите обучающегося снова "
            f"с {short_date(last + timedelta(days=1))}.",
        )
    return ALLOWED


def may_transfer(*, from_class: str, from_grade: int, to_class: str, to_grade: int) -> Verdict:
    """Allow a transfer between classes of one grade; to another grade a pupil comes by the council's decision."""
    if from_class == to_class:
        return refused("SAME_CLASS", f"Обучающийся уже учится в классе {to_class}.")
    if from_grade != to_grade:
        return refused(
            "OTHER_GRADE",
            f"Из {from_class} нельзя перевести в {to_class}: перевод записывается в класс той же параллели. "
            f"Выберите другой {from_grade} класс; в следующий класс переводит педагогический совет — "
            "его решение вносится на странице «Итоги».",
            clause="273-ФЗ, ст. 58",
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
