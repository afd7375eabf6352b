"""The door to protocols of made-up lessons, and to marks a pupil brought from another school.

A protocol is seen by who sees the course, written and withdrawn by who teaches it. A statement of another school is
seen and entered by the class teacher, director, deputies and clerk (REG-B037); other employees get 403, others 404.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from letopis.accounts.models import Role
from letopis.people.access import Actor, forbid, invisible
from letopis.people.models import Pupil
from letopis.register.access import OpenCourse, course_for
from letopis.register.models import MakeUp, OutsideStatement
from letopis.schooling.models import AcademicYear, ClassTeacher, GroupKind, Membership, SchoolClass

STATEMENT_ROLES = (Role.DIRECTOR, Role.DEPUTY, Role.CLERK)


@dataclass(frozen=True, slots=True)
class OpenPupil:
    """A pupil of a class, whose results of the year this actor sees as a whole."""

    actor: Actor
    school_class: SchoolClass
    """With its year joined in."""
    pupil: Pupil
    """With the person joined in."""

    @property
    def year_is_open(self) -> bool:
        return self.school_class.year.state == AcademicYear.State.OPEN


def member_for(opened: OpenCourse, code: UUID) -> Pupil:
    """Return a pupil who is or was in the group of the course, or answer 404. One query."""
    pupils = Pupil.objects.filter(code=code, memberships__group=opened.course.group_id).select_related("person")
    return pupils.first() or invisible()


def make_up_for(actor: Actor, code: UUID) -> tuple[OpenCourse, MakeUp]:
    """Return a protocol of a missed lesson in a course that the actor may see, or answer 404. Two queries."""
    rows = MakeUp.objects.filter(code=code, organisation=actor.organisation)
    row = rows.select_related("lesson__course", "pupil__person", "teacher__person", "task").first() or invisible()
    return course_for(actor, row.lesson.course.code), row


def make_up_to_withdraw(actor: Actor, code: UUID) -> tuple[OpenCourse, MakeUp]:
    """Return a protocol for who may take it back: who teaches the course, or wrote it. Two queries."""
    opened, row = make_up_for(actor, code)
    if not opened.is_own(on=actor.today, teacher_id=row.teacher_id):
        forbid(_("Протокол отзывает учитель, который ведёт этот предмет."))
    return opened, row


def pupil_for(actor: Actor, school_class: UUID, pupil: UUID) -> OpenPupil:
    """Return a pupil who was in the list of a class at any time of its year. Two queries."""
    if not actor.works_here:
        invisible()
    leads = ClassTeacher.objects.filter(school_class=OuterRef("pk"), employee=actor.employee_id or 0).on(actor.today)
    found: Any = (
        SchoolClass.objects.filter(organisation=actor.organisation, code=school_class)
        .select_related("year__organisation")
        .annotate(leads=Exists(leads))
        .first()
    ) or invisible()
    if not (found.leads or actor.has(*STATEMENT_ROLES)):
        forbid(_("Ведомость обучающегося видят классный руководитель, секретарь и администрация школы."))
    stays = Membership.objects.filter(group__school_class=found, group__kind=GroupKind.WHOLE_CLASS, pupil__code=pupil)
    stay = stays.select_related("pupil__person").first() or invisible()
    return OpenPupil(actor, found, stay.pupil)


def statement_for(opened: OpenPupil, code: UUID) -> OutsideStatement:
    """Return a statement of the pupil from another school, or answer 404. One query."""
    return OutsideStatement.objects.filter(pupil=opened.pupil, code=code).first() or invisible()
