"""Organisations."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from letopis.core.models import Coded


class Organisation(Coded):
    """A school, or an education authority that stands over schools: the tenant of every row."""

    class Kind(models.TextChoices):
        SCHOOL = "SCHOOL", _("школа")
        AUTHORITY = "AUTHORITY", _("орган управления образованием")

    slug = models.SlugField(max_length=32, unique=True)
    """Short code of the command line and of paths: «demo»."""
    kind = models.CharField(max_length=9, choices=Kind.choices, default=Kind.SCHOOL)
    full_name = models.CharField(max_length=300)
    short_name = models.CharField(max_length=120)
    tax_id = models.CharField(max_length=12, blank=True)
    address = models.CharField(max_length=300, blank=True)
    time_zone = models.CharField(max_length=40, default="Europe/Moscow")
    week_days = models.PositiveSmallIntegerField(default=5)
    policy_version = models.PositiveIntegerField(default=0)
    """Counts adopted editions of the policy: a process that holds an older count reads them anew (queries.policies)."""

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(week_days__in=[5, 6]), name="org_week_has_5_or_6_days"),
        ]

    def __str__(self) -> str:
        return self.short_name
