"""The door to statements: classes, loaded and checked in one step.

Who sees the statement of a class. Director and deputies every one of their school; clerk and archivist read every one,
because they file and print it; the class teacher that of his class; a subject teacher that of a class he teaches in
that year. Nobody else does: parents and pupils see their own results in the diary.
Who decides. Director and deputies, for the pedagogical council. Source: ATT-012, C-006, C-009.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Value

from letopis.accounts.models import Role
from letopis.people.access import Actor, forbid, invisible
from letopis.rules import names
from letopis.schooling.models import AcademicYear, ClassTeacher, GroupKind, Membership, SchoolClass, Workload


@dataclass(frozen=True, slots=True)
class OpenClass:
    """A class whose results this actor may see."""

    actor: Actor
    school_class: SchoolClass
    """With its year joined in."""
    leads: bool
    """The actor is its class teacher."""
    class_teacher: str
    """Full name; empty when nobody leads the class."""

    @property
    def may_decide(self) -> bool:
        return self.actor.controls

    @property
    def sees_courses(self) -> bool:
        """Whether the pages of its courses may be linked; a subject teacher opens only his own."""
        return self.actor.controls or self.leads

    @property
    def may_print_register(self) -> bool:
        return self.actor.controls or self.leads or self.actor.has(Role.ARCHIVIST)


def classes_of(actor: Actor, year: AcademicYear) -> QuerySet[SchoolClass]:
    """Return the classes of a year whose results the actor may see, with `leads` and the names of their teachers."""
    classes = _with_teachers(SchoolClass.objects.filter(organisation=actor.organisation, year=year), actor)
    if _sees_school(actor):
        return classes
    if not actor.works_here:
        return classes.none()
    return classes.filter(Q(leads=True) | _teaches(actor))


def class_for(actor: Actor, code: UUID) -> OpenClass:
    """Return the class with this code, or answer 404. One query."""
    found = SchoolClass.objects.filter(code=code, organisation=actor.organisation).select_related("year")
    if not actor.works_here:
        invisible()
    rows: list[Any] = list(_with_teachers(found, actor).annotate(teaches=_teaches(actor)))
    if not rows or not (_sees_school(actor) or rows[0].leads or rows[0].teaches):
        invisible()
    return OpenClass(actor, rows[0], leads=rows[0].leads, class_teacher=class_teacher_name(rows[0]))


def class_to_decide_for(actor: Actor, code: UUID) -> OpenClass:
    """Return the class the actor records decisions of the council for; 403 for whoever only sees it."""
    opened = class_for(actor, code)
    if not opened.may_decide:
        forbid("Решения педагогического совета вносят директор и заместители.")
    return opened


def class_forecast_for(actor: Actor, code: UUID) -> OpenClass:
    """Return the class whose forecast and rating the actor sees: he controls the school or leads the class; 403 for
    whoever only sees its statement, because how all pupils stand in all subjects is theirs to act on (DIA-024).
    """
    opened = class_for(actor, code)
    if not opened.sees_courses:
        forbid("Прогноз класса видят классный руководитель, заместители и директор.")
    return opened


def years_of(actor: Actor) -> list[AcademicYear]:
    """Return the years of the actor's school, the newest first; 404 for who does not work there."""
    if not actor.works_here:
        invisible()
    return list(AcademicYear.objects.filter(organisation=actor.organisation).order_by("-starts_on"))


def class_teacher_name(row: Any) -> str:
    """Return the full name of the class teacher of a class loaded here."""
    return names.full_name(row.teacher_last, row.teacher_first, row.teacher_middle) if row.teacher_last else ""


def _sees_school(actor: Actor) -> bool:
    return actor.controls or actor.has(Role.CLERK, Role.ARCHIVIST)


def _with_teachers(classes: QuerySet[SchoolClass], actor: Actor) -> QuerySet[SchoolClass]:
    teacher = ClassTeacher.objects.filter(school_class=OuterRef("pk")).order_by("-starts_on")
    led = ClassTeacher.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=actor.today) | Q(ends_on__gte=F("school_class__year__ends_on")),
        school_class=OuterRef("pk"),
        employee=actor.employee_id,
        starts_on__lte=actor.today,
    )
    return classes.annotate(
        leads=Exists(led) if actor.employee_id else Value(False),
        teacher_last=Subquery(teacher.values("employee__person__last_name")[:1]),
        teacher_first=Subquery(teacher.values("employee__person__first_name")[:1]),
        teacher_middle=Subquery(teacher.values("employee__person__middle_name")[:1]),
    )


def _teaches(actor: Actor) -> Exists:
    """Teaches a group of the class, or a stream or elective group with a pupil who is on its list."""
    of_class = Membership.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=actor.today) | Q(ends_on__gte=F("group__year__ends_on")),
        group__kind=GroupKind.WHOLE_CLASS,
        group__school_class=OuterRef(OuterRef("pk")),
        starts_on__lte=actor.today,
    ).values("pupil")
    return Exists(
        Workload.objects.filter(
            Q(course__group__school_class=OuterRef("pk"))
            | Q(course__group__school_class=None, course__group__memberships__pupil__in=of_class),
            course__year=OuterRef("year"),
            # A vacancy has no teacher, and the account of an office may have no employee.
            teacher=actor.employee_id or 0,
        )
    )
