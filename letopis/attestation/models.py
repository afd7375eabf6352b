"""Results of a year: year marks, decisions of the council, results of past years brought from outside."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from letopis.org.models import Organisation
from letopis.people.models import Employee, Pupil
from letopis.schooling.models import AcademicYear, Subject


class YearMark(models.Model):
    """A pupil's result in a subject for a year. Values: rules.results."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    pupil = models.ForeignKey(Pupil, on_delete=models.PROTECT, related_name="year_marks")
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+")
    year = models.ForeignKey(AcademicYear, on_delete=models.PROTECT, related_name="year_marks")
    value = models.CharField(max_length=12, blank=True)
    put_by = models.ForeignKey(Employee, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    put_at = models.DateTimeField()
    changes = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pupil", "subject", "year"], name="attestation_year_mark_once"),
        ]

    def __str__(self) -> str:
        return f"year mark {self.pk}"


class CouncilDecision(models.Model):
    """What the pedagogical council decided about a pupil at the end of a year, with its protocol."""

    class Decision(models.TextChoices):
        PROMOTED = "PROMOTED", _("переведён в следующий класс")
        CONDITIONALLY = "CONDITIONALLY", _("переведён условно")
        REPEATS = "REPEATS", _("оставлен на повторное обучение")
        ADMITTED = "ADMITTED", _("допущен к ГИА")
        COMPLETED = "COMPLETED", _("завершил обучение, выдан аттестат")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    pupil = models.ForeignKey(Pupil, on_delete=models.PROTECT, related_name="council_decisions")
    year = models.ForeignKey(AcademicYear, on_delete=models.PROTECT, related_name="council_decisions")
    decision = models.CharField(max_length=13, choices=Decision.choices)
    protocol_number = models.CharField(max_length=40)
    protocol_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pupil", "year"], name="attestation_council_decision_once"),
        ]

    def __str__(self) -> str:
        return f"council decision {self.pk}"


class PastResult(models.Model):
    """A result of a past year that was brought in with its source (C-007); the system did not make it."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    pupil = models.ForeignKey(Pupil, on_delete=models.PROTECT, related_name="past_results")
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+")
    year_starts = models.PositiveSmallIntegerField()
    """Calendar year in which that school year began."""
    class_title = models.CharField(max_length=8)
    period = models.CharField(max_length=40)
    value = models.CharField(max_length=12)
    source = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["pupil", "subject", "year_starts", "period"], name="attestation_past_result_once"
            ),
        ]

    def __str__(self) -> str:
        return f"past result {self.pk}"
