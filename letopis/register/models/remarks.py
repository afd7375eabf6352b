"""Remarks of control with a term, and the marks of a page that was looked through."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from letopis.core.models import Coded
from letopis.org.models import Organisation
from letopis.people.models import Employee, Pupil
from letopis.register.models.lessons import Lesson
from letopis.schooling.models import Course, SchoolClass


class Remark(Coded):
    """A remark (замечание) on a page or an entry: the teacher removes it, the deputy confirms (REG-038).

    An automatic one is made by night from a duty that is late, and closes itself when the duty is done.
    """

    class State(models.TextChoices):
        OPEN = "OPEN", _("открыто")
        REMOVED = "REMOVED", _("устранено, ждёт проверки")
        CONFIRMED = "CONFIRMED", _("устранение подтверждено")
        CLOSED = "CLOSED", _("закрылось само")
        WITHDRAWN = "WITHDRAWN", _("отозвано")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, null=True, blank=True, related_name="remarks")
    """The page; None for a remark to a class teacher about his class."""
    school_class = models.ForeignKey(SchoolClass, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    lesson = models.ForeignKey(Lesson, on_delete=models.PROTECT, null=True, blank=True, related_name="remarks")
    pupil = models.ForeignKey(Pupil, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    """With the lesson: the cell."""
    teacher = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="remarks")
    """Who removes it."""
    duty = models.CharField(max_length=120, blank=True)
    """Of an automatic remark: the key of the duty it was made from (rules.obligations)."""
    text = models.CharField(max_length=1000)
    due_on = models.DateField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    made_by = models.ForeignKey(Employee, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    """None for an automatic one."""
    made_at = models.DateTimeField()
    answer = models.CharField(max_length=1000, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(Employee, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "duty"],
                condition=~Q(duty="") & Q(state__in=["OPEN", "REMOVED"]),
                name="register_remark_once_for_a_duty",
            ),
            models.CheckConstraint(
                condition=Q(course__isnull=False) | Q(school_class__isnull=False), name="register_remark_has_a_page"
            ),
        ]
        indexes = [
            models.Index(fields=["teacher", "state"], name="register_remark_teacher"),
            models.Index(fields=["organisation", "state", "due_on"], name="register_remark_open"),
        ]

    def __str__(self) -> str:
        return f"remark {self.pk}"


class PageReview(models.Model):
    """Somebody of control looked through a page of the register, with or without remarks (REG-B032)."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="reviews")
    reviewed_on = models.DateField()
    reviewed_by = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["course", "reviewed_on"], name="register_page_review_course")]

    def __str__(self) -> str:
        return f"review {self.pk}"
