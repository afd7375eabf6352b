"""Duties of the cast's school: each closes itself when its fact appears, by the real verb, and remembers lateness."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from letopis.control.queries.obligations import ALL_KINDS, Scope, obligations_of
from letopis.people.access import actor_of, load_user
from letopis.register.access import course_for, lesson_for
from letopis.register.access.classes import absences_to_set
from letopis.register.access.remarks import page_for, remark_for
from letopis.register.actions.absence_reasons import ReasonCell, set_reasons
from letopis.register.actions.cells import CellSave, save_cells
from letopis.register.actions.lesson import fill_lesson, set_homework, take_attendance
from letopis.register.actions.remarks import answer_remark, put_remark
from letopis.register.actions.term_marks import set_term_marks
from letopis.register.models import Lesson, Task, TermMark
from letopis.register.queries.homework import HomeworkValue
from letopis.rules.obligations import Obligation
from letopis.schooling.actions.roster import check_roster
from letopis.schooling.models import PlanTopic, Term
from tests.cast import TODAY, Cast
from tests.factories import moment

FIRST, LAST = date(2026, 11, 2), date(2026, 12, 29)
FRIDAY = date(2026, 11, 13)


def duties(cast: Cast, kind: str, *, now: datetime, **scope: Any) -> list[Obligation]:
    asked = Scope(cast.year, scope.pop("first", FIRST), scope.pop("last", LAST), **scope)
    return obligations_of(asked, now=now, kinds=[kind])


def duty(cast: Cast, kind: str, lesson: Lesson, *, now: datetime) -> str:
    [one] = [one for one in duties(cast, kind, now=now) if one.code == lesson.code]
    return one.state


def friday(cast: Cast) -> Lesson:
    return next(lesson for lesson in cast.lessons if lesson.on == FRIDAY)


def actor(cast: Cast, member: str, day: date) -> Any:
    return actor_of(load_user(cast.users[member].pk), today=day)


def opened(cast: Cast, lesson: Lesson, day: date) -> Any:
    return lesson_for(actor(cast, "teacher", day), lesson.code)


def write_topic(cast: Cast, lesson: Lesson, at: datetime) -> None:
    fill_lesson(opened(cast, lesson, at.date()), topic="Корни", seen_topic="", at=at)


def take(cast: Cast, lesson: Lesson, at: datetime) -> None:
    take_attendance(opened(cast, lesson, at.date()), at=at)


def set_nothing(cast: Cast, lesson: Lesson, at: datetime) -> None:
    value = HomeworkValue(nothing_set=True)
    set_homework(opened(cast, lesson, at.date()), value=value, seen=HomeworkValue(), at=at)


VERBS = {"LESSON": write_topic, "TOPIC": write_topic, "ATTENDANCE": take, "HOMEWORK": set_nothing}


@pytest.mark.parametrize("kind", VERBS)
@pytest.mark.parametrize(
    ("at", "expected"),
    [(moment(FRIDAY, 11), "DONE"), (moment(FRIDAY + timedelta(days=1), 8), "DONE_LATE")],
    ids=["in time", "late"],
)
def test_the_duties_of_a_lesson_close_when_it_is_filled(cast: Cast, kind: str, at: datetime, expected: str):
    lesson = friday(cast)
    assert duty(cast, kind, lesson, now=moment(FRIDAY, 10)) == "DUE_SOON"
    assert duty(cast, kind, lesson, now=moment(TODAY)) == "LATE"

    VERBS[kind](cast, lesson, at)

    assert duty(cast, kind, lesson, now=moment(TODAY)) == expected


def put(cast: Cast, lesson: Lesson, marks: dict[int, str], at: datetime) -> None:
    task = Task.objects.get(lesson=lesson)
    cells = [CellSave(task=task.code, pupil=cast.pupils[n].code, seen="", text=text) for n, text in marks.items()]
    saved = save_cells(actor(cast, "teacher", at.date()), course=cast.algebra.code, cells=cells, at=at)
    assert {one.status for one in saved.cells} == {"SAVED"}


@pytest.mark.parametrize(
    ("last", "expected"),
    [(moment(FRIDAY, 13), "DONE"), (moment(FRIDAY + timedelta(days=8), 9), "DONE_LATE")],
    ids=["in time", "late"],
)
def test_the_duty_of_a_control_work_closes_with_the_last_pupil(cast: Cast, last: datetime, expected: str):
    lesson = friday(cast)
    Task.objects.filter(lesson=lesson).update(kind="КР")
    now = moment(FRIDAY + timedelta(days=9))
    put(cast, lesson, {0: "н", 1: "5", 2: "4", 3: "4", 4: "3"}, moment(FRIDAY, 12))
    [before] = duties(cast, "MARKS", now=now)

    put(cast, lesson, {5: "5"}, last)
    # The pupil who was absent writes it a month later: the work is none the later for that.
    task = Task.objects.get(lesson=lesson)
    task.marks.create(
        organisation=cast.organisation, pupil=cast.pupils[0], value="4", put_at=moment(FRIDAY + timedelta(days=30))
    )
    [after] = duties(cast, "MARKS", now=moment(FRIDAY + timedelta(days=31)))

    assert (before.state, before.missing, before.of) == ("LATE", 1, 5)
    assert (after.state, after.missing) == (expected, 0)


@pytest.mark.parametrize(
    ("at", "expected"),
    [(moment(FRIDAY + timedelta(days=3)), "DONE"), (moment(FRIDAY + timedelta(days=8)), "DONE_LATE")],
    ids=["in time", "late"],
)
def test_the_reasons_of_a_day_close_its_duty(cast: Cast, at: datetime, expected: str):
    put(cast, friday(cast), {0: "н", 1: "н"}, moment(FRIDAY))
    [before] = duties(cast, "ABSENCE_REASON", now=at)
    by = absences_to_set(actor(cast, "class_teacher", at.date()), cast.class_8a.code)

    cells = [ReasonCell(cast.pupils[n].code, FRIDAY, "н", "б") for n in (0, 1)]
    set_reasons(by, cells=cells, at=at)
    [after] = duties(cast, "ABSENCE_REASON", now=at)

    assert (before.is_open, before.missing, before.who) == (True, 2, cast.class_teacher.pk)
    assert (after.state, after.missing) == (expected, 0)


@pytest.mark.parametrize(
    ("at", "expected"),
    [(moment(date(2026, 12, 29), 15), "DONE"), (moment(date(2026, 12, 30), 9), "DONE_LATE")],
    ids=["in time", "late"],
)
def test_term_marks_close_their_duty(cast: Cast, at: datetime, expected: str):
    term = Term.objects.get(pk=cast.term.pk)
    course = course_for(actor(cast, "teacher", at.date()), cast.algebra.code)
    values = {pupil.code: "4" for pupil in cast.pupils}

    def algebra(now: datetime) -> Obligation:
        [one] = duties(cast, "TERM_MARK", now=now, course=cast.algebra.pk)
        return one

    assert (algebra(at).missing, algebra(at).who) == (6, cast.teacher.pk)

    set_term_marks(course, term=term, values=values, seen=dict.fromkeys(values, ""), at=at)

    assert (algebra(at).state, algebra(at).missing) == (expected, 0)


@pytest.mark.parametrize(
    ("value", "until", "missing"),
    [
        ("POSTPONED", date(2027, 1, 15), 5),
        ("POSTPONED", date(2027, 1, 10), 6),
        ("", date(2027, 1, 15), 6),
    ],
    ids=["not due yet", "was due", "taken back"],
)
def test_a_postponed_mark_is_owed_after_its_day(cast: Cast, value: str, until: date, missing: int):
    TermMark.objects.create(
        organisation=cast.organisation, pupil=cast.polina, subject=cast.algebra.subject, term=cast.term, value=value,
        postponed_until=until, put_at=moment(date(2026, 12, 25)),
    )  # fmt: skip
    [one] = duties(cast, "TERM_MARK", now=moment(date(2027, 1, 12)), course=cast.algebra.pk)

    assert one.missing == missing


def test_marks_close_the_duty_of_accumulation(cast: Cast):
    now = moment(TODAY)

    def algebra() -> Obligation:
        [one] = duties(cast, "ACCUMULATION", now=now, course=cast.algebra.pk)
        return one

    before = algebra()
    put(cast, cast.lessons[0], dict.fromkeys(range(6), "4"), now)

    assert (before.state, before.missing, before.of) == ("OPEN", 6, 6)
    assert (algebra().state, algebra().missing) == ("DONE", 0)


def test_looking_through_the_list_closes_its_duty_and_begins_the_next(cast: Cast):
    mine = {"first": date(2026, 9, 1), "school_class": cast.class_8a.pk}
    [before] = duties(cast, "ROSTER", now=moment(TODAY), **mine)
    by = actor(cast, "class_teacher", TODAY).author

    check_roster(cast.class_8a, employee=cast.class_teacher, pupils=6, today=TODAY, by=by, at=moment(TODAY))
    after = duties(cast, "ROSTER", now=moment(TODAY), **mine)

    assert (before.state, before.who) == ("LATE", cast.class_teacher.pk)
    assert [one.state for one in after] == ["DONE_LATE", "OPEN"]


def test_given_topics_close_the_duty_of_the_plan(cast: Cast):
    topics = [
        PlanTopic.objects.create(
            organisation=cast.organisation, course=cast.algebra, position=n, title=f"Тема {n}", hours=1,
            planned_on=lesson.on,
        )
        for n, lesson in enumerate(cast.lessons[:4])
    ]  # fmt: skip
    [before] = duties(cast, "PLAN", now=moment(TODAY))

    for lesson, topic in zip(cast.lessons, topics[:3], strict=False):
        Lesson.objects.filter(pk=lesson.pk).update(plan_topic=topic, state="HELD")
    [after] = duties(cast, "PLAN", now=moment(TODAY))

    assert (before.state, before.who) == ("LATE", cast.teacher.pk)
    assert before.missing - after.missing == 3
    assert after.state == "DONE"


@pytest.mark.parametrize(
    ("on", "expected"), [(TODAY, "DONE"), (TODAY + timedelta(days=1), "DONE_LATE")], ids=["in time", "late"]
)
def test_a_remark_is_a_duty_until_it_is_removed(cast: Cast, on: date, expected: str):
    page = page_for(actor(cast, "deputy", FRIDAY), {"course": str(cast.algebra.code)})
    remark = put_remark(page, teacher=cast.teacher, text="Нет тем", due_on=TODAY, today=FRIDAY, at=moment(FRIDAY, 15))
    states = [one.state for one in duties(cast, "REMARK", now=moment(TODAY))]

    answer_remark(remark_for(actor(cast, "teacher", on), remark.code), answer="Записал", at=moment(on))

    assert states == ["DUE_SOON"]
    assert [one.state for one in duties(cast, "REMARK", now=moment(TODAY + timedelta(days=2)))] == [expected]


def test_a_cancelled_lesson_asks_for_nothing(cast: Cast):
    Lesson.objects.filter(pk=friday(cast).pk).update(state="CANCELLED")

    assert friday(cast).code not in {
        one.code for one in obligations_of(Scope(cast.year, FIRST, LAST), now=moment(TODAY))
    }


def test_a_teachers_own_are_the_same_as_in_the_school(cast: Cast):
    put(cast, friday(cast), {0: "н", 1: "5"}, moment(FRIDAY))
    Task.objects.filter(lesson=cast.lessons[0]).update(kind="КР")

    for who in (cast.teacher, cast.class_teacher, cast.substitute):
        whole = obligations_of(Scope(cast.year, FIRST, LAST), now=moment(TODAY))
        own = obligations_of(Scope(cast.year, FIRST, LAST, teacher=who.pk), now=moment(TODAY))
        theirs = {(one.key, one.state, one.missing) for one in whole if one.who == who.pk}
        assert {(one.key, one.state, one.missing) for one in own if one.who == who.pk} == theirs
        assert theirs


def test_another_school_is_never_seen(cast: Cast):
    codes = {one.page.school_class for one in obligations_of(Scope(cast.year, FIRST, LAST), now=moment(TODAY))}

    assert codes <= {cast.class_8a.pk, cast.class_7a.pk, 0}


@pytest.mark.parametrize("mine", [False, True])
def test_the_number_of_queries_does_not_grow(cast: Cast, mine: bool, django_assert_max_num_queries):
    def ask(first: date) -> list[Obligation]:
        scope = Scope(cast.year, first, LAST, teacher=cast.teacher.pk if mine else None)
        return obligations_of(scope, now=moment(TODAY), kinds=ALL_KINDS)

    Task.objects.update(kind="КР")
    with django_assert_max_num_queries(24) as few:
        small = ask(FRIDAY)
    for lesson in cast.lessons:
        put(cast, lesson, {0: "5", 1: "4"}, moment(lesson.on)) if lesson.on <= TODAY else None
    with django_assert_max_num_queries(len(few) + 1):
        assert len(ask(FIRST)) > len(small)
