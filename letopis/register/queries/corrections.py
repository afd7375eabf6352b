"""Requests for correction: the list, one request with both values, and what was corrected beside an entry."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from letopis.ledger.actions import object_name
from letopis.people.access import Actor
from letopis.people.models import Employee, Pupil
from letopis.register.access.corrections import approves, corrections_of, entry_of, has_other_approver
from letopis.register.models import Correction, Lesson, Task
from letopis.register.queries.correction_values import current, shown
from letopis.register.queries.course_terms import WHOLE_YEAR
from letopis.register.queries.lesson_history import Line, history_lines
from letopis.rules import corrections as rules
from letopis.rules.verdict import Verdict
from letopis.schooling.models import Course, SchoolClass, Term

WAITING, DONE, DECLINED, WITHDRAWN, ALL = "waiting", "done", "declined", "withdrawn", "all"
STATES = {
    WAITING: tuple(rules.WAITING),
    DONE: (Correction.State.APPLIED,),
    DECLINED: (Correction.State.DECLINED,),
    WITHDRAWN: (Correction.State.WITHDRAWN,),
    ALL: tuple(Correction.State.values),
}
"""States of the filter of the list."""


@dataclass(frozen=True, slots=True)
class CorrectionFilter:
    """What of the list is shown; it stands in the address."""

    state: str = WAITING
    kind: str = ""
    mine: bool = False
    school_class: str = ""
    """Code of a class."""
    words: str = ""
    """Of the name of a pupil or a teacher."""


@dataclass(frozen=True, slots=True)
class CorrectionLine:
    """A request as a line of a list."""

    row: Correction
    what: str
    """«отметка КР 12.11.2026»."""
    old: str
    new: str

    @property
    def group(self) -> str:
        """«8А», «8А · 1 подгруппа»."""
        group = self.row.course.group
        if group.school_class is None or group.name == group.school_class.title:
            return group.name
        return f"{group.school_class.title} · {group.name}"

    @property
    def is_waiting(self) -> bool:
        return self.row.state in rules.WAITING

    @property
    def tone(self) -> str:
        tones = {"APPLIED": "good", "DECLINED": "late"}
        return tones.get(self.row.state, "soon" if self.is_waiting else "")


@dataclass(frozen=True, slots=True)
class CorrectionPage:
    """One request."""

    line: CorrectionLine
    now: str
    """What stands in the register now, in words."""
    is_conflict: bool
    """It waits, and another value stands than the one it was made for."""
    where: str
    """Address of the entry."""
    decides: bool
    """The actor holds an office that approves."""
    may_approve: Verdict
    """Whether he may approve this one, the order aside."""
    completes: bool
    """His approval would carry it out."""
    is_mine: bool
    order_required: bool
    history: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """What was corrected, or asked for, beside an entry."""

    code: UUID
    text: str
    """«исправлено 20.11.2026: 3 → 4 · ошибка при вводе · просит … · разрешает … · приказ № 15»."""
    is_waiting: bool


def correction_list(actor: Actor, only: CorrectionFilter) -> QuerySet[Correction]:
    """Return the requests that fit, those who wait the longest first, else the newest first."""
    rows = corrections_of(actor).filter(state__in=STATES.get(only.state, STATES[ALL]))
    if only.kind in Correction.Kind.values:
        rows = rows.filter(kind=only.kind)
    if only.mine:
        rows = rows.filter(requested_by=actor.employee_id or 0)
    if only.school_class:
        rows = rows.filter(course__group__school_class__code=only.school_class)
    for word in only.words.casefold().replace("ё", "е").split():
        rows = rows.filter(
            Q(pupil__person__search_key__contains=word) | Q(requested_by__person__search_key__contains=word)
        )
    return rows.order_by("requested_at" if only.state == WAITING else "-requested_at", "pk")


def waiting_count(actor: Actor) -> int:
    """Return how many requests wait for somebody who approves; 0 for everybody else. At most one query."""
    if not approves(actor):
        return 0
    return Correction.objects.filter(organisation=actor.organisation, state__in=rules.WAITING).count()


def classes_corrected(actor: Actor) -> list[SchoolClass]:
    """Return the classes that the actor's requests are about, for the filter. One query."""
    return list(
        SchoolClass.objects.filter(groups__courses__in=corrections_of(actor).values("course"))
        .distinct()
        .order_by("-year__starts_on", "grade", "letter")
    )


def line_of(row: Correction) -> CorrectionLine:
    """Return a request, loaded by `corrections_of`, as a line. No query."""
    return CorrectionLine(row, what_of(row), shown(row.kind, row.old_value), shown(row.kind, row.new_value))


def what_of(row: Correction) -> str:
    """Return what is corrected, without whose: «отметка КР 12.11.2026», «отметка за период: 1 четверть»."""
    title = str(Correction.Kind(row.kind).label)
    if row.kind == Correction.Kind.TERM_MARK and row.term:
        return f"{title}: {row.term.title}"
    work = f" {row.task.kind}" if row.task and row.task.kind else ""
    day = f" {row.lesson.on:%d.%m.%Y}" if row.lesson else ""
    return f"{title}{work}{day}"


def correction_page(actor: Actor, row: Correction) -> CorrectionPage:
    """Return one request. Four queries."""
    policy, is_waiting = actor.policy, row.state in rules.WAITING
    now = current(entry_of(actor, row))
    may = rules.may_approve(
        state=row.state,
        roles=actor.roles,
        is_requester=row.requested_by_id == actor.employee_id,
        has_other_approver=row.requested_by_id == actor.employee_id and has_other_approver(actor),
        # The order is a field of the form: whether it is missing is said when the form is sent.
        order="-",
        policy=policy,
        is_first=row.first_by_id is not None and row.first_by_id == actor.employee_id,
        first_was_director=True,
        year_state=row.course.year.state,
    )
    return CorrectionPage(
        line=line_of(row),
        now=shown(row.kind, now),
        is_conflict=is_waiting and rules.kept_value(now) != row.old_value,
        where=where_of(row),
        decides=is_waiting and approves(actor),
        may_approve=may,
        completes=rules.completes(row.state, policy=policy),
        is_mine=row.requested_by_id == actor.employee_id,
        order_required=policy.correction_order_required,
        history=history_lines({object_name(row): ""}),
    )


def where_of(row: Correction) -> str:
    """Return the address of the entry: its cell in the grid, its field on the lesson page, or the term marks."""
    kinds = Correction.Kind
    if row.kind == kinds.TERM_MARK and row.term:
        return f"{reverse('register:term_marks', args=[row.course.code])}?term={row.term.number}"
    if row.kind == kinds.MARK and row.task and row.pupil:
        term = row.term.number if row.term else WHOLE_YEAR
        cell = f"#task={row.task.code}&pupil={row.pupil.code}"
        return f"{reverse('register:grid', args=[row.course.code])}?term={term}{cell}"
    anchors = {kinds.TOPIC: "topic", kinds.HOMEWORK: "homework", kinds.ATTENDANCE: "attendance"}
    lesson = reverse("register:lesson", args=[row.lesson.code]) if row.lesson else ""
    return f"{lesson}#{anchors.get(kinds(row.kind), '')}"


def notes_of_cell(task: Task, pupil_id: int) -> list[Note]:
    """Return what was corrected or is asked for in a cell: its mark, and the attendance of its lesson. One query."""
    rows = _stands().filter(Q(task=task) | Q(lesson=task.lesson_id, kind=Correction.Kind.ATTENDANCE), pupil=pupil_id)
    return [_note(row) for row in rows]


def notes_of_lesson(lesson: Lesson) -> list[Note]:
    """Return what was corrected or is asked for in a lesson, of every pupil. One query."""
    return [_note(row, names=True) for row in _stands().filter(lesson=lesson)]


def notes_of_term(course: Course, term: Term) -> dict[int, list[Note]]:
    """Return by pupil what was corrected or is asked for in the term marks of a subject. One query."""
    rows = _stands().filter(
        kind=Correction.Kind.TERM_MARK, term=term, course__subject=course.subject_id, course__year=course.year_id
    )
    found: dict[int, list[Note]] = defaultdict(list)
    for row in rows:
        found[row.pupil_id or 0].append(_note(row))
    return found


def shown_to_family(pupil: Pupil, *, first: date, last: date, until: datetime | None) -> dict[int, list[str]]:
    """Return by lesson what was corrected for a pupil in the days, in words for his family. One query.

    until: what was carried out later is not published yet (rules.publication); None = everything is.

    Another pupil's corrections are never among them; topics and homework concern everybody of the lesson.
    """
    rows = Correction.objects.filter(
        pupil=pupil,
        kind__in=[Correction.Kind.MARK, Correction.Kind.ATTENDANCE],
        state=Correction.State.APPLIED,
        lesson__on__range=(first, last),
    ).exclude(old_value=F("new_value"))
    if until is not None:
        rows = rows.filter(decided_at__lte=until)
    found: dict[int, list[str]] = defaultdict(list)
    for row in rows.order_by("decided_at", "pk"):
        found[row.lesson_id or 0].append(family_words(row))
    return found


def results_shown_to_family(
    pupil: Pupil, terms: Iterable[Term], *, until: datetime | None
) -> dict[tuple[int, int], list[str]]:
    """Return by subject and term what was corrected in the term marks of a pupil, in words for his family. One query.

    until: as in `shown_to_family`.
    """
    rows = Correction.objects.filter(
        pupil=pupil, kind=Correction.Kind.TERM_MARK, state=Correction.State.APPLIED, term__in=list(terms)
    ).select_related("course")
    if until is not None:
        rows = rows.filter(decided_at__lte=until)
    found: dict[tuple[int, int], list[str]] = defaultdict(list)
    for row in rows.order_by("decided_at", "pk"):
        found[row.course.subject_id, row.term_id or 0].append(family_words(row))
    return found


def family_words(row: Correction) -> str:
    """Return a correction as a family reads it: both values, the day, the reason, the order."""
    order = f", {row.order}" if row.order else ""
    return _("исправлено %(day)s: %(old)s → %(new)s (%(reason)s%(order)s)") % {
        "day": _day(row.decided_at),
        "old": shown(row.kind, row.old_value),
        "new": shown(row.kind, row.new_value),
        "reason": row.reason,
        "order": order,
    }


def _stands() -> QuerySet[Correction]:
    """Corrections carried out or waiting; what was declined or taken back is told in the list of requests alone."""
    states = [Correction.State.APPLIED, *rules.WAITING]
    joined = "pupil__person", "requested_by__person", "decided_by__person", "first_by__person"
    return Correction.objects.filter(state__in=states).select_related(*joined).order_by("requested_at", "pk")


def _note(row: Correction, *, names: bool = False) -> Note:
    old, new = shown(row.kind, row.old_value), shown(row.kind, row.new_value)
    whose = f"{row.pupil.person.short_name}, " if names and row.pupil else ""
    title = f"{whose}{Correction.Kind(row.kind).label}: " if names else ""
    if row.state in rules.WAITING:
        said = _("просят исправить %(day)s: %(old)s → %(new)s") % {
            "day": _day(row.requested_at),
            "old": old,
            "new": new,
        }
    else:
        said = _("исправлено %(day)s: %(old)s → %(new)s") % {"day": _day(row.decided_at), "old": old, "new": new}
    parts = [f"{title}{said}", row.reason, _("просит %(who)s") % {"who": row.requested_by.person.short_name}]
    parts += [_("разрешает %(who)s") % {"who": _short(one)} for one in (row.first_by, row.decided_by) if one]
    return Note(row.code, " · ".join([*parts, *([row.order] if row.order else [])]), row.state in rules.WAITING)


def _short(employee: Employee) -> str:
    return employee.person.short_name


def _day(at: datetime | None) -> str:
    return date_format(localtime(at), "d.m.Y") if at else ""
