"""What was imported, kept to compare with the next import."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from letopis.core.models import Coded
from letopis.org.models import Organisation


class ImportRun(Coded):
    """One uploaded workbook: previewed, then carried out or left."""

    class State(models.TextChoices):
        PREVIEW = "PREVIEW", _("проверен")
        DONE = "DONE", _("загружен")
        REFUSED = "REFUSED", _("с ошибками")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="import_runs")
    file_name = models.CharField(max_length=200)
    file = models.FileField(upload_to="imports/%Y/%m", max_length=300, blank=True)
    """Kept until the import is carried out; then the values stand in ImportedRow and the file goes.

    A book with errors is not kept at all."""
    digest = models.CharField(max_length=128)
    state = models.CharField(max_length=8, choices=State.choices)
    report = models.JSONField(default=dict)
    uploaded_at = models.DateTimeField()
    uploaded_by = models.CharField(max_length=64)
    done_at = models.DateTimeField(null=True, blank=True)
    job_code = models.UUIDField(null=True, blank=True)
    """The core.Job that carries the import out."""

    def __str__(self) -> str:
        return f"import {self.pk}"


class ImportedRow(models.Model):
    """The values of one row as they were last imported: the base of the three-way comparison.

    sheet, key: which row of the workbook («Обучающиеся», «Б-1216»). values: column field → value as text or null.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    year_starts = models.PositiveSmallIntegerField()
    sheet = models.CharField(max_length=40)
    key = models.CharField(max_length=300)
    values = models.JSONField()
    object = models.CharField(max_length=64)
    """«people.Pupil:123», the row it became."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "year_starts", "sheet", "key"], name="exchange_imported_row_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sheet} {self.key}"
