"""Remarks that are made and closed by night, from the duties that are late (REG-038, REP-022).

The register knows no duties: whoever joins them (control) says which remarks there should be and which may stay.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from letopis.ledger.actions import Author, Fact, Value, object_name, record_all
from letopis.notices.actions import close
from letopis.org.models import Organisation
from letopis.register.models import Remark
from letopis.schooling.models import AcademicYear

State = Remark.State


@dataclass(frozen=True, slots=True)
class Automatic:
    """A remark there should be."""

    duty: str
    """`rules.remarks.automatic_key`."""
    text: str
    teacher: int
    """Key of the employee who removes it."""
    course: int | None = None
    school_class: int | None = None
    is_ripe: bool = True
    """Late for long enough to be made; what is not ripe only keeps the one that stands."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What a night did."""

    made: int
    changed: int
    closed: int
    standing: int


@transaction.atomic
def settle_automatic(
    organisation: Organisation,
    wanted: Iterable[Automatic],
    *,
    year: AcademicYear,
    due_on: date,
    by: Author,
    at: datetime,
) -> Settled:
    """Make the remarks that are wanted and not there, tell those that changed anew, close those whose duty is done.

    wanted: one for each group of late duties. due_on: term of the new ones.
    What the control withdrew is not made again. Twice is harmless.
    """
    Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    # What stands to a year that is over neither closes itself nor comes again.
    of_year = Q(course__year=year) | Q(school_class__year=year)
    rows = list(
        Remark.objects.filter(of_year, organisation=organisation).exclude(duty="").select_for_update(of=("self",))
    )
    standing = {row.duty: row for row in rows if row.state == State.OPEN}
    withdrawn = {row.duty for row in rows if row.state == State.WITHDRAWN}
    asked = {one.duty: one for one in wanted}
    facts = _made(
        organisation,
        [one for duty, one in asked.items() if one.is_ripe and duty not in standing and duty not in withdrawn],
        due_on=due_on, by=by, at=at,
    )  # fmt: skip
    made = len(facts)
    changed = [row for duty, row in standing.items() if duty in asked and row.text != asked[duty].text]
    for row in changed:
        before, row.text = _plain(row), asked[row.duty].text
        facts.append(Fact(by, at, "register.change_automatic_remark", object_name(row), before, _plain(row)))
    done = [row for duty, row in standing.items() if duty not in asked]
    for row in done:
        before, row.state, row.closed_at = _plain(row), State.CLOSED, at
        facts.append(Fact(by, at, "register.close_automatic_remark", object_name(row), before, _plain(row)))
        close(organisation=organisation.code, key=f"remark:{row.code}", at=at)
    Remark.objects.bulk_update(changed, ["text"])
    Remark.objects.bulk_update(done, ["state", "closed_at"])
    record_all(facts)
    return Settled(made=made, changed=len(changed), closed=len(done), standing=len(standing) + made - len(done))


def _made(organisation: Organisation, wanted: list[Automatic], *, due_on: date, by: Author, at: datetime) -> list[Fact]:
    rows = [
        Remark(
            organisation=organisation,
            course_id=one.course,
            school_class_id=one.school_class,
            teacher_id=one.teacher,
            duty=one.duty,
            text=one.text,
            due_on=due_on,
            made_at=at,
        )
        for one in wanted
    ]
    created = Remark.objects.bulk_create(rows)
    return [Fact(by, at, "register.make_automatic_remark", object_name(row), None, _plain(row)) for row in created]


def _plain(row: Remark) -> dict[str, Value]:
    page = f"schooling.Course:{row.course_id}" if row.course_id else f"schooling.SchoolClass:{row.school_class_id}"
    return {
        "page": page,
        "teacher": f"people.Employee:{row.teacher_id}",
        "duty": row.duty,
        "text": row.text,
        "due_on": row.due_on.isoformat(),
        "state": row.state,
    }
