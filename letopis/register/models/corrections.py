"""Corrections after the window: asked for, approved, carried out; both values stay for ever."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from letopis.core.models import Coded
from letopis.org.models import Organisation
from letopis.people.models import Employee, Pupil
from letopis.register.models.lessons import Lesson, Task
from letopis.register.models.remarks import Remark
from letopis.schooling.models import Course, Term


class Correction(Coded):
    """A request to change one entry that is no longer open (REG-023, REG-B016)."""

    class Kind(models.TextChoices):
        MARK = "MARK", _("отметка")
        ATTENDANCE = "ATTENDANCE", _("отсутствие")
        TERM_MARK = "TERM_MARK", _("отметка за период")
        TOPIC = "TOPIC", _("тема урока")
        HOMEWORK = "HOMEWORK", _("домашнее задание")

    class State(models.TextChoices):
        REQUESTED = "REQUESTED", _("ждёт решения")
        HALF = "HALF", _("ждёт второго разрешения")
        APPLIED = "APPLIED", _("исправлено")
        DECLINED = "DECLINED", _("отклонено")
        WITHDRAWN = "WITHDRAWN", _("отозвано")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="corrections")
    lesson = models.ForeignKey(Lesson, on_delete=models.PROTECT, null=True, blank=True, related_name="corrections")
    task = models.ForeignKey(Task, on_delete=models.PROTECT, null=True, blank=True, related_name="corrections")
    term = models.ForeignKey(Term, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    """Of a term mark; of the others the term their day lies in, when it does."""
    pupil = models.ForeignKey(Pupil, on_delete=models.PROTECT, null=True, blank=True, related_name="corrections")
    old_value = models.CharField(max_length=1000, blank=True)
    """What stood when it was asked for; another value at the approval is a conflict."""
    new_value = models.CharField(max_length=1000, blank=True)
    reason = models.CharField(max_length=500)
    remark = models.ForeignKey(Remark, on_delete=models.PROTECT, null=True, blank=True, related_name="corrections")
    """The remark of control it answers, where the policy asks for one."""
    state = models.CharField(max_length=9, choices=State.choices, default=State.REQUESTED)
    requested_by = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    first_by = models.ForeignKey(Employee, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    """The first of two who approve."""
    first_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(Employee, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    order = models.CharField(max_length=120, blank=True)
    """«приказ № 15 от 20.11.2026»."""
    decision = models.CharField(max_length=500, blank=True)
    """What the one who decided wrote."""
    clause = models.CharField(max_length=500, blank=True)
    """What closed the entry, as the refusal said it."""

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="TERM_MARK", term__isnull=False, pupil__isnull=False)
                | (~Q(kind="TERM_MARK") & Q(lesson__isnull=False)),
                name="register_correction_has_its_entry",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "state"], name="register_correction_state"),
            models.Index(fields=["pupil", "state"], name="register_correction_pupil"),
            models.Index(fields=["course", "state"], name="register_correction_course"),
        ]

    def __str__(self) -> str:
        return f"correction {self.pk}"
