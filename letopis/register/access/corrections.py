"""The door to corrections.

Who sees them. Whoever approves (the roles of the policy), director and deputies see all of the school; every other
employee his own requests and those of the courses he sees. Who asks. The teacher of the lesson, its substitute, and who
teaches the course; for a term mark who teaches the course now. For everybody else nothing of it exists (404).
"""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from letopis.accounts.models import Appointment
from letopis.people.access import Actor, forbid, invisible
from letopis.people.models import Pupil
from letopis.register.access import OpenCourse, course_for, courses_of, lesson_for
from letopis.register.access.make_ups import member_for
from letopis.register.models import Correction, Lesson, Task
from letopis.rules.corrections import approving_roles
from letopis.rules.policy import GradingScale, Policy
from letopis.schooling.models import Course, Term

JOINED = (
    "course__subject", "course__group__school_class", "course__year", "lesson", "task", "term", "pupil__person",
    "requested_by__person", "first_by__person", "decided_by__person", "remark", "organisation",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """The entry of the register that a correction is about."""

    kind: str
    """Correction.Kind."""
    course: Course
    """With subject, group, the group's class and year joined in."""
    grade: int
    policy: Policy
    """That the entry is judged by: of the day of its lesson, of the last day of its term."""
    lesson: Lesson | None = None
    """None for a term mark."""
    task: Task | None = None
    """Of a mark."""
    term: Term | None = None
    """Of a term mark."""
    pupil: Pupil | None = None

    @property
    def scale(self) -> GradingScale:
        return self.policy.scale_for(scale_code=self.course.subject.scale, grade=self.grade or 1)


@dataclass(frozen=True, slots=True)
class Target:
    """An entry, with the one who asks for its correction."""

    entry: Entry
    opened: OpenCourse

    @property
    def is_own(self) -> bool:
        """Whether the actor may ask: he gives the lesson, or teaches the course now."""
        lesson = self.entry.lesson
        if self.opened.is_own(on=self.opened.actor.today, teacher_id=None):
            return True
        return lesson is not None and self.opened.is_own(on=lesson.on, teacher_id=lesson.teacher_id)


@dataclass(frozen=True, slots=True)
class Asked:
    """How an address names the entry; what a kind does not need is None."""

    kind: str
    lesson: UUID | None = None
    task: UUID | None = None
    course: UUID | None = None
    term: str = ""
    """Number of the term."""
    pupil: UUID | None = None


def target_for(actor: Actor, asked: Asked) -> Target:
    """Return the entry for one who may ask for its correction: 404 for what he does not see, 403 for who only sees it.

    Four queries at most.
    """
    kinds = Correction.Kind
    if asked.kind not in kinds.values:
        invisible()
    target = _term_mark(actor, asked) if asked.kind == kinds.TERM_MARK else _of_lesson(actor, asked)
    if not target.is_own:
        forbid(_("Исправление просит учитель, который ведёт этот урок или этот предмет."))
    return target


def entry_of(actor: Actor, row: Correction) -> Entry:
    """Return the entry of a request that the actor sees already; the row comes with everything joined in."""
    is_term_mark = row.kind == Correction.Kind.TERM_MARK
    on = row.lesson.on if row.lesson else row.course.year.ends_on
    school_class = row.course.group.school_class
    return Entry(
        kind=row.kind,
        course=row.course,
        grade=school_class.grade if school_class else 0,
        policy=actor.policy_of_period(row.term.ends_on) if is_term_mark and row.term else actor.policy_on(on),
        lesson=row.lesson,
        task=row.task,
        term=row.term if is_term_mark else None,
        pupil=row.pupil,
    )


def corrections_of(actor: Actor) -> QuerySet[Correction]:
    """Return the requests the actor may see, with everything that is shown of them joined in."""
    if not actor.works_here:
        invisible()
    rows = Correction.objects.filter(organisation=actor.organisation).select_related(*JOINED)
    if actor.controls or approves(actor):
        return rows
    me = actor.employee_id or 0
    return rows.filter(Q(requested_by=me) | Q(course__in=courses_of(actor).values("pk")))


def correction_for(actor: Actor, code: UUID) -> Correction:
    """Return one request, or answer 404. One query."""
    return corrections_of(actor).filter(code=code).first() or invisible()


def correction_to_decide(actor: Actor, code: UUID) -> Correction:
    """Return a request for who decides about it; 403 for who only sees it."""
    row = correction_for(actor, code)
    if not approves(actor):
        forbid(_("Исправления разрешают другие должностные лица школы."))
    return row


def correction_to_withdraw(actor: Actor, code: UUID) -> Correction:
    """Return a request for who made it; 403 for everybody else who sees it."""
    row = correction_for(actor, code)
    if row.requested_by_id != actor.employee_id:
        forbid(_("Просьбу отзывает тот, кто её написал."))
    return row


def approves(actor: Actor) -> bool:
    """Say whether the actor decides about corrections today: an employee with a role of the policy."""
    return actor.employee_id is not None and bool(approving_roles(actor.policy) & actor.roles)


def has_other_approver(actor: Actor) -> bool:
    """Say whether somebody else of the school approves corrections today."""
    others = Appointment.objects.on(actor.today).filter(
        Q(user__person__employee__dismissed_on=None) | Q(user__person__employee__dismissed_on__gt=actor.today),
        organisation=actor.organisation,
        role__in=approving_roles(actor.policy),
        user__is_active=True,
        user__person__employee__isnull=False,
    )
    return others.exclude(user=actor.user_id).exists()


def _of_lesson(actor: Actor, asked: Asked) -> Target:
    kinds, task, code = Correction.Kind, None, asked.lesson
    if asked.task is not None:
        tasks = Task.objects.filter(organisation=actor.organisation, code=asked.task)
        task = tasks.select_related("lesson").first() or invisible()
        code = task.lesson.code
    if code is None or (asked.kind == kinds.MARK and task is None):
        invisible()
    one = lesson_for(actor, code)
    of_pupil = asked.kind in (kinds.MARK, kinds.ATTENDANCE)
    if of_pupil and asked.pupil is None:
        invisible()
    entry = Entry(
        kind=asked.kind,
        course=one.opened.course,
        grade=one.opened.grade,
        policy=one.policy,
        lesson=one.lesson,
        task=task if asked.kind == kinds.MARK else None,
        pupil=member_for(one.opened, asked.pupil) if of_pupil and asked.pupil else None,
    )
    return Target(entry, one.opened)


def _term_mark(actor: Actor, asked: Asked) -> Target:
    if asked.course is None or asked.pupil is None or not (asked.term.isdecimal() and len(asked.term) < 4):
        invisible()
    opened = course_for(actor, asked.course)
    terms = Term.objects.filter(
        year=opened.course.year_id, grade_from__lte=opened.grade, grade_to__gte=opened.grade, number=asked.term
    )
    term = terms.first() or invisible()
    entry = Entry(
        kind=asked.kind,
        course=opened.course,
        grade=opened.grade,
        policy=actor.policy_of_period(term.ends_on),
        term=term,
        pupil=member_for(opened, asked.pupil),
    )
    return Target(entry, opened)
