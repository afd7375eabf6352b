"""The register: what happened in lessons, and the marks of terms.

The tables hold the value in force; the ledger holds every value that ever was. A cleared mark keeps
its row with an empty value, so that its history stays in one place.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from letopis.core.models import Coded
from letopis.org.models import Organisation
from letopis.people.models import Employee, Pupil
from letopis.schooling.models import Course, Room, Subject, Term


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
    attendance_taken_at = models.DateTimeField(null=True, blank=True)
    """When the teacher said who is absent, be it nobody: tells «all present» from «not looked at yet»."""

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

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lesson", "position"], name="register_task_once"),
        ]

    def __str__(self) -> str:
        return f"task {self.pk}"


class Mark(models.Model):
    """A pupil's mark for a task; an empty value is a mark taken away."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="marks")
    pupil = models.ForeignKey(Pupil, on_delete=models.PROTECT, related_name="marks")
    value = models.CharField(max_length=4, blank=True)
    put_by = models.ForeignKey(Employee, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    put_at = models.DateTimeField()
    changes = models.PositiveSmallIntegerField(default=0)
    """How many times a recorded value was changed; more than none shows the corner in the grid."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["task", "pupil"], name="register_mark_once"),
        ]

    def __str__(self) -> str:
        return f"mark {self.pk}"


class AbsenceReason(models.TextChoices):
    """Why a pupil was absent; set later by the class teacher or by a document."""

    NOT_SET = "NOT_SET", _("причина не указана")
    ILL = "ILL", _("болезнь")
    VALID = "VALID", _("уважительная причина")
    UNEXCUSED = "UNEXCUSED", _("без уважительной причины")


class Attendance(models.Model):
    """The event of a pupil at a lesson. No row, or PRESENT after a correction, is a pupil who was there."""

    class Event(models.TextChoices):
        PRESENT = "PRESENT", _("на уроке")
        ABSENT = "ABSENT", _("нет на уроке")
        LATE = "LATE", _("опоздание")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    lesson = models.ForeignKey(Lesson, on_delete=models.PROTECT, related_name="attendances")
    pupil = models.ForeignKey(Pupil, on_delete=models.PROTECT, related_name="attendances")
    event = models.CharField(max_length=7, choices=Event.choices)
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    reason = models.CharField(max_length=9, choices=AbsenceReason.choices, default=AbsenceReason.NOT_SET)
    put_by = models.ForeignKey(Employee, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    put_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lesson", "pupil"], name="register_attendance_once"),
            models.CheckConstraint(
                condition=Q(minutes=None) | Q(event="LATE"), name="register_attendance_minutes_of_lateness"
            ),
        ]

    def __str__(self) -> str:
        return f"attendance {self.pk}"


class Homework(models.Model):
    """What was set in a lesson, or the explicit word that nothing was (REG-008)."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    lesson = models.OneToOneField(Lesson, on_delete=models.PROTECT, related_name="homework")
    text = models.TextField(max_length=2000, blank=True)
    nothing_set = models.BooleanField(default=False)
    due_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "homework"
        constraints = [
            models.CheckConstraint(
                condition=Q(nothing_set=False) | Q(text="", due_on=None), name="register_homework_nothing_is_nothing"
            ),
        ]

    def __str__(self) -> str:
        return f"homework {self.pk}"


class HomeworkFile(Coded):
    """A file that belongs to a homework, kept outside the web root and served through access only."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    homework = models.ForeignKey(Homework, on_delete=models.PROTECT, related_name="files")
    name = models.CharField(max_length=200)
    file = models.FileField(upload_to="homework/%Y/%m", max_length=300)
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=128)
    """SHA-512, hexadecimal."""
    removed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"file {self.pk}"


class TermMark(models.Model):
    """A pupil's result in a subject for a term, whatever groups he passed through (C-001). Values: rules.results."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    pupil = models.ForeignKey(Pupil, on_delete=models.PROTECT, related_name="term_marks")
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+")
    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="term_marks")
    value = models.CharField(max_length=12, blank=True)
    put_by = models.ForeignKey(Employee, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    put_at = models.DateTimeField()
    changes = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pupil", "subject", "term"], name="register_term_mark_once"),
        ]
        indexes = [models.Index(fields=["term", "subject"], name="register_term_mark_subject")]

    def __str__(self) -> str:
        return f"term mark {self.pk}"
