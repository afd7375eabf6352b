"""Jobs that span apps: the packages of a year."""

import uuid

from django.utils.translation import gettext as _
from django_tasks import task

from letopis.control.actions.archive import REFUSED, build_units, classes_to_build
from letopis.core import clock, jobs
from letopis.people.queries import author_of
from letopis.schooling.models import AcademicYear


@task()
def build_packages(code: str) -> None:
    """Build the packages a job asks for; what stands already is found unchanged, so a second run is harmless."""
    jobs.run(code, _build)


def _build(progress: jobs.Progress) -> None:
    job = progress.job
    year = AcademicYear.objects.select_related("organisation").get(code=job.arguments["year"])
    chosen = job.arguments["school_class"]
    classes = [one for one in classes_to_build(year) if not chosen or one.code == uuid.UUID(chosen)]
    now = clock.now()
    built = build_units(
        classes,
        by=author_of(job, organisation=year.organisation),
        at=now,
        today=clock.local_day(now, year.organisation.time_zone),
        report=progress,
    )
    refused = [one for one in built if one.outcome == REFUSED]
    if refused:
        reasons = "; ".join(f"{one.class_title}: {one.kind.label} — {one.sentence}" for one in refused)
        raise jobs.JobFailed(_("Собраны не все пакеты. %(reasons)s") % {"reasons": reasons})
