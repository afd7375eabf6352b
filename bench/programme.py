"""Measure plan and fact of a whole school on a school that is loaded: `python -m bench.programme --org demo-5`.

The database is that of LETOPIS_VAR. Every course of the newest open year gets a plan of two-hour topics, and its held
lessons are linked to it, in a transaction that is rolled back: the figures are those of a school that plans everything.
"""

import argparse
import os
import statistics
import time

TARGET_MS, QUERIES, ROUNDS = 300.0, 11, 9


def measured(slug: str) -> list[tuple[str, str, str, str]]:
    """Return the rows for a loaded school. Needs Django set up; writes nothing that stays."""
    from datetime import timedelta

    from django.db import connection, transaction
    from django.test.utils import CaptureQueriesContext

    from letopis.accounts.models import Role, User
    from letopis.org.models import Organisation
    from letopis.people.access import actor_of, load_user
    from letopis.register.models import Lesson
    from letopis.register.queries.programme import ProgrammeFilters, programme
    from letopis.schooling.models import AcademicYear

    school = Organisation.objects.get(slug=slug)
    year = AcademicYear.objects.filter(organisation=school, state=AcademicYear.State.OPEN).latest("starts_on")
    held = Lesson.objects.filter(course__year=year, state=Lesson.State.HELD)
    today = held.latest("on").on if held.exists() else year.starts_on + timedelta(days=76)
    deputy = User.objects.filter(organisation=school, appointments__role=Role.DEPUTY).order_by("pk")[0]
    actor = actor_of(load_user(deputy.pk), today=today)
    with transaction.atomic():
        courses, topics, lessons = _plan_everything(year)
        with CaptureQueriesContext(connection) as context:
            programme(actor, year_code=str(year.code), on=today, filters=ProgrammeFilters())
        times = []
        for _ in range(ROUNDS):
            started = time.perf_counter()
            programme(actor, year_code=str(year.code), on=today, filters=ProgrammeFilters())
            times.append((time.perf_counter() - started) * 1000)
        transaction.set_rollback(True)
    median, count = statistics.median(times), len(context)
    what = f"plan and fact of a school ({courses} courses, {topics} topics, {lessons} lessons)"
    return [
        (what, f"{median:.0f} ms", f"≤ {TARGET_MS:g} ms", "ok" if median <= TARGET_MS else "MISSED"),
        (f"{what}: queries", str(count), f"≤ {QUERIES}", "ok" if count <= QUERIES else "MISSED"),
    ]


def _plan_everything(year: object) -> tuple[int, int, int]:
    """Give every course a plan as long as its year, all of it held so far; return how much of what there is."""
    from itertools import groupby

    from letopis.register.models import Lesson
    from letopis.schooling.models import Course, PlanTopic

    PlanTopic.objects.filter(course__year=year).update(fate=PlanTopic.Fate.DROPPED)
    courses = {course.pk: course for course in Course.objects.filter(year=year)}
    lessons = list(
        Lesson.objects.filter(course__year=year).exclude(state="CANCELLED").order_by("course_id", "on", "number")
    )
    topics: list[PlanTopic] = []
    gives: list[tuple[Lesson, PlanTopic]] = []
    for course_id, group in groupby(lessons, key=lambda one: one.course_id):
        for index, lesson in enumerate(group):
            if index % 2 == 0:
                topics.append(
                    PlanTopic(
                        organisation_id=lesson.organisation_id, course=courses[course_id], position=index, hours=2,
                        title=f"Тема {index}", planned_on=lesson.on,
                    )
                )  # fmt: skip
            gives.append((lesson, topics[-1]))
    PlanTopic.objects.bulk_create(topics, batch_size=2000)
    linked = [lesson for lesson, _topic in gives if lesson.state == "HELD"]
    for lesson, topic in gives:
        lesson.plan_topic = topic if lesson.state == "HELD" else None
    Lesson.objects.bulk_update(linked, ["plan_topic"], batch_size=500)
    return len(courses), len(topics), len(lessons)


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench.programme", description=__doc__)
    parser.add_argument("--org", default="demo", help="code of a loaded school")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "letopis.config.settings")
    arguments = parser.parse_args()
    import django

    django.setup()
    found = measured(arguments.org)
    for row in found:
        print("  ".join(row))
    return int(any(row[3] == "MISSED" for row in found))


if __name__ == "__main__":
    raise SystemExit(main())
