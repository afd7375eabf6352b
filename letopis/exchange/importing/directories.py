"""Adapters of the school itself, its year and its lists: terms, breaks, bells, subjects, rooms."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time
from typing import Any

from letopis.exchange.importing.plan import Held, Line
from letopis.exchange.importing.world import World, said, values_of
from letopis.ledger.actions import Author, Fact, Value, object_name
from letopis.rules.names import match_key
from letopis.schooling.models import AcademicYear, Bell, Break, Room, Subject, Term

Rows = Iterable[tuple[str, Any, dict[str, str]]]


def hold(row: Any, values: dict[str, str]) -> Held:
    """Return what the product holds in a row."""
    return Held(row.pk, object_name(row), values)


def grades(row: Any) -> str:
    return f"{row.grades[0]}-{row.grades[-1]}"


class School:
    """The school; its first import also opens the school year."""

    name = sheet = "Школа"
    is_perennial = True
    fields = ("full_name", "short_name", "tax_id", "address", "time_zone", "week_days")

    def rows(self, world: World) -> Rows:
        row = world.book.school
        assert row is not None  # noqa: S101 (a book with errors never comes here)
        values = values_of(row, "full_name", "short_name", "tax_id", "address", "week_days")
        yield "школа", row, {**values, "time_zone": said(row.timezone)}

    def held(self, world: World) -> Mapping[str, Held]:
        school = world.organisation
        return {} if world.is_new or school is None else {"школа": hold(school, values_of(school, *self.fields))}

    def create(self, lines: list[Line], world: World) -> dict[str, str]:
        for line in lines:
            self._write(line.values, world)
        return {"школа": object_name(world.organisation)} if lines and world.organisation else {}

    def change(self, line: Line, world: World) -> None:
        self._write({name: new for name, (_old, new) in line.changes.items()}, world)

    def _write(self, values: Mapping[str, str], world: World) -> None:
        school = world.school
        for name, value in values.items():
            setattr(school, name, int(value) if name == "week_days" else value)
        school.save(update_fields=list(values))


def open_year(world: World, *, by: Author, at: datetime, reason: str) -> Iterator[Fact]:
    """Make the school year of the book, 1 September to 31 August, if it is not there; yield what to tell the ledger."""
    assert world.book.school is not None  # noqa: S101 (a book with errors never comes here)
    starts = world.book.school.year_starts
    if world.year is None:
        world.year_is_new = True
        year = world.year = AcademicYear.objects.create(
            organisation=world.school, starts_on=date(starts, 9, 1), ends_on=date(starts + 1, 8, 31)
        )
        after: dict[str, Value] = {"starts_on": year.starts_on.isoformat(), "ends_on": year.ends_on.isoformat()}
        yield Fact(by, at, "schooling.open_year", object_name(year), None, after, reason)


class Terms:
    name = sheet = "Периоды"
    is_perennial = False

    def rows(self, world: World) -> Rows:
        for row in world.book.terms:
            values = {"title": row.term.title, **values_of(row, "starts_on", "ends_on")}
            yield f"{row.term.kind}|{row.term.number}|{grades(row)}", row, values

    def held(self, world: World) -> Mapping[str, Held]:
        return {
            f"{term.kind}|{term.number}|{term.grade_from}-{term.grade_to}": hold(
                term, values_of(term, "title", "starts_on", "ends_on")
            )
            for term in Term.objects.filter(year=world.year)
        }

    def create(self, lines: list[Line], world: World) -> dict[str, str]:
        terms = Term.objects.bulk_create(
            Term(
                organisation=world.school,
                year=world.open_year,
                kind=line.row.term.kind,
                number=line.row.term.number,
                title=line.row.term.title,
                grade_from=line.row.grades[0],
                grade_to=line.row.grades[-1],
                starts_on=line.row.starts_on,
                ends_on=line.row.ends_on,
            )
            for line in lines
        )
        return {line.key: object_name(term) for line, term in zip(lines, terms, strict=True)}

    def change(self, line: Line, world: World) -> None:
        assert line.held  # noqa: S101 (changes need what is held)
        Term.objects.filter(pk=line.held.pk).update(**{name: new for name, (_old, new) in line.changes.items()})


class Breaks:
    name = sheet = "Каникулы"
    is_perennial = False

    def rows(self, world: World) -> Rows:
        for row in world.book.breaks:
            yield f"{match_key(row.title)}|{grades(row)}", row, values_of(row, "title", "starts_on", "ends_on")

    def held(self, world: World) -> Mapping[str, Held]:
        return {
            f"{match_key(row.title)}|{row.grade_from}-{row.grade_to}": hold(
                row, values_of(row, "title", "starts_on", "ends_on")
            )
            for row in Break.objects.filter(year=world.year)
        }

    def create(self, lines: list[Line], world: World) -> dict[str, str]:
        breaks = Break.objects.bulk_create(
            Break(
                organisation=world.school,
                year=world.open_year,
                title=line.row.title,
                grade_from=line.row.grades[0],
                grade_to=line.row.grades[-1],
                starts_on=line.row.starts_on,
                ends_on=line.row.ends_on,
            )
            for line in lines
        )
        return {line.key: object_name(row) for line, row in zip(lines, breaks, strict=True)}

    def change(self, line: Line, world: World) -> None:
        assert line.held  # noqa: S101 (changes need what is held)
        Break.objects.filter(pk=line.held.pk).update(**{name: new for name, (_old, new) in line.changes.items()})


class Bells:
    name = sheet = "Звонки"
    is_perennial = False

    def rows(self, world: World) -> Rows:
        for row in world.book.bells:
            yield str(row.number), row, values_of(row, "starts_at", "ends_at")

    def held(self, world: World) -> Mapping[str, Held]:
        return {
            str(bell.number): hold(bell, values_of(bell, "starts_at", "ends_at"))
            for bell in Bell.objects.filter(year=world.year, shift=1)
        }

    def create(self, lines: list[Line], world: World) -> dict[str, str]:
        bells = Bell.objects.bulk_create(
            Bell(
                organisation=world.school,
                year=world.open_year,
                number=line.row.number,
                starts_at=line.row.starts_at,
                ends_at=line.row.ends_at,
            )
            for line in lines
        )
        return {line.key: object_name(bell) for line, bell in zip(lines, bells, strict=True)}

    def change(self, line: Line, world: World) -> None:
        assert line.held  # noqa: S101 (changes need what is held)
        times = {name: time.fromisoformat(new) for name, (_old, new) in line.changes.items()}
        Bell.objects.filter(pk=line.held.pk).update(**times)


class Subjects:
    name = sheet = "Предметы"
    is_perennial = True

    def rows(self, world: World) -> Rows:
        for row in world.book.subjects:
            yield match_key(row.title), row, values_of(row, "title", "part", "scale")

    def held(self, world: World) -> Mapping[str, Held]:
        return {
            key: hold(subject, {"title": subject.name, **values_of(subject, "part", "scale")})
            for key, subject in world.subjects.items()
        }

    def create(self, lines: list[Line], world: World) -> dict[str, str]:
        subjects = Subject.objects.bulk_create(
            Subject(
                organisation=world.school,
                name=line.row.title,
                part=line.row.part,
                scale=line.row.scale,
                sort_key=line.key,
            )
            for line in lines
        )
        world.subjects.update({line.key: subject for line, subject in zip(lines, subjects, strict=True)})
        return {line.key: object_name(subject) for line, subject in zip(lines, subjects, strict=True)}

    def change(self, line: Line, world: World) -> None:
        subject = world.subjects[line.key]
        for name, (_old, new) in line.changes.items():
            setattr(subject, "name" if name == "title" else name, new)
        subject.save()


class Rooms:
    name = sheet = "Кабинеты"
    is_perennial = True

    def rows(self, world: World) -> Rows:
        for row in world.book.rooms:
            yield match_key(row.name), row, values_of(row, "name", "seats")

    def held(self, world: World) -> Mapping[str, Held]:
        return {key: hold(room, values_of(room, "name", "seats")) for key, room in world.rooms.items()}

    def create(self, lines: list[Line], world: World) -> dict[str, str]:
        rooms = Room.objects.bulk_create(
            Room(organisation=world.school, name=line.row.name, seats=line.row.seats) for line in lines
        )
        world.rooms.update({line.key: room for line, room in zip(lines, rooms, strict=True)})
        return {line.key: object_name(room) for line, room in zip(lines, rooms, strict=True)}

    def change(self, line: Line, world: World) -> None:
        room = world.rooms[line.key]
        room.name, room.seats = line.after("name"), int(line.after("seats")) if line.after("seats") else None
        room.save()
