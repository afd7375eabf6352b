"""Automatic remarks and reminders from the duties of a school: by the job of the night, by command, twice."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from letopis.config.cli import main
from letopis.control import jobs
from letopis.control.actions.remarks import make_automatic_remarks
from letopis.control.actions.reminders import remind
from letopis.core.models import Job
from letopis.ledger.models import Entry
from letopis.notices.models import Notice
from letopis.register.models import Homework, Lesson, Remark
from letopis.schooling.models import AcademicYear
from tests import factories as make
from tests.cast import TODAY, Cast
from tests.jobs import run_jobs
from tests.policy import adopt

AT = datetime(2026, 11, 16, 15, 30, tzinfo=ZoneInfo("Europe/Moscow"))


def silent(done: int, total: int, note: str) -> None:
    """Nobody waits in a test."""


def settle(cast: Cast, *, at: datetime = AT):
    return make_automatic_remarks(cast.organisation, at=at, report=silent)


def fill(*lessons: Lesson) -> None:
    """Write into lessons whatever they lack."""
    for lesson in lessons:
        Lesson.objects.filter(pk=lesson.pk).update(
            topic="Корни", state="HELD", attendance_taken_at=make.moment(lesson.on), topic_at=make.moment(lesson.on)
        )
        Homework.objects.get_or_create(
            organisation=lesson.organisation, lesson=lesson,
            defaults={"text": "№ 5", "set_at": make.moment(lesson.on)},
        )  # fmt: skip


def of_teacher(cast: Cast, state: str = "OPEN") -> list[str]:
    rows = Remark.objects.filter(
        teacher=cast.teacher, course=cast.algebra, state=state, text__startswith="Урок"
    ).order_by("duty")
    return [row.text for row in rows]


def test_lessons_late_by_more_than_three_days_are_one_remark_a_week(cast: Cast):
    made = settle(cast)

    # Lessons of algebra on 2, 6, 9 and 13 November; the last is late by three days, not by more.
    assert of_teacher(cast) == [
        "Урок не заполнен: 02.11.2026, 06.11.2026",
        "Урок не заполнен: 09.11.2026, 13.11.2026",
    ]
    row = Remark.objects.filter(teacher=cast.teacher).first()
    assert (row.due_on, row.made_by) == (date(2026, 11, 19), None)
    assert made.made == made.standing == Remark.objects.count()
    assert Entry.objects.filter(verb="register.make_automatic_remark").count() == made.made


def test_a_second_night_changes_nothing(cast: Cast):
    made = settle(cast)
    again = settle(cast)

    assert (again.made, again.changed, again.closed, again.standing) == (0, 0, 0, made.made)


def test_what_is_done_closes_by_itself_and_what_is_left_is_told_anew(cast: Cast):
    settle(cast)
    first, second, third, *_others = cast.lessons
    fill(first, second, third)
    done = settle(cast)

    assert (done.made, done.changed, done.closed) == (0, 1, 1)
    assert of_teacher(cast) == ["Урок не заполнен: 13.11.2026"]
    assert of_teacher(cast, "CLOSED") == ["Урок не заполнен: 02.11.2026, 06.11.2026"]


@pytest.mark.parametrize(("days", "made"), [(None, 0), (0, 2), (3, 2), (10, 1), (60, 0)])
def test_the_policy_says_from_how_late_on(cast: Cast, days, made):
    adopt(cast.organisation, automatic_remarks_after_days=days)
    settle(cast)

    assert len(of_teacher(cast)) == made


def test_a_closed_year_and_a_school_without_years_are_left_alone(cast: Cast):
    settle(cast)
    standing = Remark.objects.count()
    AcademicYear.objects.filter(pk=cast.year.pk).update(state="CLOSED")
    done = settle(cast)

    assert (done.made, done.closed, done.standing) == (0, 0, standing)
    assert make_automatic_remarks(make.make_organisation(slug="third"), at=AT, report=silent).standing == 0


def told(cast: Cast, member: str) -> list[str]:
    rows = Notice.objects.standing().filter(recipient=cast.users[member].code).order_by("key")
    return [row.title for row in rows]


def test_a_teacher_is_reminded_once_of_what_is_late_and_what_is_near(cast: Cast):
    first = remind(cast.organisation, at=AT, report=silent)
    again = remind(cast.organisation, at=AT, report=silent)

    assert first.told > 0
    assert (again.told, again.closed) == (0, 0)
    [title] = told(cast, "teacher")
    assert title == "Просрочено: 6, сегодня: 1"
    notice = Notice.objects.get(recipient=cast.users["teacher"].code)
    assert "заполнить урок – 4 (8А · Алгебра)" in notice.text
    assert told(cast, "clerk") == told(cast, "mother") == []


def test_the_reminder_closes_when_nothing_is_left(cast: Cast):
    remind(cast.organisation, at=AT, report=silent)
    fill(*Lesson.objects.filter(organisation=cast.organisation, on__lte=TODAY))
    remind(cast.organisation, at=AT, report=silent)
    assert told(cast, "teacher") == ["Просрочено: 2"]
    AcademicYear.objects.filter(pk=cast.year.pk).update(state="CLOSED")
    done = remind(cast.organisation, at=AT, report=silent)

    assert done.closed == 3
    assert told(cast, "teacher") == []


def test_director_and_deputy_are_reminded_of_the_set_up(cast: Cast):
    early = datetime(2026, 9, 1, 9, 0, tzinfo=ZoneInfo("Europe/Moscow"))
    remind(cast.organisation, at=early, report=silent)

    assert told(cast, "deputy") == told(cast, "director") == ["Готовность учебного года: осталось 4 дня"]
    remind(cast.organisation, at=AT, report=silent)
    assert told(cast, "director") == []


def test_each_errand_of_a_day_and_hour_starts_once(cast: Cast):
    at = datetime(2026, 11, 16, 8, 5, tzinfo=ZoneInfo("Europe/Moscow"))
    found = [(one.kind, one.arguments) for one in jobs.errands_due(at) if one.organisation == cast.organisation]

    assert found == [
        (jobs.REMARKS, {"day": "2026-11-16"}),
        (jobs.REMINDERS, {"day": "2026-11-16", "hour": 8}),
    ]
    assert jobs.errands_due(at.replace(hour=1)) == []
    for one in jobs.errands_due(at):
        Job.objects.create(
            organisation_code=one.organisation.code, kind=one.kind, arguments=one.arguments, created_at=at,
            started_by="system",
        )  # fmt: skip
    assert jobs.errands_due(at + timedelta(hours=1)) == []
    assert [one.arguments["hour"] for one in jobs.errands_due(at.replace(hour=15))] == [15, 15]


def test_the_number_of_queries_of_a_sweep_does_not_grow_with_schools(cast: Cast, django_assert_num_queries):
    make.make_organisation(slug="third")
    with django_assert_num_queries(2):
        jobs.errands_due(AT)


def test_the_worker_makes_remarks_and_reminds(cast: Cast):
    jobs.start_errands(AT)
    jobs.start_errands(AT)
    ran = run_jobs()

    assert ran == Job.objects.count()
    assert set(Job.objects.values_list("state", flat=True)) == {"DONE"}
    assert Remark.objects.exists()
    assert run_jobs() == 0


def test_the_commands_do_it_at_once(cast: Cast, capsys):
    assert main(["control", "remarks", "--org", cast.organisation.slug]) == 0
    assert main(["control", "reminders", "--org", cast.organisation.slug]) == 0
    said = capsys.readouterr().out

    assert f"Сделано: {Remark.objects.count()}, обновлено: 0, закрылось: 0" in said
    assert "Новых напоминаний: " in said


@pytest.mark.parametrize("name", ["remarks", "reminders"])
def test_an_unknown_school_is_told_in_a_sentence(cast: Cast, capsys, name):
    assert main(["control", name, "--org", "nowhere"]) == 2
    assert f"Организации с кодом «nowhere» нет. Есть: other, {cast.organisation.slug}." in capsys.readouterr().err
