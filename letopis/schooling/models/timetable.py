"""Rooms, bells, and editions of the timetable."""

from django.db import models
from django.db.models import Q

from letopis.core.models import Coded
from letopis.org.models import Organisation
from letopis.people.models import Employee
from letopis.schooling.models.teaching import Course
from letopis.schooling.models.year import AcademicYear


class Room(models.Model):
    """A room lessons are given in."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="rooms")
    name = models.CharField(max_length=40)
    seats = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "name"], name="schooling_room_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Bell(models.Model):
    """When a lesson of a number begins and ends, by shift (режим работы, ORG-B011)."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    year = models.ForeignKey(AcademicYear, on_delete=models.PROTECT, related_name="bells")
    shift = models.PositiveSmallIntegerField(default=1)
    number = models.PositiveSmallIntegerField()
    starts_at = models.TimeField()
    ends_at = models.TimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["year", "shift", "number"], name="schooling_bell_once"),
        ]

    def __str__(self) -> str:
        return f"bell {self.number}"


class TimetableEdition(Coded):
    """The whole timetable as it stands from a day; the edition of a day is the latest one not after it."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    year = models.ForeignKey(AcademicYear, on_delete=models.PROTECT, related_name="timetable_editions")
    starts_on = models.DateField()
    title = models.CharField(max_length=120, blank=True)
    order = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["year", "starts_on"], name="schooling_timetable_edition_once"),
        ]

    def __str__(self) -> str:
        return f"timetable from {self.starts_on}"


class TimetableSlot(models.Model):
    """Weekday, lesson number, course, room and teacher; no teacher is a vacancy."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    edition = models.ForeignKey(TimetableEdition, on_delete=models.PROTECT, related_name="slots")
    weekday = models.PositiveSmallIntegerField()
    """1 = Monday … 7 = Sunday."""
    number = models.PositiveSmallIntegerField()
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="slots")
    teacher = models.ForeignKey(Employee, on_delete=models.PROTECT, null=True, blank=True, related_name="slots")
    room = models.ForeignKey(Room, on_delete=models.PROTECT, null=True, blank=True, related_name="slots")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "weekday", "number", "course"], name="schooling_slot_once"),
            models.CheckConstraint(condition=Q(weekday__range=(1, 7)), name="schooling_slot_weekday_1_to_7"),
        ]

    def __str__(self) -> str:
        return f"slot {self.pk}"
