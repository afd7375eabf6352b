"""Adapters of employees, classes, pupils and guardians."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from letopis.exchange.importing.directories import Rows, hold
from letopis.exchange.importing.plan import Held, Line
from letopis.exchange.importing.world import EXTERNS, World, said, values_of
from letopis.ledger.actions import object_name
from letopis.people.models import Consent, Employee, Enrolment, Guardian, Guardianship, Person, Pupil
from letopis.rules.names import match_key
from letopis.schooling.models import ClassTeacher, GroupKind, Membership, SchoolClass, StudyGroup

NAME = ("last_name", "first_name", "middle_name")


def make_person(world: World, values: Mapping[str, str], **fields: Any) -> Person:
    """Return a person of the organisation, with the keys made from the name; not saved yet."""
    person = Person(organisation=world.school, **fields)
    person.rename(**{name: values[name] for name in NAME})
    return person


def change_person(person: Person, changes: Mapping[str, tuple[str, str]]) -> None:
    """Write the changed fields of a person."""
    new = {name: value for name, (_old, value) in changes.items()}
    if any(name in new for name in NAME):
        person.rename(**{name: new.get(name, getattr(person, name)) for name in NAME})
    for name in ("phone", "email", "sex", "snils"):
        if name in new:
            setattr(person, name, new[name])
    if "born_on" in new:
        person.born_on = date.fromisoformat(new["born_on"]) if new["born_on"] else None
    person.save()


def name_values(name: Any) -> dict[str, str]:
    return dict(zip(NAME, name, strict=True))


class Employees:
    name = sheet = "Сотрудники"
    is_perennial = True

    def rows(self, world: World) -> Rows:
        for row in world.book.employees:
            values = {**name_values(row.name), **values_of(row, "position", "subjects", "email", "phone")}
            yield row.number, row, values

    def held(self, world: World) -> Mapping[str, Held]:
        return {
            number: hold(
                row, {**values_of(row.person, *NAME, "email", "phone"), **values_of(row, "position", "subjects")}
            )
            for number, row in world.employees.items()
        }

    def create(self, lines: list[Line], world: World) -> dict[str, str]:
        persons = Person.objects.bulk_create(
            make_person(world, line.values, email=line.values["email"], phone=line.values["phone"]) for line in lines
        )
        employees = Employee.objects.bulk_create(
            Employee(
                organisation=world.school,
                person=person,
                number=line.key,
                position=line.values["position"],
                subjects=line.values["subjects"],
            )
            for line, person in zip(lines, persons, strict=True)
        )
        world.employees.update({row.number: row for row in employees})
        return {row.number: object_name(row) for row in employees}

    def change(self, line: Line, world: World) -> None:
        employee = world.employees[line.key]
        change_person(employee.person, line.changes)
        for name in ("position", "subjects"):
            if name in line.changes:
                setattr(employee, name, line.changes[name][1])
        employee.save()


class Classes:
    name = sheet = "Классы"
    is_perennial = False

    def rows(self, world: World) -> Rows:
        for row in world.book.classes:
            values = values_of(row, "shift", "profile", "combined")
            yield str(row.school_class), row, {**values, "class_teacher": world.employee_number(row.class_teacher)}

    def held(self, world: World) -> Mapping[str, Held]:
        leaders = dict(
            ClassTeacher.objects.filter(school_class__year=world.year, ends_on=None).values_list(
                "school_class_id", "employee__number"
            )
        )
        return {
            title: hold(
                row, {**values_of(row, "shift", "profile", "combined"), "class_teacher": leaders.get(row.pk, "")}
            )
            for title, row in world.classes.items()
        }

    def create(self, lines: list[Line], world: World) -> dict[str, str]:
        common: dict[str, Any] = {"organisation": world.school}
        classes = SchoolClass.objects.bulk_create(
            SchoolClass(
                **common,
                year=world.open_year,
                grade=line.row.school_class.grade,
                letter=line.row.school_class.letter,
                shift=line.row.shift,
                profile=line.values["profile"],
                combined=line.values["combined"],
            )
            for line in lines
        )
        world.classes.update({row.title: row for row in classes})
        groups = StudyGroup.objects.bulk_create(
            StudyGroup(**common, year=world.open_year, school_class=row, kind=GroupKind.WHOLE_CLASS, name=row.title)
            for row in classes
        )
        for row, group in zip(classes, groups, strict=True):
            world.groups[(row.title, GroupKind.WHOLE_CLASS, match_key(row.title), "")] = group
        ClassTeacher.objects.bulk_create(
            ClassTeacher(
                **common,
                school_class=row,
                employee=world.employees[line.values["class_teacher"]],
                starts_on=world.begins_on,
            )
            for line, row in zip(lines, classes, strict=True)
            if line.values["class_teacher"]
        )
        return {row.title: object_name(row) for row in classes}

    def change(self, line: Line, world: World) -> None:
        row = world.classes[line.key]
        if "class_teacher" in line.changes:
            self._change_teacher(row, line.changes["class_teacher"][1], world)
        row.shift, row.profile, row.combined = int(line.after("shift")), line.after("profile"), line.after("combined")
        row.save()

    def _change_teacher(self, row: SchoolClass, number: str, world: World) -> None:
        """End the leadership yesterday and begin the new one today; before the year begins, replace it."""
        starts_on = max(world.today, world.open_year.starts_on)
        current = ClassTeacher.objects.filter(school_class=row, ends_on=None)
        if current.filter(starts_on__lt=starts_on).update(ends_on=starts_on - timedelta(days=1)) == 0:
            current.update(employee=world.employees[number])
            return
        ClassTeacher.objects.create(
            organisation=world.school,
            school_class=row,
            employee=world.employees[number],
            starts_on=starts_on,
        )


class Pupils:
    """The person, the number in the alphabet book and the stay in the school; the class is `Placements`."""

    name = sheet = "Обучающиеся"
    is_perennial = True
    of_person = (*NAME, "sex", "born_on", "snils")

    def rows(self, world: World) -> Rows:
        for row in world.book.pupils:
            yield row.number, row, values_of(row, *self.of_person, "has_special_needs", "enrolled_on", "form")

    def held(self, world: World) -> Mapping[str, Held]:
        stays: dict[int, tuple[date | None, str]] = {}
        for pupil_id, starts_on, form in (
            Enrolment.objects.filter(organisation=world.school, ends_on=None)
            .order_by("starts_on")
            .values_list("pupil_id", "starts_on", "form")
        ):
            stays[pupil_id] = (starts_on, form)
        held = {}
        for number, pupil in world.pupils.items():
            since, form = stays.get(pupil.pk, (None, ""))
            values = {
                **values_of(pupil.person, *self.of_person),
                "has_special_needs": said(pupil.has_special_needs),
                "enrolled_on": said(since),
                "form": form,
            }
            held[number] = hold(pupil, values)
        return held

    def create(self, lines: list[Line], world: World) -> dict[str, str]:
        common: dict[str, Any] = {"organisation": world.school}
        persons = Person.objects.bulk_create(
            make_person(world, line.values, sex=line.row.sex, born_on=line.row.born_on, snils=line.values["snils"])
            for line in lines
        )
        pupils = Pupil.objects.bulk_create(
            Pupil(**common, person=person, book_number=line.key, has_special_needs=line.row.has_special_needs)
            for line, person in zip(lines, persons, strict=True)
        )
        Enrolment.objects.bulk_create(
            Enrolment(**common, pupil=pupil, form=line.row.form, starts_on=line.row.enrolled_on)
            for line, pupil in zip(lines, pupils, strict=True)
        )
        world.pupils.update({pupil.book_number: pupil for pupil in pupils})
        return {pupil.book_number: object_name(pupil) for pupil in pupils}

    def change(self, line: Line, world: World) -> None:
        pupil = world.pupils[line.key]
        change_person(pupil.person, line.changes)
        if "has_special_needs" in line.changes:
            pupil.has_special_needs = line.row.has_special_needs
            pupil.save()
        stay = Enrolment.objects.filter(pupil=pupil, ends_on=None)
        if "enrolled_on" in line.changes:
            stay.update(starts_on=line.row.enrolled_on)
        if "form" in line.changes:
            self._change_form(pupil, line.row.form, world)

    def _change_form(self, pupil: Pupil, form: str, world: World) -> None:
        """A change of form closes one stay and opens the next; on its first day it is corrected in place."""
        stay = Enrolment.objects.filter(pupil=pupil, ends_on=None)
        if stay.filter(starts_on__lt=world.today).update(ends_on=world.today - timedelta(days=1)) == 0:
            stay.update(form=form)
            return
        Enrolment.objects.create(organisation=world.school, pupil=pupil, form=form, starts_on=world.today)


class Placements:
    """The class of the year a pupil is in; an extern's is the class he is attested with."""

    name = "Обучающиеся: класс"
    sheet = "Обучающиеся"
    is_perennial = False

    def rows(self, world: World) -> Rows:
        for row in world.book.pupils:
            if row.school_class:
                yield row.number, row, {"school_class": str(row.school_class), "is_extern": said(row.is_extern)}

    def held(self, world: World) -> Mapping[str, Held]:
        kinds = [GroupKind.WHOLE_CLASS, GroupKind.INDIVIDUAL]
        rows = (
            Membership.objects.filter(group__year=world.year, group__kind__in=kinds, ends_on=None)
            .exclude(group__kind=GroupKind.INDIVIDUAL, group__subject__isnull=False)
            .select_related("group__school_class", "pupil")
        )
        return {
            row.pupil.book_number: hold(
                row,
                {
                    "school_class": row.group.school_class.title,
                    "is_extern": said(row.group.kind == GroupKind.INDIVIDUAL),
                },
            )
            for row in rows
            if row.group.kind == GroupKind.WHOLE_CLASS or row.group.name == EXTERNS
        }

    def create(self, lines: list[Line], world: World) -> dict[str, str]:
        rows = Membership.objects.bulk_create(
            Membership(
                organisation=world.school,
                group=self._group(line.row, world),
                pupil=world.pupils[line.key],
                starts_on=max(world.open_year.starts_on, line.row.enrolled_on),
            )
            for line in lines
        )
        return {line.key: object_name(row) for line, row in zip(lines, rows, strict=True)}

    def change(self, line: Line, world: World) -> None:
        """Move the pupil from today: the old place ends yesterday; one that begins today is corrected in place."""
        assert line.held  # noqa: S101 (changes need what is held)
        starts_on = max(world.today, world.open_year.starts_on)
        self._leave_subgroups(line, world, starts_on=starts_on)
        place = Membership.objects.filter(pk=line.held.pk)
        if place.filter(starts_on__lt=starts_on).update(ends_on=starts_on - timedelta(days=1)) == 0:
            place.update(group=self._group(line.row, world))
            return
        Membership.objects.create(
            organisation=world.school,
            group=self._group(line.row, world),
            pupil=world.pupils[line.key],
            starts_on=starts_on,
        )

    def _leave_subgroups(self, line: Line, world: World, *, starts_on: date) -> None:
        """End the stays in the subgroups of the class that is left, and tell the ledger of them with the move."""
        stays = Membership.objects.filter(
            pupil=world.pupils[line.key],
            group__kind=GroupKind.SUBGROUP,
            group__school_class=world.classes[line.held.values["school_class"] if line.held else ""],
            ends_on=None,
        )
        names = ", ".join(stays.order_by("group__name").values_list("group__name", flat=True))
        stays.filter(starts_on__gte=starts_on).delete()
        stays.update(ends_on=starts_on - timedelta(days=1))
        if names:
            line.changes["subgroups"] = (names, "")

    def _group(self, row: Any, world: World) -> StudyGroup:
        title = str(row.school_class)
        if row.is_extern:
            return world.group(title, GroupKind.INDIVIDUAL, EXTERNS)
        return world.group(title, GroupKind.WHOLE_CLASS, title)


class Guardians:
    """The guardian, the link to the pupil and the consent. Told apart by pupil, relation and order among equals.

    Two rows with one name and one telephone, or without it one e-mail address, are one person with two children.
    """

    name = sheet = "Родители"
    is_perennial = True

    def rows(self, world: World) -> Rows:
        seen: Counter[str] = Counter()
        for row in world.book.guardians:
            start = f"{row.pupil_number}|{match_key(row.relation)}"
            seen[start] += 1
            values = {
                **name_values(row.name),
                **values_of(row, "relation", "phone", "email", "informing", "consent", "consent_on"),
            }
            yield f"{start}|{seen[start]}", row, values

    def held(self, world: World) -> Mapping[str, Held]:
        consents: dict[int, tuple[str, date | None]] = {}
        for link_id, state, on in (
            Consent.objects.filter(organisation=world.organisation)
            .order_by("on")
            .values_list("guardianship_id", "state", "on")
        ):
            consents[link_id] = (state, on)
        links = (
            Guardianship.objects.filter(organisation=world.organisation)
            .select_related("guardian__person", "pupil")
            .order_by("pk")
        )
        seen: Counter[str] = Counter()
        held = {}
        for link in links:
            start = f"{link.pupil.book_number}|{match_key(link.relation)}"
            seen[start] += 1
            consent, consent_on = consents.get(link.pk, ("", None))
            values = {
                **values_of(link.guardian.person, *NAME, "phone", "email"),
                **values_of(link, "relation", "informing"),
                "consent": consent,
                "consent_on": said(consent_on),
            }
            held[f"{start}|{seen[start]}"] = hold(link, values)
        return held

    def create(self, lines: list[Line], world: World) -> dict[str, str]:
        common: dict[str, Any] = {"organisation": world.school}
        guardians = self._guardians(lines, world)
        links = Guardianship.objects.bulk_create(
            Guardianship(
                **common,
                guardian=guardians[self._identity(line.values, alone=line.key)],
                pupil=world.pupils[line.row.pupil_number],
                relation=line.row.relation,
                informing=line.row.informing,
            )
            for line in lines
        )
        Consent.objects.bulk_create(
            Consent(**common, guardianship=link, state=line.row.consent, on=line.row.consent_on)
            for line, link in zip(lines, links, strict=True)
        )
        return {line.key: object_name(link) for line, link in zip(lines, links, strict=True)}

    def change(self, line: Line, world: World) -> None:
        assert line.held  # noqa: S101 (changes need what is held)
        link = Guardianship.objects.select_related("guardian__person").get(pk=line.held.pk)
        if self._is_somebody_else(link, line, world):
            link.guardian = self._guardians([line], world)[self._identity(line.values, alone=line.key)]
        else:
            change_person(link.guardian.person, line.changes)
        link.relation, link.informing = line.after("relation"), line.after("informing")
        link.save()
        if "consent" in line.changes or "consent_on" in line.changes:
            Consent.objects.update_or_create(
                guardianship=link,
                on=line.after("consent_on"),
                defaults={"organisation": world.school, "state": line.after("consent")},
            )

    def _is_somebody_else(self, link: Guardianship, line: Line, world: World) -> bool:
        """Say whether a new name is a new person: another first and middle name, or other children keep the old one.

        Renaming the person would hand his account, and his other children, to a stranger. A new last name alone is
        the same person after a wedding, and one changed part is a misprint mended.
        """
        if not any(name in line.changes for name in NAME):
            return False
        if "first_name" in line.changes and "middle_name" in line.changes:
            return True
        new = match_key(" ".join(line.after(name) for name in NAME))
        named = {(row.pupil_number, match_key(str(row.name))) for row in world.book.guardians}
        others = Guardianship.objects.filter(guardian=link.guardian_id).exclude(pk=link.pk)
        return any((number, new) not in named for number in others.values_list("pupil__book_number", flat=True))

    def _guardians(self, lines: list[Line], world: World) -> dict[tuple[str, str], Guardian]:
        found: dict[tuple[str, str], Guardian] = {}
        for guardian in Guardian.objects.filter(organisation=world.organisation).select_related("person"):
            found[self._identity(values_of(guardian.person, *NAME, "phone", "email"), alone=str(guardian.pk))] = (
                guardian
            )
        new: dict[tuple[str, str], list[Line]] = defaultdict(list)
        for line in lines:
            if (identity := self._identity(line.values, alone=line.key)) not in found:
                new[identity].append(line)
        persons = Person.objects.bulk_create(
            make_person(world, same[0].values, phone=same[0].values["phone"], email=same[0].values["email"])
            for same in new.values()
        )
        guardians = Guardian.objects.bulk_create(
            Guardian(organisation=world.school, person=person) for person in persons
        )
        return found | dict(zip(new, guardians, strict=True))

    def _identity(self, values: Mapping[str, str], *, alone: str) -> tuple[str, str]:
        """Return what tells one guardian from another. alone: of one without telephone and address, who is nobody else.

        A name alone joins strangers, and each would then see the other's child.
        """
        return match_key(" ".join(values[name] for name in NAME)), values["phone"] or values["email"] or alone
