"""Registration journals with columns of the school's own."""

from django.db import models

from letopis.core.models import Coded
from letopis.org.models import Organisation
from letopis.people.models import Employee, Pupil
from letopis.schooling.models import AcademicYear


class Journal(Coded):
    """A journal of registration with the columns a school set for it (REG-045)."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    year = models.ForeignKey(AcademicYear, on_delete=models.PROTECT, related_name="journals")
    title = models.CharField(max_length=200)
    keeper = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="journals")
    columns = models.JSONField()
    """Names of the columns, in order; day and pupil are there always."""
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["year", "title"], name="register_journal_once"),
        ]

    def __str__(self) -> str:
        return f"journal {self.pk}"


class JournalEntry(Coded):
    """A line of a journal; a wrong one is struck out with a reason, not deleted."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    journal = models.ForeignKey(Journal, on_delete=models.PROTECT, related_name="entries")
    number = models.PositiveIntegerField()
    on = models.DateField()
    pupil = models.ForeignKey(Pupil, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    values = models.JSONField()
    """One text for each column."""
    put_by = models.ForeignKey(Employee, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    put_at = models.DateTimeField()
    struck_at = models.DateTimeField(null=True, blank=True)
    struck_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name_plural = "journal entries"
        constraints = [
            models.UniqueConstraint(fields=["journal", "number"], name="register_journal_entry_once"),
        ]

    def __str__(self) -> str:
        return f"journal entry {self.pk}"
