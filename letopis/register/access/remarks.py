"""The door to remarks of control and to the reviews of a page.

Director and deputies see every remark of the school and alone put, confirm, return and withdraw them. A remark stands
on a page of the register as on paper: who sees the course sees the remarks to it, and each employee those he has to
remove.
Others of the staff have an empty list; families and other schools get 404. Sources: REG-038, REG-B032, C-023.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from letopis.core.web import read_code
from letopis.people.access import Actor, forbid, invisible
from letopis.people.models import Employee, Pupil
from letopis.register.access import OpenCourse, course_for, courses_of, lesson_for
from letopis.register.models import Lesson, Remark
from letopis.schooling.models import AcademicYear, ClassTeacher, Course, Membership, SchoolClass, Workload

_JOINED = (
    "course__subject", "course__group__school_class", "course__year", "school_class__year", "lesson",
    "pupil__person", "teacher__person__user", "made_by__person__user", "closed_by__person",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class OpenRemark:
    """A remark this actor may see."""

    actor: Actor
    remark: Remark
    """With its page, teacher and authors joined in."""

    @property
    def is_his(self) -> bool:
        """Whether the actor is the one who removes it."""
        return self.actor.employee_id is not None and self.remark.teacher_id == self.actor.employee_id


@dataclass(frozen=True, slots=True)
class Page:
    """What a remark is put to: a course, one lesson of it, a cell of that lesson, or a class."""

    actor: Actor
    course: Course | None
    school_class: SchoolClass | None
    lesson: Lesson | None
    pupil: Pupil | None
    teachers: tuple[Employee, ...]
    """Who may be asked to remove it, the likeliest first."""

    @property
    def year(self) -> AcademicYear:
        """Return the school year of the page."""
        return self.course.year if self.course else self.school_class.year  # type: ignore[union-attr]

    @property
    def year_is_open(self) -> bool:
        return self.year.state == AcademicYear.State.OPEN


def remarks_of(actor: Actor) -> QuerySet[Remark]:
    """Return the remarks that the actor may see, everything that is shown of them joined in; the caller orders them."""
    if not actor.works_here:
        invisible()
    rows = Remark.objects.filter(organisation=actor.organisation).select_related(*_JOINED)
    if actor.controls:
        return rows
    return rows.filter(Q(teacher=actor.employee_id or 0) | Q(course__in=courses_of(actor)))


def remark_for(actor: Actor, code: UUID) -> OpenRemark:
    """Return the remark with this code, or answer 404. One query."""
    return OpenRemark(actor, remarks_of(actor).filter(code=code).first() or invisible())


def require_control(actor: Actor) -> None:
    """Pass director and deputies. Others of the staff get 403, strangers 404."""
    if not actor.works_here:
        invisible()
    if not actor.controls:
        forbid(_("Замечания делают и проверяют директор и заместители директора."))


def page_for(actor: Actor, asked: Mapping[str, str]) -> Page:
    """Return what an address names by codes, for one of control: lesson and pupil, lesson, course, or class.

    Who sees the page and is no control gets 403; what he does not see is 404. At most four queries.
    """
    codes = {name: read_code(asked.get(name, "")) for name in ("course", "lesson", "pupil", "class")}
    if codes["lesson"]:
        found = lesson_for(actor, codes["lesson"])
        require_control(actor)
        pupil = _member(found.opened, codes["pupil"]) if codes["pupil"] else None
        teachers = _teachers(found.opened, on=found.lesson.on, first=found.lesson.teacher)
        return Page(actor, found.opened.course, None, found.lesson, pupil, teachers)
    if codes["course"]:
        opened = course_for(actor, codes["course"])
        require_control(actor)
        return Page(actor, opened.course, None, None, None, _teachers(opened, on=actor.today, first=None))
    require_control(actor)
    classes = SchoolClass.objects.filter(organisation=actor.organisation).select_related("year")
    school_class = (codes["class"] and classes.filter(code=codes["class"]).first()) or invisible()
    leaders = ClassTeacher.objects.filter(school_class=school_class).on(actor.today)
    people = [row.employee for row in leaders.select_related("employee__person__user").order_by("-starts_on", "pk")]
    return Page(actor, None, school_class, None, None, tuple(people))


def _member(opened: OpenCourse, code: UUID) -> Pupil:
    stays = Membership.objects.filter(group=opened.course.group_id, pupil__code=code)
    stay = stays.select_related("pupil__person").first()
    pupil: Pupil = stay.pupil if stay else invisible()
    return pupil


def _teachers(opened: OpenCourse, *, on: date, first: Employee | None) -> tuple[Employee, ...]:
    """Return the teacher of the lesson, then those who teach the course on the day or taught it last. One query."""
    rows = list(
        Workload.objects.filter(course=opened.course, teacher__isnull=False, starts_on__lte=on)
        .select_related("teacher__person__user")
        .order_by("-starts_on", "pk")
    )
    current = [row.teacher for row in rows if row.ends_on is None or row.ends_on >= on] or [r.teacher for r in rows[:1]]
    found = {teacher.pk: teacher for teacher in [first, *current] if teacher is not None}
    return tuple(found.values())
