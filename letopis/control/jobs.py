"""Jobs that span apps: the packages of a year; automatic remarks by night, reminders at the hours of the policy.

What comes by itself: a sweep starts a job for each school whose hour has come and that has none of that day and hour
yet. Two workers may start two: both jobs are harmless twice.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django_tasks import task

from letopis.control.actions.archive import REFUSED, build_units, classes_to_build
from letopis.control.actions.remarks import make_automatic_remarks
from letopis.control.actions.reminders import remind
from letopis.core import clock, jobs
from letopis.core.models import Job
from letopis.org.models import Organisation
from letopis.org.queries import policies
from letopis.people.queries import author_of
from letopis.rules.reminders import is_digest_due
from letopis.schooling.models import AcademicYear

REMARKS, REMINDERS = "control.automatic_remarks", "control.reminders"
NIGHT_HOUR = 2
"""Automatic remarks are made from this hour of the school's own time on."""
KEPT = timedelta(days=30)
"""How long the rows of these jobs are kept: they tell nobody anything after that."""


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


@task()
def automatic_remarks(code: str) -> None:
    """Make and close the automatic remarks of the school a job names."""
    jobs.run(code, _make_remarks)


@task()
def reminders(code: str) -> None:
    """Send the reminders of the school a job names."""
    jobs.run(code, _remind)


@dataclass(frozen=True, slots=True)
class Errand:
    """A job that is due: which, of which school, for which day and hour."""

    kind: str
    organisation: Organisation
    arguments: dict[str, Any]


def sweep() -> None:
    """Start the jobs whose hour has come."""
    start_errands(clock.now())


def start_errands(now: datetime) -> None:
    """Start a job for each errand that is due."""
    for errand in errands_due(now):
        is_night = errand.kind == REMARKS
        jobs.start(
            automatic_remarks if is_night else reminders,
            kind=errand.kind,
            title=_("Автоматические замечания") if is_night else _("Напоминания"),
            organisation_code=errand.organisation.code,
            started_by="system",
            arguments=errand.arguments,
        )


def errands_due(now: datetime) -> list[Errand]:
    """Return the errands whose hour has come and that were not started yet. Two queries for any number of schools."""
    rows = Job.objects.filter(kind__in=(REMARKS, REMINDERS), created_at__gte=now - timedelta(days=2))
    started = {
        (kind, code, arguments["day"], arguments.get("hour"))
        for kind, code, arguments in rows.values_list("kind", "organisation_code", "arguments")
    }
    found = []
    for organisation in Organisation.objects.order_by("pk"):
        local = now.astimezone(ZoneInfo(organisation.time_zone))
        day = local.date().isoformat()
        if local.hour >= NIGHT_HOUR:
            found.append(Errand(REMARKS, organisation, {"day": day}))
        hour = is_digest_due(hours=policies(organisation).on(local.date()).reminder_hours, local=local)
        if hour is not None:
            found.append(Errand(REMINDERS, organisation, {"day": day, "hour": hour}))
    return [one for one in found if _key(one) not in started]


def _key(errand: Errand) -> tuple[Any, ...]:
    return (errand.kind, errand.organisation.code, errand.arguments["day"], errand.arguments.get("hour"))


def _make_remarks(progress: jobs.Progress) -> None:
    make_automatic_remarks(_organisation(progress), at=clock.now(), report=progress)
    Job.objects.filter(kind__in=(REMARKS, REMINDERS), state=Job.State.DONE, created_at__lt=clock.now() - KEPT).delete()


def _remind(progress: jobs.Progress) -> None:
    remind(_organisation(progress), at=clock.now(), report=progress)


def _organisation(progress: jobs.Progress) -> Organisation:
    return Organisation.objects.get(code=progress.job.organisation_code)
