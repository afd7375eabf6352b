"""Which paper gives the reason of an absence on a day (C-011)."""

from collections.abc import Collection, Iterable
from datetime import date

from letopis.register.models import AbsenceDocument
from letopis.rules.absence import Paper, paper_for
from letopis.rules.policy.editions import Editions


def reason_for(
    absences: Collection[tuple[int, date]], *, policies: Editions
) -> dict[tuple[int, date], tuple[Paper, int | None]]:
    """Return the paper in force, and who entered it, for each (pupil, day) that has one. One query; none for nobody.

    Which paper is the stronger is said by the policy of the day.
    """
    if not absences:
        return {}
    days = {on for _pupil, on in absences}
    rows = AbsenceDocument.objects.filter(
        pupil__in={pupil for pupil, _on in absences},
        starts_on__lte=max(days),
        ends_on__gte=min(days),
        withdrawn_at=None,
    )
    papers, entered = papers_by_pupil(rows)
    found = {}
    for pupil, on in absences:
        paper = paper_for(papers.get(pupil, ()), on, policy=policies.on(on))
        if paper:
            found[pupil, on] = (paper, entered[paper.key])
    return found


def papers_by_pupil(rows: Iterable[AbsenceDocument]) -> tuple[dict[int, list[Paper]], dict[int, int | None]]:
    """Return the papers as the rule takes them, by pupil, and the employee who entered each."""
    papers: dict[int, list[Paper]] = {}
    entered: dict[int, int | None] = {}
    for row in rows:
        paper = Paper(row.pk, row.kind, row.reason, row.starts_on, row.ends_on, row.entered_at)
        papers.setdefault(row.pupil_id, []).append(paper)
        entered[row.pk] = row.entered_by_id
    return papers, entered
