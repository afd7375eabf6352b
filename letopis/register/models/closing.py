"""Closing of periods, and the teacher's word that term marks are complete."""

from django.db import models
from django.db.models import Q

from letopis.core.models import Coded
from letopis.org.models import Organisation
from letopis.people.models import Employee
from letopis.schooling.models import Course, SchoolClass, Term


class PeriodClosing(Coded):
    """The registers of a class are closed for a term; a reopened closing stays and a new one follows (REG-036)."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="closings")
    school_class = models.ForeignKey(SchoolClass, on_delete=models.PROTECT, related_name="closings")
    closed_by = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField()
    accepted = models.JSONField(default=list)
    """What was missing and accepted: postponed marks and the like, in words."""
    reopened_by = models.ForeignKey(Employee, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reopened_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    order = models.CharField(max_length=120, blank=True)
    """The order of the reopening."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["term", "school_class"], condition=Q(reopened_at=None), name="register_period_closed_once"
            ),
        ]
        indexes = [models.Index(fields=["school_class", "term"], name="register_period_closing_class")]

    def __str__(self) -> str:
        return f"closing {self.pk}"


class TermMarksCheck(models.Model):
    """A teacher confirmed that the term marks of a course are all there (REG-031)."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="term_mark_checks")
    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="+")
    checked_by = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["course", "term"], name="register_term_marks_check_once"),
        ]

    def __str__(self) -> str:
        return f"check {self.pk}"
