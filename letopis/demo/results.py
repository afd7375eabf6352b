"""Term marks, year marks and decisions of the council of the demo, by the rules of the product."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from letopis.attestation.actions.decisions import DecisionFact, bring_in_council_decisions
from letopis.attestation.actions.year_marks import bring_in_year_marks
from letopis.demo.lessons import Season, mark_values
from letopis.ledger.actions import Author
from letopis.org.queries import policies
from letopis.register.actions.results import ResultFact
from letopis.register.actions.term_marks import bring_in_term_marks
from letopis.register.models import TermMark
from letopis.rules.policy import Policy
from letopis.rules.results import NOT_ATTESTED, UNGRADED, is_numeric
from letopis.rules.term_marks import CountedMark, counted_mark, propose_term_mark
from letopis.rules.year_marks import propose_year_mark
from letopis.schooling.models import Course, Term, Workload

TERM_SET_AT = time(15, 30)
PROTOCOL = "12"


@dataclass(frozen=True, slots=True)
class Seat:
    """A pupil in a course on the last day of a period, with its teacher."""

    pupil_id: int
    number: str
    course: Course
    teacher_id: int
    by: Author


def write_term_marks(season: Season, *, until: date) -> int:
    """Set the marks of every term that ended before a day; return how many were new."""
    written = 0
    editions = policies(season.year.organisation)
    for term in Term.objects.filter(year=season.year, ends_on__lt=until).order_by("ends_on"):
        policy = editions.on(term.ends_on)
        marks = mark_values(season, first=term.starts_on, last=term.ends_on)
        at = datetime.combine(term.ends_on, TERM_SET_AT, season.zone)
        facts = []
        for seat in _seats(season, on=term.ends_on, grades=range(term.grade_from, term.grade_to + 1)):
            value = _document(season, seat, term.title) or _term_value(
                seat, marks.get((seat.pupil_id, seat.course.subject_id), []), policy=policy
            )
            facts.append(_result(seat, term.pk, value, at=at))
        written += bring_in_term_marks(facts, organisation=season.year.organisation)
    return written


def write_year_marks(season: Season) -> int:
    """Set the year marks of a year that is over; where an imported result says otherwise, the document wins."""
    terms: dict[tuple[int, int], list[str]] = {}
    rows = TermMark.objects.filter(term__year=season.year).order_by("term__starts_on")
    for pupil, subject, value in rows.values_list("pupil_id", "subject_id", "value"):
        terms.setdefault((pupil, subject), []).append(value)
    last_day = max(season.year.terms.values_list("ends_on", flat=True))
    at = datetime.combine(last_day, TERM_SET_AT, season.zone) + timedelta(hours=1)
    policy = policies(season.year.organisation).on(season.year.ends_on)
    facts = []
    for seat in _seats(season, on=last_day, grades=range(1, 12)):
        key = (seat.pupil_id, seat.course.subject_id)
        value = _document(season, seat, "год") or _year_value(seat, terms.get(key, []), policy=policy)
        facts.append(_result(seat, season.year.pk, value, at=at))
    return bring_in_year_marks(facts, organisation=season.year.organisation)


def write_decisions(season: Season, *, by: Author) -> int:
    """Record that the council promoted everybody, and that the leavers completed their education."""
    decided_on = date(season.year.ends_on.year, 5, 28)
    at = datetime.combine(decided_on, TERM_SET_AT, season.zone)
    decisions = {}
    for seat in _seats(season, on=max(season.year.terms.values_list("ends_on", flat=True)), grades=range(1, 12)):
        assert seat.course.group.school_class  # noqa: S101 (every group of the demo belongs to a class)
        grade = seat.course.group.school_class.grade
        decisions[seat.pupil_id] = "COMPLETED" if grade in (9, 11) else "PROMOTED"
    facts = [
        DecisionFact(
            pupil_id=pupil, year_id=season.year.pk, decision=decision, protocol_number=PROTOCOL, protocol_on=decided_on,
            by=by, at=at,
        )
        for pupil, decision in decisions.items()
    ]  # fmt: skip
    return bring_in_council_decisions(facts, organisation=season.year.organisation)


def _seats(season: Season, *, on: date, grades: range) -> Iterator[Seat]:
    teachers = dict(
        Workload.objects.filter(course__year=season.year, teacher__isnull=False)
        .order_by("starts_on")
        .values_list("course_id", "teacher_id")
    )
    for course in season.courses.values():
        school_class = course.group.school_class
        if school_class is None or school_class.grade not in grades or course.pk not in teachers:
            continue
        for member in season.members[course.group_id]:
            if member.is_there(on):
                teacher = teachers[course.pk]
                yield Seat(member.pupil_id, member.number, course, teacher, season.authors[teacher])


def _document(season: Season, seat: Seat, period: str) -> str:
    """Return the result that the next workbook will bring for this very period; empty where it brings none."""
    return season.documents.get((seat.number, seat.course.subject.sort_key, period), "")


def _term_value(seat: Seat, marks: list[tuple[str, str]], *, policy: Policy) -> str:
    assert seat.course.group.school_class  # noqa: S101 (every group of the demo belongs to a class)
    grade = seat.course.group.school_class.grade
    scale = policy.scale_for(scale_code=seat.course.subject.scale, grade=grade)
    if not scale.values:
        return UNGRADED
    counted: list[CountedMark] = []
    for value, kind in marks:
        mark = counted_mark(value, kind or policy.default_work_kind, policy.weight_of(kind, None), scale=scale)
        counted += [mark] if mark else []
    hours = int(seat.course.weekly_hours) or 1
    return propose_term_mark(counted, weekly_hours=hours, policy=policy, scale=scale).value or NOT_ATTESTED


def _year_value(seat: Seat, terms: list[str], *, policy: Policy) -> str:
    assert seat.course.group.school_class  # noqa: S101 (every group of the demo belongs to a class)
    grade = seat.course.group.school_class.grade
    scale = policy.scale_for(scale_code=seat.course.subject.scale, grade=grade)
    if not scale.values:
        return UNGRADED
    numeric = [value if is_numeric(value) else None for value in terms]
    return propose_year_mark(numeric, policy=policy, scale=scale).value or NOT_ATTESTED


def _result(seat: Seat, period_id: int, value: str, *, at: datetime) -> ResultFact:
    return ResultFact(
        pupil_id=seat.pupil_id,
        subject_id=seat.course.subject_id,
        period_id=period_id,
        value=value,
        put_by_id=seat.teacher_id,
        by=seat.by,
        at=at,
    )
