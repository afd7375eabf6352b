"""Lessons that go otherwise than the timetable says: who may give another's lesson, and who is best asked first.

The four kinds of C-013: another teacher, joined groups, a lesson cancelled by an order, a moved lesson. A refusal that
a person may overrule has its code in MAY_BE_OVERRULED; what was overruled is kept with the substitution.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from letopis.rules.names import match_key
from letopis.rules.russian import short_date
from letopis.rules.timetable import SlotRow, clashes
from letopis.rules.verdict import ALLOWED, Verdict, refused
from letopis.rules.windows import ARCHIVED, CLOSED

OTHER_TEACHER, JOINED, CANCELLED, MOVED = "OTHER_TEACHER", "JOINED", "CANCELLED", "MOVED"
OF_TEACHER = frozenset({OTHER_TEACHER, JOINED})
"""Kinds that say who gives the lesson; the others say whether and when it is given."""

MAY_BE_OVERRULED = frozenset({"TEACHER_BUSY", "CLASH", "NO_SCHOOL_DAY"})
"""Refusals that ask: the deputy may mean it, and says so."""

_YEAR_IS_SHUT = {
    CLOSED: "Учебный год закрыт: замены больше не записывают.",
    ARCHIVED: "Учебный год передан в архив: замены больше не записывают.",
}


@dataclass(frozen=True, slots=True)
class SubstitutedLesson:
    """What the rules need to know of the lesson."""

    on: date
    number: int
    teacher_id: int | None
    year_state: str = "OPEN"
    """OPEN, CLOSED or ARCHIVED."""
    is_held: bool = False
    """Something was entered that only a lesson that was given can have."""
    is_cancelled: bool = False
    kinds: frozenset[str] = frozenset()
    """Kinds of its substitutions in force."""


@dataclass(frozen=True, slots=True)
class Stand:
    """A lesson at the same time: what a teacher, a class or a room is busy with."""

    lesson_id: int
    title: str
    """«7А, Алгебра»."""


def may_substitute(
    lesson: SubstitutedLesson,
    *,
    acting_id: int,
    dismissed_on: date | None,
    busy: Sequence[Stand],
    overrule: bool = False,
) -> Verdict:
    """Say whether this teacher may be put on the lesson. A lesson already held may get its true teacher afterwards.

    dismissed_on: the acting teacher's first day without work here. busy: his other lessons at that time.
    Source: ORG-025, REG-005, REG-B014.
    """
    verdict = _may_change_teacher(lesson)
    if not verdict:
        return verdict
    if acting_id == lesson.teacher_id:
        return refused("SAME_TEACHER", "Этот учитель и так ведёт урок: выберите другого.")
    if dismissed_on is not None and dismissed_on <= lesson.on:
        return refused("TEACHER_DISMISSED", f"Учитель уволен {short_date(dismissed_on)}: выберите другого.")
    if busy and not overrule:
        titles = "; ".join(one.title for one in busy)
        return refused("TEACHER_BUSY", f"В это время у учителя свой урок: {titles}.")
    return ALLOWED


def may_join(
    lesson: SubstitutedLesson,
    *,
    other: SubstitutedLesson,
    same_class: bool,
    same_subject: bool,
    busy: Sequence[Stand] = (),
    overrule: bool = False,
) -> Verdict:
    """Say whether the teacher of the other lesson may take both groups.

    busy: his lessons at that time beside the two. Source: C-013.
    """
    verdict = _may_change_teacher(lesson)
    if not verdict:
        return verdict
    if (lesson.on, lesson.number) != (other.on, other.number):
        return refused("NOT_AT_ONCE", "Объединить можно только занятия, которые идут в одно время.")
    if other.is_cancelled or other.teacher_id is None:
        return refused("OTHER_NOT_GIVEN", "Занятие второй группы никто не ведёт: выберите другое.")
    if not (same_class or same_subject):
        return refused("NOTHING_IN_COMMON", "Объединяют группы одного класса или одного предмета.")
    if other.teacher_id == lesson.teacher_id:
        return refused("SAME_TEACHER", "Этот учитель и так ведёт обе группы.")
    if busy and not overrule:
        titles = "; ".join(one.title for one in busy)
        return refused("TEACHER_BUSY", f"В это время у учителя есть и другой урок: {titles}.")
    return ALLOWED


def may_cancel(lesson: SubstitutedLesson) -> Verdict:
    """Say whether the lesson may be cancelled by an order: not one that was given. Source: C-013."""
    shut = _open_year(lesson)
    if not shut:
        return shut
    if lesson.is_cancelled:
        return refused("LESSON_CANCELLED", "Урок уже отменён.")
    if lesson.is_held:
        return refused("LESSON_HELD", "Урок уже проведён, в нём есть записи: отменить его нельзя.")
    return ALLOWED


def may_move(
    lesson: SubstitutedLesson,
    *,
    on: date,
    number: int,
    first: date,
    last: date,
    is_school_day: bool,
    is_taken: bool,
    clashing: Sequence[str],
    overrule: bool = False,
) -> Verdict:
    """Say whether the lesson may be moved to that place.

    first, last: of the year. is_taken: a lesson of the same course stands there. clashing: what `clashes_of` said.
    Source: ORG-027, C-013.
    """
    verdict = may_cancel(lesson)
    if not verdict:
        return verdict
    if MOVED in lesson.kinds:
        return refused("ALREADY_MOVED", "Урок уже перенесён: сначала верните его на место.")
    if (lesson.on, lesson.number) == (on, number):
        return refused("SAME_PLACE", "Урок и так стоит в этот день под этим номером: укажите другое время.")
    if not first <= on <= last:
        sentence = f"День вне учебного года: с {short_date(first)} по {short_date(last)}."
        return refused("OUTSIDE_YEAR", sentence)
    if is_taken:
        return refused("PLACE_TAKEN", "В это время у группы уже есть урок этого предмета: выберите другое.")
    if not is_school_day and not overrule:
        return refused("NO_SCHOOL_DAY", f"{short_date(on)} у класса нет уроков.")
    if clashing and not overrule:
        return refused("CLASH", " ".join(clashing))
    return ALLOWED


def may_withdraw(
    lesson: SubstitutedLesson, *, kind: str, is_latest: bool, is_taken: bool = False, reason: str = ""
) -> Verdict:
    """Say whether a substitution may be taken back.

    is_latest: no later one of the same lesson is in force. is_taken: another lesson stands on the place it left.
    Who gave a lesson that is filled is corrected only with a reason; a lesson that was given is not moved.
    """
    shut = _open_year(lesson)
    if not shut:
        return shut
    if not is_latest:
        return refused("NOT_LATEST", "После этого урок изменили ещё раз: сначала отмените последнее изменение.")
    if kind == MOVED and lesson.is_held:
        return refused("LESSON_HELD", "Урок проведён на новом месте, в нём есть записи: вернуть его нельзя.")
    if kind == MOVED and is_taken:
        return refused("PLACE_TAKEN", "На прежнем месте уже стоит другой урок этого предмета: вернуть нельзя.")
    if kind in OF_TEACHER and lesson.is_held and not reason.strip():
        return refused(
            "REASON_NEEDED", "В уроке уже есть записи замещавшего: отменить замену можно, только указав причину."
        )
    return ALLOWED


def clashes_of(moved: SlotRow, others: Iterable[SlotRow]) -> list[str]:
    """Return what the lesson clashes with at its new place, in sentences; vacancies are no clash.

    others: what stands there already. `row` of each line tells them apart; a clash among others is not told.
    """
    found = clashes([moved, *others])
    return [clash.sentence for clash in found if moved.row in clash.rows and clash.code != "VACANCY"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A teacher who may be asked to give a lesson."""

    employee_id: int
    name: str
    teaches_subject: bool = False
    teaches_class: bool = False
    lessons_that_day: int = 0
    is_beside: bool = False
    """Has a lesson just before or after, so that he need not wait."""
    busy: tuple[str, ...] = ()
    """Titles of his own lessons at that time."""

    @property
    def is_free(self) -> bool:
        return not self.busy


def ranked(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Return the candidates, whom to ask first at the head.

    Free before busy; the subject before the class before anybody; who is at school that day before who would come for
    one lesson, beside it before with a gap; who has fewer lessons before who has more; then by name.
    """
    return sorted(
        candidates,
        key=lambda one: (
            not one.is_free,
            not one.teaches_subject,
            not one.teaches_class,
            one.lessons_that_day == 0,
            not one.is_beside,
            one.lessons_that_day,
            match_key(one.name),
            one.employee_id,
        ),
    )


def _may_change_teacher(lesson: SubstitutedLesson) -> Verdict:
    shut = _open_year(lesson)
    if not shut:
        return shut
    if lesson.is_cancelled:
        return refused("LESSON_CANCELLED", "Урок отменён: замена не нужна.")
    if lesson.kinds & OF_TEACHER:
        return refused("ALREADY_SUBSTITUTED", "На этот урок замена уже назначена: сначала отмените её.")
    return ALLOWED


def _open_year(lesson: SubstitutedLesson) -> Verdict:
    if lesson.year_state in _YEAR_IS_SHUT:
        return refused(f"YEAR_{lesson.year_state}", _YEAR_IS_SHUT[lesson.year_state])
    return ALLOWED
