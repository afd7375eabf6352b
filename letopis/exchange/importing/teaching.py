"""Adapters of what is taught to whom: subgroups, curriculum, workload, individual plans, timetable."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from letopis.exchange.importing.directories import Rows, hold
from letopis.exchange.importing.plan import Held, Line
from letopis.exchange.importing.world import World, group_key, said
from letopis.ledger.actions import object_name
from letopis.rules.names import match_key, short_name
from letopis.schooling.models import (
    Course,
    CourseKind,
    CurriculumLine,
    GroupKind,
    Membership,
    StudyGroup,
    TimetableEdition,
    TimetableSlot,
    Workload,
)

KIND_OF_PART = {
    "COMPULSORY": CourseKind.COMPULSORY,
    "PARTICIPANTS": CourseKind.OF_CHOICE,
    "EXTRACURRICULAR": CourseKind.EXTRACURRICULAR,
    "ADDITIONAL": CourseKind.ADDITIONAL,
}

CourseKey = tuple[str, str, str]
"""Class, match key of the subject, match key of the subgroup."""


def courses_of(world: World) -> dict[CourseKey, Course]:
    """Return the class and subgroup courses of the year."""
    rows = Course.objects.filter(year=world.year).exclude(group__kind=GroupKind.INDIVIDUAL)
    found = {}
    for course in rows.select_related("group__school_class", "group__subject", "subject"):
        school_class, kind, name, _subject = group_key(course.group)
        subgroup = "" if kind == GroupKind.WHOLE_CLASS else name
        found[(school_class, match_key(course.subject.name), subgroup)] = course
    return found


def teacher_of(world: World, courses: Iterable[int]) -> dict[int, tuple[int, str]]:
    """Return the open workload and its teacher's number by course."""
    rows = Workload.objects.filter(course__in=courses, ends_on=None).select_related("teacher")
    return {row.course_id: (row.pk, row.teacher.number if row.teacher else "") for row in rows}


class Subgroups:
    """Membership in a subgroup; without a subject it serves every split subject of the class."""

    name = sheet = "Подгруппы"
    is_perennial = False

    def rows(self, world: World) -> Rows:
        for row in world.book.subgroups:
            key = f"{row.school_class}|{row.pupil_number}|{match_key(row.subject or '')}"
            yield key, row, {"subgroup": row.subgroup}

    def held(self, world: World) -> Mapping[str, Held]:
        rows = Membership.objects.filter(
            group__year=world.year, group__kind=GroupKind.SUBGROUP, ends_on=None
        ).select_related("group__school_class", "group__subject", "pupil")
        held = {}
        for row in rows:
            subject = match_key(row.group.subject.name) if row.group.subject else ""
            key = f"{row.group.school_class.title}|{row.pupil.book_number}|{subject}"
            held[key] = hold(row, {"subgroup": row.group.name})
        return held

    def create(self, lines: list[Line], world: World) -> dict[str, str]:
        listed = self._days_of_listing(world)
        rows = Membership.objects.bulk_create(
            Membership(
                organisation=world.school,
                group=self._group(line.row, world),
                pupil=world.pupils[line.row.pupil_number],
                starts_on=listed.get((line.row.pupil_number, str(line.row.school_class)), world.open_year.starts_on),
            )
            for line in lines
        )
        return {line.key: object_name(row) for line, row in zip(lines, rows, strict=True)}

    def change(self, line: Line, world: World) -> None:
        """Move the pupil from today; a place that begins today is corrected where it stands."""
        assert line.held  # noqa: S101 (changes need what is held)
        starts_on = max(world.today, world.open_year.starts_on)
        place = Membership.objects.filter(pk=line.held.pk)
        if place.filter(starts_on__lt=starts_on).update(ends_on=starts_on - timedelta(days=1)) == 0:
            place.update(group=self._group(line.row, world))
            return
        Membership.objects.create(
            organisation=world.school,
            group=self._group(line.row, world),
            pupil=world.pupils[line.row.pupil_number],
            starts_on=starts_on,
        )

    def _days_of_listing(self, world: World) -> dict[tuple[str, str], date]:
        """Return by pupil and class since when he is in its list: nobody is in a subgroup before he is in the class."""
        places = Membership.objects.filter(
            group__year=world.open_year, group__kind=GroupKind.WHOLE_CLASS, ends_on=None
        ).select_related("group__school_class", "pupil")
        return {
            (place.pupil.book_number, place.group.school_class.title): place.starts_on
            for place in places
            if place.group.school_class
        }

    def _group(self, row: Any, world: World) -> StudyGroup:
        return world.group(str(row.school_class), GroupKind.SUBGROUP, row.subgroup, row.subject or "")


class Curriculum:
    name = sheet = "Учебный план"
    is_perennial = False

    def rows(self, world: World) -> Rows:
        for row in world.book.curriculum:
            yield f"{row.school_class}|{match_key(row.subject)}", row, {"hours": said(row.hours)}

    def held(self, world: World) -> Mapping[str, Held]:
        rows = CurriculumLine.objects.filter(year=world.year, pupil=None).select_related("school_class", "subject")
        return {
            f"{row.school_class.title if row.school_class else ''}|{match_key(row.subject.name)}": hold(
                row, {"hours": said(row.weekly_hours)}
            )
            for row in rows
        }

    def create(self, lines: list[Line], world: World) -> dict[str, str]:
        rows = CurriculumLine.objects.bulk_create(
            CurriculumLine(
                organisation=world.school,
                year=world.open_year,
                school_class=world.classes[str(line.row.school_class)],
                subject=world.subjects[match_key(line.row.subject)],
                weekly_hours=line.values["hours"],
            )
            for line in lines
        )
        return {line.key: object_name(row) for line, row in zip(lines, rows, strict=True)}

    def change(self, line: Line, world: World) -> None:
        assert line.held  # noqa: S101 (changes need what is held)
        CurriculumLine.objects.filter(pk=line.held.pk).update(weekly_hours=line.values["hours"])


class Workloads:
    """Courses and who teaches them; a course is made where a class is first given a subject."""

    name = sheet = "Нагрузка"
    is_perennial = False

    def rows(self, world: World) -> Rows:
        for row in world.book.workload:
            key = f"{row.school_class}|{match_key(row.subject)}|{match_key(row.subgroup or '')}"
            yield key, row, {"hours": said(row.hours), "teacher": world.employee_number(row.teacher)}

    def held(self, world: World) -> Mapping[str, Held]:
        courses = courses_of(world)
        teachers = teacher_of(world, [course.pk for course in courses.values()])
        return {
            "|".join(key): hold(
                course, {"hours": said(course.weekly_hours), "teacher": teachers.get(course.pk, (0, ""))[1]}
            )
            for key, course in courses.items()
        }

    def create(self, lines: list[Line], world: World) -> dict[str, str]:
        common: dict[str, Any] = {"organisation": world.school}
        courses = Course.objects.bulk_create(
            Course(
                **common,
                year=world.open_year,
                subject=world.subjects[match_key(line.row.subject)],
                group=self._group(line.row, world),
                kind=KIND_OF_PART[world.subjects[match_key(line.row.subject)].part],
                weekly_hours=line.values["hours"],
            )
            for line in lines
        )
        Workload.objects.bulk_create(
            Workload(
                **common,
                course=course,
                teacher=world.employees.get(line.values["teacher"]),
                weekly_hours=line.values["hours"],
                starts_on=world.begins_on,
            )
            for line, course in zip(lines, courses, strict=True)
        )
        return {line.key: object_name(course) for line, course in zip(lines, courses, strict=True)}

    def change(self, line: Line, world: World) -> None:
        """Write new hours; a new teacher begins today and the old one ended yesterday."""
        assert line.held  # noqa: S101 (changes need what is held)
        course = Course.objects.get(pk=line.held.pk)
        if "hours" in line.changes:
            course.weekly_hours = line.values["hours"]
            course.save()
            Workload.objects.filter(course=course, ends_on=None).update(weekly_hours=line.values["hours"])
        if "teacher" in line.changes:
            change_teacher(course, line.after("teacher"), line.after("hours"), "", world)

    def _group(self, row: Any, world: World) -> StudyGroup:
        """Return the group that takes the course: a subgroup of the subject's own, the common one, or the class."""
        title = str(row.school_class)
        if not row.subgroup:
            return world.group(title, GroupKind.WHOLE_CLASS, title)
        own = (title, GroupKind.SUBGROUP, match_key(row.subgroup), match_key(row.subject))
        return world.groups[own] if own in world.groups else world.group(title, GroupKind.SUBGROUP, row.subgroup)


def change_teacher(course: Course, number: str, hours: str, order: str, world: World) -> None:
    """Give a course to another teacher from today; before its first day the workload is corrected in place."""
    starts_on = max(world.today, world.open_year.starts_on)
    teacher = world.employees.get(number)
    current = Workload.objects.filter(course=course, ends_on=None)
    if current.filter(starts_on__lt=starts_on).update(ends_on=starts_on - timedelta(days=1)) == 0:
        current.update(teacher=teacher)
        return
    Workload.objects.create(
        organisation=world.school,
        course=course,
        teacher=teacher,
        weekly_hours=hours,
        starts_on=starts_on,
        order=order,
    )


class IndividualPlans:
    """A subject of a pupil's individual plan: own hours, own teacher, own order, a course of its own (C-005)."""

    name = sheet = "Индивидуальные планы"
    is_perennial = False

    def rows(self, world: World) -> Rows:
        for row in world.book.individual_plans:
            values = {"hours": said(row.hours), "teacher": world.employee_number(row.teacher), "order": row.order}
            yield f"{row.pupil_number}|{match_key(row.subject)}", row, values

    def held(self, world: World) -> Mapping[str, Held]:
        rows = (
            CurriculumLine.objects.filter(year=world.year, school_class=None)
            .select_related("pupil", "subject")
            .order_by("pk")
        )
        courses = {
            (pupil, subject): course
            for course, pupil, subject in Course.objects.filter(
                year=world.open_year, group__kind=GroupKind.INDIVIDUAL
            ).values_list("pk", "group__memberships__pupil_id", "subject_id")
        }
        teachers = teacher_of(world, courses.values())
        held = {}
        for row in rows:
            assert row.pupil  # noqa: S101 (the constraint of the table)
            _workload, teacher = teachers.get(courses.get((row.pupil.pk, row.subject_id), 0), (0, ""))
            values = {"hours": said(row.weekly_hours), "teacher": teacher, "order": row.order}
            held[f"{row.pupil.book_number}|{match_key(row.subject.name)}"] = hold(row, values)
        return held

    def create(self, lines: list[Line], world: World) -> dict[str, str]:
        return {line.key: self._create_one(line, world) for line in lines}

    def _create_one(self, line: Line, world: World) -> str:
        common: dict[str, Any] = {"organisation": world.school}
        row, pupil = line.row, world.pupils[line.row.pupil_number]
        subject = world.subjects[match_key(row.subject)]
        placed = next(r.school_class for r in world.book.pupils if r.number == row.pupil_number)
        form = next(r.form for r in world.book.pupils if r.number == row.pupil_number)
        person = pupil.person
        name = f"{short_name(person.last_name, person.first_name, person.middle_name)}, {pupil.book_number}"
        group = world.group(str(placed), GroupKind.INDIVIDUAL, name)
        Membership.objects.get_or_create(
            group=group, pupil=pupil, ends_on=None, defaults={**common, "starts_on": world.open_year.starts_on}
        )
        kind = CourseKind.HOME_TUITION if form == "HOME" else KIND_OF_PART[subject.part]
        hours = line.values["hours"]
        course = Course.objects.create(
            **common, year=world.open_year, subject=subject, group=group, kind=kind, weekly_hours=hours
        )
        Workload.objects.create(
            **common,
            course=course,
            teacher=world.employees.get(line.values["teacher"]),
            weekly_hours=hours,
            starts_on=world.begins_on,
            order=row.order,
        )
        plan = CurriculumLine.objects.create(
            **common, year=world.open_year, pupil=pupil, subject=subject, weekly_hours=hours, order=row.order
        )
        return object_name(plan)

    def change(self, line: Line, world: World) -> None:
        assert line.held  # noqa: S101 (changes need what is held)
        plan = CurriculumLine.objects.get(pk=line.held.pk)
        plan.weekly_hours, plan.order = Decimal(line.after("hours")), line.after("order")
        plan.save()
        course = Course.objects.get(
            year=world.year,
            subject=plan.subject,
            group__kind=GroupKind.INDIVIDUAL,
            group__memberships__pupil=plan.pupil,
        )
        course.weekly_hours = plan.weekly_hours
        course.save()
        if "teacher" in line.changes:
            change_teacher(course, line.after("teacher"), line.after("hours"), plan.order, world)


class Timetable:
    """The slots of the edition in force; a corrected file changes them in a new edition once lessons were held."""

    name = sheet = "Расписание"
    is_perennial = False

    def rows(self, world: World) -> Rows:
        for row in world.book.timetable:
            key = f"{row.weekday}|{row.number}|{row.school_class}|{match_key(row.subgroup or '')}"
            values = {
                "subject": match_key(row.subject),
                "teacher": world.employee_number(row.teacher),
                "room": match_key(row.room or ""),
            }
            yield key, row, values

    def held(self, world: World) -> Mapping[str, Held]:
        rows = TimetableSlot.objects.filter(edition=world.edition).select_related(
            "course__group__school_class", "course__group__subject", "course__subject", "teacher", "room"
        )
        held = {}
        for row in rows:
            school_class, kind, name, _subject = group_key(row.course.group)
            if kind == GroupKind.INDIVIDUAL:
                continue
            subgroup = "" if kind == GroupKind.WHOLE_CLASS else name
            values = {
                "subject": match_key(row.course.subject.name),
                "teacher": row.teacher.number if row.teacher else "",
                "room": match_key(row.room.name) if row.room else "",
            }
            held[f"{row.weekday}|{row.number}|{school_class}|{subgroup}"] = hold(row, values)
        return held

    def create(self, lines: list[Line], world: World) -> dict[str, str]:
        if not lines:
            return {}
        edition = self.edition_to_change(world)
        courses = courses_of(world)
        slots = TimetableSlot.objects.bulk_create(
            TimetableSlot(
                organisation=world.school,
                edition=edition,
                weekday=line.row.weekday,
                number=line.row.number,
                course=courses[self._course_key(line.row)],
                teacher=world.employees.get(line.values["teacher"]),
                room=world.rooms.get(line.values["room"]),
            )
            for line in lines
        )
        return {line.key: object_name(slot) for line, slot in zip(lines, slots, strict=True)}

    def change(self, line: Line, world: World) -> None:
        assert line.held  # noqa: S101 (changes need what is held)
        old = TimetableSlot.objects.get(pk=line.held.pk)
        edition = self.edition_to_change(world)
        slot = TimetableSlot.objects.get(edition=edition, weekday=old.weekday, number=old.number, course=old.course)
        if "subject" in line.changes:
            slot.course = courses_of(world)[self._course_key(line.row)]
        slot.teacher = world.employees.get(line.after("teacher"))
        slot.room = world.rooms.get(line.after("room"))
        slot.save()

    def edition_to_change(self, world: World) -> TimetableEdition:
        """Return the edition slots are written into.

        The first import makes it from the first day of the year. While it has not come into force it may be
        corrected; afterwards an edition is never edited, so a copy in force from tomorrow takes the changes.
        """
        edition = world.edition
        if edition is None:
            edition = TimetableEdition.objects.create(
                organisation=world.school,
                year=world.open_year,
                starts_on=world.open_year.starts_on,
                title="Импорт",
            )
        elif edition.starts_on <= world.today:
            edition = self._copy(edition, world)
        world.edition = edition
        return edition

    def _copy(self, edition: TimetableEdition, world: World) -> TimetableEdition:
        slots = list(TimetableSlot.objects.filter(edition=edition))
        copy = TimetableEdition.objects.create(
            organisation=world.school,
            year=world.open_year,
            starts_on=world.today + timedelta(days=1),
            title="Импорт",
        )
        for slot in slots:
            slot.pk, slot.edition = None, copy
            slot._state.adding = True
        TimetableSlot.objects.bulk_create(slots)
        return copy

    def _course_key(self, row: Any) -> CourseKey:
        return str(row.school_class), match_key(row.subject), match_key(row.subgroup or "")
