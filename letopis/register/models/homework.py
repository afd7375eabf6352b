"""What is set for home: for the class and for single pupils; recommendations."""

from django.db import models
from django.db.models import Q

from letopis.core.models import Coded
from letopis.org.models import Organisation
from letopis.people.models import Employee, Pupil
from letopis.register.models.lessons import Lesson
from letopis.schooling.models import SchoolClass, Subject


class Homework(models.Model):
    """What was set in a lesson, or the explicit word that nothing was (REG-008)."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    lesson = models.OneToOneField(Lesson, on_delete=models.PROTECT, related_name="homework")
    text = models.TextField(max_length=2000, blank=True)
    nothing_set = models.BooleanField(default=False)
    due_on = models.DateField(null=True, blank=True)
    due_lesson = models.ForeignKey(Lesson, on_delete=models.PROTECT, null=True, blank=True, related_name="homework_due")
    """The lesson it is asked at; when the lesson moves, the day moves with it."""
    assessment = models.CharField(max_length=120, blank=True)
    """Form of assessment in words (REG-010)."""
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    """How long it should take; the volume of a class's day adds them up. Unit: minutes."""
    set_at = models.DateTimeField(null=True, blank=True)

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


class PupilHomework(Coded):
    """What one pupil was set besides or instead of the class; an empty text is one taken back."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    lesson = models.ForeignKey(Lesson, on_delete=models.PROTECT, related_name="pupil_homework")
    pupil = models.ForeignKey(Pupil, on_delete=models.PROTECT, related_name="homework")
    text = models.TextField(max_length=2000, blank=True)
    due_on = models.DateField(null=True, blank=True)
    assessment = models.CharField(max_length=120, blank=True)
    put_by = models.ForeignKey(Employee, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    put_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "pupil homework"
        constraints = [
            models.UniqueConstraint(fields=["lesson", "pupil"], name="register_pupil_homework_once"),
        ]

    def __str__(self) -> str:
        return f"pupil homework {self.pk}"


class HomeworkProgress(models.Model):
    """What a pupil did with a homework: opened it, said it is done (REG-049)."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    homework = models.ForeignKey(Homework, on_delete=models.PROTECT, related_name="progress")
    pupil = models.ForeignKey(Pupil, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "homework progress"
        constraints = [
            models.UniqueConstraint(fields=["homework", "pupil"], name="register_homework_progress_once"),
        ]

    def __str__(self) -> str:
        return f"homework progress {self.pk}"


class Recommendation(Coded):
    """A teacher's advice to a pupil or to a class, shown in the diary (REG-048, REG-B030)."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    pupil = models.ForeignKey(Pupil, on_delete=models.PROTECT, null=True, blank=True, related_name="recommendations")
    school_class = models.ForeignKey(
        SchoolClass, on_delete=models.PROTECT, null=True, blank=True, related_name="recommendations"
    )
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    author = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    text = models.TextField(max_length=1000)
    put_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(pupil=None, school_class__isnull=False) | Q(pupil__isnull=False, school_class=None),
                name="register_recommendation_to_pupil_or_class",
            ),
        ]

    def __str__(self) -> str:
        return f"recommendation {self.pk}"
