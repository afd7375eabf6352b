"""Thematic plans of the demo: the shipped workbook, lessons that follow it with a lag, and a correction."""

from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path

from letopis.demo.lessons import Season
from letopis.exchange.plans.actions import import_plans
from letopis.exchange.plans.reading import read_plans
from letopis.ledger.actions import Author
from letopis.org.actions import system_author
from letopis.org.queries import policies
from letopis.register.access import courses_to_plan
from letopis.register.actions.plan import Correction, change_plan, link_lessons
from letopis.register.queries.plan_facts import facts_of_courses, plan_facts
from letopis.rules.names import match_key
from letopis.rules.plan import STUDIED
from letopis.schooling.models import Course, PlanCorrection, PlanTopic, Workload

SAMPLE = Path(__file__).resolve().parents[2] / "samples" / "thematic-plans-17.xlsx"
OFF_PLAN_EVERY = 11
"""One lesson of so many goes another way than the plan."""
CORRECTED_AFTER = (11, 5)
"""Month and day from which one plan has been corrected."""


def prepare(season: Season) -> None:
    """Bring the plans in before the year, and say which topic each of its lessons will have. Twice is harmless."""
    if season.is_past:
        return
    year = season.year
    day = date(year.starts_on.year, 8, 28)
    courses = courses_to_plan(year, actor=None)
    book = read_plans(SAMPLE, policy=policies(year.organisation).on(day))
    known = {(match_key(one.subject.name), getattr(one, "grade", None)) for one in courses}
    fitting = tuple(one for one in book.sheets if (match_key(one.subject), one.grade) in known)
    planned = [one for one in courses if PlanTopic.objects.filter(course__year=year, course=one).exists()]
    if fitting and not planned:
        correction = Correction(
            by=system_author(year.organisation), at=_moment(season, day), on=day, reason=f"Файл {SAMPLE.name}",
        )  # fmt: skip
        report = import_plans(replace(book, sheets=fitting), year=year, actor=None, correction=correction)
        assert not report.problems, report.problems[:3]  # noqa: S101 (the shipped workbook)
        planned = [one.course for one in report.courses]
    for facts in facts_of_courses(planned).values():
        titles = iter([topic.title for topic in facts.topics if topic.fate in STUDIED for _hour in range(topic.hours)])
        for index, lesson in enumerate(facts.lessons):
            if index % OFF_PLAN_EVERY != OFF_PLAN_EVERY - 1 and (title := next(titles, None)):
                season.plan_words[lesson.pk] = title


def add(season: Season, *, on: date) -> None:
    """Link the lessons that were held to the topics they gave, and correct one plan. Twice is harmless."""
    if season.is_past:
        return
    courses = Course.objects.filter(plan_topics__organisation=season.year.organisation, year=season.year).distinct()
    for course in courses.select_related("subject", "group__school_class").order_by("pk"):
        teacher = _teacher(season, course)
        by = teacher[0] if teacher else system_author(season.year.organisation)
        link_lessons(course, correction=Correction(by=by, at=_moment(season, on), on=on))
        if teacher and match_key(course.subject.name) == "алгебра":
            _correct(season, course, by=by, teacher_id=teacher[1], on=on)


def _correct(season: Season, course: Course, *, by: Author, teacher_id: int, on: date) -> None:
    """Shorten two long topics and put one off, as a teacher does whose hours do not fit the year."""
    day = date(season.year.starts_on.year, *CORRECTED_AFTER)
    if on < day or PlanCorrection.objects.filter(course=course).exists():
        return
    items = list(plan_facts(course).items())
    open_places = [place for place, one in enumerate(items) if not one.given and not one.work_kind]
    longest = sorted(open_places, key=lambda place: -items[place].hours)[:2]
    for place in longest:
        items[place] = replace(items[place], hours=items[place].hours - 1)
    put_off = next((place for place in reversed(open_places) if place not in longest), None)
    if put_off is None or any(items[place].hours < 1 for place in longest):
        return
    items[put_off] = replace(items[put_off], fate=PlanTopic.Fate.NEXT_YEAR)
    reason = "Праздничные дни и совпадение уроков с выходными, решение методического объединения № 2"
    change_plan(
        course,
        items,
        correction=Correction(by=by, at=_moment(season, day), on=day, reason=reason, made_by_id=teacher_id),
    )


def _teacher(season: Season, course: Course) -> tuple[Author, int] | None:
    row = Workload.objects.filter(course=course, teacher__isnull=False, ends_on=None).order_by("pk").first()
    if row is None or row.teacher_id is None or row.teacher_id not in season.authors:
        return None
    return season.authors[row.teacher_id], row.teacher_id


def _moment(season: Season, on: date) -> datetime:
    return datetime.combine(on, time(16), season.zone)
