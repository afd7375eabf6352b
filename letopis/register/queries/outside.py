"""Marks a pupil brought from another school (REG-B037)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from letopis.people.models import Pupil
from letopis.register.models import OutsideMarks, OutsideStatement
from letopis.schooling.models import Membership, SchoolClass, Subject, Term


@dataclass(frozen=True, slots=True)
class StatementView:
    """A statement with its rows as the page shows them."""

    statement: OutsideStatement
    rows: tuple[OutsideMarks, ...]


def outside_marks(
    pupils: Iterable[int], *, subject_id: int, year_id: int, first: date, last: date
) -> dict[int, list[tuple[str, str]]]:
    """Return by pupil (marks, school) of a subject in the terms within the days. One query."""
    rows = OutsideMarks.objects.filter(
        statement__pupil__in=list(pupils),
        statement__withdrawn_at=None,
        subject=subject_id,
        term__year=year_id,
        term__starts_on__lte=last,
        term__ends_on__gte=first,
    ).exclude(marks="")
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for pupil_id, marks, school in rows.order_by("term__starts_on").values_list(
        "statement__pupil", "marks", "statement__school"
    ):
        found[pupil_id].append((marks, school))
    return found


def statements_of(pupil: Pupil, school_class: SchoolClass) -> list[StatementView]:
    """Return the statements of the year of a class, the latest first. Two queries."""
    statements = list(
        OutsideStatement.objects.filter(pupil=pupil, year=school_class.year)
        .select_related("entered_by__person")
        .order_by("-entered_at")
    )
    rows: dict[int, list[OutsideMarks]] = defaultdict(list)
    found = OutsideMarks.objects.filter(statement__in=statements).select_related("subject", "term")
    for row in found.order_by("term__starts_on", "subject__sort_key"):
        rows[row.statement_id].append(row)
    return [StatementView(one, tuple(rows[one.pk])) for one in statements]


def subjects_of(pupil: Pupil, school_class: SchoolClass) -> list[Subject]:
    """Return the subjects that the groups of the pupil are taught in the year. One query."""
    groups = Membership.objects.filter(pupil=pupil, group__year=school_class.year).values("group")
    # A pupil who has no subgroup yet is taught what his class is.
    of_class = Subject.objects.filter(courses__group__school_class=school_class, courses__year=school_class.year)
    own = Subject.objects.filter(courses__group__in=groups, courses__year=school_class.year)
    return list((of_class | own).distinct().order_by("sort_key"))


def terms_to_enter(school_class: SchoolClass, *, today: date) -> Sequence[Term]:
    """Return the terms of the class that have begun. One query."""
    return list(
        Term.objects.filter(
            year=school_class.year,
            grade_from__lte=school_class.grade,
            grade_to__gte=school_class.grade,
            starts_on__lte=today,
        ).order_by("starts_on", "number")
    )
