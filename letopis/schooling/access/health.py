"""The door to the health sheet of a class (лист здоровья).

The class teacher keeps it, director and deputies see it. Who teaches physical education to pupils of the class sees
their group for it and nothing else: neither health group, nor seat, nor basis. Other employees get 403, everybody
else 404.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext as _

from letopis.people.access import Actor, forbid, invisible
from letopis.people.models import Pupil
from letopis.rules.health import PHYSICAL_EDUCATION
from letopis.schooling.models import (
    AcademicYear,
    ClassTeacher,
    GroupKind,
    Membership,
    SchoolClass,
    Workload,
)


@dataclass(frozen=True, slots=True)
class OpenHealth:
    """The health sheet of a class that this actor may see."""

    actor: Actor
    school_class: SchoolClass
    """With its year joined in."""
    sees_all: bool
    """Not only the group for physical education."""
    may_keep: bool


def health_for(actor: Actor, code: UUID) -> OpenHealth:
    """Return the health sheet of the class with this code. One query."""
    if not actor.works_here:
        invisible()
    me = actor.employee_id or 0
    led = ClassTeacher.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=actor.today) | Q(ends_on__gte=F("school_class__year__ends_on")),
        school_class=OuterRef("pk"),
        employee=me,
        starts_on__lte=actor.today,
    )
    listed = Membership.objects.filter(
        group__kind=GroupKind.WHOLE_CLASS, group__school_class=OuterRef(OuterRef("pk"))
    ).on(actor.today)
    of_class = Q(course__group__school_class=OuterRef("pk")) | Q(
        course__group__school_class=None,
        course__group__memberships__pupil__in=listed.values("pupil"),
        course__year=OuterRef("year"),
    )
    taught = Workload.objects.filter(of_class, course__subject__sort_key__startswith=PHYSICAL_EDUCATION, teacher=me).on(
        actor.today
    )
    found: Any = (
        SchoolClass.objects.filter(organisation=actor.organisation, code=code)
        .select_related("year")
        .annotate(leads=Exists(led), trains=Exists(taught))
        .first()
    )
    if found is None:
        invisible()
    sees_all = found.leads or actor.controls
    if not (sees_all or found.trains):
        forbid(_("Лист здоровья видят классный руководитель и администрация, группу по физкультуре — её учитель."))
    is_open = found.year.state == AcademicYear.State.OPEN
    return OpenHealth(actor, found, sees_all=sees_all, may_keep=found.leads and is_open)


def health_to_keep(actor: Actor, code: UUID, pupil: UUID) -> tuple[OpenHealth, Pupil]:
    """Return a pupil of the class whose record the actor keeps; 403 for one who only sees the sheet. Two queries."""
    opened = health_for(actor, code)
    if not opened.may_keep:
        forbid(_("Лист здоровья ведёт классный руководитель."))
    stay = (
        Membership.objects.filter(
            group__school_class=opened.school_class, group__kind=GroupKind.WHOLE_CLASS, pupil__code=pupil
        )
        .select_related("pupil__person")
        .first()
    )
    return opened, (stay.pupil if stay else invisible())
