"""The facts that duties of one scope are found from: each read once, when it is asked for."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q

from letopis.org.queries import policies
from letopis.register.queries import obligations as facts
from letopis.register.queries.obligations import Scope
from letopis.register.queries.programme import plan_hours
from letopis.rules.calendar import FIVE_DAY_WEEK, SIX_DAY_WEEK
from letopis.rules.deadlines import Due, DueFinder
from letopis.rules.obligations import LATE, AccumulationFacts, Judge, LessonFacts, TermFacts, terms_of_page
from letopis.rules.policy import DAYS, HOURS, LESSONS, MINUTES, WORKING_DAYS, Limit, Policy
from letopis.rules.policy.editions import Editions
from letopis.rules.terms import period_kind
from letopis.schooling.models import Course, SchoolClass
from letopis.schooling.queries import page_facts
from letopis.schooling.queries.page_facts import PageRow, on_duty
from letopis.schooling.queries.years import calendar_of


class Facts:
    """The facts of one scope at one moment."""

    def __init__(self, scope: Scope, *, now: datetime) -> None:
        """Take the scope; its year has the organisation joined in."""
        self.scope, self.year = scope, scope.year
        organisation = scope.year.organisation
        self.zone = ZoneInfo(organisation.time_zone)
        self.editions: Editions = policies(organisation)
        self.policies = _editions_between(self.editions, scope.first, scope.last)
        finder = DueFinder(
            self.editions,
            zone=self.zone,
            calendar=calendar_of(scope.year) if any(map(_asks_calendar, self.policies)) else None,
            weekdays=SIX_DAY_WEEK if organisation.week_days == 6 else FIVE_DAY_WEEK,
        )
        self.judge = Judge(finder, now=now)
        self.until = min(scope.last, self.judge.today)

    @cached_property
    def pages(self) -> dict[int, PageRow]:
        """Pages by course: all of the year, or those that the scope's teacher has to do with."""
        return page_facts.page_rows(self._courses)

    @cached_property
    def classes(self) -> dict[int, page_facts.ClassRow]:
        """Classes of the year by key, in the order of lists."""
        return page_facts.class_rows(SchoolClass.objects.filter(year=self.year))

    @cached_property
    def terms(self) -> list[tuple[TermFacts, int, int]]:
        return page_facts.term_rows(self.year)

    @cached_property
    def teachers(self) -> dict[int, list[tuple[date, date | None, int]]]:
        """Who teaches each course from which day to which."""
        return page_facts.teachers_of_pages(self._courses)

    @cached_property
    def leaders(self) -> dict[int, list[tuple[date, date | None, int]]]:
        """Who leads each class from which day to which."""
        found = page_facts.class_teachers(self.year)
        scope = self.scope
        if scope.school_class is not None:
            return {key: spans for key, spans in found.items() if key == scope.school_class}
        if scope.teacher is not None:
            return {key: spans for key, spans in found.items() if any(who == scope.teacher for _a, _b, who in spans)}
        return found if scope.course is None else {}

    @cached_property
    def members(self) -> page_facts.Members:
        groups = None if self.scope.is_whole else {row.page.group for row in self.pages.values()}
        return page_facts.members(self.year, groups)

    @cached_property
    def lessons(self) -> list[tuple[int, LessonFacts]]:
        """Course and facts of each lesson that was."""
        return facts.lesson_rows(self.scope, until=self.until)

    @cached_property
    def marks(self) -> dict[TermFacts, dict[tuple[int, int], facts.MarksOf]]:
        """Marks by subject and pupil of each term that the scope lies in."""
        return {term: self._marks_of(term) for term in self.begun_terms}

    @cached_property
    def plans(self) -> dict[int, tuple[int, int]]:
        """Hours planned and given by course."""
        return plan_hours(self.year, on=self.until, courses=None if self.scope.is_whole else list(self.pages))

    def terms_of(self, row: PageRow) -> list[TermFacts]:
        """Return the terms by which a page is marked."""
        page = row.page
        key = (page.grade, page.subject_name, row.weekly_hours)
        found = self._known_terms.get(key)
        if found is None:
            policy = self.judge.finder.policy_on(self.until)
            here = [term for term, low, high in self.terms if low <= page.grade <= high]
            kind = period_kind(
                grade=page.grade, subject=page.subject_name, weekly_hours=row.weekly_hours, policy=policy
            )
            found = self._known_terms[key] = terms_of_page(here, kind=kind)
        return found

    def teacher_of(self, course: int, day: date) -> int | None:
        """Return who teaches a course on a day."""
        return on_duty(self.teachers.get(course, ()), day)

    def accumulation_of(self, row: PageRow, term: TermFacts) -> AccumulationFacts:
        """Return the marks of the pupils who are on the page on the last day asked for."""
        marks, subject = self.marks[term], row.page.subject
        pupils = self.members.of(row.page, min(term.ends_on, self.until))
        those = [marks.get((subject, pupil), _NO_MARKS) for pupil in pupils]
        return AccumulationFacts([one.all for one in those], [one.timely for one in those])

    @cached_property
    def _courses(self) -> Any:
        scope, courses = self.scope, Course.objects.filter(year=self.year)
        if scope.teacher is not None:
            return courses.filter(
                Q(pk__in=scope.lessons().order_by().values("course"))
                | Q(workloads__teacher=scope.teacher)
                | Q(remarks__teacher=scope.teacher)
            ).distinct()
        if scope.school_class is not None:
            return courses.filter(group__school_class=scope.school_class)
        return courses if scope.course is None else courses.filter(pk=scope.course)

    @cached_property
    def _known_terms(self) -> dict[Any, list[TermFacts]]:
        return {}

    @cached_property
    def begun_terms(self) -> list[TermFacts]:
        """Terms by which some page is marked, that share a day with the scope and have begun."""
        marked = (term for row in self.pages.values() for term in self.terms_of(row))
        asked = (term for term in marked if term.starts_on <= self.until)
        return list(dict.fromkeys(term for term in asked if term.ends_on >= self.scope.first))

    def _marks_of(self, term: TermFacts) -> dict[tuple[int, int], facts.MarksOf]:
        pages = [row.page for row in self.pages.values() if term in self.terms_of(row)]
        if not pages:
            return {}
        due = self.judge.finder.term_mark(term.ends_on)
        is_over = isinstance(due, Due) and self.judge.of(due).state == LATE
        found = facts.mark_counts(
            self.scope,
            term,
            subjects={page.course: page.subject for page in pages},
            grades={page.grade for page in pages},
            before=due.effective if is_over and isinstance(due, Due) else None,
            signs=[symbol.code for symbol in self.judge.policy.symbols],
        )
        for key, count in self._brought.get(term.term, {}).items():
            known = found.get(key, _NO_MARKS)
            found[key] = facts.MarksOf(known.all + count, known.timely + count)
        return found

    @cached_property
    def _brought(self) -> dict[int, dict[tuple[int, int], int]]:
        return facts.brought_marks([term.term for term in self.begun_terms])

    @cached_property
    def lessons_ends(self) -> dict[tuple[int, date], datetime]:
        """When the last lesson of each class ends on the days on which that decides whether homework is late."""
        limits = [policy.homework_limit for policy in self.policies]
        if not any(limit and limit.unit not in (DAYS, WORKING_DAYS) for limit in limits):
            return {}
        bells, pages = facts.bells(self.year), self.pages
        last: dict[tuple[int, date], int] = {}
        asked = set()
        for course, lesson in self.lessons:
            page = pages[course].page
            key = (page.school_class, lesson.on)
            last[key] = max(last.get(key, 0), lesson.number)
            if not self._is_settled(lesson, bells.get((page.shift, lesson.number))):
                asked.add(key)
        if asked and not self.scope.is_whole:
            classes, days = {key for key, _on in asked if key}, {on for _key, on in asked}
            last |= facts.last_lessons(self.year, classes=classes, days=days)
        shifts = {row.page.school_class: row.page.shift for row in pages.values()}
        ends = ((key, bells.get((shifts[key[0]], last[key]))) for key in last if key[0] in shifts)
        return {key: datetime.combine(key[1], at, self.zone) for key, at in ends if at}

    def _is_settled(self, lesson: LessonFacts, own_end: time | None) -> bool:
        """Say whether homework is in time already by the end of its own lesson, whenever the others end."""
        at = lesson.set_at or lesson.held_at or lesson.attendance_at
        if not lesson.said or at is None:
            return lesson.said
        limit = self.judge.finder.policy_on(lesson.on).homework_limit
        if own_end is None or limit is None or limit.unit not in (MINUTES, HOURS):
            return limit is None
        span = timedelta(minutes=limit.amount) if limit.unit == MINUTES else timedelta(hours=limit.amount)
        return at <= datetime.combine(lesson.on, own_end, self.zone) + span

    def following(self, courses: Collection[int]) -> dict[int, tuple[date, ...]]:
        """Return the days of lessons by course, where some deadline of marks is counted in lessons."""
        if not any(row.limit.unit == LESSONS for policy in self.policies for row in policy.mark_deadlines):
            return {}
        return {course: tuple(days) for course, days in facts.following_lessons(self.scope, courses).items()}


_NO_MARKS = facts.MarksOf(0, 0)


def _editions_between(editions: Editions, first: date, last: date) -> list[Policy]:
    days = {first, last, *(one.in_force_from for one in editions.editions if first < one.in_force_from < last)}
    return [editions.on(day) for day in sorted(days)]


def _asks_calendar(policy: Policy) -> bool:
    """Say whether some deadline depends on which days have lessons."""
    limits: list[Limit | None] = [
        policy.lesson_limit, policy.attendance_limit, policy.homework_limit, policy.absence_reason_limit,
        policy.term_mark_limit, *(row.limit for row in policy.mark_deadlines),
    ]  # fmt: skip
    return policy.shift_from_days_off or any(limit and limit.unit == WORKING_DAYS for limit in limits)
