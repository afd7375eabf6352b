"""The door to the year, the timetable and the classes.

Everybody who works in the school reads the year, the timetable and the list of classes. The page of a class: its class
teacher, director, deputies, clerk and administrator see all; who teaches the class sees the names; other employees may
not (403). Pupils, guardians, dismissed people and other schools see nothing of it (404); families have the diary.
Movement is recorded by clerk, deputies and director; the class teacher keeps the subgroups of his class (ORG-B022).
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from letopis.accounts.models import Role
from letopis.people.access import Actor, forbid, invisible
from letopis.people.models import Pupil
from letopis.schooling.models import (
    AcademicYear,
    ClassTeacher,
    DistancePeriod,
    GroupKind,
    Membership,
    SchoolClass,
    Workload,
)
from letopis.schooling.queries.years import year_of_day

YEAR_ROLES = (Role.DIRECTOR, Role.DEPUTY, Role.ADMINISTRATOR)
"""Who changes the calendar and the timetable."""
LIST_ROLES = (Role.DIRECTOR, Role.DEPUTY, Role.CLERK, Role.ADMINISTRATOR)
"""Who sees everything on the page of any class."""
MOVEMENT_ROLES = (Role.DIRECTOR, Role.DEPUTY, Role.CLERK)
"""Who records transfers and leaving."""


@dataclass(frozen=True, slots=True)
class OpenClass:
    """A class this actor may see, with what he may see and do there."""

    school_class: SchoolClass
    """With its year joined in."""
    sees_all: bool
    """Book number, form of education and consents, not the names alone."""
    may_move: bool
    """Transfers and leaving."""
    may_group: bool
    """Subgroups of the class."""
    leads: bool = False
    """Is its class teacher today: says that the list is true (REG-046)."""
    sees_absences: bool = False
    """May be led to the absences and the health sheet of the class."""


def years_for(actor: Actor) -> list[AcademicYear]:
    """Return the years of the actor's school, the latest first, or answer 404 to who does not work there."""
    if not actor.works_here:
        invisible()
    years = AcademicYear.objects.filter(organisation=actor.organisation).select_related("organisation")
    return list(years.order_by("-starts_on"))


def year_for(actor: Actor, starts: str = "") -> tuple[AcademicYear | None, list[AcademicYear]]:
    """Return the asked year and all years of the school. One query.

    starts: «2026»; anything else is the year of today. A school without years gets None.
    """
    years = years_for(actor)
    asked = next((year for year in years if str(year.starts_on.year) == starts), None)
    return asked or year_of_day(years, actor.today), years


def may_change_year(actor: Actor) -> bool:
    """Say whether the actor changes calendar and timetable."""
    return actor.has(*YEAR_ROLES)


def year_to_change(actor: Actor, starts: str = "") -> AcademicYear:
    """Return the year whose calendar the actor may change: 404 without one, 403 for who may only read it."""
    year, _years = year_for(actor, starts)
    if year is None:
        invisible()
    if not may_change_year(actor):
        forbid(_("Календарь года меняют директор, заместитель директора и администратор журнала."))
    return year


def may_declare_distance(actor: Actor) -> bool:
    """Say whether the actor declares distance learning: director and deputies."""
    return actor.controls


def distance_to_end(actor: Actor, code: UUID) -> DistancePeriod:
    """Return a period of distance learning for who may end it: 404 outside the school, 403 for its other staff."""
    if not actor.works_here:
        invisible()
    periods = DistancePeriod.objects.select_related("year").filter(organisation=actor.organisation, code=code)
    period: DistancePeriod = periods.first() or invisible()
    if not may_declare_distance(actor):
        forbid(_("Дистанционное обучение объявляют директор и заместитель директора."))
    return period


def _with_ties(actor: Actor) -> Any:
    """Return the classes of the school, each with whether the actor leads it (`leads`) and teaches it (`teaches`)."""
    led = ClassTeacher.objects.filter(school_class=OuterRef("pk"), employee=actor.employee_id or 0).on(actor.today)
    # A course of another class is none of this one, though a pupil went there: only groups without a class are shared.
    listed = Membership.objects.filter(
        group__kind=GroupKind.WHOLE_CLASS, group__school_class=OuterRef(OuterRef("pk"))
    ).on(actor.today)
    of_class = Q(course__group__school_class=OuterRef("pk")) | Q(
        course__group__school_class=None,
        course__group__memberships__pupil__in=listed.values("pupil"),
        course__year=OuterRef("year"),
    )
    # A vacancy has no teacher, and the account of an office may have no employee: None must not meet None.
    taught = Workload.objects.filter(of_class, teacher=actor.employee_id or 0).on(actor.today)
    classes = SchoolClass.objects.filter(organisation=actor.organisation)
    return classes.annotate(leads=Exists(led), teaches=Exists(taught))


def classes_open_to(actor: Actor, classes: list[SchoolClass]) -> set[UUID]:
    """Return the codes of those of these classes whose page this actor may open. At most one query."""
    if actor.has(*LIST_ROLES):
        return {one.code for one in classes}
    tied = _with_ties(actor).filter(Q(leads=True) | Q(teaches=True), pk__in=[one.pk for one in classes])
    return set(tied.values_list("code", flat=True))


def class_for(actor: Actor, code: UUID) -> OpenClass:
    """Return the class with this code. One query."""
    if not actor.works_here:
        invisible()
    found: Any = _with_ties(actor).filter(code=code).select_related("year").first()
    if found is None:
        invisible()
    sees_all = found.leads or actor.has(*LIST_ROLES)
    if not (sees_all or found.teaches):
        forbid(_("Список класса видят классный руководитель, учителя класса и администрация школы."))
    may_move = actor.has(*MOVEMENT_ROLES)
    return OpenClass(
        found,
        sees_all=sees_all,
        may_move=may_move,
        may_group=may_move or found.leads,
        leads=found.leads,
        sees_absences=found.leads or actor.controls,
    )


def class_to_check_for(actor: Actor, code: UUID) -> OpenClass:
    """Return the class for its class teacher, who looks through the list; 403 for who only sees it. One query."""
    opened = class_for(actor, code)
    if not opened.leads:
        forbid(_("Список класса проверяет классный руководитель."))
    return opened


def pupil_of_class_for(actor: Actor, code: UUID, pupil: UUID) -> tuple[OpenClass, Pupil]:
    """Return a pupil of the class, for who records his movement; 403 for who may only see the class. Two queries."""
    opened = class_for(actor, code)
    if not opened.may_group:
        forbid(_("Движение записывают секретарь, заместитель директора и директор, подгруппы — классный руководитель."))
    membership = (
        Membership.objects.filter(
            group__school_class=opened.school_class, group__kind=GroupKind.WHOLE_CLASS, pupil__code=pupil
        )
        .select_related("pupil__person")
        .first()
    )
    if membership is None:
        invisible()
    return opened, membership.pupil
