"""Lessons from the timetable: a held lesson is never touched, a plan goes along."""

import json
from datetime import date

import pytest

from letopis.control.actions import timetable as control
from letopis.core.errors import Refused
from letopis.ledger.models import Entry, Payload
from letopis.register.actions.lessons import generate_lessons
from letopis.register.models import Attendance, Correction, Homework, Lesson, Mark, PupilHomework, Remark, Task
from letopis.rules.calendar import SchoolCalendar
from letopis.schooling.actions.timetable import NewSlot
from letopis.schooling.models import Break, CalendarDay, GroupKind, StudyGroup, TimetableEdition
from letopis.schooling.queries import calendar_of, pupils_of
from tests import factories as make
from tests.cast import TODAY, Cast

MONDAY, FRIDAY = date(2026, 11, 23), date(2026, 11, 27)


def told(cast: Cast) -> dict:
    return {"by": cast.actor("deputy").author, "at": make.moment(TODAY)}


def days(course, *, first=date(2026, 9, 1), last=date(2027, 8, 31)) -> list[date]:
    rows = Lesson.objects.filter(course=course, on__range=(first, last)).exclude(state="CANCELLED")
    return list(rows.order_by("on", "number").values_list("on", flat=True))


def lesson_of(course, on: date) -> Lesson:
    return Lesson.objects.get(course=course, on=on)


@pytest.fixture
def school(cast) -> Cast:
    """The cast with all lessons of the year."""
    generate_lessons(cast.year, **told(cast))
    return cast


def test_makes_every_lesson_of_the_year_with_one_task(school):
    calendar: SchoolCalendar = calendar_of(school.year)
    mondays_and_fridays = [
        day
        for day in calendar.school_days(grade=8, first=school.year.starts_on, last=school.year.ends_on)
        if day.isoweekday() in (1, 5)
    ]

    assert days(school.algebra) == mondays_and_fridays
    assert len(mondays_and_fridays) == 69
    assert Task.objects.filter(lesson__course=school.algebra).count() == 69


def test_takes_teacher_and_room_from_the_timetable(school):
    lesson = lesson_of(school.algebra, date(2026, 12, 7))

    assert (lesson.teacher, lesson.room.name, lesson.number, lesson.state) == (school.teacher, "204", 2, "PLANNED")


def test_twice_changes_nothing_and_records_nothing(school):
    before = set(Lesson.objects.values_list("pk", "code"))
    entries = Entry.objects.count()

    done = generate_lessons(school.year, **told(school))

    assert done.changes_nothing
    assert set(Lesson.objects.values_list("pk", "code")) == before
    assert Entry.objects.count() == entries


def test_records_one_entry_with_counts_and_a_digest(school):
    entry = Entry.objects.get(verb="register.generate_lessons")
    after = json.loads(bytes(Payload.objects.get(entry=entry).body))["after"]

    assert entry.object == f"schooling.AcademicYear:{school.year.pk}"
    assert (after["first"], after["last"]) == ("2026-09-01", "2027-08-31")
    assert after["wanted"] == Lesson.objects.count()
    assert after["created"] + len(school.lessons) <= Lesson.objects.count()
    assert len(after["plan"]) == 64


def test_a_day_off_takes_the_empty_lessons_of_that_day_away(school):
    done = control.change_day(school.year, on=FRIDAY, kind="OFF", title="День учителя", **told(school))

    assert (done.removed, done.created, done.cancelled) == (1, 0, 0)
    assert days(school.algebra, first=MONDAY, last=FRIDAY) == [MONDAY]


def test_a_day_off_taken_back_brings_the_lessons_back(school):
    control.change_day(school.year, on=FRIDAY, kind="OFF", title="Карантин", **told(school))

    control.change_day(school.year, on=FRIDAY, kind="CLEAR", **told(school))

    assert days(school.algebra, first=MONDAY, last=FRIDAY) == [MONDAY, FRIDAY]
    assert not CalendarDay.objects.filter(on=FRIDAY).exists()


def make_held(lesson: Lesson, how: str, cast: Cast) -> None:
    common = {"organisation": cast.organisation, "put_at": make.moment(TODAY)}
    if how == "state":
        lesson.state = Lesson.State.HELD
        lesson.save()
    elif how == "mark":
        Mark.objects.create(task=lesson.tasks.get(), pupil=cast.polina, value="5", **common)
    elif how == "mark taken away":
        Mark.objects.create(task=lesson.tasks.get(), pupil=cast.polina, value="", **common)
    elif how == "absence":
        Attendance.objects.create(lesson=lesson, pupil=cast.polina, event="ABSENT", **common)
    else:
        lesson.attendance_taken_at = make.moment(TODAY)
        lesson.save()


@pytest.mark.parametrize("how", ["state", "mark", "mark taken away", "absence", "attendance taken"])
def test_never_touches_a_held_lesson(school, how):
    lesson = lesson_of(school.algebra, FRIDAY)
    make_held(lesson, how, school)
    before = Lesson.objects.filter(pk=lesson.pk).values().get()

    done = control.change_day(school.year, on=FRIDAY, kind="OFF", title="Карантин", **told(school))
    control.change_teacher(
        school.algebra, teacher=school.substitute, starts_on=date(2026, 11, 17), order="№ 5", **told(school)
    )

    assert Lesson.objects.filter(pk=lesson.pk).values().get() == before
    assert (done.kept_off_plan, done.removed) == (1, 0)


@pytest.mark.parametrize("what", ["topic", "homework"])
def test_words_of_a_day_gone_by_are_a_record(school, what):
    lesson = lesson_of(school.algebra, date(2026, 11, 13))
    if what == "topic":
        Lesson.objects.filter(pk=lesson.pk).update(topic="Квадратный корень")
    else:
        Homework.objects.create(organisation=school.organisation, lesson=lesson, text="№ 5")

    done = control.change_day(school.year, on=lesson.on, kind="OFF", title="Карантин", **told(school))

    lesson.refresh_from_db()
    assert (done.kept_off_plan, lesson.state, lesson.on) == (1, "PLANNED", date(2026, 11, 13))


def test_a_topic_placed_ahead_stays_with_the_lesson_as_cancelled_and_is_recorded(school):
    lesson = lesson_of(school.algebra, FRIDAY)
    Lesson.objects.filter(pk=lesson.pk).update(topic="Теорема Виета")

    done = control.change_day(school.year, on=FRIDAY, kind="OFF", title="Карантин", **told(school))

    lesson.refresh_from_db()
    assert (done.cancelled, lesson.state, lesson.topic) == (1, "CANCELLED", "Теорема Виета")
    assert Entry.objects.get(verb="register.cancel_lesson").object == f"register.Lesson:{lesson.pk}"


def test_a_cancelled_lesson_is_planned_again_when_its_day_returns(school):
    lesson = lesson_of(school.algebra, FRIDAY)
    Lesson.objects.filter(pk=lesson.pk).update(topic="Теорема Виета")
    control.change_day(school.year, on=FRIDAY, kind="OFF", title="Карантин", **told(school))

    done = control.change_day(school.year, on=FRIDAY, kind="CLEAR", **told(school))

    lesson.refresh_from_db()
    assert (done.updated, done.created, lesson.state, lesson.topic) == (1, 0, "PLANNED", "Теорема Виета")


def test_a_topic_placed_ahead_moves_with_its_lesson_to_another_day_of_the_week(school):
    lesson = lesson_of(school.algebra, FRIDAY)
    Lesson.objects.filter(pk=lesson.pk).update(topic="Теорема Виета")
    slots = [NewSlot(1, 2, school.algebra, school.teacher), NewSlot(4, 5, school.algebra, school.teacher)]

    _edition, done = control.adopt_timetable(school.year, starts_on=MONDAY, slots=slots, **told(school))

    lesson.refresh_from_db()
    assert (lesson.on, lesson.number, lesson.topic) == (date(2026, 11, 26), 5, "Теорема Виета")
    assert done.moved > 0
    assert Entry.objects.filter(verb="register.move_lesson").count() == 1


def test_a_word_taken_away_again_keeps_the_lesson(school):
    lesson = lesson_of(school.algebra, FRIDAY)
    entry = Entry.objects.latest("pk")
    Entry.objects.bulk_create(
        [
            Entry(
                organisation=entry.organisation,
                at=entry.at,
                actor=entry.actor,
                verb="register.set_topic",
                object=f"register.Lesson:{lesson.pk}",
                commitment=b"",
                leaf=b"",
            )
        ]
    )

    done = control.change_day(school.year, on=FRIDAY, kind="OFF", title="Карантин", **told(school))

    assert (done.removed, done.cancelled) == (0, 1)


def test_a_new_edition_changes_only_the_days_from_its_own_on(school):
    before = days(school.algebra, last=date(2026, 11, 22))
    slots = [NewSlot(weekday, 1, school.algebra, school.teacher) for weekday in (2, 4)]

    control.adopt_timetable(school.year, starts_on=MONDAY, slots=slots, order="Приказ № 90", **told(school))

    assert days(school.algebra, last=date(2026, 11, 22)) == before
    assert days(school.algebra, first=MONDAY, last=FRIDAY) == [date(2026, 11, 24), date(2026, 11, 26)]
    assert days(school.russian, first=MONDAY) == []


def test_lessons_that_change_places_do_not_meet(school):
    edition = TimetableEdition.objects.get()
    slots = [NewSlot(1, 3, school.algebra, school.teacher), NewSlot(1, 2, school.russian, school.class_teacher)]
    slots += [NewSlot(1, 4, school.algebra, school.teacher)]
    first = [NewSlot(1, 2, school.algebra, school.teacher), NewSlot(1, 3, school.algebra, school.teacher)]
    control.adopt_timetable(school.year, starts_on=MONDAY, slots=first, **told(school))

    control.adopt_timetable(school.year, starts_on=date(2026, 11, 24), slots=slots, **told(school))

    rows = Lesson.objects.filter(on=date(2026, 11, 30)).order_by("number").values_list("course", "number")
    assert edition.starts_on < MONDAY
    assert list(rows) == [(school.russian.pk, 2), (school.algebra.pk, 3), (school.algebra.pk, 4)]


def test_a_changed_break_takes_lessons_away_and_gives_new_ones(school):
    autumn = school.year.breaks.get(title="Осенние")

    _row, done = control.change_break(
        autumn, starts_on=date(2026, 10, 19), ends_on=autumn.ends_on, order="№ 70", **told(school)
    )

    assert days(school.algebra, first=date(2026, 10, 19), last=date(2026, 10, 23)) == []
    assert (done.removed, done.created) == (5, 0)


def test_a_new_teacher_stands_on_lessons_from_his_day(school):
    _workload, done = control.change_teacher(
        school.algebra, teacher=school.substitute, starts_on=MONDAY, order="Приказ № 91", **told(school)
    )

    assert lesson_of(school.algebra, date(2026, 11, 20)).teacher == school.teacher
    assert lesson_of(school.algebra, MONDAY).teacher == school.substitute
    assert done.updated == Lesson.objects.filter(course=school.algebra, on__gte=MONDAY).count()


def test_a_vacancy_leaves_lessons_without_a_teacher(school):
    control.change_teacher(school.algebra, teacher=None, starts_on=MONDAY, order="Приказ № 92", **told(school))

    assert lesson_of(school.algebra, MONDAY).teacher is None


@pytest.mark.parametrize(("with_the_younger", "meets"), [(True, True), (False, False)])
def test_a_group_of_several_grades_meets_when_any_of_them_does(cast, with_the_younger, meets):
    Break.objects.create(
        organisation=cast.organisation, year=cast.year, title="Поход", grade_from=8, grade_to=8,
        starts_on=date(2026, 11, 25), ends_on=date(2026, 11, 25),
    )  # fmt: skip
    stream = StudyGroup.objects.create(
        organisation=cast.organisation, year=cast.year, kind=GroupKind.STREAM, name="Хор 7–8"
    )
    choir = make.make_course(
        stream, make.make_subject(cast.organisation, "Хор"), teacher=cast.teacher, kind="ADDITIONAL"
    )
    make.join(stream, cast.polina)
    if with_the_younger:
        make.join(stream, pupils_of(make.whole_class(cast.class_7a), TODAY)[0])
    make.make_slot(TimetableEdition.objects.get(), choir, 3, 7, teacher=cast.teacher)

    generate_lessons(cast.year, courses=[choir], **told(cast))

    assert (date(2026, 11, 25) in days(choir)) is meets
    assert date(2026, 11, 18) in days(choir)


def test_refuses_a_closed_year(cast):
    cast.year.state = "CLOSED"
    cast.year.save()

    with pytest.raises(Refused) as caught:
        generate_lessons(cast.year, **told(cast))

    assert caught.value.verdict.code == "YEAR_CLOSED"


def test_the_preview_says_what_the_change_does(school):
    make_held(lesson_of(school.algebra, MONDAY), "mark", school)

    preview = control.preview_day(school.year, on=MONDAY, kind="OFF", at=make.moment(TODAY))
    done = control.change_day(school.year, on=MONDAY, kind="OFF", title="Карантин", **told(school))

    assert preview == done
    assert (done.removed, done.kept_off_plan) == (3, 1)


def test_homework_for_a_lesson_that_is_taken_away_keeps_its_day(school):
    lesson = lesson_of(school.algebra, MONDAY)
    due = lesson_of(school.algebra, FRIDAY)
    row = Homework.objects.create(
        organisation=school.organisation, lesson=lesson, text="№ 5", due_on=FRIDAY, due_lesson=due
    )

    done = control.change_day(school.year, on=FRIDAY, kind="OFF", title="Карантин", **told(school))

    row.refresh_from_db()
    assert (done.removed, row.due_lesson, row.due_on) == (1, None, FRIDAY)


def test_a_homework_of_one_pupil_keeps_the_lesson(school):
    lesson = lesson_of(school.algebra, FRIDAY)
    PupilHomework.objects.create(
        organisation=school.organisation, lesson=lesson, pupil=school.polina, text="№ 7", put_at=make.moment(TODAY)
    )

    done = control.change_day(school.year, on=FRIDAY, kind="OFF", title="Карантин", **told(school))

    lesson.refresh_from_db()
    assert (done.removed, done.cancelled, lesson.state) == (0, 1, "CANCELLED")


def test_a_remark_or_a_request_keeps_the_lesson(school):
    past, planned = lesson_of(school.algebra, date(2026, 11, 13)), lesson_of(school.algebra, FRIDAY)
    Correction.objects.create(
        organisation=school.organisation, kind="TOPIC", course=school.algebra, lesson=past, new_value="Корни",
        reason="Забыла", requested_by=school.teacher, requested_at=make.moment(TODAY),
    )  # fmt: skip
    Remark.objects.create(
        organisation=school.organisation, course=school.algebra, lesson=planned, teacher=school.teacher,
        text="Нет темы", due_on=TODAY, made_at=make.moment(TODAY),
    )  # fmt: skip
    for day in (past.on, planned.on):
        CalendarDay.objects.create(organisation=school.organisation, year=school.year, on=day, kind="OFF")

    done = generate_lessons(school.year, **told(school))

    assert (done.removed, done.cancelled) == (0, 2)
