"""The school year: terms, breaks, days off."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from letopis.core.models import Coded
from letopis.org.models import Organisation
from letopis.schooling.models.dated import ends_after_start


class AcademicYear(Coded):
    """1 September to 31 August; open, closed or archived."""

    class State(models.TextChoices):
        OPEN = "OPEN", _("открыт")
        CLOSED = "CLOSED", _("закрыт")
        ARCHIVED = "ARCHIVED", _("в архиве")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="years")
    starts_on = models.DateField()
    ends_on = models.DateField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "starts_on"], name="schooling_year_once"),
            ends_after_start("schooling_year_ends_after_start"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """«2026/27», as people and the command line write it."""
        return f"{self.starts_on.year}/{self.ends_on.year % 100:02d}"


class Term(Coded):
    """A grading period of a year for a span of grades."""

    class Kind(models.TextChoices):
        QUARTER = "QUARTER", _("четверть")
        TRIMESTER = "TRIMESTER", _("триместр")
        HALF_YEAR = "HALF_YEAR", _("полугодие")
        OTHER = "OTHER", _("период")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    year = models.ForeignKey(AcademicYear, on_delete=models.PROTECT, related_name="terms")
    kind = models.CharField(max_length=9, choices=Kind.choices)
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=60)
    grade_from = models.PositiveSmallIntegerField()
    grade_to = models.PositiveSmallIntegerField()
    starts_on = models.DateField()
    ends_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["year", "kind", "number", "grade_from"], name="schooling_term_once"),
            ends_after_start("schooling_term_ends_after_start"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def short_title(self) -> str:
        """«2 чт», «1 пг»: for column heads and switches."""
        sign = {"QUARTER": _("чт"), "TRIMESTER": _("тр"), "HALF_YEAR": _("пг")}.get(self.kind, "")
        return f"{self.number} {sign}".strip()


class Break(models.Model):
    """Vacation (каникулы) for a span of grades."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    year = models.ForeignKey(AcademicYear, on_delete=models.PROTECT, related_name="breaks")
    title = models.CharField(max_length=60)
    grade_from = models.PositiveSmallIntegerField()
    grade_to = models.PositiveSmallIntegerField()
    starts_on = models.DateField()
    ends_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["year", "title", "grade_from"], name="schooling_break_once"),
            ends_after_start("schooling_break_ends_after_start"),
        ]

    def __str__(self) -> str:
        return self.title


class CalendarDay(models.Model):
    """A day that breaks the week's rule: a holiday, a cancelled day, or a working Saturday."""

    class Kind(models.TextChoices):
        OFF = "OFF", _("нерабочий день")
        WORKING = "WORKING", _("рабочий день")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    year = models.ForeignKey(AcademicYear, on_delete=models.PROTECT, related_name="calendar_days")
    on = models.DateField()
    kind = models.CharField(max_length=7, choices=Kind.choices)
    title = models.CharField(max_length=120)
    source = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["year", "on"], name="schooling_calendar_day_once"),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.kind}"
