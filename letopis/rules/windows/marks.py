"""Whether a mark may be put into a cell or changed there, and an absence beside it."""

from datetime import datetime, timedelta

from letopis.rules.deadlines import Due, NoDue
from letopis.rules.policy import DEFAULT_POLICY, GradingScale, Policy
from letopis.rules.verdict import ALLOWED, Verdict, refused
from letopis.rules.windows.lessons import FORBIDDEN, late

REQUEST, REMARK = "REQUEST", "REMARK"

SLIPS = 3
"""How often one mark is mended as a slip of typing: else a change every few minutes would never end. Source: the
product's own."""

_DISTANCE = "порядок дистанционного обучения в школе"


def may_put_mark(
    *,
    pupil_is_member: bool,
    absent: bool,
    scale: GradingScale,
    is_strict: bool = False,
    confirmed_illness: bool = False,
    policy: Policy = DEFAULT_POLICY,
    due: Due | NoDue | None = None,
    at: datetime | None = None,
    is_distance: bool = False,
) -> Verdict:
    """Say whether a pupil may get a new mark in a column of the lesson.

    pupil_is_member: the pupil is in the group on the day of the lesson.
    absent: the pupil is marked absent at the lesson.
    is_strict: an absent pupil gets none at all, as also when policy.mark_for_absent or distance learning says so,
    unless confirmed_illness: a document of a medical organisation stands on the absence.
    policy: that of the lesson's day. due, at: the deadline of the work and the moment of the entry; without them
    nothing is late. Allowed with the code LATE when the mark is shown as late.
    is_distance: the lesson was at a distance: the mark goes to the column of its topic though past (REG-053).
    Sources: REG-021, REG-024, REG-027, REG-053, REG-054, REG-B003.
    """
    member = may_mark_attendance(pupil_is_member=pupil_is_member)
    if not member:
        return member
    if not scale.values:
        return refused(
            "UNGRADED", "Обучение безотметочное: отметки здесь не ставят.", clause=policy.clause("ungraded_grades")
        )
    if absent and (is_strict or is_distance or policy.mark_for_absent == FORBIDDEN):
        if not confirmed_illness:
            return _not_confirmed(policy)
    elif absent:
        return refused(
            "MARK_FOR_ABSENT",
            "Обучающийся отмечен отсутствующим: сначала снимите отсутствие, потом ставьте отметку.",
            clause=policy.clause("mark_for_absent"),
        )
    return _in_time(due, at=at, is_distance=is_distance, policy=policy)


def may_change_mark(
    *, put_at: datetime, at: datetime, is_author: bool, policy: Policy, may_correct: bool = False, changes: int = 0
) -> Verdict:
    """Say whether a mark that stands may be changed or taken away, the window of its lesson being open.

    put_at: when the value that stands was put. is_author: the same person changes it: a slip of typing is mended within
    policy.correction_grace_minutes, SLIPS times at most. changes: how often it was changed already.
    may_correct: a permission for this very correction is in force.
    Sources: REG-022, REG-023, REG-B016; policy mark_correction.
    """
    if may_correct or policy.mark_correction not in (REQUEST, REMARK):
        return ALLOWED
    minutes = policy.correction_grace_minutes
    if is_author and changes < SLIPS and timedelta(0) <= at - put_at <= timedelta(minutes=minutes):
        return ALLOWED
    clause = policy.clause("mark_correction")
    slip = f" Описку автор исправляет сам в первые {minutes} мин." if minutes else ""
    if policy.mark_correction == REQUEST:
        sentence = f"Выставленную отметку учитель не меняет: попросите разрешение на исправление.{slip}"
        return refused("CORRECTION_NEEDED", sentence, clause=clause)
    sentence = f"Выставленную отметку исправляют по замечанию заместителя директора и с разрешения.{slip}"
    return refused("REMARK_NEEDED", sentence, clause=clause)


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


def _in_time(due: Due | NoDue | None, *, at: datetime | None, is_distance: bool, policy: Policy) -> Verdict:
    """Judge a new mark by the limit of its work; between the effective deadline and the limit it is only late."""
    if not due or at is None or not due.is_late(at):
        return ALLOWED
    if is_distance and policy.distance_marks_to_topic:
        return late(
            "Отметка за дистанционный урок стоит в колонке его темы; она останется с пометкой «поздно».",
            clause=policy.clause("distance_marks_to_topic"),
        )
    if policy.backdating == FORBIDDEN and due.is_over(at):
        return refused(
            "BACKDATED",
            f"Отметку за эту работу ставили до {due.limit:%d.%m.%Y %H:%M}; задним числом её ставят только по "
            f"разрешению. Срок: {due.clause}.",
            clause=policy.clause("backdating"),
        )
    sentence = f"Срок был до {due.effective:%d.%m.%Y %H:%M}: отметка останется с пометкой «поздно»."
    return late(sentence, clause=due.clause)


def _not_confirmed(policy: Policy) -> Verdict:
    # Distance learning is strict whatever the school's own rule for the absent says (REG-054).
    own = policy.clause("mark_for_absent")
    return refused(
        "ABSENT_UNCONFIRMED",
        "Обучающийся отмечен отсутствующим, а болезнь не подтверждена справкой: отметку поставить нельзя.",
        clause=own if policy.mark_for_absent == FORBIDDEN else _DISTANCE,
    )
