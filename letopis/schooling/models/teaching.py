"""Subjects, the curriculum, courses (pages of the register) and who teaches them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from letopis.core.models import Coded
from letopis.org.models import Organisation
from letopis.people.models import Employee, Pupil
from letopis.schooling.models.dated import DatedQuerySet, ends_after_start
from letopis.schooling.models.groups import SchoolClass, StudyGroup
from letopis.schooling.models.year import AcademicYear


class CurriculumPart(models.TextChoices):
    """Which part of the curriculum a subject belongs to (ORG-B008)."""

    COMPULSORY = "COMPULSORY", _("обязательная часть")
    PARTICIPANTS = "PARTICIPANTS", _("часть, формируемая участниками")
    EXTRACURRICULAR = "EXTRACURRICULAR", _("внеурочная деятельность")
    ADDITIONAL = "ADDITIONAL", _("дополнительное образование")


class Scale(models.TextChoices):
    """How a subject is marked; codes of rules.policy.SCALES (ORG-B019)."""

    FIVE_POINT = "FIVE_POINT", _("пятибалльная")
    UNGRADED = "UNGRADED", _("безотметочное")


class Subject(Coded):
    """An academic subject of the school."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="subjects")
    name = models.CharField(max_length=120)
    part = models.CharField(max_length=15, choices=CurriculumPart.choices, default=CurriculumPart.COMPULSORY)
    scale = models.CharField(max_length=10, choices=Scale.choices, default=Scale.FIVE_POINT)
    sort_key = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "name"], name="schooling_subject_once"),
        ]

    def __str__(self) -> str:
        return self.name


class CurriculumLine(models.Model):
    """Weekly hours of a subject for a class, or for one pupil on an individual plan, in a year."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    year = models.ForeignKey(AcademicYear, on_delete=models.PROTECT, related_name="curriculum")
    school_class = models.ForeignKey(
        SchoolClass, on_delete=models.PROTECT, null=True, blank=True, related_name="curriculum"
    )
    pupil = models.ForeignKey(Pupil, on_delete=models.PROTECT, null=True, blank=True, related_name="curriculum")
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+")
    weekly_hours = models.DecimalField(max_digits=5, decimal_places=2)
    order = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(school_class=None, pupil__isnull=False) | Q(school_class__isnull=False, pupil=None),
                name="schooling_curriculum_for_class_or_pupil",
            ),
            models.UniqueConstraint(
                fields=["year", "school_class", "subject"],
                condition=Q(pupil=None),
                name="schooling_curriculum_of_class_once",
            ),
            models.UniqueConstraint(
                fields=["year", "pupil", "subject"],
                condition=Q(school_class=None),
                name="schooling_curriculum_of_pupil_once",
            ),
        ]

    def __str__(self) -> str:
        return f"curriculum {self.pk}"


class CourseKind(models.TextChoices):
    """What kind of teaching a page of the register records."""

    COMPULSORY = "COMPULSORY", _("обязательный урок")
    ELECTIVE = "ELECTIVE", _("элективный курс")
    OPTIONAL = "OPTIONAL", _("факультатив")
    EXTRACURRICULAR = "EXTRACURRICULAR", _("внеурочная деятельность")
    ADDITIONAL = "ADDITIONAL", _("дополнительное образование")
    HOME_TUITION = "HOME_TUITION", _("обучение на дому")
    EXTENDED_DAY = "EXTENDED_DAY", _("группа продлённого дня")
    OF_CHOICE = "OF_CHOICE", _("курс по выбору")


class CourseLevel(models.TextChoices):
    """How deep a subject is taught to a class, group or pupil (ORG-017)."""

    BASIC = "BASIC", _("базовый")
    ADVANCED = "ADVANCED", _("углублённый")
    PROFILE = "PROFILE", _("профильный")


class Course(Coded):
    """Subject × study group × year: one page of the register."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    year = models.ForeignKey(AcademicYear, on_delete=models.PROTECT, related_name="courses")
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="courses")
    group = models.ForeignKey(StudyGroup, on_delete=models.PROTECT, related_name="courses")
    kind = models.CharField(max_length=15, choices=CourseKind.choices, default=CourseKind.COMPULSORY)
    level = models.CharField(max_length=8, choices=CourseLevel.choices, default=CourseLevel.BASIC)
    weekly_hours = models.DecimalField(max_digits=5, decimal_places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["year", "subject", "group"], name="schooling_course_once"),
        ]

    def __str__(self) -> str:
        return f"course {self.pk}"


class Workload(models.Model):
    """Who teaches a course from which day (тарификация, ORG-018); no teacher is a vacancy."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="workloads")
    teacher = models.ForeignKey(Employee, on_delete=models.PROTECT, null=True, blank=True, related_name="workloads")
    weekly_hours = models.DecimalField(max_digits=5, decimal_places=2)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    order = models.CharField(max_length=200, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["course", "teacher", "starts_on"], name="schooling_workload_once"),
            models.UniqueConstraint(
                fields=["course", "starts_on"], condition=Q(teacher=None), name="schooling_vacancy_once"
            ),
            ends_after_start("schooling_workload_ends_after_start"),
        ]

    def __str__(self) -> str:
        return f"workload {self.pk}"
