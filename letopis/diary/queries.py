"""One week of a pupil: lessons, homework, marks and absences, in seven queries whatever the week holds."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from letopis.core.days import weekday_letters, weekday_title
from letopis.people.models import EducationForm, Enrolment, Pupil
from letopis.register.models import Attendance, Homework, HomeworkFile, Lesson, Mark
from letopis.register.queries.homework import HomeworkValue, homework_of
from letopis.rules.cells import event_letters, marks_in
from letopis.rules.policy import Policy
from letopis.schooling.models import AcademicYear, Break, CalendarDay, GroupKind, SchoolClass
from letopis.schooling.queries import current_class_of
from letopis.schooling.queries.staff import StaffLine, staff_of_pupil


@dataclass(frozen=True, slots=True)
class DiaryMark:
    """A mark with the work it was put for."""

    value: str
    work: str
    is_low: bool


@dataclass(frozen=True, slots=True)
class DiaryHomework:
    """A homework with its files."""

    value: HomeworkValue
    set_on: date
    files: tuple[HomeworkFile, ...]


@dataclass(frozen=True, slots=True)
class DiaryLesson:
    """A lesson of a day."""

    number: int
    subject: str
    topic: str
    is_cancelled: bool
    due: tuple[DiaryHomework, ...]
    """What has to be done for this lesson."""
    set_now: DiaryHomework | None
    """What was set in this lesson."""
    marks: tuple[DiaryMark, ...]
    letters: str
    """Of absence or lateness; empty for a pupil who was there."""
    letters_title: str


@dataclass(frozen=True, slots=True)
class DiaryDay:
    """A day of the week."""

    on: date
    letters: str
    title: str
    is_today: bool
    note: str
    """Why there are no lessons: «Осенние», the name of a holiday."""
    lessons: tuple[DiaryLesson, ...]


@dataclass(frozen=True, slots=True)
class Week:
    """Everything the page shows."""

    first: date
    last: date
    school_class: SchoolClass | None
    days: tuple[DiaryDay, ...]
    marks: int
    absences: int

    @property
    def previous(self) -> date:
        return self.first - timedelta(days=7)

    @property
    def following(self) -> date:
        return self.first + timedelta(days=7)


def week_of(pupil: Pupil, *, day: date, today: date, policy: Policy) -> Week:
    """Return the week that the day lies in, from Monday to Saturday; Sunday only when it has lessons."""
    first = day - timedelta(days=day.weekday())
    last = first + timedelta(days=6)
    lessons = list(
        lessons_of(pupil)
        .filter(on__range=(first, last))
        .select_related("course__subject")
        .order_by("on", "number", "pk")
    )
    homework = _homework(pupil, first=first, last=last)
    school_class = current_class_of(pupil, min(max(today, first), last))
    grade = school_class.grade if school_class else 0
    marks = _marks(pupil, lessons, grade=grade, policy=policy)
    events = {row.lesson_id: row for row in Attendance.objects.filter(pupil=pupil, lesson__in=lessons)}
    notes = _notes(pupil, first=first, last=last, grade=grade)
    shown = defaultdict(list)
    for lesson in lessons:
        shown[lesson.on].append(
            _lesson(lesson, homework=homework, marks=marks[lesson.pk], event=events.get(lesson.pk), policy=policy)
        )
    days = [first + timedelta(days=offset) for offset in range(7)]
    return Week(
        first=first,
        last=last,
        school_class=school_class,
        days=tuple(
            DiaryDay(
                on=one,
                letters=weekday_letters(one),
                title=weekday_title(one),
                is_today=one == today,
                note=notes.get(one, ""),
                lessons=tuple(shown[one]),
            )
            for one in days
            if one.weekday() < 6 or shown[one]
        ),
        marks=sum(len(found) for found in marks.values()),
        absences=sum(row.event == Attendance.Event.ABSENT for row in events.values()),
    )


def lessons_of(pupil: Pupil) -> QuerySet[Lesson]:
    """Return the lessons of the groups that the pupil was in on their day, whatever groups he passed through.

    Who is taught at home that day stays in the list of his class and has his own lessons only (C-005).
    """
    at_home = Enrolment.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=OuterRef("on")),
        pupil=pupil,
        form=EducationForm.HOME,
        starts_on__lte=OuterRef("on"),
    )
    lessons = Lesson.objects.filter(
        Q(course__group__memberships__ends_on=None) | Q(course__group__memberships__ends_on__gte=F("on")),
        course__group__memberships__pupil=pupil,
        course__group__memberships__starts_on__lte=F("on"),
    )
    return lessons.exclude(Exists(at_home), ~Q(course__group__kind=GroupKind.INDIVIDUAL)).distinct()


def homework_file_of(pupils: Iterable[Pupil], code: UUID) -> HomeworkFile | None:
    """Return a file that was set to one of these pupils; None for any other."""
    for pupil in pupils:
        lessons = lessons_of(pupil).values("pk")
        file = HomeworkFile.objects.filter(code=code, removed_at=None, homework__lesson__in=lessons).first()
        if file is not None:
            return file
    return None


def _homework(pupil: Pupil, *, first: date, last: date) -> list[tuple[Lesson, DiaryHomework]]:
    span = (first, last)
    rows = list(
        Homework.objects.filter(
            Q(lesson__on__range=span) | Q(due_on__range=span), lesson__in=lessons_of(pupil).values("pk")
        )
        .exclude(lesson__state=Lesson.State.CANCELLED)
        .select_related("lesson")
        .order_by("lesson__on", "pk")
    )
    files = defaultdict(list)
    for file in HomeworkFile.objects.filter(homework__in=rows, removed_at=None).order_by("pk"):
        files[file.homework_id].append(file)
    said = [(row, tuple(files[row.pk])) for row in rows if row.text or row.nothing_set or files[row.pk]]
    return [(row.lesson, DiaryHomework(homework_of(row), row.lesson.on, found)) for row, found in said]


def _marks(pupil: Pupil, lessons: list[Lesson], *, grade: int, policy: Policy) -> dict[int, list[DiaryMark]]:
    rows = (
        Mark.objects.filter(pupil=pupil, task__lesson__in=lessons)
        .exclude(value="")
        .select_related("task__lesson__course__subject")
        .order_by("task__position")
    )
    found: dict[int, list[DiaryMark]] = defaultdict(list)
    symbols = {symbol.code: symbol.title for symbol in policy.symbols}
    for row in rows:
        work = row.task.title or row.task.kind
        scale = policy.scale_for(scale_code=row.task.lesson.course.subject.scale, grade=grade)
        marks = marks_in(row.value, scale=scale)
        said = [work, symbols.get(row.value, "")]
        if policy.notes_shown_to_families:
            said.append(row.note)
        is_low = bool(set(marks) & set(scale.values[-1:]))
        found[row.task.lesson_id].append(DiaryMark(row.value, "; ".join(part for part in said if part), is_low))
    return found


def _notes(pupil: Pupil, *, first: date, last: date, grade: int) -> dict[date, str]:
    organisation = pupil.organisation_id
    days = [first + timedelta(days=offset) for offset in range(7)]
    breaks = list(
        Break.objects.filter(
            organisation=organisation,
            starts_on__lte=last,
            ends_on__gte=first,
            grade_from__lte=grade,
            grade_to__gte=grade,
        )
    )
    notes = {day: one.title for one in breaks for day in days if one.starts_on <= day <= one.ends_on}
    off = CalendarDay.objects.filter(organisation=organisation, on__range=(first, last), kind=CalendarDay.Kind.OFF)
    return notes | {day.on: day.title for day in off}


def _lesson(
    lesson: Lesson,
    *,
    homework: list[tuple[Lesson, DiaryHomework]],
    marks: list[DiaryMark],
    event: Attendance | None,
    policy: Policy,
) -> DiaryLesson:
    due = [one for other, one in homework if other.course_id == lesson.course_id and one.value.due_on == lesson.on]
    letters = event_letters(event.event, event.minutes, event.reason, policy=policy) if event else ""
    return DiaryLesson(
        number=lesson.number,
        subject=lesson.course.subject.name,
        topic=lesson.topic,
        is_cancelled=lesson.state == Lesson.State.CANCELLED,
        due=tuple(due),
        set_now=next((one for other, one in homework if other.pk == lesson.pk), None),
        marks=tuple(marks),
        letters=letters,
        letters_title=str(Attendance.Event(event.event).label) if event and letters else "",
    )


def teachers_of(pupil: Pupil, *, today: date) -> list[StaffLine]:
    """Return who works with the pupil today, or at the end of his last year here. Four queries."""
    years = AcademicYear.objects.filter(organisation=pupil.organisation_id, starts_on__lte=today)
    year = years.order_by("-starts_on").first()
    return staff_of_pupil(pupil, year, day=min(today, year.ends_on)) if year else []
