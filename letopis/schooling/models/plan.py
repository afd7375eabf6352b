"""Thematic plans (КТП) and their corrections."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from letopis.core.models import Coded
from letopis.org.models import Organisation
from letopis.people.models import Employee
from letopis.schooling.models.teaching import Course


class PlanTopic(Coded):
    """A topic of the thematic plan of a course, in order (ORG-020)."""

    class Fate(models.TextChoices):
        """What became of a topic that cannot be studied this year as planned (ORG-022)."""

        IN_PLAN = "IN_PLAN", _("по плану")
        NEXT_YEAR = "NEXT_YEAR", _("перенесена на следующий год")
        MODULES = "MODULES", _("изучается модулями")
        DROPPED = "DROPPED", _("исключена")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="plan_topics")
    position = models.PositiveSmallIntegerField()
    section = models.CharField(max_length=200, blank=True)
    title = models.CharField(max_length=500)
    hours = models.PositiveSmallIntegerField()
    lesson_kind = models.CharField(max_length=80, blank=True)
    work_kind = models.CharField(max_length=8, blank=True)
    """Code of rules.policy.WorkKind, where the topic ends with a work."""
    homework = models.CharField(max_length=500, blank=True)
    planned_on = models.DateField(null=True, blank=True)
    """The day of its first lesson by the plan as it was laid over the year."""
    fate = models.CharField(max_length=9, choices=Fate.choices, default=Fate.IN_PLAN)
    carried_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="carried_to")
    """The topic of last year's plan that came over."""

    class Meta:
        indexes = [models.Index(fields=["course", "position"], name="schooling_plan_topic_order")]

    def __str__(self) -> str:
        return f"plan topic {self.pk}"


class PlanCorrection(Coded):
    """A row of the correction sheet (лист корректировки): what changed, why, who, when (ORG-021)."""

    class Kind(models.TextChoices):
        ADDED = "ADDED", _("добавлена тема")
        DROPPED = "DROPPED", _("исключена тема")
        HOURS = "HOURS", _("изменены часы")
        MOVED = "MOVED", _("изменён порядок")
        RENAMED = "RENAMED", _("изменена формулировка")
        NEXT_YEAR = "NEXT_YEAR", _("перенос на следующий год")
        MODULES = "MODULES", _("изучение модулями")
        RESTORED = "RESTORED", _("возврат в план")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="plan_corrections")
    topic = models.ForeignKey(PlanTopic, on_delete=models.PROTECT, null=True, blank=True, related_name="corrections")
    kind = models.CharField(max_length=9, choices=Kind.choices)
    before = models.CharField(max_length=600, blank=True)
    after = models.CharField(max_length=600, blank=True)
    reason = models.CharField(max_length=300)
    made_on = models.DateField()
    made_by = models.ForeignKey(Employee, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    def __str__(self) -> str:
        return f"plan correction {self.pk}"
