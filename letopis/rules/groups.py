"""Whether a teaching group may be made, joined or left, and a lesson beside the timetable added or removed."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from letopis.rules.russian import short_date
from letopis.rules.verdict import ALLOWED, Verdict, refused

MOST_HOURS = Decimal(40)
"""Nobody is taught more hours a week: a slip of the key otherwise. Unit: hours."""
LAST_NUMBER = 15
"""A day has so many places for lessons, those after the last bell included."""


@dataclass(frozen=True, slots=True)
class GroupStay:
    """A pupil's stay in a group."""

    starts_on: date
    ends_on: date | None = None

    def holds(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


def may_make_group(*, name: str, weekly_hours: Decimal, is_taken: bool, teacher_left_on: date | None) -> Verdict:
    """Allow a group with a name of its own, sensible hours, and a teacher who works here.

    is_taken: another group of the same kind has this name in the year.
    teacher_left_on: the day the teacher was dismissed; None while he works, and for a vacancy.
    """
    if not name.strip():
        return refused("NO_NAME", "Назовите группу: имя увидят в журнале и в расписании.")
    if is_taken:
        return refused(
            "NAME_TAKEN", f"Группа «{name}» в этом году уже есть. Назовите новую иначе или откройте прежнюю."
        )
    if not 0 < weekly_hours <= MOST_HOURS:
        return refused("HOURS", f"Часов в неделю — больше нуля и не больше {MOST_HOURS:f}.")
    if teacher_left_on is not None:
        return refused("TEACHER_LEFT", f"Работник уволен {short_date(teacher_left_on)}: выберите другого учителя.")
    return ALLOWED


def may_join_group(
    *, on: date, name: str, group_title: str, is_enrolled: bool, is_extern: bool, is_taught: bool,
    stays: tuple[GroupStay, ...],
) -> Verdict:  # fmt: skip
    """Allow a pupil into a group on a day he is a pupil of the school, and has no later stay in the same group.

    name: of the pupil, for the sentence. is_taught: the group has a workload (be it a vacancy) on that day or later.
    One who is in the group that day already is refused with ALREADY_IN_GROUP: the caller decides if that is harmless.
    """
    if not is_taught:
        return refused("GROUP_CLOSED", f"Группа «{group_title}» закрыта: в неё больше никого не записывают.")
    if not is_enrolled:
        return refused("NOT_ENROLLED", f"{name}: на {short_date(on)} не числится в школе.")
    if is_extern:
        return refused(
            "EXTERN",
            f"{name}: семейная форма или самообразование — прикреплён для аттестации и в группы не входит.",
            clause="273-ФЗ, ст. 33 ч. 1 п. 9",
        )
    if any(stay.holds(on) for stay in stays):
        return refused("ALREADY_IN_GROUP", f"{name}: уже в группе «{group_title}».")
    later = [stay.starts_on for stay in stays if stay.starts_on > on]
    if later:
        return refused(
            "LATER_STAY",
            f"{name}: уже записано вступление в группу с {short_date(min(later))}. Выберите более поздний день.",
        )
    return ALLOWED


def may_leave_group(*, on: date, name: str, stays: tuple[GroupStay, ...]) -> Verdict:
    """Allow to take a pupil off a group from a day: the day before must be a day of a stay that has no end yet."""
    present = [stay for stay in stays if stay.holds(on)]
    if not present:
        return refused("NOT_IN_GROUP", f"{name}: на {short_date(on)} не состоит в группе.")
    if present[0].ends_on is not None:
        return refused(
            "LATER_LEAVING",
            f"{name}: уже записано выбытие из группы, последний день — {short_date(present[0].ends_on)}.",
        )
    if present[0].starts_on == on:
        return refused(
            "STAY_BEGINS_THAT_DAY",
            f"{name}: записан в группу с {short_date(on)}. Если это ошибка, уберите запись; "
            "выбытие возможно со следующего дня.",
        )
    return ALLOWED


def may_withdraw_stay(*, name: str, has_facts: bool) -> Verdict:
    """Allow to take a mistaken stay back while nothing was recorded of the pupil in the group."""
    if has_facts:
        return refused(
            "FACTS_RECORDED",
            f"{name}: в журнале группы уже есть его отметки или посещаемость. Запишите выбытие — записанное останется.",
        )
    return ALLOWED


def may_add_lesson(
    *, on: date, number: int, has_teacher: bool, busy_with: str = "", is_taken: bool = False, in_timetable: bool = False
) -> Verdict:
    """Allow a lesson beside the timetable: a free place of the course on a day somebody teaches it.

    busy_with: what the teacher gives at that time already; empty when he is free.
    is_taken: the course has a lesson at that place. in_timetable: it is a page of the class, whose lessons follow from
    the timetable.
    """
    if in_timetable:
        return refused(
            "IN_TIMETABLE",
            "Уроки этого журнала следуют из расписания: измените расписание или запишите замену.",
        )
    if not 1 <= number <= LAST_NUMBER:
        return refused("NUMBER", f"Номер занятия — от 1 до {LAST_NUMBER}.")
    if is_taken:
        return refused("LESSON_THERE", f"{short_date(on)}, {number}-е занятие уже есть в журнале.")
    if not has_teacher:
        return refused("NO_TEACHER", f"На {short_date(on)} у группы нет учителя: сначала назначьте его.")
    if busy_with:
        return refused("TEACHER_BUSY", f"{short_date(on)}, {number}-м занятием у учителя уже стоит {busy_with}.")
    return ALLOWED


def may_remove_lesson(*, is_extra: bool, is_blank: bool) -> Verdict:
    """Allow to remove a lesson that was added by hand and in which nothing was ever written."""
    if not is_extra:
        return refused("FROM_TIMETABLE", "Урок стоит в расписании: его отменяют или переносят через замены.")
    if not is_blank:
        return refused("WRITTEN", "В занятии уже есть записи: оно остаётся в журнале.")
    return ALLOWED
