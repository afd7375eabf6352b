"""Lessons, the columns of marks in them, and their substitutions."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from letopis.core.models import Coded
from letopis.org.models import Organisation
from letopis.people.models import Employee
from letopis.schooling.models import Course, PlanTopic, Room


class Lesson(Coded):
    """One lesson that was or will be given."""

    class State(models.TextChoices):
        PLANNED = "PLANNED", _("запланирован")
        HELD = "HELD", _("проведён")
        CANCELLED = "CANCELLED", _("отменён")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="lessons")
    on = models.DateField()
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.PLANNED)
    teacher = models.ForeignKey(Employee, on_delete=models.PROTECT, null=True, blank=True, related_name="lessons")
    room = models.ForeignKey(Room, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    topic = models.CharField(max_length=500, blank=True)
    plan_topic = models.ForeignKey(PlanTopic, on_delete=models.PROTECT, null=True, blank=True, related_name="lessons")
    """The topic of the thematic plan that this lesson gave; the words above stay the teacher's own."""
    deviation = models.CharField(max_length=300, blank=True)
    """Why the topic is another than the plan says (REG-B011)."""
    topic_at = models.DateTimeField(null=True, blank=True)
    """When the first topic was entered; None where nobody wrote it down: then `held_at` stands for it."""
    held_at = models.DateTimeField(null=True, blank=True)
    """When the first fact of the lesson was entered; later than its day is a late entry (REG-003)."""
    attendance_taken_at = models.DateTimeField(null=True, blank=True)
    """When the teacher said who is absent, be it nobody: tells «all present» from «not looked at yet»."""
    is_extra = models.BooleanField(default=False)
    """Added beside the timetable (a club, home tuition): the timetable neither moves nor removes it."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["course", "on", "number"], name="register_lesson_once"),
        ]
        indexes = [
            models.Index(fields=["teacher", "on"], name="register_lesson_teacher_day"),
            models.Index(fields=["organisation", "on"], name="register_lesson_org_day"),
        ]

    def __str__(self) -> str:
        return f"lesson {self.pk}"


class Task(Coded):
    """One column of marks of a lesson. Every lesson has at least one; kind is empty until the teacher names it."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    lesson = models.ForeignKey(Lesson, on_delete=models.PROTECT, related_name="tasks")
    position = models.PositiveSmallIntegerField(default=1)
    kind = models.CharField(max_length=8, blank=True)
    """Code of rules.policy.WorkKind."""
    title = models.CharField(max_length=200, blank=True)

    weight = models.PositiveSmallIntegerField(null=True, blank=True)
    """How many times its marks count; None = as the kind of work says."""
    components = models.PositiveSmallIntegerField(default=1)
    """2 for a work marked twice (диктант 4/3); it counts once, with the mean of both (C-014)."""
    worked_on = models.DateField(null=True, blank=True)
    """The day the work was written, when that is not the day of the lesson."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lesson", "position"], name="register_task_once"),
            models.CheckConstraint(condition=Q(components__in=(1, 2)), name="register_task_one_or_two_components"),
            models.CheckConstraint(condition=Q(weight=None) | Q(weight__range=(1, 9)), name="register_task_weight"),
        ]

    def __str__(self) -> str:
        return f"task {self.pk}"


class Substitution(Coded):
    """A lesson that went otherwise than the timetable says: a row of the log, never deleted (C-013, ORG-025…027).

    The lesson itself already stands as it will be given: its teacher, day, number, room and state are the new ones.
    """

    class Kind(models.TextChoices):
        OTHER_TEACHER = "OTHER_TEACHER", _("замена учителя")
        JOINED = "JOINED", _("объединение групп")
        CANCELLED = "CANCELLED", _("отмена урока")
        MOVED = "MOVED", _("перенос урока")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    lesson = models.ForeignKey(Lesson, on_delete=models.PROTECT, related_name="substitutions")
    kind = models.CharField(max_length=13, choices=Kind.choices)
    absent_teacher = models.ForeignKey(Employee, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    """Who should have given it; nobody for a vacancy."""
    acting_teacher = models.ForeignKey(Employee, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    joined_with = models.ForeignKey(Lesson, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    """The lesson of the other group, whose teacher takes both."""
    old_on = models.DateField()
    old_number = models.PositiveSmallIntegerField()
    new_on = models.DateField(null=True, blank=True)
    new_number = models.PositiveSmallIntegerField(null=True, blank=True)
    """The slot it was moved to; None for the other kinds."""
    old_room = models.ForeignKey(Room, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    """Where it would have been given: joined groups go to the room of the other."""
    reason = models.CharField(max_length=200)
    order = models.CharField(max_length=200, blank=True)
    in_spite_of = models.CharField(max_length=500, blank=True)
    """Which clash was known and accepted, in words."""
    made_by = models.ForeignKey(Employee, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    """When the acting teacher said that he knows of it; the printed log has his signature."""
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    """When it was taken back, and the lesson stood again as before."""

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="MOVED", new_on__isnull=False, new_number__isnull=False)
                | (~Q(kind="MOVED") & Q(new_on=None, new_number=None)),
                name="register_substitution_moved_has_new_slot",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "old_on"], name="register_substitution_day")]

    def __str__(self) -> str:
        return f"substitution {self.pk}"
