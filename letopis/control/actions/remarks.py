"""Automatic remarks: duties that are late become remarks, remarks whose duty is done close (REG-038, REP-022)."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime

from letopis.control.queries.obligations import Duties, Scope
from letopis.core import clock
from letopis.ledger.actions import Author
from letopis.org.models import Organisation
from letopis.org.queries import policies
from letopis.register.actions.automatic_remarks import Automatic, Settled, settle_automatic
from letopis.register.models import Remark
from letopis.rules import remarks as rules
from letopis.rules.deadlines import Due
from letopis.rules.obligations import LATE, LESSON_KINDS, Obligation
from letopis.rules.policy import Policy
from letopis.schooling.models import AcademicYear
from letopis.schooling.queries.years import current_year

Report = Callable[[int, int, str], None]


def make_automatic_remarks(organisation: Organisation, *, at: datetime, report: Report) -> Settled:
    """Make, change and close the automatic remarks of a school as its duties stand; twice is harmless.

    What nobody can remove, a lesson of a vacancy, gets none. A closed year is left as it is. The duties are computed
    before the transaction that writes; report: told each step.
    """
    today = clock.local_day(at, organisation.time_zone)
    year = current_year(organisation, today)
    if year is None or year.state != AcademicYear.State.OPEN or today < year.starts_on:
        standing = Remark.objects.filter(organisation=organisation, state=Remark.State.OPEN).exclude(duty="")
        return Settled(0, 0, 0, standing.count())
    policy = policies(organisation).on(today)
    late = _late_by_key(_late_duties(organisation, year, today=today, at=at, report=report))
    return settle_automatic(
        organisation,
        [_remark(key, those, policy=policy, today=today) for key, those in late.items()],
        year=year,
        due_on=rules.due_on(put_on=today, policy=policy),
        by=night_author(organisation),
        at=at,
    )


def night_author(organisation: Organisation) -> Author:
    """Return how the ledger names the product when it works by itself."""
    return Author(organisation=organisation.code, actor="system", name="Летопись, автоматическая проверка")


def _late_duties(
    organisation: Organisation, year: AcademicYear, *, today: date, at: datetime, report: Report
) -> list[Obligation]:
    year.organisation = organisation
    scope = Scope(year=year, first=year.starts_on, last=min(today, year.ends_on))
    duties, found = Duties(scope, now=at), []
    # What a lesson lacks is judged in one pass over the lessons.
    steps = [LESSON_KINDS, *((kind,) for kind in rules.AUTOMATIC if kind not in LESSON_KINDS)]
    for number, kinds in enumerate(steps):
        report(number, len(steps), rules.AUTOMATIC[kinds[0]])
        found += [one for one in duties.of(kinds) if one.state == LATE and one.who and not one.is_part]
    report(len(steps), len(steps), "")
    return found


def _late_by_key(duties: list[Obligation]) -> dict[str, list[Obligation]]:
    found: dict[str, list[Obligation]] = defaultdict(list)
    for one in duties:
        page = f"{'c' if one.page.course else 'k'}{one.page.course or one.page.school_class}-{one.who}"
        found[rules.automatic_key(kind=one.kind, page=page, due=_due_day(one))].append(one)
    return found


def _due_day(one: Obligation) -> date:
    return one.due.effective.date() if isinstance(one.due, Due) else one.since


def _remark(key: str, duties: list[Obligation], *, policy: Policy, today: date) -> Automatic:
    first = duties[0]
    text = rules.automatic_text(rules.AUTOMATIC[first.kind], [one.since for one in duties])
    return Automatic(
        duty=key,
        text=text[: rules.LONGEST_TEXT],
        teacher=first.who or 0,
        is_ripe=any(rules.is_ripe(_due_day(one), policy=policy, today=today) for one in duties),
        course=first.page.course or None,
        school_class=None if first.page.course else first.page.school_class,
    )
