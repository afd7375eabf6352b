"""Compare a workbook of thematic plans with the courses of a year, and bring it in: all of it or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from django.db import transaction

from letopis.core.errors import Refused
from letopis.exchange.plans.reading import PlanBook, PlanProblem, PlanSheet
from letopis.org.queries import policies
from letopis.people.access import Actor
from letopis.register.access import courses_to_plan
from letopis.register.actions.plan import Correction, change_plan
from letopis.register.queries.plan_facts import PlanFacts, facts_of_courses
from letopis.rules.names import match_key
from letopis.rules.plan import STUDIED, Fit, Topic, fit_of_year
from letopis.rules.plan_changes import Change, PlanItem, changes_between, matched, may_change
from letopis.rules.verdict import refused
from letopis.schooling.models import AcademicYear, Course, GroupKind

NEW, CHANGED, SAME = "NEW", "CHANGED", "SAME"


@dataclass(frozen=True, slots=True)
class CoursePlan:
    """What the workbook would do to the plan of one course."""

    course: Course
    sheet: str
    after: tuple[PlanItem, ...]
    changes: tuple[Change, ...]
    fit: Fit
    state: str
    """NEW, CHANGED or SAME."""
    needs_reason: bool

    @property
    def title(self) -> str:
        """«Алгебра, 8А», «Иностранный язык, 8А, 1 подгруппа»."""
        group, school_class = self.course.group, self.course.group.school_class
        parts = [self.course.subject.name, school_class.title if school_class else ""]
        return ", ".join(part for part in (*parts, "" if group.kind == GroupKind.WHOLE_CLASS else group.name) if part)


@dataclass(frozen=True, slots=True)
class PlanReport:
    """What an import of plans did, or would do. With any problem nothing is written."""

    courses: tuple[CoursePlan, ...]
    problems: tuple[PlanProblem, ...]
    ignored: tuple[str, ...] = ()

    @property
    def changes_something(self) -> bool:
        return any(one.state != SAME for one in self.courses)

    @property
    def needs_reason(self) -> bool:
        return any(one.needs_reason and one.state == CHANGED for one in self.courses)

    def as_json(self) -> dict[str, Any]:
        """Return the report in the shape of `--json`."""
        return {
            "problems": [
                {"sheet": one.sheet, "cell": one.cell, "value": one.value, "message": one.message, "mend": one.mend}
                for one in self.problems
            ],
            "courses": [
                {
                    "course": one.title,
                    "sheet": one.sheet,
                    "state": one.state.lower(),
                    "changes": len(one.changes),
                    "hours": one.fit.hours,
                    "lessons": one.fit.lessons,
                }
                for one in self.courses
            ],
            "ignored": list(self.ignored),
        }


def compare_plans(book: PlanBook, *, year: AcademicYear, actor: Actor | None, correction: Correction) -> PlanReport:
    """Return what the import of a workbook would do. Writes nothing; three queries, for a teacher one more.

    actor: whose courses may be touched; None for the command line.
    """
    if book.problems:
        return PlanReport((), book.problems, book.ignored)
    courses = courses_to_plan(year, actor=actor)
    sees_all = actor is None or actor.controls
    sheets, others = (book.sheets, ()) if sees_all else _of_others(book, courses, year=year)
    targets, problems = _targets(sheets, courses, all_subjects=sees_all)
    if year.state != AcademicYear.State.OPEN:
        mend = "Загрузите план открытого учебного года."
        problems.append(PlanProblem("", "", "", f"Учебный год {year.label} закрыт: план не изменяется.", mend))
    facts = facts_of_courses([course for course, _sheet in targets])
    compared = []
    for course, sheet in targets:
        one = _compared(facts[course.pk], sheet, correction=correction)
        verdict = may_change(facts[course.pk].items(), one.after)
        if not verdict:
            problems.append(
                PlanProblem(sheet.title, "", one.title, verdict.sentence, "Исправьте лист и загрузите снова.")
            )
        compared.append(one)
    return PlanReport(tuple(compared), tuple(problems), (*book.ignored, *others))


def _of_others(
    book: PlanBook, courses: Sequence[Course], *, year: AcademicYear
) -> tuple[tuple[PlanSheet, ...], tuple[str, ...]]:
    """Return the sheets a teacher brings in, and those of other teachers: the book of a school is left aside for them.

    A book without a single sheet of his own is no book for him: all of it is judged, and refused.
    """
    own = [sheet for sheet in book.sheets if any(_is_for(sheet, one) for one in courses)]
    if not own:
        return book.sheets, ()
    school = courses_to_plan(year, actor=None)
    others = [one for one in book.sheets if one not in own and any(_is_for(one, course) for course in school)]
    kept = tuple(one for one in book.sheets if one not in others)
    return kept, tuple(f"{one.title}: эти журналы ведут другие учителя" for one in others)


@transaction.atomic
def import_plans(book: PlanBook, *, year: AcademicYear, actor: Actor | None, correction: Correction) -> PlanReport:
    """Bring the plans of a workbook in: for all its courses, or with any problem for none. Twice is harmless.

    A plan that is in use is corrected, with the reason; one that is not there yet is made. Raises Refused: NO_REASON.
    """
    report = compare_plans(book, year=year, actor=actor, correction=correction)
    if report.problems:
        return report
    if report.needs_reason and not correction.reason.strip():
        raise Refused(refused("NO_REASON", "По плану уже идут уроки: напишите причину корректировки."))
    for one in report.courses:
        if one.state != SAME:
            change_plan(one.course, one.after, correction=correction)
    return report


def _targets(
    sheets: Sequence[PlanSheet], courses: Sequence[Course], *, all_subjects: bool
) -> tuple[list[tuple[Course, PlanSheet]], list[PlanProblem]]:
    """Return the courses each sheet is for, and the sheets that are for none. A sheet of one class goes before."""
    targets: dict[int, tuple[Course, PlanSheet]] = {}
    problems: list[PlanProblem] = []
    for sheet in sorted(sheets, key=lambda one: bool(one.letter)):
        found = [one for one in courses if _is_for(sheet, one)]
        targets |= {one.pk: (one, sheet) for one in found}
        if not found:
            problems.append(_nobody(sheet, courses, all_subjects=all_subjects))
    return list(targets.values()), problems


def _is_for(sheet: PlanSheet, course: Course) -> bool:
    school_class = course.group.school_class
    grade = getattr(course, "grade", None)
    letter = school_class.letter.upper() if school_class else ""
    is_subject = match_key(course.subject.name) == match_key(sheet.subject)
    return is_subject and grade == sheet.grade and (not sheet.letter or letter == sheet.letter)


def _nobody(sheet: PlanSheet, courses: Sequence[Course], *, all_subjects: bool) -> PlanProblem:
    names = {match_key(one.subject.name): one.subject.name for one in courses}
    known = match_key(sheet.subject) in names
    if known:
        whose = "" if all_subjects else " среди ваших"
        message = f"Курсов «{sheet.subject}» в {sheet.grade}{sheet.letter} классе{whose} нет."
        return PlanProblem(sheet.title, "", sheet.title, message, "Проверьте параллель в названии листа.")
    close = get_close_matches(match_key(sheet.subject), names, n=1, cutoff=0.7)
    mend = f"Переименуйте лист: «{names[close[0]]} {sheet.grade}»." if close else "Проверьте название предмета."
    message = f"Предмета «{sheet.subject}» {'в школе' if all_subjects else 'среди ваших курсов'} нет."
    return PlanProblem(sheet.title, "", sheet.title, message, mend)


def _compared(facts: PlanFacts, sheet: PlanSheet, *, correction: Correction) -> CoursePlan:
    policy = policies(facts.course.organisation).on(correction.on)
    before = facts.items()
    after = matched(before, sheet.items)
    kept = {item.key for item in after}
    # A topic that went to next year is not in the new file, and is not dropped by it.
    after += tuple(item for item in before if item.fate not in STUDIED and item.key not in kept)
    changes = changes_between(before, after)
    topics = [Topic(str(place), item.hours, fate=item.fate) for place, item in enumerate(after)]
    return CoursePlan(
        course=facts.course,
        sheet=sheet.title,
        after=after,
        changes=changes,
        fit=fit_of_year(topics, lessons=facts.fit(policy=policy).lessons),
        state=SAME if not changes else CHANGED if before else NEW,
        needs_reason=bool(facts.topics) and facts.is_in_use(on=correction.on),
    )
