"""What the verbs of a year share: locking it, and what the rules need to know of it."""

from letopis.rules.movement import YearSpan
from letopis.schooling.models import AcademicYear


def lock(year: AcademicYear) -> AcademicYear:
    """Return the row of the year, locked, with its school."""
    return AcademicYear.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=year.pk)


def span_of(year: AcademicYear) -> YearSpan:
    """Return the year as the rules see it."""
    return YearSpan(
        label=year.label,
        starts_on=year.starts_on,
        ends_on=year.ends_on,
        is_open=year.state == AcademicYear.State.OPEN,
    )
