"""Verbs of an individual plan: pupil × subject × hours × teacher × order (C-005, REG-044).

A pupil on a plan has one group of his own, as the import makes it, and in it one course for each subject.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction

from letopis.core.errors import Refused, require
from letopis.ledger.actions import Author, Fact, Value, object_name, record
from letopis.people.models import EXTERN_FORMS, EducationForm, Employee, Enrolment, Pupil
from letopis.rules.groups import may_make_group
from letopis.rules.movement import may_change_year
from letopis.rules.names import short_name
from letopis.rules.russian import short_date
from letopis.rules.verdict import refused
from letopis.schooling.actions.teaching import change_workload
from letopis.schooling.actions.years import lock, span_of
from letopis.schooling.models import (
    AcademicYear,
    Course,
    CourseKind,
    CourseLevel,
    CurriculumLine,
    CurriculumPart,
    GroupKind,
    Membership,
    StudyGroup,
    Subject,
    Workload,
)
from letopis.schooling.queries.groups import current_class_of

DAY = timedelta(days=1)
NO_ORDER = "Назовите основание: номер и дату приказа."
KIND_OF_PART = {
    CurriculumPart.COMPULSORY: CourseKind.COMPULSORY,
    CurriculumPart.PARTICIPANTS: CourseKind.OF_CHOICE,
    CurriculumPart.EXTRACURRICULAR: CourseKind.EXTRACURRICULAR,
    CurriculumPart.ADDITIONAL: CourseKind.ADDITIONAL,
}


@transaction.atomic
def set_plan_line(
    pupil: Pupil,
    *,
    year: AcademicYear,
    subject: Subject,
    weekly_hours: Decimal,
    teacher: Employee | None,
    starts_on: date,
    order: str,
    level: str = CourseLevel.BASIC,
    by: Author,
    at: datetime,
) -> Course:
    """Give a pupil a subject of his plan from a day, or change its hours and teacher from that day; return its course.

    The first line opens his own group. Who is taught at home gets a course of home tuition. Twice is harmless.
    Refuses with NO_ORDER, NOT_IN_CLASS, EXTERN, HOURS, TEACHER_LEFT, LATER_APPOINTMENT, YEAR_CLOSED or OUTSIDE_YEAR.
    """
    year = lock(year)
    require(may_change_year(span_of(year), on=starts_on))
    pupil = Pupil.objects.select_for_update(of=("self",)).select_related("person").get(pk=pupil.pk)
    if not order.strip():
        raise Refused(refused("NO_ORDER", NO_ORDER, clause="273-ФЗ, ст. 34 ч. 1 п. 3"))
    form = Enrolment.objects.filter(pupil=pupil).on(starts_on).values_list("form", flat=True).first()
    if form in EXTERN_FORMS:
        raise Refused(
            refused("EXTERN", "Обучающийся на семейной форме: он сдаёт аттестацию, и учителя к нему не назначают.")
        )
    left_on = teacher.dismissed_on if teacher and teacher.dismissed_on and teacher.dismissed_on <= starts_on else None
    require(may_make_group(name=subject.name, weekly_hours=weekly_hours, is_taken=False, teacher_left_on=left_on))
    group = _own_group(pupil, year=year, on=starts_on)
    line, is_new = CurriculumLine.objects.select_for_update().get_or_create(
        year=year,
        pupil=pupil,
        subject=subject,
        defaults={"organisation": year.organisation, "weekly_hours": weekly_hours, "order": order},
    )
    before = None if is_new else _words(line)
    kind = CourseKind.HOME_TUITION if form == EducationForm.HOME else KIND_OF_PART[CurriculumPart(subject.part)]
    course, _made = Course.objects.get_or_create(
        year=year,
        subject=subject,
        group=group,
        defaults={"organisation": year.organisation, "kind": kind, "level": level, "weekly_hours": weekly_hours},
    )
    line.weekly_hours, line.order = weekly_hours, order
    course.weekly_hours, course.kind, course.level = weekly_hours, kind, level
    line.save(update_fields=["weekly_hours", "order"])
    course.save(update_fields=["weekly_hours", "kind", "level"])
    present = Workload.objects.filter(course=course, ends_on=None).first()
    is_taught = present is not None and present.teacher_id == (teacher.pk if teacher else None)
    if present is None or not (is_taught and present.weekly_hours == weekly_hours):
        change_workload(
            course, teacher=teacher, starts_on=starts_on, order=order, weekly_hours=weekly_hours, by=by, at=at
        )
    after = _words(line)
    if before != after:
        record(Fact(by, at, "schooling.set_plan_line", object_name(pupil), before, after, reason=order))
    return course


@transaction.atomic
def end_plan_line(
    pupil: Pupil, *, year: AcademicYear, subject: Subject, on: date, order: str, by: Author, at: datetime
) -> bool:
    """End a subject of the plan: its teacher has it to the day before, its marks stay; say whether there was one.

    The line leaves the plan of hours; the last one takes the pupil off his own group too.
    Refuses with NO_ORDER, STAY_BEGINS_THAT_DAY, YEAR_CLOSED or OUTSIDE_YEAR.
    """
    year = lock(year)
    require(may_change_year(span_of(year), on=on))
    if not order.strip():
        raise Refused(refused("NO_ORDER", NO_ORDER))
    line = CurriculumLine.objects.select_for_update().filter(year=year, pupil=pupil, subject=subject).first()
    if line is None:
        return False
    own = Membership.objects.filter(
        pupil=pupil, group__year=year, group__kind=GroupKind.INDIVIDUAL, group__subject=None, ends_on=None
    )
    course = Course.objects.filter(year=year, subject=subject, group__in=own.values("group")).first()
    ending = list(Workload.objects.select_for_update().filter(course=course, ends_on=None))
    if any(one.starts_on >= on for one in ending):
        sentence = "Предмет записан в план с этого дня или позже: снять его можно со следующего."
        raise Refused(refused("STAY_BEGINS_THAT_DAY", sentence))
    for one in ending:
        one.ends_on = on - DAY
    Workload.objects.bulk_update(ending, ["ends_on"])
    before = _words(line)
    line.delete()
    if not CurriculumLine.objects.filter(year=year, pupil=pupil).exists():
        own.filter(starts_on__lt=on).update(ends_on=on - DAY)
    after: dict[str, Value] = {"subject": subject.name, "ended_on": on.isoformat()}
    record(Fact(by, at, "schooling.end_plan_line", object_name(pupil), before, after, reason=order))
    return True


def _own_group(pupil: Pupil, *, year: AcademicYear, on: date) -> StudyGroup:
    """Return the pupil's own group of the year with his stay on the day, made when it is not there."""
    mine = Membership.objects.filter(
        pupil=pupil, group__year=year, group__kind=GroupKind.INDIVIDUAL, group__subject=None
    ).exclude(group__school_class=None)
    stay: Membership | None = mine.select_related("group").order_by("-starts_on").first()
    if stay is not None and (stay.ends_on is None or stay.ends_on >= on):
        return stay.group
    if stay is not None:
        group: StudyGroup = stay.group
    else:
        school_class = current_class_of(pupil, on)
        if school_class is None:
            sentence = f"На {short_date(on)} обучающийся не состоит ни в одном классе: сначала зачислите его."
            raise Refused(refused("NOT_IN_CLASS", sentence))
        person = pupil.person
        # Named as the import names it, so that a corrected workbook finds the same group.
        name = f"{short_name(person.last_name, person.first_name, person.middle_name)}, {pupil.book_number}"
        group, _made = StudyGroup.objects.get_or_create(
            year=year,
            school_class=school_class,
            kind=GroupKind.INDIVIDUAL,
            name=name,
            subject=None,
            defaults={"organisation": year.organisation},
        )
    Membership.objects.create(organisation=year.organisation, group=group, pupil=pupil, starts_on=on)
    return group


def _words(line: CurriculumLine) -> dict[str, Value]:
    return {"subject": line.subject.name, "weekly_hours": f"{line.weekly_hours:.2f}", "order": line.order}
