"""What is said of a unit as a whole: whose it is, how long it is kept and why, who answers for it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import letopis
from letopis.accounts.models import Appointment, Role
from letopis.org.models import Organisation
from letopis.org.queries import policies
from letopis.rules.retention import RetentionRow, disposal_on, kept_until, retention_of
from letopis.rules.transliteration import path_name
from letopis.schooling.models import ClassTeacher, SchoolClass

CARRIER = "электронный: папка BagIt 1.0, хранится как версия объекта OCFL 1.1"
COPIES = "не меньше двух, на разных носителях и в разных помещениях"


@dataclass(frozen=True, slots=True)
class Responsible:
    """A person answerable for the unit when the year ended."""

    position: str
    name: str


@dataclass(frozen=True, slots=True)
class Head:
    """The unit as a whole.

    closed_on: the day the case is closed; the term is counted from 1 January after its year.
    made_on: the day of building; it stands in the package but does not make another content.
    remarks: what the package lacks, each a clause in lower case.
    """

    organisation: Organisation
    kind: str
    object_id: str
    title: str
    year_label: str
    starts_on: date
    closed_on: date
    class_title: str
    retention: RetentionRow
    persons: tuple[Responsible, ...]
    made_on: date
    remarks: tuple[str, ...] = ()

    @property
    def year_starts(self) -> int:
        return self.starts_on.year

    @property
    def remark(self) -> str:
        return "; ".join(self.remarks)

    @property
    def kept_until(self) -> date:
        return kept_until(self.closed_on, self.retention.years)

    def as_dict(self) -> dict[str, Any]:
        """Return the description that is kept as XML and JSON."""
        return {
            "format": "letopis-unit-1",
            "object_id": self.object_id,
            "kind": str(self.kind),
            "title": self.title,
            "organisation": {
                "full_name": self.organisation.full_name,
                "short_name": self.organisation.short_name,
                "code": self.organisation.slug,
                "tax_id": self.organisation.tax_id,
                "address": self.organisation.address,
            },
            "school_class": self.class_title,
            "year": {"label": self.year_label, "starts_on": self.starts_on.isoformat()},
            "nomenclature": {"index": self.retention.index, "title": self.retention.title},
            "retention": {
                "term": self.retention.term,
                "years": self.retention.years,
                "basis": self.retention.basis,
                "source": self.retention.source,
                "closed_on": self.closed_on.isoformat(),
                "counted_from": date(self.closed_on.year + 1, 1, 1).isoformat(),
                "kept_until": self.kept_until.isoformat(),
                "disposal_not_before": disposal_on(self.closed_on, self.retention.years).isoformat(),
            },
            "persons": [{"position": one.position, "name": one.name} for one in self.persons],
            "carrier": CARRIER,
            "copies": COPIES,
            "remarks": list(self.remarks) or ["нет"],
            "made_on": self.made_on.isoformat(),
            "made_by": f"Летопись {letopis.__version__}",
        }


def class_head(
    school_class: SchoolClass, *, kind: str, title: str, made_on: date, remarks: tuple[str, ...] = ()
) -> Head:
    """Return the head of a unit of one class and year. Two queries.

    school_class: with its year and organisation joined in. The persons are those of the last day of the year, so
    that a new director does not change an old package.
    Raises NoPathLetter for a class whose letter has no place in paths, and NoRetentionTable.
    """
    year, organisation = school_class.year, school_class.organisation
    return Head(
        organisation=organisation,
        kind=kind,
        object_id=object_id_of(school_class, kind=kind),
        title=title,
        year_label=year.label,
        starts_on=year.starts_on,
        closed_on=year.ends_on,
        class_title=school_class.title,
        retention=retention_of(kind, on=year.ends_on, policy=policies(organisation).on(year.ends_on)),
        persons=_persons(school_class, on=min(made_on, year.ends_on)),
        made_on=made_on,
        remarks=remarks,
    )


def object_id_of(school_class: SchoolClass, *, kind: str) -> str:
    """Return «school-demo_2025-26_register_7A»: the id of the object and the name of its folder."""
    year = school_class.year.label.replace("/", "-")
    return f"school-{school_class.organisation.slug}_{year}_{kind.lower()}_{path_name(school_class.title)}"


def _persons(school_class: SchoolClass, *, on: date) -> tuple[Responsible, ...]:
    offices = {Role.DIRECTOR: "Директор", Role.ARCHIVIST: "Ответственный за архив"}
    # From the appointment to the person: from the person one would also meet the offices he held on other days.
    appointed = (
        Appointment.objects.on(on)
        .filter(organisation=school_class.organisation, role__in=offices, user__person__isnull=False)
        .order_by("user__person__sort_key", "user__person")
        .values_list("role", "user__person__last_name", "user__person__first_name", "user__person__middle_name")
    )
    names = {(role, " ".join(filter(None, name))) for role, *name in appointed}
    leader = (
        ClassTeacher.objects.on(on)
        .filter(school_class=school_class)
        .values_list("employee__person__last_name", "employee__person__first_name", "employee__person__middle_name")
        .first()
    )
    office = [
        Responsible(title, name) for wanted, title in offices.items() for role, name in sorted(names) if role == wanted
    ]
    return (*office, *([Responsible("Классный руководитель", " ".join(filter(None, leader)))] if leader else []))
