"""The log of missed and substituted lessons: rows of a period with filters. Three queries whatever its length."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from letopis.people.access import Actor
from letopis.register import access
from letopis.register.models import Lesson, Substitution
from letopis.register.queries.lesson_gaps import group_title
from letopis.register.queries.substitution_plan import row_words


@dataclass(frozen=True, slots=True)
class Filters:
    """What of the log is shown."""

    first: date
    last: date
    teacher: UUID | None = None
    """Absent or acting."""
    school_class: UUID | None = None
    kind: str = ""


@dataclass(frozen=True, slots=True)
class LogLine:
    """A row of the log."""

    code: UUID
    lesson: Lesson
    on: date
    number: int
    new_on: date | None
    new_number: int | None
    """Where it was moved to."""
    group: str
    subject: str
    kind: str
    kind_title: str
    words: str
    """«замена: Орлова Т. П.», «перенесён на 18.11, 5-й урок»."""
    absent: str
    acting: str
    reason: str
    """Why; told to director and deputies, and in the printed log."""
    order: str
    in_spite_of: str
    made_by: str
    made_at: datetime
    acknowledged_at: datetime | None
    withdrawn_at: datetime | None
    needs_reason: bool
    """The lesson holds records already: taking back asks for a reason."""
    is_mine: bool
    """The reader is the one who gives the lesson, and has not said yet that he knows."""
    is_seen: bool
    """The reader may open the lesson."""


def log(actor: Actor, filters: Filters, *, with_withdrawn: bool = True) -> list[LogLine]:
    """Return the rows of the log in the order of days and lessons."""
    rows = _filtered(access.substitutions_of(actor), filters)
    if not with_withdrawn:
        rows = rows.filter(withdrawn_at=None)
    return [_line(row, actor=actor) for row in rows]


@dataclass(frozen=True, slots=True)
class Arranged:
    """What the lesson page says of a substitution in force."""

    code: UUID
    words: str
    absent: str
    order: str
    awaits_me: bool
    """The reader is the acting teacher and has not said yet that he knows."""


def arranged_for(actor: Actor, lesson: Lesson) -> list[Arranged]:
    """Return what was arranged for the lesson and stands, in the order it was made. One query."""
    rows = Substitution.objects.filter(lesson=lesson, withdrawn_at=None).order_by("pk")
    me = actor.employee_id or 0
    return [
        Arranged(
            code=row.code,
            words=come_words(row) if row.kind == Substitution.Kind.MOVED else row_words(row),
            absent=row.absent_teacher.person.short_name if row.absent_teacher and row.acting_teacher else "",
            order=row.order,
            awaits_me=row.acting_teacher_id == me and row.acknowledged_at is None,
        )
        for row in rows.select_related("acting_teacher__person", "absent_teacher__person")
    ]


def come_words(row: Substitution) -> str:
    """Return where a moved lesson came from: «перенесён с 16.11, 2-й урок»."""
    return _("перенесён с %(day)s, %(number)s-й урок") % {"day": f"{row.old_on:%d.%m}", "number": row.old_number}


def _filtered(rows: QuerySet[Substitution], filters: Filters) -> QuerySet[Substitution]:
    # A moved lesson stands in the log of both days.
    days = (filters.first, filters.last)
    rows = rows.filter(Q(old_on__range=days) | Q(new_on__range=days))
    if filters.teacher:
        rows = rows.filter(Q(absent_teacher__code=filters.teacher) | Q(acting_teacher__code=filters.teacher))
    if filters.school_class:
        rows = rows.filter(lesson__course__group__school_class__code=filters.school_class)
    if filters.kind:
        rows = rows.filter(kind=filters.kind)
    joined = (
        "lesson__course__subject", "lesson__course__group__school_class", "absent_teacher__person",
        "acting_teacher__person", "made_by__person", "joined_with",
    )  # fmt: skip
    return rows.select_related(*joined).order_by("old_on", "old_number", "pk")


def _line(row: Substitution, *, actor: Actor) -> LogLine:
    absent, acting, made_by = row.absent_teacher, row.acting_teacher, row.made_by
    gives = actor.employee_id is not None and row.lesson.teacher_id == actor.employee_id
    mine = actor.employee_id is not None and row.acting_teacher_id == actor.employee_id
    return LogLine(
        code=row.code,
        lesson=row.lesson,
        on=row.old_on,
        number=row.old_number,
        new_on=row.new_on,
        new_number=row.new_number,
        group=group_title(row.lesson),
        subject=row.lesson.course.subject.name,
        kind=row.kind,
        kind_title=str(Substitution.Kind(row.kind).label),
        words=row_words(row),
        absent=absent.person.short_name if absent else "",
        acting=acting.person.short_name if acting else "",
        reason=row.reason if actor.controls else "",
        order=row.order,
        in_spite_of=row.in_spite_of,
        made_by=made_by.person.short_name if made_by else "",
        made_at=row.made_at,
        acknowledged_at=row.acknowledged_at,
        withdrawn_at=row.withdrawn_at,
        needs_reason=row.lesson.state == Lesson.State.HELD,
        is_mine=mine and row.acknowledged_at is None and row.withdrawn_at is None,
        is_seen=actor.controls or gives,
    )
