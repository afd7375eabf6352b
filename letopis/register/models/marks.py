"""Marks of lessons and of terms, made-up work, and marks brought from another school."""

from django.db import models
from django.db.models import Q

from letopis.core.models import Coded
from letopis.org.models import Organisation
from letopis.people.models import Employee, Pupil
from letopis.register.models.lessons import Lesson, Task
from letopis.schooling.models import AcademicYear, Subject, Term


class Mark(models.Model):
    """A pupil's mark for a task; an empty value is a mark taken away."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="marks")
    pupil = models.ForeignKey(Pupil, on_delete=models.PROTECT, related_name="marks")
    value = models.CharField(max_length=8, blank=True)
    """A mark of the scale, two components («4/3»), or a symbol beyond marks (rules.cells)."""
    note = models.CharField(max_length=300, blank=True)
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

    postponed_until = models.DateField(null=True, blank=True)
    """Until when the mark of a pupil who missed much is put off; None = it is not."""
    postponed_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pupil", "subject", "term"], name="register_term_mark_once"),
        ]
        indexes = [models.Index(fields=["term", "subject"], name="register_term_mark_subject")]

    def __str__(self) -> str:
        return f"term mark {self.pk}"


class MakeUp(Coded):
    """The protocol of a missed lesson made up for (REG-B009). The absence stays (ABS-B004)."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    lesson = models.ForeignKey(Lesson, on_delete=models.PROTECT, related_name="make_ups")
    """The missed lesson."""
    pupil = models.ForeignKey(Pupil, on_delete=models.PROTECT, related_name="make_ups")
    task = models.ForeignKey(Task, on_delete=models.PROTECT, null=True, blank=True, related_name="make_ups")
    """Of the missed lesson: where its mark stands; None for a make-up without a mark."""
    held_on = models.DateField()
    teacher = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="+")
    commission = models.CharField(max_length=300, blank=True)
    topic = models.CharField(max_length=500)
    value = models.CharField(max_length=8, blank=True)
    made_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["lesson", "pupil", "task"],
                condition=Q(withdrawn_at=None),
                name="register_make_up_once_in_force",
            ),
        ]

    def __str__(self) -> str:
        return f"make-up {self.pk}"


class OutsideStatement(Coded):
    """A statement of marks that a pupil brought from another school (REG-B037)."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    pupil = models.ForeignKey(Pupil, on_delete=models.PROTECT, related_name="outside_statements")
    year = models.ForeignKey(AcademicYear, on_delete=models.PROTECT, related_name="+")
    school = models.CharField(max_length=250)
    number = models.CharField(max_length=40, blank=True)
    issued_on = models.DateField(null=True, blank=True)
    entered_by = models.ForeignKey(Employee, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    entered_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"outside statement {self.pk}"


class OutsideMarks(models.Model):
    """A row of the statement: a subject in a term."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    statement = models.ForeignKey(OutsideStatement, on_delete=models.PROTECT, related_name="rows")
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+")
    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="+")
    marks = models.CharField(max_length=300, blank=True)
    """Current marks in the order of the statement, a space between them: «5 4 4/3»."""
    term_mark = models.CharField(max_length=12, blank=True)
    missed = models.PositiveSmallIntegerField(null=True, blank=True)
    """Missed lessons."""

    class Meta:
        verbose_name_plural = "outside marks"
        constraints = [
            models.UniqueConstraint(fields=["statement", "subject", "term"], name="register_outside_marks_once"),
        ]

    def __str__(self) -> str:
        return f"outside marks {self.pk}"
