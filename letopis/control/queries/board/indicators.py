"""Indicators of control over registers (REP-005), each with what it is counted of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from letopis.control.queries.board.sums import Sum, summed
from letopis.control.queries.obligations import Duties
from letopis.people.models import Person
from letopis.rules.obligations import HOMEWORK, LATE, LESSON, Obligation

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Indicator:
    """A figure with its words."""

    figure: str
    words: str


@dataclass(frozen=True, slots=True)
class Density:
    """Marks of the pupils of pages in the terms shown."""

    places: int = 0
    """Pupils, each counted once for each page that marks him."""
    without: int = 0
    with_one: int = 0
    marks: int = 0


def density(duties: Duties) -> tuple[Density, dict[tuple[int, int], tuple[int, int]]]:
    """Return the density of marks, and by class and subject how many marks how many pupils have (IND-B009)."""
    places = without = with_one = marks = 0
    cells: dict[tuple[int, int], tuple[int, int]] = {}
    for row, term in duties.marked_pages():
        counts = duties.accumulation_of(row, term).counts
        total = sum(counts)
        places, marks = places + len(counts), marks + total
        without, with_one = without + counts.count(0), with_one + counts.count(1)
        key = (row.page.school_class, row.page.subject)
        before = cells.get(key, (0, 0))
        cells[key] = (before[0] + total, before[1] + len(counts))
    return Density(places, without, with_one, marks), cells


def indicators(duties: Duties, found: Sequence[Obligation], marks: Density, *, now: datetime) -> list[Indicator]:
    """Return the figures over the map. One query more than the duties."""
    of_kind = summed(found, lambda one: one.kind)
    late = [one for one in found if one.state == LATE and not one.is_part]
    teachers = len({one.who for one in late})
    planned = sum(planned for planned, _given in duties.plans.values())
    given = sum(min(planned, given) for planned, given in duties.plans.values())
    families, seen = _families(duties, since=now - WEEK)
    return [
        Indicator(_share(of_kind.get(LESSON, Sum()).timely), _("уроков заполнено в срок")),
        Indicator(str(len(late)), _("просрочено; учителей с просроченным: %(n)s") % {"n": teachers}),
        Indicator(_part(marks.without, marks.places), _("учеников без отметок по предмету")),
        Indicator(_part(marks.with_one, marks.places), _("учеников с одной отметкой")),
        Indicator(_share(of_kind.get(HOMEWORK, Sum()).made), _("уроков с заданием")),
        Indicator(_part(given, planned), _("материала пройдено по планам")),
        Indicator(_part(*_busy(duties, now.date())), _("учителей вносили записи за неделю")),
        Indicator(_part(seen, families), _("родителей и учеников заходили за неделю")),
    ]


def _busy(duties: Duties, today: date) -> tuple[int, int]:
    """Return how many of those who gave lessons in the last week entered something, and of how many."""
    had: dict[int, bool] = {}
    for _course, lesson in duties.lessons:
        if lesson.who is not None and today - WEEK < lesson.on <= today:
            had[lesson.who] = had.get(lesson.who, False) or lesson.is_held
    return sum(had.values()), len(had)


def _families(duties: Duties, *, since: datetime) -> tuple[int, int]:
    """Return how many pupils and guardians have an account, and how many of them signed in since. One query."""
    theirs = Q(pupil__isnull=False) | Q(guardian__isnull=False)
    rows = Person.objects.filter(theirs, organisation=duties.year.organisation_id, user__isnull=False)
    found = rows.aggregate(n=Count("pk"), seen=Count("pk", filter=Q(user__last_login__gte=since)))
    return found["n"], found["seen"]


def _share(percent: int | None) -> str:
    return "—" if percent is None else f"{percent} %"


def _part(some: int, of: int) -> str:
    return f"{tenths(some * 100, of)} %" if of else "—"


def tenths(number: int, of: int) -> str:
    """Return a quotient with one place after the comma, rounded half up: «3,1». of: above zero."""
    found = (20 * number + of) // (2 * of)
    return f"{found // 10},{found % 10}"
