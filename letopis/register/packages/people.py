"""Who stands in the tables of a package, and how moments are written."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from letopis.archive.units import Column, Table
from letopis.archive.units.tables import DAY, INTEGER
from letopis.org.models import Organisation
from letopis.people.models import Employee, Pupil
from letopis.rules import names
from letopis.schooling.models import GroupKind, Membership, SchoolClass

Span = tuple[date, date | None]


@dataclass(frozen=True, slots=True)
class PackagedPupil:
    """A pupil of a package."""

    number: int
    book_number: str
    """In the alphabet book: the key of the pupil in every table."""
    last_name: str
    first_name: str
    middle_name: str
    born_on: date | None
    stays: tuple[Span, ...]
    """Days in the list of the class; none for one who is attached or taught by an individual plan."""

    @property
    def name(self) -> str:
        return names.full_name(self.last_name, self.first_name, self.middle_name)


class Moments:
    """Writes moments in the school's time zone."""

    def __init__(self, organisation: Organisation) -> None:
        self._zone = ZoneInfo(organisation.time_zone)

    def __call__(self, moment: datetime | None) -> datetime | None:
        return moment.astimezone(self._zone) if moment else None


def pupils_of_class(school_class: SchoolClass, *, more: Iterable[int] = ()) -> dict[int, PackagedPupil]:
    """Return the pupils of a class in the order of the list, by key. Two queries.

    more: keys of pupils who have facts in the register of the class without being in its list.
    """
    spans: dict[int, list[Span]] = defaultdict(list)
    members = Membership.objects.filter(
        group__school_class=school_class, group__kind__in=(GroupKind.WHOLE_CLASS, GroupKind.INDIVIDUAL)
    ).order_by("starts_on")
    wanted = set(more)
    for pupil, kind, start, end in members.values_list("pupil_id", "group__kind", "starts_on", "ends_on"):
        wanted.add(pupil)
        if kind == GroupKind.WHOLE_CLASS:
            spans[pupil].append((start, end))
    rows = (
        Pupil.objects.filter(pk__in=wanted)
        .order_by("person__sort_key", "pk")
        .values_list(
            "pk", "book_number", "person__last_name", "person__first_name", "person__middle_name", "person__born_on"
        )
    )
    return {
        pk: PackagedPupil(number, book, last, first, middle, born, stays=tuple(spans[pk]))
        for number, (pk, book, last, first, middle, born) in enumerate(rows, 1)
    }


def employee_names(organisation: Organisation) -> dict[int | None, str]:
    """Return full names of employees by key; nobody has no name. One query."""
    rows = Employee.objects.filter(organisation=organisation).values_list(
        "pk", "person__last_name", "person__first_name", "person__middle_name"
    )
    return {None: "", **{pk: names.full_name(*parts) for pk, *parts in rows}}


def pupils_table(pupils: Iterable[PackagedPupil]) -> Table:
    """Return pupils.csv."""
    return Table(
        name="pupils",
        title="Обучающиеся",
        columns=(
            Column("number", "номер по порядку", INTEGER),
            Column("pupil", "номер по алфавитной книге; по нему обучающийся узнаётся во всех таблицах"),
            Column("last_name", "фамилия"),
            Column("first_name", "имя"),
            Column("middle_name", "отчество"),
            Column("born_on", "день рождения", DAY),
            Column("in_class", "дни в списке класса: с/по; без второго дня — до конца года"),
        ),
        rows=[
            (
                one.number, one.book_number, one.last_name, one.first_name, one.middle_name, one.born_on,
                "; ".join(f"{start}/{end or ''}" for start, end in one.stays),
            )
            for one in pupils
        ],
    )  # fmt: skip
