"""The database half of the import, on the tiny school."""

from datetime import date, timedelta

import pytest

from letopis.attestation.models import PastResult
from letopis.exchange.actions import Counts, import_and_plan_lessons, import_school, preview_school
from letopis.exchange.importing.world import EXTERNS
from letopis.exchange.models import ImportedRow
from letopis.ledger.models import Entry
from letopis.ledger.queries import history
from letopis.org.models import Organisation
from letopis.people.models import Consent, Employee, Enrolment, Guardian, Guardianship, Person, Pupil
from letopis.register.models import Lesson
from letopis.schooling.models import (
    AcademicYear,
    ClassTeacher,
    Course,
    CurriculumLine,
    GroupKind,
    Membership,
    Room,
    SchoolClass,
    TimetableEdition,
    TimetableSlot,
    Workload,
)
from tests.exchange.workbooks import IVANOVA, PETROV, SIDOROVA, Book
from tests.factories import moment

pytestmark = pytest.mark.django_db

DAY = date(2026, 8, 25)


def run(book, *, day=DAY, slug="tiny"):
    return import_school(book.read(), slug=slug, by=None, at=moment(day), today=day, reason="Импорт tiny.xlsx")


def changed(report):
    """Return sheet → counts of the sheets where something happened."""
    return {title: counts for title, counts in report.sheets.items() if counts.created or counts.changed}


def test_the_first_import_makes_the_school():
    report = run(Book())

    assert report.problems == ()
    assert report.sheets["Обучающиеся"] == Counts(created=4)
    assert report.sheets["Расписание"] == Counts(created=6)
    school = Organisation.objects.get(slug="tiny")
    assert (school.short_name, school.time_zone, school.week_days) == ("Школа № 1", "Europe/Moscow", 5)
    assert Employee.objects.get(number="T1").person.sort_key == "иванова  анна  петровна"
    assert ClassTeacher.objects.get(school_class__letter="А").employee.number == "T1"
    assert Course.objects.filter(group__kind=GroupKind.SUBGROUP).count() == 2
    assert TimetableSlot.objects.count() == 6


def test_a_preview_counts_the_same_and_writes_nothing():
    preview = preview_school(Book().read(), organisation=None, today=DAY)

    assert Organisation.objects.count() == ImportedRow.objects.count() == Entry.objects.count() == 0
    assert preview.sheets == run(Book()).sheets


def test_with_any_error_nothing_is_written():
    report = run(Book().put("Обучающиеся", 2, "СНИЛС", "100-200-301 99"))

    assert report.has_errors
    assert Organisation.objects.count() == Person.objects.count() == Entry.objects.count() == 0


def test_a_second_import_of_the_same_file_changes_nothing():
    first = run(Book())
    entries = Entry.objects.count()

    second = run(Book(), day=date(2026, 11, 16))

    assert changed(second) == {}
    assert second.conflicts == second.vanished == ()
    assert Entry.objects.count() == entries
    assert sum(c.left for c in second.sheets.values()) == sum(c.created for c in first.sheets.values())


def test_every_created_row_has_one_entry_in_the_ledger():
    report = run(Book())

    places = 4 - 1  # a pupil without a class has no place in one
    assert Entry.objects.count() == sum(counts.created for counts in report.sheets.values()) + places + 1
    assert Entry.objects.filter(verb="schooling.open_year").count() == 1
    pupil = Pupil.objects.get(book_number="А-1")
    [change] = history([f"people.Pupil:{pupil.pk}"])
    assert (change.before, change.after["last_name"], change.reason) == (None, "Акимов", "Импорт tiny.xlsx")


@pytest.mark.parametrize(
    ("sheet", "row", "column", "value", "found"),
    [
        ("Школа", 5, "Значение", "г. Примерск, ул. Новая, 2", lambda: Organisation.objects.get().address),
        ("Периоды", 2, "Окончание", date(2026, 12, 28), lambda: None),
        ("Кабинеты", 2, "Мест", 25, lambda: None),
        ("Сотрудники", 2, "Должность", "Завуч", lambda: Employee.objects.get(number="T1").position),
        ("Классы", 2, "Профиль", "физический", lambda: SchoolClass.objects.get(letter="А").profile),
        ("Обучающиеся", 2, "Фамилия", "Якимов", lambda: Pupil.objects.get(book_number="А-1").person.last_name),
        ("Родители", 2, "Телефон", "8 901 000 00 09", lambda: None),
        ("Итоги прошлых лет", 2, "Отметка", 4, lambda: PastResult.objects.get(subject__name="Математика").value),
        ("Индивидуальные планы", 2, "Часов в неделю", 2, lambda: None),
    ],
)
def test_a_corrected_file_changes_just_that(sheet, row, column, value, found):
    run(Book())
    entries = Entry.objects.count()
    corrected = Book().put(sheet, row, column, value)
    if (sheet, column) == ("Обучающиеся", "Фамилия"):
        corrected.put("Подгруппы", 2, "Обучающийся", "Якимов Пётр")

    report = run(corrected)

    assert changed(report) == {sheet: Counts(changed=1, left=report.sheets[sheet].left)}
    assert report.conflicts == ()
    assert Entry.objects.count() == entries + 1
    assert found() in (None, value, str(value))
    assert changed(run(corrected)) == {}


def test_a_field_edited_here_and_changed_in_the_file_is_a_conflict_and_stays():
    run(Book())
    employee = Employee.objects.get(number="T1")
    employee.position = "Учитель высшей категории"
    employee.save()

    for _ in range(2):
        report = run(Book().put("Сотрудники", 2, "Должность", "Завуч"))

        [conflict] = report.conflicts
        assert (conflict.sheet, conflict.row, conflict.field) == ("Сотрудники", 2, "position")
        assert (conflict.file, conflict.imported, conflict.here) == ("Завуч", "Учитель", "Учитель высшей категории")
        assert Employee.objects.get(number="T1").position == "Учитель высшей категории"


def test_a_field_edited_here_and_not_touched_in_the_file_stays_in_silence():
    run(Book())
    Employee.objects.filter(number="T1").update(position="Завуч")

    report = run(Book())

    assert changed(report) == {}
    assert report.conflicts == ()
    assert Employee.objects.get(number="T1").position == "Завуч"


def test_the_other_fields_of_a_row_with_a_conflict_are_taken():
    run(Book())
    Employee.objects.filter(number="T1").update(position="Завуч")

    report = run(
        Book().put("Сотрудники", 2, "Должность", "Педагог").put("Сотрудники", 2, "Эл. почта", "new@school.example")
    )

    assert [conflict.field for conflict in report.conflicts] == ["position"]
    assert Employee.objects.get(number="T1").person.email == "new@school.example"


def test_a_row_that_vanished_is_reported_and_kept():
    run(Book())

    report = run(Book().drop("Родители", 3))

    assert report.vanished == (("Родители", "А-1|отец|1"),)
    assert Guardian.objects.count() == 2


def test_family_education_is_attached_and_in_no_class_list():
    run(Book().put("Обучающиеся", 5, "Класс", "5А"))

    extern = Pupil.objects.get(book_number="Г-4")
    [place] = Membership.objects.filter(pupil=extern)
    assert (place.group.kind, place.group.name, place.group.school_class.title) == ("INDIVIDUAL", EXTERNS, "5А")
    assert not Membership.objects.filter(pupil=extern, group__kind=GroupKind.WHOLE_CLASS).exists()


def test_an_individual_plan_has_its_own_hours_teacher_and_order():
    run(Book())

    course = Course.objects.get(kind="HOME_TUITION")
    assert course.group.memberships.get().pupil.book_number == "В-3"
    workload = Workload.objects.get(course=course)
    assert (workload.teacher.number, workload.order) == ("T3", "Приказ № 1 от 01.09.2026")
    assert CurriculumLine.objects.get(pupil__book_number="В-3").weekly_hours == 1


def test_consent_belongs_to_each_guardian():
    run(Book())

    states = dict(Consent.objects.values_list("guardianship__guardian__person__first_name", "state"))
    assert states == {"Ольга": "GIVEN", "Олег": "REFUSED"}


def test_one_guardian_of_two_pupils_is_one_person():
    book = Book().add(
        "Родители", "Б-2", "мать", "Акимова Ольга Ивановна", "8(901)000-00-01", "o@mail.example", "согласие",
        date(2026, 8, 28), "СМС",
    )  # fmt: skip

    run(book)

    assert Guardian.objects.filter(person__first_name="Ольга").count() == 1
    assert changed(run(book)) == {}


def mother_of_two():
    return Book().add(
        "Родители", "Б-2", "мать", "Акимова Ольга Ивановна", "8(901)000-00-01", "o@mail.example", "согласие",
        date(2026, 8, 28), "СМС",
    )  # fmt: skip


def mothers():
    """Return the name of the mother by number of the pupil, and how many persons these are."""
    links = Guardianship.objects.filter(relation="мать").select_related("guardian__person", "pupil")
    return {link.pupil.book_number: link.guardian.person.full_name for link in links}, len(
        {link.guardian_id for link in links}
    )


def test_two_of_one_name_without_telephone_and_address_are_two_persons():
    book = mother_of_two()
    for row in (2, len(book.sheets["Родители"])):
        book.put("Родители", row, "Телефон", None).put("Родители", row, "Эл. почта", None)

    run(book)

    assert mothers()[1] == 2
    assert changed(run(book)) == {}


def test_another_guardian_of_one_child_is_another_person_when_a_brother_keeps_his():
    run(mother_of_two())
    book = mother_of_two().put("Родители", 2, "ФИО", "Яшина Мария Юрьевна")

    run(book)

    assert mothers() == ({"А-1": "Яшина Мария Юрьевна", "Б-2": "Акимова Ольга Ивановна"}, 2)
    assert changed(run(book)) == {}


def test_a_guardian_renamed_in_the_rows_of_all_children_is_still_one_person():
    run(mother_of_two())
    book = mother_of_two()
    for row in (2, len(book.sheets["Родители"])):
        book.put("Родители", row, "ФИО", "Яшина Ольга Ивановна")

    run(book)

    assert mothers() == ({"А-1": "Яшина Ольга Ивановна", "Б-2": "Яшина Ольга Ивановна"}, 1)


def test_a_subgroup_without_a_subject_serves_every_split_subject():
    run(Book())

    group = Course.objects.get(group__name="1 подгруппа").group
    assert group.subject is None
    assert group.memberships.get().pupil.book_number == "А-1"


def test_results_of_past_years_keep_their_source():
    run(Book())

    assert PastResult.objects.get(subject__name="Музыка").source == "ведомость прежней школы"


def test_a_new_class_in_the_file_moves_the_pupil_from_that_day():
    run(Book())
    moved = Book().put("Обучающиеся", 2, "Класс", "5Б").drop("Подгруппы", 2).put("Подгруппы", 2, "Класс", "5А")
    moved.put("Подгруппы", 2, "Подгруппа", "1 подгруппа")
    moved.sheets["Нагрузка"] = [row for row in moved.sheets["Нагрузка"] if row[2] != "2 подгруппа"]
    moved.sheets["Расписание"] = [row for row in moved.sheets["Расписание"] if row[4] != "2 подгруппа"]

    run(moved, day=date(2026, 10, 5))

    places = Membership.objects.filter(pupil__book_number="А-1", group__kind=GroupKind.WHOLE_CLASS)
    assert list(places.order_by("starts_on").values_list("group__name", "starts_on", "ends_on")) == [
        ("5А", date(2026, 9, 1), date(2026, 10, 4)),
        ("5Б", date(2026, 10, 5), None),
    ]


def test_a_new_teacher_begins_and_the_old_one_stays_in_the_past():
    run(Book())
    book = Book()
    for row in book.sheets["Нагрузка"][1:]:
        if row[1] == "Математика":
            row[4] = SIDOROVA
    for row in book.sheets["Расписание"][1:]:
        if row[3] == "Математика":
            row[5] = SIDOROVA

    run(book, day=date(2026, 10, 5))

    workloads = Workload.objects.filter(course__subject__name="Математика", course__kind="COMPULSORY")
    assert list(workloads.order_by("starts_on").values_list("teacher__number", "starts_on", "ends_on")) == [
        ("T1", date(2026, 9, 1), date(2026, 10, 4)),
        ("T3", date(2026, 10, 5), None),
    ]
    editions = TimetableEdition.objects.order_by("starts_on")
    assert [edition.starts_on for edition in editions] == [date(2026, 9, 1), date(2026, 10, 6)]
    assert set(editions[0].slots.filter(course__subject__name="Математика").values_list("teacher__number")) == {("T1",)}
    assert changed(run(book, day=date(2026, 10, 5))) == {}


def test_next_years_file_finds_the_same_people():
    run(Book())
    book = Book()
    for sheet in ("Периоды", "Каникулы"):
        for row in book.sheets[sheet][1:]:
            row[2], row[3] = row[2] + timedelta(days=365), row[3] + timedelta(days=365)
    book.sheets["Школа"][5][1] = "2027/2028"

    report = run(book, day=date(2027, 8, 25))

    assert report.problems == ()
    assert Person.objects.filter(pupil__isnull=False).count() == 4
    assert SchoolClass.objects.count() == 4
    assert report.conflicts == ()
    assert Enrolment.objects.count() == 4
    assert Membership.objects.filter(pupil__book_number="А-1", group__kind=GroupKind.WHOLE_CLASS).count() == 2


def test_two_schools_with_the_same_file_know_nothing_of_each_other():
    run(Book(), slug="one")

    report = run(Book(), slug="two")

    assert report.sheets["Обучающиеся"] == Counts(created=4)
    assert Pupil.objects.count() == 8


def test_after_an_import_the_lessons_of_the_year_are_there():
    import_and_plan_lessons(Book().read(), slug="tiny", by=None, at=moment(DAY), today=DAY, reason="Импорт tiny.xlsx")

    assert Lesson.objects.filter(course__group__name="5А", course__subject__name="Математика").count() > 60
    assert not Lesson.objects.filter(on=date(2027, 1, 4)).exists()


def test_a_field_that_the_file_does_not_change_stays_when_another_of_its_row_changes():
    run(Book())
    SchoolClass.objects.filter(letter="А").update(profile="медицинский")
    Room.objects.filter(name="101").update(seats=12)

    report = run(Book().put("Классы", 2, "Классный руководитель", PETROV).put("Кабинеты", 2, "Кабинет", "101 "))

    assert ClassTeacher.objects.get(school_class__letter="А", ends_on=None).employee.number == "T2"
    assert SchoolClass.objects.get(letter="А").profile == "медицинский"
    assert Room.objects.get(name="101").seats == 12
    assert report.conflicts == ()


def test_who_goes_over_to_family_education_leaves_the_class_list_and_his_subgroup():
    run(with_a_fifth(Book()))
    book = with_a_fifth(Book()).put("Обучающиеся", 2, "Форма обучения", "семейная").drop("Подгруппы", 2)

    report = run(book, day=date(2026, 10, 5))

    assert report.problems == ()
    stays = Membership.objects.filter(pupil__book_number="А-1").order_by("starts_on", "group__name")
    assert list(stays.values_list("group__name", "starts_on", "ends_on")) == [
        ("1 подгруппа", date(2026, 9, 1), date(2026, 10, 4)),
        ("5А", date(2026, 9, 1), date(2026, 10, 4)),
        (EXTERNS, date(2026, 10, 5), None),
    ]
    place = Membership.objects.get(pupil__book_number="А-1", group__name="5А")
    [moved, _created] = history([f"schooling.Membership:{place.pk}"])
    assert (moved.before, moved.after) == (
        {"is_extern": "", "subgroups": "1 подгруппа"},
        {"is_extern": "да", "subgroups": ""},
    )
    assert changed(run(book, day=date(2026, 10, 6))) == {}


def test_who_comes_to_a_class_in_autumn_is_in_its_subgroup_from_that_day():
    run(with_a_fifth(Book()))
    book = with_a_fifth(Book()).put("Обучающиеся", 2, "Класс", "5Б").put("Подгруппы", 2, "Класс", "5Б")

    report = run(book, day=date(2026, 10, 5))

    assert report.problems == ()
    stays = Membership.objects.filter(pupil__book_number="А-1", group__kind=GroupKind.SUBGROUP).order_by("starts_on")
    assert list(stays.values_list("group__school_class__letter", "starts_on", "ends_on")) == [
        ("А", date(2026, 9, 1), date(2026, 10, 4)),
        ("Б", date(2026, 10, 5), None),
    ]


def test_a_book_of_a_closed_year_changes_nothing_in_it():
    run(Book())
    AcademicYear.objects.update(state=AcademicYear.State.CLOSED)

    report = run(Book().put("Классы", 2, "Профиль", "физический"))

    [problem] = report.problems
    assert (problem.sheet, problem.message) == (
        "Школа", "Учебный год 2026/27 закрыт: изменения в нём не записываются.",
    )  # fmt: skip
    assert SchoolClass.objects.get(letter="А").profile == ""
    assert run(Book()).problems == ()


def with_a_fifth(book):
    """Add a pupil to the first subgroup of 5А, so that another may leave it."""
    day = date(2022, 9, 1)
    book.add("Обучающиеся", "Д-5", "Дёмин", "Глеб", None, "м", date(2015, 7, 4), None, "5А", day, "очная", None)
    return book.add("Подгруппы", "5А", "Д-5", None, "1 подгруппа", None)


def test_a_workload_added_in_mid_year_begins_that_day():
    run(Book())
    book = Book().add("Учебный план", "5Б", "Математика", 1).add("Нагрузка", "5Б", "Математика", None, 1, IVANOVA)
    book.add("Расписание", "среда", 1, "5Б", "Математика", None, IVANOVA, "101")

    run(book, day=date(2026, 11, 9))

    workload = Workload.objects.get(
        course__group__name="5Б", course__subject__name="Математика", course__kind="COMPULSORY"
    )
    assert workload.starts_on == date(2026, 11, 9)


def test_another_first_and_middle_name_is_another_guardian():
    run(Book())
    before = Person.objects.get(first_name="Ольга")

    run(Book().put("Родители", 2, "ФИО", "Акимова Вера Павловна"))

    before.refresh_from_db()
    assert before.full_name == "Акимова Ольга Ивановна"
    link = Pupil.objects.get(book_number="А-1").guardianships.get(relation="мать")
    assert link.guardian.person.full_name == "Акимова Вера Павловна"


def test_a_new_last_name_is_the_same_guardian():
    run(Book())
    before = Person.objects.get(first_name="Ольга")

    run(Book().put("Родители", 2, "ФИО", "Белкина Ольга Ивановна"))

    before.refresh_from_db()
    assert before.full_name == "Белкина Ольга Ивановна"


def test_the_workbook_of_another_school_is_refused_whole():
    run(Book())
    entries = Entry.objects.count()
    other = Book().put("Школа", 2, "Значение", "МАОУ «Школа № 9»").put("Школа", 3, "Значение", "Школа № 9")
    for row in other.sheets["Обучающиеся"][1:]:
        row[1] = f"Не{row[1].lower()}"
    for sheet in ("Подгруппы", "Индивидуальные планы"):
        for row in other.sheets[sheet][1:]:
            row[other.sheets[sheet][0].index("Обучающийся")] = None

    report = run(other)

    [problem] = report.problems
    assert (problem.severity, problem.sheet, problem.value) == ("error", "Школа", "Школа № 9")
    assert Entry.objects.count() == entries


def test_a_school_that_was_renamed_keeps_its_pupils_and_is_taken():
    run(Book())

    report = run(Book().put("Школа", 2, "Значение", "МАОУ «Лицей № 1»").put("Школа", 3, "Значение", "Лицей № 1"))

    assert report.problems == ()
    assert Organisation.objects.get().short_name == "Лицей № 1"
