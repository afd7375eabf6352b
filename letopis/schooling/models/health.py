"""The health and exemption sheet of a class (лист здоровья)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from letopis.core.models import Coded
from letopis.org.models import Organisation
from letopis.people.models import Pupil
from letopis.schooling.models.dated import DatedQuerySet, ends_after_start


class HealthRecord(Coded):
    """What the school must heed about a pupil's health from a day on. Never a diagnosis."""

    class PhysicalGroup(models.TextChoices):
        """Group for physical education; an exempt pupil is present and not marked."""

        MAIN = "MAIN", _("основная")
        PREPARATORY = "PREPARATORY", _("подготовительная")
        SPECIAL_A = "SPECIAL_A", _("специальная «А»")
        SPECIAL_B = "SPECIAL_B", _("специальная «Б»")
        EXEMPT = "EXEMPT", _("освобождение")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    pupil = models.ForeignKey(Pupil, on_delete=models.PROTECT, related_name="health_records")
    health_group = models.PositiveSmallIntegerField(null=True, blank=True)
    """1 to 5, as the doctor wrote."""
    physical_group = models.CharField(max_length=11, choices=PhysicalGroup.choices, default=PhysicalGroup.MAIN)
    seat = models.CharField(max_length=80, blank=True)
    """Where to sit: «первая парта, ряд у окна»."""
    basis = models.CharField(max_length=200, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(health_group=None) | Q(health_group__range=(1, 5)), name="schooling_health_group_1_to_5"
            ),
            ends_after_start("schooling_health_record_ends_after_start"),
        ]

    def __str__(self) -> str:
        return f"health record {self.pk}"
