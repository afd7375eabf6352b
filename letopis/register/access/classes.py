"""The door to the absences of a class.

Reasons, papers and what families wrote are the class teacher's; director and deputies see them (REG-026, C-023). Papers
speak of health, so nobody else does: a subject teacher sees in the register that a reason is set, and no paper.
Other employees get 403, because the class itself is no secret to them; families and other schools 404.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from letopis.people.access import Actor, forbid, invisible
from letopis.people.models import Pupil
from letopis.register.models import AbsenceDocument, AbsenceNotice
from letopis.rules import absence as rules
from letopis.rules.absence import CLASS_TEACHER, CONTROL
from letopis.rules.verdict import Verdict
from letopis.schooling.models import AcademicYear, ClassTeacher, GroupKind, Membership, SchoolClass
from letopis.schooling.queries.years import year_of_day


@dataclass(frozen=True, slots=True)
class OpenAbsences:
    """The absences of a class that this actor may see."""

    actor: Actor
    school_class: SchoolClass
    """With its year joined in."""
    sees_as: str
    """CLASS_TEACHER or CONTROL."""
    may_set: Verdict
    """Whether reasons may be set, papers entered and notices decided."""

    @property
    def year(self) -> AcademicYear:
        return self.school_class.year

    @property
    def last_day(self) -> date:
        """Today, or the last day of a year that is over."""
        return min(max(self.actor.today, self.year.starts_on), self.year.ends_on)


def absences_for(actor: Actor, code: UUID) -> OpenAbsences:
    """Return the absences of the class with this code. One query."""
    if not actor.works_here:
        invisible()
    found: Any = _classes(actor).filter(code=code).first() or invisible()
    return _opened(actor, found)


def absences_to_set(actor: Actor, code: UUID) -> OpenAbsences:
    """Return the absences of a class whose reasons the actor may set; 403 for one who only sees them. One query."""
    opened = absences_for(actor, code)
    if not opened.may_set:
        forbid(opened.may_set.sentence)
    return opened


def pupil_absences_for(actor: Actor, code: UUID, pupil: UUID) -> tuple[OpenAbsences, Pupil]:
    """Return the absences of a class and one who was in its list at any time of the year. Two queries."""
    opened = absences_for(actor, code)
    stay = (
        Membership.objects.filter(group__school_class=opened.school_class, group__kind=GroupKind.WHOLE_CLASS)
        .filter(pupil__code=pupil)
        .select_related("pupil__person")
        .first()
    )
    return opened, (stay.pupil if stay else invisible())


def led_classes(actor: Actor) -> list[SchoolClass]:
    """Return the classes of today's year whose absences the actor sees, in order: his own, or all. Two queries."""
    if not actor.works_here:
        invisible()
    years = list(AcademicYear.objects.filter(organisation=actor.organisation).order_by("-starts_on"))
    year = year_of_day(years, actor.today)
    if year is None:
        return []
    classes: QuerySet[Any] = _classes(actor).filter(year=year).order_by("grade", "letter")
    return list(classes if actor.controls else classes.filter(leads=True))


def document_to_change(opened: OpenAbsences, code: UUID) -> AbsenceDocument:
    """Return a paper of a pupil of the class, or answer 404. One query."""
    return AbsenceDocument.objects.filter(_of_class(opened), code=code).first() or invisible()


def notice_to_decide(opened: OpenAbsences, code: UUID) -> AbsenceNotice:
    """Return a notice about a pupil of the class, or answer 404. One query."""
    return AbsenceNotice.objects.filter(_of_class(opened), code=code).first() or invisible()


def of_class(opened: OpenAbsences) -> QuerySet[Membership]:
    """Return the stays in the list of the class."""
    rows: QuerySet[Membership] = Membership.objects.filter(
        group__school_class=opened.school_class, group__kind=GroupKind.WHOLE_CLASS
    )
    return rows


def _of_class(opened: OpenAbsences) -> Q:
    return Q(Exists(of_class(opened).filter(pupil=OuterRef("pupil"))), organisation=opened.actor.organisation)


def _classes(actor: Actor) -> QuerySet[Any]:
    led = ClassTeacher.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=actor.today) | Q(ends_on__gte=F("school_class__year__ends_on")),
        school_class=OuterRef("pk"),
        employee=actor.employee_id or 0,
        starts_on__lte=actor.today,
    )
    rows: QuerySet[Any] = (
        SchoolClass.objects.filter(organisation=actor.organisation).select_related("year").annotate(leads=Exists(led))
    )
    return rows


def _opened(actor: Actor, found: Any) -> OpenAbsences:
    sees_as = CLASS_TEACHER if found.leads else CONTROL if actor.controls else ""
    if not sees_as:
        forbid(_("Пропуски и их причины видят классный руководитель и администрация школы."))
    may_set = rules.may_set_reasons(sees_as=sees_as, year_state=found.year.state, policy=actor.policy)
    return OpenAbsences(actor, found, sees_as, may_set)
