"""Verbs of a whole year of packages: ask for a build, ask for a check, archive the year."""

from datetime import datetime

from django.db import transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from letopis.archive.access import OpenYear
from letopis.archive.jobs import verify_packages
from letopis.archive.queries import BUILD_KIND, VERIFY_KIND, jobs_under_way, older_than, units_of
from letopis.core import jobs
from letopis.core.errors import Refused, require
from letopis.core.models import Job
from letopis.ledger.actions import Fact, object_name, record
from letopis.people.access import Actor
from letopis.rules.archiving import may_archive_year
from letopis.rules.verdict import refused
from letopis.schooling.models import AcademicYear, SchoolClass
from letopis.schooling.queries.years import closing_of

BUILD_JOB = "letopis.control.jobs.build_packages"
"""Enqueued by name: who produces the units lies above the archive."""


@transaction.atomic
def start_build(actor: Actor, year: AcademicYear, *, school_class: SchoolClass | None = None) -> Job:
    """Ask for the packages of a year, or of one class of it.

    Returns the job that runs already when it builds all that is asked for. Raises Refused: JOB_RUNNING.
    """
    wanted = str(school_class.code) if school_class else ""
    if running := _running(year, kind=BUILD_KIND, covers=("", wanted)):
        return running
    if school_class is None:
        title = _("Архивные пакеты за %(year)s") % {"year": year.label}
    else:
        title = _("Архивные пакеты %(class)s за %(year)s") % {"class": school_class.title, "year": year.label}
    return jobs.start(
        import_string(BUILD_JOB),
        kind=BUILD_KIND,
        title=title,
        organisation_code=actor.organisation.code,
        started_by=actor.author.actor,
        arguments={"year": str(year.code), "school_class": wanted},
    )


@transaction.atomic
def start_verification(actor: Actor, year: AcademicYear) -> Job:
    """Ask for a check of every package of a year; return the job, also when it already runs.

    Raises Refused: JOB_RUNNING.
    """
    if running := _running(year, kind=VERIFY_KIND, covers=("",)):
        return running
    return jobs.start(
        verify_packages,
        kind=VERIFY_KIND,
        title=_("Проверка пакетов за %(year)s") % {"year": year.label},
        organisation_code=actor.organisation.code,
        started_by=actor.author.actor,
        arguments={"year": str(year.code), "school_class": ""},
    )


@transaction.atomic
def archive_year(opened: OpenYear, *, reason: str, at: datetime) -> AcademicYear:
    """Set a closed year archived, when every package of it is built and none is known to be damaged.

    reason: needed when a package says that it lacks something, such as the council's decisions (C-009), or is older
    than the closing of the year.
    Raises Refused: NOT_ALLOWED, YEAR_NOT_CLOSED, YEAR_ARCHIVED, PACKAGES_MISSING, PACKAGES_UNSOUND, REASON_NEEDED.
    """
    year = AcademicYear.objects.select_for_update(no_key=True).get(pk=opened.year.pk)
    units = units_of(year)
    built = [unit for unit in units if unit.package]
    stale = tuple(unit.title for unit in older_than(closing_of(year), units))
    require(
        may_archive_year(
            may_build=opened.may_build,
            state=year.state,
            missing=tuple(unit.title for unit in units if unit.package is None),
            unsound=tuple(unit.title for unit in built if unit.package and unit.package.is_sound is False),
            stale=stale,
            remarks=tuple(sorted({unit.package.remark for unit in built if unit.package and unit.package.remark})),
            reason=reason,
        )
    )
    before, year.state = year.state, AcademicYear.State.ARCHIVED
    year.save(update_fields=["state"])
    record(
        Fact(
            by=opened.actor.author,
            at=at,
            verb="archive.archive_year",
            object=object_name(year),
            before={"state": str(before)},
            after={"state": str(year.state), "packages": len(units), "older_than_closing": len(stale)},
            reason=reason.strip(),
        )
    )
    return year


def _running(year: AcademicYear, *, kind: str, covers: tuple[str, ...]) -> Job | None:
    """Return the job that does already what is asked for. Raises Refused when another one works on the year.

    covers: what `school_class` may be in the arguments of such a job; empty is the whole year.
    """
    # The row of the year is the lock: two presses of the button make one job.
    AcademicYear.objects.select_for_update(no_key=True).get(pk=year.pk)
    running = list(jobs_under_way(year))
    for job in running:
        if job.kind == kind and job.arguments["school_class"] in covers:
            return job
    if running:
        raise Refused(
            refused(
                "JOB_RUNNING",
                _("Сейчас идёт другая работа: %(title)s. Дождитесь её конца и нажмите снова.")
                % {"title": running[0].title},
            )
        )
    return None
