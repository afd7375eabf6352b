"""The verbs of substitutions: each kind, its refusal, its way back, its entry; planning anew leaves them alone."""

import json
from datetime import date
from typing import Any

import pytest

from letopis.control.actions import timetable as control
from letopis.core.errors import Refused
from letopis.ledger.models import Entry, Payload
from letopis.people.models import Employee
from letopis.register.actions import substitutions as verbs
from letopis.register.actions.arrangement import Wish
from letopis.register.actions.lessons import generate_lessons, preview_lessons
from letopis.register.models import Lesson, Substitution
from letopis.schooling.actions.timetable import NewSlot
from letopis.schooling.models import AcademicYear
from letopis.schooling.queries import calendar_of
from tests import factories as make
from tests.cast import TODAY, Cast

AT = make.moment(TODAY)
NEXT_MONDAY, FRIDAY = date(2026, 11, 23), date(2026, 11, 20)
WEDNESDAY = date(2026, 11, 18)


def lesson(course: Any, on: date = TODAY) -> Lesson:
    return Lesson.objects.get(course=course, on=on)


def body(verb: str) -> dict[str, Any]:
    entry = Entry.objects.get(verb=verb)
    return json.loads(bytes(Payload.objects.get(entry=entry).body))


def by(cast: Cast) -> dict[str, Any]:
    return {"reason": "Болезнь учителя", "order": "Приказ № 91", "at": AT}


def told(cast: Cast) -> dict[str, Any]:
    return {"by": cast.actor("deputy").author, "at": AT}


def substitute(cast: Cast, one: Lesson | None = None, **more: Any) -> Substitution:
    asked = {"acting": cast.substitute} | by(cast) | more
    return verbs.substitute(cast.actor("deputy"), one or cast.today_lesson, **asked)


def places(course: Any, first: date, last: date) -> list[tuple[date, int, str]]:
    rows = Lesson.objects.filter(course=course, on__range=(first, last)).order_by("on", "number")
    return list(rows.values_list("on", "number", "state"))


def test_another_teacher_stands_on_the_lesson_and_the_log_keeps_who_was_absent(cast: Cast):
    row = substitute(cast)

    assert lesson(cast.algebra).teacher == cast.substitute
    row.refresh_from_db()
    assert (row.kind, row.absent_teacher, row.acting_teacher) == ("OTHER_TEACHER", cast.teacher, cast.substitute)
    assert (row.old_on, row.old_number, row.reason, row.order) == (TODAY, 2, "Болезнь учителя", "Приказ № 91")
    assert row.made_by == cast.users["deputy"].person.employee


def test_the_ledger_tells_of_it_once(cast: Cast):
    substitute(cast)
    substitute(cast)

    told = body("register.substitute_lesson")
    assert told["before"]["teacher"] == f"people.Employee:{cast.teacher.pk}"
    assert told["after"]["teacher"] == f"people.Employee:{cast.substitute.pk}"
    assert (told["reason"], told["after"]["order"]) == ("Болезнь учителя", "Приказ № 91")
    assert Substitution.objects.count() == 1


def test_a_busy_teacher_is_refused_unless_it_is_meant(cast: Cast):
    with pytest.raises(Refused) as refusal:
        substitute(cast, lesson(cast.english_2))
    assert refusal.value.verdict.code == "TEACHER_BUSY"
    assert not Substitution.objects.exists()

    row = substitute(cast, lesson(cast.english_2), overrule=True)

    assert row.in_spite_of.startswith("В это время у учителя свой урок: 8А · 1 подгруппа")


def test_one_teacher_cannot_take_two_lessons_of_one_time_in_one_save(cast: Cast):
    actor, other = cast.actor("deputy"), cast.teacher
    wishes = [Wish(lesson(one).pk, "OTHER_TEACHER", acting=other) for one in (cast.english_1, cast.english_2)]

    with pytest.raises(verbs.NotArranged) as refusal:
        verbs.arrange(actor, wishes, **by(cast))

    assert [one.verdict.code for one in refusal.value.judged] == ["", "TEACHER_BUSY"]
    assert not Substitution.objects.exists()
    assert lesson(cast.english_1).teacher == cast.substitute


def test_a_dismissed_teacher_is_refused(cast: Cast):
    gone = Employee.objects.get(dismissed_on__isnull=False)

    with pytest.raises(Refused) as refusal:
        substitute(cast, acting=gone)

    assert refusal.value.verdict.sentence == "Учитель уволен 01.10.2026: выберите другого."


def test_a_closed_year_is_refused(cast: Cast):
    AcademicYear.objects.update(state=AcademicYear.State.CLOSED)

    with pytest.raises(Refused) as refusal:
        substitute(cast)

    assert refusal.value.verdict.code == "YEAR_CLOSED"


def test_a_reason_is_needed(cast: Cast):
    with pytest.raises(Refused) as refusal:
        substitute(cast, reason="  ")

    assert refusal.value.verdict.code == "NO_REASON"


def test_a_held_lesson_is_said_afterwards_to_be_given_by_another(cast: Cast):
    Lesson.objects.filter(pk=cast.today_lesson.pk).update(state="HELD")

    substitute(cast)

    assert (lesson(cast.algebra).teacher, lesson(cast.algebra).state) == (cast.substitute, "HELD")


def test_joined_groups_go_to_the_teacher_and_room_of_the_other(cast: Cast):
    mine, theirs = lesson(cast.english_1), lesson(cast.english_2)

    row = verbs.join(cast.actor("deputy"), mine, with_lesson=theirs, **by(cast))

    mine.refresh_from_db()
    assert (mine.teacher, mine.room.name) == (cast.class_teacher, "102")
    assert (row.joined_with, row.acting_teacher, row.old_room.name) == (theirs, cast.class_teacher, "101")

    verbs.withdraw(cast.actor("deputy"), row, at=AT)

    mine.refresh_from_db()
    assert (mine.teacher, mine.room.name) == (cast.substitute, "101")


def test_lessons_of_different_times_cannot_be_joined(cast: Cast):
    with pytest.raises(Refused) as refusal:
        verbs.join(cast.actor("deputy"), lesson(cast.english_1), with_lesson=lesson(cast.russian), **by(cast))

    assert refusal.value.verdict.code == "NOT_AT_ONCE"


def test_lessons_are_cancelled_by_an_order_and_planned_again(cast: Cast):
    both = [lesson(cast.algebra), lesson(cast.russian)]

    rows = verbs.cancel(cast.actor("deputy"), both, **by(cast))

    assert [lesson(one).state for one in (cast.algebra, cast.russian)] == ["CANCELLED", "CANCELLED"]
    assert Entry.objects.filter(verb="register.cancel_lesson").count() == 2

    verbs.withdraw(cast.actor("deputy"), rows[0], at=AT)

    assert [lesson(one).state for one in (cast.algebra, cast.russian)] == ["PLANNED", "CANCELLED"]


def test_a_held_lesson_is_not_cancelled_and_neither_are_the_others(cast: Cast):
    Lesson.objects.filter(pk=lesson(cast.russian).pk).update(state="HELD")

    with pytest.raises(Refused) as refusal:
        verbs.cancel(cast.actor("deputy"), [lesson(cast.algebra), lesson(cast.russian)], **by(cast))

    assert refusal.value.verdict.code == "LESSON_HELD"
    assert lesson(cast.algebra).state == "PLANNED"


def test_a_moved_lesson_takes_its_topic_along_and_comes_back(cast: Cast):
    Lesson.objects.filter(pk=cast.today_lesson.pk).update(topic="Корни")

    row = verbs.move(cast.actor("deputy"), cast.today_lesson, on=WEDNESDAY, number=5, **by(cast))

    moved = Lesson.objects.get(pk=cast.today_lesson.pk)
    assert (moved.on, moved.number, moved.topic) == (WEDNESDAY, 5, "Корни")
    assert (row.old_on, row.old_number, row.new_on, row.new_number) == (TODAY, 2, WEDNESDAY, 5)

    verbs.withdraw(cast.actor("deputy"), row, at=AT)
    verbs.withdraw(cast.actor("deputy"), row, at=AT)

    moved.refresh_from_db()
    assert (moved.on, moved.number) == (TODAY, 2)
    assert Entry.objects.filter(verb="register.withdraw_substitution").count() == 1


def test_a_lesson_takes_the_place_that_another_of_one_order_leaves(cast: Cast):
    first, second = cast.today_lesson, lesson(cast.algebra, FRIDAY)
    wishes = [
        Wish(second.pk, Substitution.Kind.MOVED, on=WEDNESDAY, number=5),
        Wish(first.pk, Substitution.Kind.MOVED, on=FRIDAY, number=2),
    ]

    verbs.arrange(cast.actor("deputy"), wishes, **by(cast))

    first.refresh_from_db()
    second.refresh_from_db()
    assert [(one.on, one.number) for one in (first, second)] == [(FRIDAY, 2), (WEDNESDAY, 5)]


def test_a_lesson_is_not_moved_onto_another_unless_it_is_meant(cast: Cast):
    asked = {"on": TODAY, "number": 3} | by(cast)

    with pytest.raises(Refused) as refusal:
        verbs.move(cast.actor("deputy"), cast.today_lesson, **asked)
    row = verbs.move(cast.actor("deputy"), cast.today_lesson, overrule=True, **asked)

    assert refusal.value.verdict.code == "CLASH"
    assert row.in_spite_of == refusal.value.verdict.sentence
    assert body("register.move_lesson")["after"]["in_spite_of"] == row.in_spite_of


def test_a_lesson_is_not_moved_to_a_free_day_unless_it_is_meant(cast: Cast):
    saturday = date(2026, 11, 21)

    with pytest.raises(Refused) as refusal:
        verbs.move(cast.actor("deputy"), cast.today_lesson, on=saturday, number=1, **by(cast))

    assert refusal.value.verdict.code == "NO_SCHOOL_DAY"
    assert verbs.move(cast.actor("deputy"), cast.today_lesson, on=saturday, number=1, overrule=True, **by(cast))


def test_a_place_of_the_same_course_is_taken_also_by_a_cancelled_lesson(cast: Cast):
    Lesson.objects.filter(pk=lesson(cast.algebra, FRIDAY).pk).update(state="CANCELLED")

    with pytest.raises(Refused) as refusal:
        verbs.move(cast.actor("deputy"), cast.today_lesson, on=FRIDAY, number=2, overrule=True, **by(cast))

    assert refusal.value.verdict.code == "PLACE_TAKEN"


def test_the_last_change_is_taken_back_first(cast: Cast):
    moved = verbs.move(cast.actor("deputy"), cast.today_lesson, on=WEDNESDAY, number=5, **by(cast))
    given = substitute(cast, Lesson.objects.get(pk=cast.today_lesson.pk))

    with pytest.raises(Refused) as refusal:
        verbs.withdraw(cast.actor("deputy"), moved, at=AT)
    verbs.withdraw(cast.actor("deputy"), given, at=AT)
    verbs.withdraw(cast.actor("deputy"), moved, at=AT)

    assert refusal.value.verdict.code == "NOT_LATEST"
    assert (lesson(cast.algebra).number, lesson(cast.algebra).teacher) == (2, cast.teacher)


def test_what_the_substitute_wrote_is_not_ascribed_to_another_without_a_reason(cast: Cast):
    row = substitute(cast)
    Lesson.objects.filter(pk=cast.today_lesson.pk).update(state="HELD")

    with pytest.raises(Refused) as refusal:
        verbs.withdraw(cast.actor("deputy"), row, at=AT)
    verbs.withdraw(cast.actor("deputy"), row, reason="Урок дала сама Копылова", at=AT)

    assert refusal.value.verdict.code == "REASON_NEEDED"
    assert lesson(cast.algebra).teacher == cast.teacher
    assert body("register.withdraw_substitution")["reason"] == "Урок дала сама Копылова"


def test_a_course_that_went_to_another_teacher_does_not_come_back(cast: Cast):
    row = substitute(cast, lesson(cast.algebra, NEXT_MONDAY))
    control.change_teacher(
        cast.algebra,
        teacher=cast.class_teacher,
        starts_on=FRIDAY,
        order="Приказ № 5",
        replaces=cast.teacher,
        **told(cast),
    )
    assert lesson(cast.algebra, NEXT_MONDAY).teacher == cast.substitute

    verbs.withdraw(cast.actor("deputy"), row, at=AT)

    assert lesson(cast.algebra, NEXT_MONDAY).teacher == cast.class_teacher


def test_only_the_acting_teacher_says_that_he_knows(cast: Cast):
    row = substitute(cast)

    with pytest.raises(Refused) as refusal:
        verbs.acknowledge(cast.actor("teacher"), row, at=AT)
    verbs.acknowledge(cast.actor("substitute"), row, at=AT)
    verbs.acknowledge(cast.actor("substitute"), row, at=make.moment(FRIDAY))

    row.refresh_from_db()
    assert refusal.value.verdict.code == "NOT_ACTING"
    assert row.acknowledged_at == AT
    assert Entry.objects.filter(verb="register.acknowledge_substitution").count() == 1


# Planning anew


@pytest.fixture
def school(cast: Cast) -> Cast:
    generate_lessons(cast.year, **told(cast))
    return cast


def test_planning_anew_keeps_every_kind_as_it_stands(school: Cast):
    actor = school.actor("deputy")
    substitute(school, lesson(school.algebra, NEXT_MONDAY))
    verbs.cancel(actor, [lesson(school.russian, NEXT_MONDAY)], **by(school))
    verbs.join(
        actor, lesson(school.english_1, NEXT_MONDAY), with_lesson=lesson(school.english_2, NEXT_MONDAY), **by(school)
    )
    verbs.move(actor, lesson(school.algebra, FRIDAY), on=WEDNESDAY, number=6, **by(school))
    before = list(Lesson.objects.order_by("pk").values())

    done = generate_lessons(school.year, **told(school))

    assert done.changes_nothing
    assert list(Lesson.objects.order_by("pk").values()) == before


@pytest.mark.parametrize("week", [(TODAY, date(2026, 11, 22)), (date(2026, 11, 23), date(2026, 11, 29))])
def test_a_lesson_moved_to_another_week_is_made_anew_in_neither(school: Cast, week):
    verbs.move(school.actor("deputy"), lesson(school.algebra, FRIDAY), on=date(2026, 11, 25), number=6, **by(school))
    before = list(Lesson.objects.order_by("pk").values())

    assert generate_lessons(school.year, first=week[0], last=week[1], **told(school)).changes_nothing
    assert list(Lesson.objects.order_by("pk").values()) == before


def test_a_new_timetable_that_wants_the_very_place_of_a_moved_lesson_makes_none_beside_it(school: Cast):
    verbs.move(
        school.actor("deputy"), lesson(school.algebra, NEXT_MONDAY), on=date(2026, 11, 25), number=2, **by(school)
    )
    slots = [NewSlot(day, 2, school.algebra, school.teacher) for day in (1, 3, 5)]

    control.adopt_timetable(school.year, starts_on=NEXT_MONDAY, slots=slots, **told(school))

    assert places(school.algebra, NEXT_MONDAY, date(2026, 11, 29)) == [
        (date(2026, 11, 25), 2, "PLANNED"),
        (date(2026, 11, 27), 2, "PLANNED"),
    ]


def test_a_substitute_goes_along_within_the_day(school: Cast):
    row = substitute(school, lesson(school.algebra, NEXT_MONDAY))
    slots = [NewSlot(1, 5, school.algebra, school.teacher), NewSlot(5, 2, school.algebra, school.teacher)]

    control.adopt_timetable(school.year, starts_on=NEXT_MONDAY, slots=slots, **told(school))

    stands = lesson(school.algebra, NEXT_MONDAY)
    row.refresh_from_db()
    assert (stands.number, stands.teacher, row.old_number) == (5, school.substitute, 5)


def test_a_day_off_cancels_a_substituted_lesson_and_keeps_it_in_the_log(school: Cast):
    row = substitute(school, lesson(school.algebra, NEXT_MONDAY))
    off = {"on": NEXT_MONDAY, "title": "Карантин", **told(school)}

    done = control.change_day(school.year, kind="OFF", **off)
    assert (done.cancelled, lesson(school.algebra, NEXT_MONDAY).state) == (1, "CANCELLED")
    control.change_day(school.year, on=NEXT_MONDAY, kind="CLEAR", **told(school))

    stands = lesson(school.algebra, NEXT_MONDAY)
    assert (stands.pk, stands.state, stands.teacher) == (row.lesson_id, "PLANNED", school.substitute)


def test_a_cancelled_lesson_is_not_planned_again_by_a_free_day_taken_back(school: Cast):
    verbs.cancel(school.actor("deputy"), [lesson(school.algebra, NEXT_MONDAY)], **by(school))

    control.change_day(school.year, on=NEXT_MONDAY, kind="OFF", title="Мороз", **told(school))
    control.change_day(school.year, on=NEXT_MONDAY, kind="CLEAR", **told(school))

    assert places(school.algebra, NEXT_MONDAY, date(2026, 11, 29)) == [
        (NEXT_MONDAY, 2, "CANCELLED"),
        (date(2026, 11, 27), 2, "PLANNED"),
    ]


def test_a_moved_lesson_follows_its_course_to_another_teacher(school: Cast):
    verbs.move(
        school.actor("deputy"), lesson(school.algebra, NEXT_MONDAY), on=date(2026, 11, 25), number=6, **by(school)
    )

    control.change_teacher(
        school.algebra,
        teacher=school.class_teacher,
        starts_on=FRIDAY,
        order="Приказ",
        replaces=school.teacher,
        **told(school),
    )

    assert lesson(school.algebra, date(2026, 11, 25)).teacher == school.class_teacher


def test_a_withdrawn_substitution_keeps_its_empty_lesson_from_being_deleted(school: Cast):
    row = substitute(school, lesson(school.algebra, NEXT_MONDAY))
    verbs.withdraw(school.actor("deputy"), row, at=AT)

    control.change_day(school.year, on=NEXT_MONDAY, kind="OFF", title="Карантин", **told(school))

    assert lesson(school.algebra, NEXT_MONDAY).state == "CANCELLED"


def test_the_preview_says_what_planning_does(school: Cast):
    substitute(school, lesson(school.algebra, NEXT_MONDAY))

    done = preview_lessons(
        school.year, calendar=calendar_of(school.year), first=school.year.starts_on, last=school.year.ends_on, at=AT
    )

    assert done.changes_nothing


def test_many_at_once_cost_no_more_queries_than_one(cast: Cast, django_assert_max_num_queries):
    lessons = [lesson(cast.algebra, on) for on in (NEXT_MONDAY, FRIDAY, TODAY)]

    with django_assert_max_num_queries(16) as one:
        verbs.cancel(cast.actor("deputy"), [lesson(cast.russian)], **by(cast))
    with django_assert_max_num_queries(len(one)):
        verbs.cancel(cast.actor("deputy"), lessons, **by(cast))
