"""Records of the health sheet: dated, so that each day keeps what was in force on it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from letopis.core.errors import Refused, require
from letopis.ledger.actions import Author, Fact, Value, object_name, record_all
from letopis.people.models import Pupil
from letopis.rules.health import may_record_health
from letopis.rules.text import one_line
from letopis.rules.verdict import refused
from letopis.schooling.models import HealthRecord


@dataclass(frozen=True, slots=True)
class HealthValue:
    """What a record says."""

    physical_group: str
    starts_on: date
    ends_on: date | None = None
    health_group: int | None = None
    seat: str = ""
    basis: str = ""


@transaction.atomic
def record_health(pupil: Pupil, *, value: HealthValue, by: Author, at: datetime) -> HealthRecord:
    """Enter a record; the one in force on its first day ends the day before. The same again is the same record.

    A record that begins on the same day is replaced by it: that was a slip of the same day, and the ledger keeps it.
    After a record with a last day (an exemption) the school enters the next one. Codes: HEALTH_GROUP, ENDS_BEFORE,
    NO_BASIS, UNKNOWN_GROUP, LATER_RECORD. Raises Refused.
    """
    said = {
        "health_group": value.health_group, "physical_group": value.physical_group, "seat": one_line(value.seat)[:80],
        "basis": one_line(value.basis)[:200], "starts_on": value.starts_on, "ends_on": value.ends_on,
    }  # fmt: skip
    if value.physical_group not in HealthRecord.PhysicalGroup:
        raise Refused(refused("UNKNOWN_GROUP", "Выберите группу для занятий физкультурой."))
    require(
        may_record_health(
            health_group=value.health_group,
            exempt=value.physical_group == HealthRecord.PhysicalGroup.EXEMPT,
            starts_on=value.starts_on,
            ends_on=value.ends_on,
            basis=one_line(value.basis),
        )
    )
    Pupil.objects.select_for_update().get(pk=pupil.pk)
    known: HealthRecord | None = HealthRecord.objects.filter(pupil=pupil, **said).first()
    if known:
        return known
    later = HealthRecord.objects.filter(pupil=pupil, starts_on__gt=value.starts_on)
    if later.filter(Q(starts_on__lte=value.ends_on) if value.ends_on else Q()).exists():
        raise Refused(refused("LATER_RECORD", "С этими днями пересекается более поздняя запись: сначала исправьте её."))
    facts = []
    row = HealthRecord.objects.filter(pupil=pupil, starts_on=value.starts_on).first()
    for other in HealthRecord.objects.filter(pupil=pupil, starts_on__lt=value.starts_on).on(value.starts_on):
        stood, other.ends_on = _said(other), value.starts_on - timedelta(days=1)
        other.save(update_fields=["ends_on"])
        facts.append(Fact(by, at, "schooling.end_health_record", object_name(other), stood, _said(other)))
    before = _said(row) if row else None
    row = row or HealthRecord(organisation=pupil.organisation, pupil=pupil)
    for name, one in said.items():
        setattr(row, name, one)
    row.save()
    facts.append(Fact(by, at, "schooling.record_health", object_name(row), before, _said(row)))
    record_all(facts)
    return row


def _said(row: HealthRecord) -> dict[str, Value]:
    return {
        "pupil": f"people.Pupil:{row.pupil_id}",
        "health_group": row.health_group,
        "physical_group": str(row.physical_group),
        "seat": row.seat,
        "basis": row.basis,
        "starts_on": row.starts_on.isoformat(),
        "ends_on": row.ends_on.isoformat() if row.ends_on else None,
    }
