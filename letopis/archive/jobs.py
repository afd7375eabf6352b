"""Jobs of the archive: the packages of a year are checked."""

from django.utils.translation import gettext as _
from django_tasks import task

from letopis.archive.actions import verify_package
from letopis.archive.queries import archive_page
from letopis.core import clock, jobs
from letopis.people.queries import author_of
from letopis.schooling.models import AcademicYear


@task()
def verify_packages(code: str) -> None:
    """Verify every package of the year a job asks for; a second run checks them again."""
    jobs.run(code, _verify)


def _verify(progress: jobs.Progress) -> None:
    year = AcademicYear.objects.select_related("organisation").get(code=progress.job.arguments["year"])
    by = author_of(progress.job, organisation=year.organisation)
    packages = archive_page(year).packages
    unsound = []
    for number, package in enumerate(packages):
        progress(number, len(packages), package.title)
        if not verify_package(package, by=by, at=clock.now()).is_sound:
            unsound.append(package.title)
    progress(len(packages), len(packages))
    if unsound:
        raise jobs.JobFailed(_("Нарушена целостность: %(titles)s.") % {"titles": "; ".join(unsound)})
