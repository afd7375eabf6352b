"""Duties made from the facts of a scope."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from letopis.control.queries.obligations.facts import Facts
from letopis.register.queries import obligations as facts
from letopis.rules.obligations import (
    ABSENCE_REASON,
    ACCUMULATION,
    DONE_LATE,
    HOMEWORK,
    LESSON_KINDS,
    MARKS,
    OPEN,
    PLAN,
    REMARK,
    ROSTER,
    TERM_MARK,
    AbsenceFacts,
    Obligation,
    PlanFacts,
    TermFacts,
    absence_obligation,
    accumulation_obligation,
    lesson_obligations,
    plan_obligation,
    remark_obligation,
    roster_obligations,
    takes_marks,
    term_mark_obligation,
    work_obligation,
)
from letopis.schooling.queries import page_facts
from letopis.schooling.queries.page_facts import PageRow, on_duty


class Duties(Facts):
    """The duties of one scope at one moment."""

    def of(self, kinds: Collection[str]) -> Iterator[Obligation]:
        """Give the duties of these kinds."""
        of_lessons = [kind for kind in LESSON_KINDS if kind in kinds]
        if of_lessons:
            yield from self._of_lessons(frozenset(of_lessons))
        makers = {
            MARKS: self._of_works,
            ABSENCE_REASON: self._of_absences,
            TERM_MARK: self._of_term_marks,
            ACCUMULATION: self._of_accumulation,
            ROSTER: self._of_rosters,
            PLAN: self._of_plans,
            REMARK: self._of_remarks,
        }
        for kind, make in makers.items():
            if kind in kinds:
                yield from make()

    def _of_lessons(self, kinds: frozenset[str]) -> Iterator[Obligation]:
        ends = self.lessons_ends if HOMEWORK in kinds else {}
        pages, judge = self.pages, self.judge
        for course, lesson in self.lessons:
            page = pages[course].page
            end = ends.get((page.school_class, lesson.on)) if ends else None
            yield from lesson_obligations(lesson, page, judge=judge, lessons_end=end, kinds=kinds)

    def _of_works(self) -> Iterator[Obligation]:
        pages = {course: row.page for course, row in self.pages.items()}
        kinds = {kind for policy in self.policies for kind in self.judge.works(policy)}
        lessons = self.scope.lessons().filter(on__lte=self.until)
        works = facts.work_rows(lessons, kinds=kinds, pages=pages, present=self.members.of)
        following = self.following({course for course, _work in works})
        found = []
        for course, work in works:
            row = self.pages[course]
            term = next((one for one in self.terms_of(row) if one.starts_on <= work.on <= one.ends_on), None)
            one = work_obligation(
                work,
                row.page,
                judge=self.judge,
                period_end=term.ends_on if term else None,
                following=following.get(course, ()),
            )
            if one is not None:
                found.append(one)
        yield from self._forgive_made_up(found)

    def _forgive_made_up(self, found: list[Obligation]) -> Iterator[Obligation]:
        """Give the works; one whose last mark is of a pupil who was absent is as late as the last of the others."""
        late = {one.ref[1]: one for one in found if one.state == DONE_LATE}
        others = facts.last_marks_of_present(int(pk) for pk in late) if late else {}
        for one in found:
            if one.ref[1] in late and one.of > 1:
                at = others.get(int(one.ref[1]))
                yield one._replace(closed_at=at, state=self.judge.of(one.due).closed(at))
            else:
                yield one

    def _of_absences(self) -> Iterator[Obligation]:
        classes = None if self.scope.is_whole else list(self.leaders)
        for row in facts.absence_rows(self.scope, classes=classes, until=self.until):
            klass = self.classes[row.school_class]
            who = on_duty(self.leaders.get(row.school_class, ()), row.on)
            said = AbsenceFacts(row.on, who, row.absences, row.unset, row.last_at)
            yield absence_obligation(said, klass.page, code=klass.code, judge=self.judge)

    def _of_term_marks(self) -> Iterator[Obligation]:
        due = [term for term in self.begun_terms if self._is_asked(term)]
        put = self._put_in(due) if due else {}
        for row, term in self._page_terms(due):
            pupils = self.members.of(row.page, term.ends_on)
            results = put.get(term.term, {}).get(row.page.subject, {})
            there = pupils & results.keys()
            moments = [at for pupil in there if (at := results[pupil])]
            one = term_mark_obligation(
                term,
                row.page,
                who=self.teacher_of(row.page.course, term.ends_on),
                pupils=len(pupils),
                missing=len(pupils) - len(there),
                last_at=max(moments, default=None),
                judge=self.judge,
            )
            if one is not None:
                yield one

    def _put_in(self, terms: Iterable[TermFacts]) -> Mapping[int, dict[int, Any]]:
        pages = [row.page for row in self.pages.values()]
        subjects, groups = {page.subject for page in pages}, {page.group for page in pages}
        keys, today = [term.term for term in terms], self.judge.today
        return facts.term_mark_rows(self.scope, keys, subjects=subjects, groups=groups, today=today)

    def _is_asked(self, term: TermFacts) -> bool:
        due = self.judge.finder.term_mark(term.ends_on)
        return term.ends_on <= self.judge.today or self.judge.of(due).state != OPEN

    def _of_accumulation(self) -> Iterator[Obligation]:
        for row, term in self._page_terms(self.begun_terms):
            said = self.accumulation_of(row, term)
            one = accumulation_obligation(
                said,
                term,
                row.page,
                who=self.teacher_of(row.page.course, min(term.ends_on, self.until)),
                weekly_hours=row.weekly_hours,
                judge=self.judge,
            )
            if one is not None:
                yield one

    def _of_rosters(self) -> Iterator[Obligation]:
        rosters = page_facts.roster_facts(self.year, leaders=self.leaders, today=self.until)
        for school_class, roster in rosters.items():
            klass = self.classes[school_class]
            for one in roster_obligations(roster, klass.page, code=klass.code, judge=self.judge):
                if (one.is_open and one.since <= self.until + timedelta(days=31)) or self._is_within(one.since):
                    yield one

    def _of_plans(self) -> Iterator[Obligation]:
        for course, (planned, given) in self.plans.items():
            if course in self.pages:
                who = self.teacher_of(course, self.until)
                page = self.pages[course].page
                yield plan_obligation(PlanFacts(planned, given), page, who=who, on=self.until, judge=self.judge)

    def _of_remarks(self) -> Iterator[Obligation]:
        for row in facts.remark_rows(self.scope, zone=self.zone):
            page = self.pages[row.course].page if row.course in self.pages else None
            if page is None and row.school_class in self.classes:
                page = self.classes[row.school_class].page
            if page is not None:
                yield remark_obligation(row.facts, page, judge=self.judge)

    def marked_pages(self) -> Iterator[tuple[PageRow, TermFacts]]:
        """Give the pages that take marks with the terms that have begun."""
        for row, term in self._page_terms(self.begun_terms):
            if takes_marks(row.page, policy=self.judge.finder.policy_on(min(term.ends_on, self.until))):
                yield row, term

    def _page_terms(self, terms: Iterable[TermFacts]) -> Iterator[tuple[PageRow, TermFacts]]:
        """Give the pages with the terms by which they are marked; of a teacher those he has on the last day."""
        wanted = set(terms)
        if not wanted:
            return
        for row in self.pages.values():
            for term in self.terms_of(row):
                if term in wanted and self._is_his(row, min(term.ends_on, self.until)):
                    yield row, term

    def _is_his(self, row: PageRow, day: date) -> bool:
        return self.scope.teacher is None or self.teacher_of(row.page.course, day) == self.scope.teacher

    def _is_within(self, day: date) -> bool:
        return self.scope.first <= day <= self.scope.last
