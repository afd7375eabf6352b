"""Who may change a lesson and when."""

from datetime import date, timedelta

from letopis.rules.policy import GradingScale, Policy
from letopis.rules.russian import short_date
from letopis.rules.verdict import ALLOWED, Verdict, refused

MARKS = "MARKS"
ATTENDANCE = "ATTENDANCE"
TOPIC = "TOPIC"
HOMEWORK = "HOMEWORK"

OPEN = "OPEN"
CLOSED = "CLOSED"
ARCHIVED = "ARCHIVED"

_PLANNED_AHEAD = frozenset({TOPIC, HOMEWORK})
_YEAR_IS_SHUT = {
    CLOSED: "Учебный год закрыт: журнал больше не изменяется. Открыть его может только директор.",
    ARCHIVED: "Учебный год передан в архив: журнал больше не изменяется.",
}

_NOT_CONFIRMED = refused(
    "ABSENT_UNCONFIRMED",
    "Обучающийся отмечен отсутствующим, а болезнь не подтверждена справкой: отметку поставить нельзя.",
    clause="порядок дистанционного обучения в школе; настройки школы: отметка отсутствующему",
)


def may_edit_lesson(
    *,
    lesson_on: date,
    today: date,
    year_state: str,
    is_own: bool,
    policy: Policy,
    part: str = MARKS,
    is_cancelled: bool = False,
) -> Verdict:
    """Say whether a part of the lesson may be changed today.

    year_state: OPEN, CLOSED or ARCHIVED.
    is_own: the person gives the lesson, as its teacher or its substitute.
    part: MARKS, ATTENDANCE, TOPIC or HOMEWORK; the last two may be placed ahead when the policy allows (REG-009).
    is_cancelled: the lesson did not take place, so that nothing may be written into it.
    The window is policy.edit_window_days calendar days after the lesson, its last day included.
    Source: REG-001, REG-009, REG-020.
    """
    if not is_own:
        return refused("NOT_OWN_LESSON", "Занятие заполняет учитель, который его ведёт или замещает.")
    if year_state in _YEAR_IS_SHUT:
        return refused(f"YEAR_{year_state}", _YEAR_IS_SHUT[year_state])
    if is_cancelled:
        return refused("LESSON_CANCELLED", "Занятие отменено: заполнять его не нужно.")
    if lesson_on > today:
        return _may_fill_ahead(lesson_on=lesson_on, policy=policy, part=part)
    if policy.edit_window_days is not None:
        last_day = lesson_on + timedelta(days=policy.edit_window_days)
        if today > last_day:
            return refused(
                "WINDOW_OVER",
                f"Изменять занятие можно было до {short_date(last_day)}; теперь нужно разрешение на исправление.",
                clause="настройки школы: срок правки журнала",
            )
    return ALLOWED


def may_put_mark(
    *,
    pupil_is_member: bool,
    absent: bool,
    scale: GradingScale,
    is_strict: bool = False,
    confirmed_illness: bool = False,
) -> Verdict:
    """Say whether a pupil may get a mark in a column of the lesson.

    pupil_is_member: the pupil is in the group on the day of the lesson.
    absent: the pupil is marked absent at the lesson.
    is_strict: an absent pupil gets none at all (policy.mark_for_absent, or distance learning), unless
    confirmed_illness: a document of a medical organisation stands on the absence. Source: REG-027, REG-054.
    """
    member = may_mark_attendance(pupil_is_member=pupil_is_member)
    if not member:
        return member
    if not scale.values:
        return refused(
            "UNGRADED", "Обучение безотметочное: отметки здесь не ставят.", clause="настройки школы: шкала отметок"
        )
    if absent and is_strict:
        return ALLOWED if confirmed_illness else _NOT_CONFIRMED
    if absent:
        return refused(
            "MARK_FOR_ABSENT",
            "Обучающийся отмечен отсутствующим: сначала снимите отсутствие, потом ставьте отметку.",
        )
    return ALLOWED


def may_mark_absent(*, pupil_is_member: bool, has_mark: bool) -> Verdict:
    """Say whether a pupil may be marked absent: not one who already has a mark for this lesson."""
    if has_mark:
        return refused(
            "ABSENT_WITH_MARK",
            "За это занятие уже стоит отметка: сначала снимите её, потом отмечайте отсутствие.",
        )
    return may_mark_attendance(pupil_is_member=pupil_is_member)


def may_mark_attendance(*, pupil_is_member: bool) -> Verdict:
    """Say whether the pupil has any cell on that day."""
    if pupil_is_member:
        return ALLOWED
    return refused("NOT_MEMBER", "В день занятия обучающийся не состоит в этой группе.")


def _may_fill_ahead(*, lesson_on: date, policy: Policy, part: str) -> Verdict:
    if part in _PLANNED_AHEAD and policy.future_topics_allowed:
        return ALLOWED
    what = "Тему и задание" if part in _PLANNED_AHEAD else "Отметки и отсутствие"
    return refused("LESSON_AHEAD", f"{what} ставят в день занятия, {short_date(lesson_on)}, или позже.")
