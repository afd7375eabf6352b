"""The verb of combined classes (классы-комплекты): a name that its classes share."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from letopis.core.errors import Refused, require
from letopis.ledger.actions import Author, Fact, Value, object_name, record_all
from letopis.rules.classes import class_sort_key
from letopis.rules.movement import may_change_year
from letopis.rules.verdict import refused
from letopis.schooling.actions.years import lock, span_of
from letopis.schooling.models import AcademicYear, SchoolClass


@transaction.atomic
def combine_classes(
    year: AcademicYear, *, classes: Sequence[SchoolClass], order: str = "", by: Author, at: datetime
) -> str:
    """Teach these classes as one combined class; return its name, «1А + 3А». They leave any other. Twice is harmless.

    Each keeps its own courses, pages and marks; one teacher may have them at one time.
    Refuses with TOO_FEW, SAME_GRADE or YEAR_CLOSED.
    """
    year = lock(year)
    require(may_change_year(span_of(year), on=year.starts_on))
    ordered = sorted(classes, key=lambda one: class_sort_key(one.grade, one.letter))
    if len(ordered) < 2:
        raise Refused(refused("TOO_FEW", "Класс-комплект — это два класса или больше: отметьте ещё один."))
    if len({one.grade for one in ordered}) < len(ordered):
        raise Refused(refused("SAME_GRADE", "В класс-комплект соединяют классы разных параллелей."))
    name = " + ".join(one.title for one in ordered)[:40]
    left = {one.combined for one in ordered if one.combined and one.combined != name}
    # Who stays alone in the combined class that another left is combined with nobody.
    _set(SchoolClass.objects.filter(year=year, combined__in=left), "", order=order, by=by, at=at)
    _set(SchoolClass.objects.filter(pk__in=[one.pk for one in ordered]), name, order=order, by=by, at=at)
    return name


@transaction.atomic
def separate_classes(year: AcademicYear, *, name: str, order: str = "", by: Author, at: datetime) -> int:
    """Teach the classes of a combined class apart again; return how many there were."""
    year = lock(year)
    require(may_change_year(span_of(year), on=year.starts_on))
    return _set(SchoolClass.objects.filter(year=year, combined=name), "", order=order, by=by, at=at)


def _set(classes: QuerySet[SchoolClass], name: str, *, order: str, by: Author, at: datetime) -> int:
    rows = [one for one in classes.select_for_update().order_by("pk") if one.combined != name]
    facts = []
    for row in rows:
        before: dict[str, Value] = {"combined": row.combined}
        after: dict[str, Value] = {"combined": name}
        row.combined = name
        facts.append(Fact(by, at, "schooling.combine_class", object_name(row), before, after, reason=order))
    SchoolClass.objects.bulk_update(rows, ["combined"])
    record_all(facts)
    return len(rows)
