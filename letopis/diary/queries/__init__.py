"""One week of a pupil: lessons, homework, marks and absences, in a fixed number of queries whatever the week holds."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from letopis.core.days import weekday_letters, weekday_title
from letopis.diary.queries.changes import Gone, changes_of_week
from letopis.diary.queries.homework import DiaryHomework, homework_of_week, unopened
from letopis.diary.queries.sides import DiaryRecommendation, Works, recommendations_of, works_of
from letopis.people.models import EducationForm, Enrolment, Pupil
from letopis.register.models import Attendance, HomeworkFile, Lesson, Mark
from letopis.register.queries.corrections import shown_to_family
from letopis.rules.cells import event_letters, marks_in
from letopis.rules.distance import DistanceSpan
from letopis.rules.policy import Policy
from letopis.rules.publication import AT_ONCE, published_before
from letopis.schooling.models import AcademicYear, Break, CalendarDay, GroupKind, SchoolClass
from letopis.schooling.queries import current_class_of
from letopis.schooling.queries.distance import distance_spans
from letopis.schooling.queries.staff import StaffLine, staff_of_pupil


@dataclass(frozen=True, slots=True)
class DiaryMark:
    """A mark with the work it was put for."""

    value: str
    work: str
    is_low: bool


@dataclass(frozen=True, slots=True)
class DiaryLesson:
    """A lesson of a day."""

    number: int
    subject: str
    topic: str
    is_cancelled: bool
    change: str
    """How it goes otherwise than the timetable says: «замена: Орлова Т. П.»."""
    due: tuple[DiaryHomework, ...]
    """What has to be done for this lesson."""
    set_now: tuple[DiaryHomework, ...]
    """What was set in this lesson: to the class, and to the pupil alone."""
    works: tuple[str, ...]
    """Control works of the schedule: «КР: Квадратные уравнения»."""
    is_distance: bool
    marks: tuple[DiaryMark, ...]
    letters: str
    """Of absence or lateness; empty for a pupil who was there."""
    letters_title: str
    corrections: tuple[str, ...] = ()
    """What was corrected for the pupil, with both values and the reason (REG-023)."""


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
    gone: tuple[Gone, ...]
    """Lessons that were moved to another time."""
    due: tuple[DiaryHomework, ...]
    """What is due on the day though its course has no lesson then."""


@dataclass(frozen=True, slots=True)
class Week:
    """Everything the page shows."""

    first: date
    last: date
    school_class: SchoolClass | None
    days: tuple[DiaryDay, ...]
    marks: int
    absences: int
    works: Works
    recommendations: tuple[DiaryRecommendation, ...]
    unopened: tuple[UUID, ...]
    """Lessons whose homework is shown for the first time."""

    @property
    def previous(self) -> date:
        return self.first - timedelta(days=7)

    @property
    def following(self) -> date:
        return self.first + timedelta(days=7)


def week_of(pupil: Pupil, *, day: date, today: date, now: datetime, policy: Policy) -> Week:
    """Return the week that the day lies in, from Monday to Saturday; Sunday only when it has lessons.

    now: with the zone of the school: marks are shown as its policy publishes them (rules.publication).
    """
    first = day - timedelta(days=day.weekday())
    last = first + timedelta(days=6)
    lessons = list(
        lessons_of(pupil)
        .filter(on__range=(first, last))
        .select_related("course__subject", "course__group")
        .order_by("on", "number", "pk")
    )
    homework = homework_of_week(pupil, lessons=lessons_of(pupil), first=first, last=last)
    school_class = current_class_of(pupil, min(max(today, first), last))
    grade = school_class.grade if school_class else 0
    marks = _marks(pupil, lessons, grade=grade, now=now, policy=policy)
    events = {row.lesson_id: row for row in Attendance.objects.filter(pupil=pupil, lesson__in=lessons)}
    notes = _notes(pupil, first=first, last=last, grade=grade)
    works = works_of(lessons_of(pupil), grade=grade, first=first, organisation=pupil.organisation_id, policy=policy)
    distance = distance_spans(pupil.organisation_id, first, last)
    changes = changes_of_week(lessons_of(pupil), first=first, last=last)
    corrections = _corrections(pupil, first=first, last=last, now=now, policy=policy)
    shown = defaultdict(list)
    for lesson in lessons:
        shown[lesson.on].append(
            _lesson(
                lesson,
                change=changes.words.get(lesson.pk, ""),
                corrections=tuple(corrections.get(lesson.pk, ())),
                homework=homework,
                marks=marks[lesson.pk],
                event=events.get(lesson.pk),
                works=works,
                is_distance=any(_covers(span, lesson) for span in distance),
                policy=policy,
            )
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
                gone=tuple(gone for gone in changes.gone if gone.on == one),
                due=_due_besides(one, homework=homework, lessons=lessons),
            )
            for one in days
            if one.weekday() < 6 or shown[one]
        ),
        marks=sum(len(found) for found in marks.values()),
        absences=sum(row.event == Attendance.Event.ABSENT for row in events.values()),
        works=works,
        recommendations=recommendations_of(pupil, school_class, last=last),
        unopened=tuple(unopened(homework)),
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


def lessons_by_code(pupil: Pupil, codes: Iterable[UUID]) -> list[Lesson]:
    """Return those of the lessons that are the pupil's own; one query."""
    return list(lessons_of(pupil).filter(code__in=list(codes)))


def homework_file_of(pupils: Iterable[Pupil], code: UUID) -> HomeworkFile | None:
    """Return a file that was set to one of these pupils; None for any other."""
    for pupil in pupils:
        lessons = lessons_of(pupil).values("pk")
        file = HomeworkFile.objects.filter(code=code, removed_at=None, homework__lesson__in=lessons).first()
        if file is not None:
            return file
    return None


def _marks(
    pupil: Pupil, lessons: list[Lesson], *, grade: int, now: datetime, policy: Policy
) -> dict[int, list[DiaryMark]]:
    until = published_before(now, policy=policy)
    if until is None:
        return defaultdict(list)
    put = Mark.objects.filter(pupil=pupil, task__lesson__in=lessons)
    rows = (
        (put if policy.publication == AT_ONCE else put.filter(put_at__lte=until))
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


def _corrections(
    pupil: Pupil, *, first: date, last: date, now: datetime, policy: Policy
) -> Mapping[int, Sequence[str]]:
    """Return by lesson what was corrected for the pupil, as the policy shows and publishes it."""
    until = published_before(now, policy=policy)
    if not policy.corrections_shown_to_families or until is None:
        return {}
    return shown_to_family(pupil, first=first, last=last, until=None if policy.publication == AT_ONCE else until)


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


def _due_besides(on: date, *, homework: list[DiaryHomework], lessons: list[Lesson]) -> tuple[DiaryHomework, ...]:
    courses = {lesson.course_id for lesson in lessons if lesson.on == on}
    return tuple(one for one in homework if one.value.due_on == on and one.course not in courses)


def _covers(span: DistanceSpan, lesson: Lesson) -> bool:
    group = lesson.course.group
    return span.covers(lesson.on, group=group.pk, school_class=group.school_class_id)


def _lesson(
    lesson: Lesson,
    *,
    change: str,
    corrections: tuple[str, ...],
    homework: list[DiaryHomework],
    marks: list[DiaryMark],
    event: Attendance | None,
    works: Works,
    is_distance: bool,
    policy: Policy,
) -> DiaryLesson:
    due = [one for one in homework if one.course == lesson.course_id and one.value.due_on == lesson.on]
    subject = lesson.course.subject.name
    letters = event_letters(event.event, event.minutes, event.reason, policy=policy) if event else ""
    return DiaryLesson(
        number=lesson.number,
        subject=lesson.course.subject.name,
        topic=lesson.topic,
        is_cancelled=lesson.state == Lesson.State.CANCELLED,
        change=change,
        due=tuple(due),
        set_now=tuple(one for one in homework if one.lesson == lesson.code),
        works=tuple(
            f"{work.kind}: {work.title}" if work.title else work.kind
            for work in works.works
            if (work.on, work.number, work.subject) == (lesson.on, lesson.number, subject)
        ),
        is_distance=is_distance,
        marks=tuple(marks),
        letters=letters,
        letters_title=str(Attendance.Event(event.event).label) if event and letters else "",
        corrections=corrections,
    )


def teachers_of(pupil: Pupil, *, today: date) -> list[StaffLine]:
    """Return who works with the pupil today, or at the end of his last year here. Four queries."""
    years = AcademicYear.objects.filter(organisation=pupil.organisation_id, starts_on__lte=today)
    year = years.order_by("-starts_on").first()
    return staff_of_pupil(pupil, year, day=min(today, year.ends_on)) if year else []
