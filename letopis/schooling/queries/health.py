"""The health sheet of a class on a day, and the records of one pupil."""

from dataclasses import dataclass
from datetime import date

from letopis.people.models import Pupil
from letopis.schooling.models import HealthRecord, SchoolClass
from letopis.schooling.queries.groups import class_list


@dataclass(frozen=True, slots=True)
class HealthLine:
    """A pupil with the record in force; None for one of whom nothing was entered."""

    pupil: Pupil
    record: HealthRecord | None

    @property
    def is_exempt(self) -> bool:
        return self.record is not None and self.record.physical_group == HealthRecord.PhysicalGroup.EXEMPT


def health_sheet(school_class: SchoolClass, day: date) -> list[HealthLine]:
    """Return the list of the class on a day with the records in force. Two queries."""
    pupils = class_list(school_class, day)
    rows = HealthRecord.objects.filter(pupil__in=[pupil.pk for pupil in pupils]).on(day).order_by("starts_on", "pk")
    records = {row.pupil_id: row for row in rows}
    return [HealthLine(pupil, records.get(pupil.pk)) for pupil in pupils]


def records_of(pupil: Pupil) -> list[HealthRecord]:
    """Return all records of a pupil, the latest first. One query."""
    return list(HealthRecord.objects.filter(pupil=pupil).order_by("-starts_on", "-pk"))
