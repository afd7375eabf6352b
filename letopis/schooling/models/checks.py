"""What was looked through: sections of the set-up of a year, lists of classes."""

from django.db import models

from letopis.org.models import Organisation
from letopis.people.models import Employee
from letopis.schooling.models.groups import SchoolClass
from letopis.schooling.models.year import AcademicYear


class SetupSection(models.Model):
    """Who answers for a section of the set-up of a year, and that he said it is ready (ORG-B017)."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    year = models.ForeignKey(AcademicYear, on_delete=models.PROTECT, related_name="setup_sections")
    section = models.CharField(max_length=20)
    """Code of rules.setup."""
    responsible = models.ForeignKey(Employee, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_by = models.ForeignKey(Employee, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["year", "section"], name="schooling_setup_section_once"),
        ]

    def __str__(self) -> str:
        return f"set-up {self.section}"


class RosterCheck(models.Model):
    """The class teacher looked through the list of the class on a day (REG-046)."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    school_class = models.ForeignKey(SchoolClass, on_delete=models.PROTECT, related_name="roster_checks")
    checked_on = models.DateField()
    checked_by = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school_class", "checked_on"], name="schooling_roster_check_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"roster check {self.pk}"
