"""«Успеваемость»: how a pupil stands in each subject, and why, as his family reads it.

Only what is published counts (rules.publication), so that a page never tells a mark before the diary does. There is no
word of other children here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from letopis.diary.queries.progress_scene import Scene, scene_of
from letopis.people.access import invisible
from letopis.people.models import Pupil
from letopis.register.queries.period_marks import Period, as_counted, carriers_of, judged_by, running_of, with_current
from letopis.register.queries.term_marks import ShownMark
from letopis.register.queries.why import Asked, WhatIfAnswer, Why, what_if, why_of
from letopis.rules.decimals import format_mean
from letopis.rules.forecast import forecast_year, heading_for
from letopis.rules.policy import Policy
from letopis.rules.policy.editions import Editions
from letopis.rules.results import result_sign
from letopis.rules.thresholds import mark_name
from letopis.rules.what_if import YearWhatIf, ways_to, year_ways
from letopis.rules.year_marks import YearProposal
from letopis.schooling.models import Course, SchoolClass, Subject, Term

WAYS_SHOWN = 2
"""Ways to a better mark that the list names; the page of the subject names all."""


@dataclass(frozen=True, slots=True)
class SubjectLine:
    """A subject of the list."""

    subject: Subject
    marks: tuple[ShownMark, ...]
    set_sign: str
    """Of the result; empty when none is published."""
    mean: str
    forecast: str
    """Empty without marks, or where a result is set."""
    wanted: str
    """The next better mark in the genitive: «пятёрки»; empty for the best."""
    ways: tuple[str, ...]
    """What leads to it, the fewest works first."""
    why_not: str
    still_needed: int
    """Marks missing for the norm."""
    is_graded: bool
    carried_by: str
    """Title of the term whose result these marks lead to, where it is another one."""
    corrections: tuple[str, ...] = ()
    """What was corrected in the result, with both values and the reason (REG-023)."""


@dataclass(frozen=True, slots=True)
class Progress:
    """The list."""

    school_class: SchoolClass | None
    terms: tuple[Term, ...]
    term: Term | None
    lines: tuple[SubjectLine, ...]
    policy: Policy

    @property
    def method(self) -> str:
        """In words, of the forecasts of this page."""
        return METHODS.get(self.policy.forecast_method, "")


METHODS: Mapping[str, str] = {
    "MEAN": "по отметкам на сегодня, каждая считается столько раз, сколько весит работа",
    "TREND": "по отметкам на сегодня, последние три весят вдвое",
}
"""As a family is told; the rules name the method for the school."""


@dataclass(frozen=True, slots=True)
class SubjectProgress:
    """The page of one subject."""

    subject: Subject
    term: Term
    period: Period
    why: Why
    what_if: WhatIfAnswer
    set_sign: str
    is_over: bool
    signs: tuple[str, ...]
    policy: Policy
    year: YearProposal | None
    """Where the year leads; None where no mark leads anywhere yet."""
    year_ways: YearWhatIf | None

    @property
    def is_of_other_term(self) -> bool:
        return self.period.term.pk != self.term.pk

    @property
    def year_sign(self) -> str:
        return result_sign(self.year.value) if self.year else ""


def progress_of(pupil: Pupil, *, term: str | None, today: date, now: datetime, policies: Editions) -> Progress:
    """Return how the pupil stands in a term («2»; by default the latest that has begun). Seven queries.

    now: with the zone of the school.
    """
    policy = policies.on(today)
    scene = scene_of(pupil, term, today=today, now=now, policies=policies)
    if scene is None:
        return Progress(None, (), None, (), policy)
    courses = sorted(scene.courses.values(), key=lambda one: (one.subject.sort_key, one.pk))
    lines = tuple(_line(scene, course, is_told=policy.forecast_shown) for course in courses)
    return Progress(
        scene.school_class, scene.terms, scene.term, lines, policies.of_period(scene.term.ends_on, today=today)
    )


def subject_progress(
    pupil: Pupil,
    subject: UUID,
    asked: Asked,
    *,
    term: str | None,
    today: date,
    now: datetime,
    policies: Editions,
) -> SubjectProgress:
    """Return the page of a subject that the pupil is taught, or answer 404. Seven queries."""
    scene = scene_of(pupil, term, today=today, now=now, policies=policies) or invisible()
    course = next((one for one in scene.courses.values() if one.subject.code == subject), None) or invisible()
    period = scene.period(course)
    judged, marks = scene.judged(course, period), scene.of_period(course, period)
    year, ways = _year(scene, course)
    return SubjectProgress(
        subject=course.subject,
        term=scene.term,
        period=period,
        why=why_of(marks, judged=judged, period=period),
        what_if=what_if(marks, asked, judged=judged),
        set_sign=result_sign(scene.results.get((course.subject_id, period.term.pk))),
        is_over=period.last < today,
        signs=judged.scale.values,
        policy=judged.policy,
        year=year,
        year_ways=ways,
    )


def _line(scene: Scene, course: Course, *, is_told: bool) -> SubjectLine:
    period = scene.period(course)
    judged, marks = scene.judged(course, period), scene.of_period(course, period)
    known = as_counted(marks, policy=judged.policy, scale=judged.scale)
    mean, value = heading_for(known, policy=judged.policy, scale=judged.scale)
    set_sign = result_sign(scene.results.get((course.subject_id, period.term.pk)))
    signs = judged.scale.values
    better = signs[signs.index(value) - 1] if value in signs[1:] else ""
    is_open = is_told and not set_sign and period.last >= scene.today
    answer = (
        ways_to(better, marks=known, kinds=judged.policy.work_kinds, **judged.for_rule) if is_open and better else None
    )
    why = why_of(marks, judged=judged, period=period) if is_open else None
    return SubjectLine(
        subject=course.subject,
        marks=tuple(marks),
        set_sign=set_sign,
        mean=format_mean(mean) if mean is not None and is_told else "",
        forecast=result_sign(value) if is_open else "",
        wanted=mark_name(better) if answer else "",
        ways=tuple(way.words() for way in answer.ways[:WAYS_SHOWN]) if answer else (),
        why_not=answer.why_not if answer else "",
        still_needed=why.forecast.still_needed if why else 0,
        is_graded=bool(signs),
        carried_by=period.term.title if period.term.pk != scene.term.pk else "",
        corrections=tuple(scene.corrections.get((course.subject_id, period.term.pk), ())),
    )


def _year(scene: Scene, course: Course) -> tuple[YearProposal | None, YearWhatIf | None]:
    """Return where the year leads, and what leads to the next better mark."""
    policy = scene.policies.of_period(scene.school_class.year.ends_on, today=scene.today)
    judged = judged_by(course, kind="", grade=scene.school_class.grade, policy=policy)
    carriers = carriers_of(course, terms=scene.terms, grade=scene.school_class.grade, policy=policy)
    codes = [scene.results.get((course.subject_id, one.term.pk)) for one in carriers]
    set_in = [one.term.pk for one, code in zip(carriers, codes, strict=True) if code]
    running = running_of(carriers, set_in=set_in, today=scene.today)
    current = None
    if running is not None:
        known = as_counted(scene.of_period(course, running), policy=judged.policy, scale=judged.scale)
        current = heading_for(known, policy=judged.policy, scale=judged.scale)[1]
    expected = with_current(carriers, codes, running=running, current=current)
    found = forecast_year(expected, current=None, policy=policy, scale=judged.scale)
    signs = judged.scale.values
    if found.value not in signs or None not in codes:
        return (found if found.value else None), None
    better = signs[max(0, signs.index(str(found.value)) - 1)]
    return found, year_ways(better, terms=codes, policy=policy, scale=judged.scale)
