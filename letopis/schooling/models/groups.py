"""Classes and study groups, and who is in them on which day."""

from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from letopis.core.models import Coded
from letopis.org.models import Organisation
from letopis.people.models import EducationForm, Employee, Enrolment, Pupil
from letopis.schooling.models.dated import DatedQuerySet, ends_after_start
from letopis.schooling.models.year import AcademicYear


class SchoolClass(Coded):
    """A class of one year, with its letter. Its list on a day is the membership of its whole-class group."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    year = models.ForeignKey(AcademicYear, on_delete=models.PROTECT, related_name="classes")
    grade = models.PositiveSmallIntegerField()
    letter = models.CharField(max_length=4)
    shift = models.PositiveSmallIntegerField(default=1)
    profile = models.CharField(max_length=120, blank=True)
    combined = models.CharField(max_length=40, blank=True)
    """Name of the combined class (класс-комплект), the same in every class of it: one teacher has them at one time."""

    class Meta:
        verbose_name_plural = "school classes"
        constraints = [
            models.UniqueConstraint(fields=["year", "grade", "letter"], name="schooling_class_once"),
            models.CheckConstraint(condition=Q(grade__range=(1, 11)), name="schooling_class_grade_1_to_11"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """«7А»."""
        return f"{self.grade}{self.letter}"


class ClassTeacher(models.Model):
    """Who leads a class (классный руководитель), with the history of changes (ORG-B004)."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    school_class = models.ForeignKey(SchoolClass, on_delete=models.PROTECT, related_name="class_teachers")
    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="led_classes")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["school_class"], condition=Q(ends_on=None), name="schooling_one_current_class_teacher"
            ),
            ends_after_start("schooling_class_teacher_ends_after_start"),
        ]

    def __str__(self) -> str:
        return f"class teacher {self.pk}"


class GroupKind(models.TextChoices):
    """Who is taught together."""

    WHOLE_CLASS = "WHOLE_CLASS", _("класс")
    SUBGROUP = "SUBGROUP", _("подгруппа")
    STREAM = "STREAM", _("поток")
    ELECTIVE = "ELECTIVE", _("группа по выбору")
    INDIVIDUAL = "INDIVIDUAL", _("индивидуальный план")
    CLUB = "CLUB", _("объединение")


class StudyGroup(Coded):
    """Who is taught together. A subgroup without a subject serves every split subject of its class."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    year = models.ForeignKey(AcademicYear, on_delete=models.PROTECT, related_name="groups")
    school_class = models.ForeignKey(
        SchoolClass, on_delete=models.PROTECT, null=True, blank=True, related_name="groups"
    )
    kind = models.CharField(max_length=11, choices=GroupKind.choices)
    name = models.CharField(max_length=80)
    """«7А», «1 подгруппа», «Короткова В. С.»."""
    subject = models.ForeignKey("schooling.Subject", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            # Three constraints for one idea: SQLite takes every null for another value.
            models.UniqueConstraint(
                fields=["year", "school_class", "kind", "name", "subject"], name="schooling_group_of_subject_once"
            ),
            models.UniqueConstraint(
                fields=["year", "school_class", "kind", "name"],
                condition=Q(subject=None),
                name="schooling_group_of_class_once",
            ),
            models.UniqueConstraint(
                fields=["year", "kind", "name"],
                condition=Q(subject=None, school_class=None),
                name="schooling_group_of_school_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(DatedQuerySet):
    def taught(self) -> Self:
        """Without the stays in classes and subgroups of those taught at home all that while.

        They stay in the list of their class, and have no marks or absence on its pages (C-005).
        """
        at_home = Enrolment.objects.filter(
            Q(ends_on=None) | Q(ends_on__gte=OuterRef("ends_on")),
            pupil=OuterRef("pupil"),
            form=EducationForm.HOME,
            starts_on__lte=OuterRef("starts_on"),
        )
        return self.exclude(Exists(at_home), ~Q(group__kind=GroupKind.INDIVIDUAL))


class Membership(models.Model):
    """A dated stay of a pupil in a study group; a transfer ends one and starts another, nothing is overwritten."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    group = models.ForeignKey(StudyGroup, on_delete=models.PROTECT, related_name="memberships")
    pupil = models.ForeignKey(Pupil, on_delete=models.PROTECT, related_name="memberships")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "pupil", "starts_on"], name="schooling_membership_once"),
            ends_after_start("schooling_membership_ends_after_start"),
        ]

    def __str__(self) -> str:
        return f"membership {self.pk}"


class DistancePeriod(Coded):
    """Distance learning of a class, a group or the whole school, with its basis (ORG-034)."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    year = models.ForeignKey(AcademicYear, on_delete=models.PROTECT, related_name="distance_periods")
    school_class = models.ForeignKey(
        SchoolClass, on_delete=models.PROTECT, null=True, blank=True, related_name="distance_periods"
    )
    group = models.ForeignKey(
        StudyGroup, on_delete=models.PROTECT, null=True, blank=True, related_name="distance_periods"
    )
    """Neither class nor group: the whole school."""
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    basis = models.CharField(max_length=200)

    objects = DatedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(school_class=None) | Q(group=None), name="schooling_distance_class_or_group"
            ),
            ends_after_start("schooling_distance_period_ends_after_start"),
        ]

    def __str__(self) -> str:
        return f"distance period {self.pk}"
