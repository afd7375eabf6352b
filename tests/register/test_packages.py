"""The archived register of a class: what it holds, and that a stranger can read and check it."""

import csv
import io
import json
import re
import subprocess
from datetime import date, timedelta

import bagit
import ocfl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from letopis.archive.actions import store_unit
from letopis.archive.queries import package_path
from letopis.archive.units.tables import Column, Table, as_csv, cell_text, cell_value
from letopis.ledger.actions import Fact, object_name
from letopis.ledger.actions import record_all as record
from letopis.register.actions.cell_facts import kind_fact, mark_fact
from letopis.register.models import Attendance, Homework, Lesson, Mark, Task
from letopis.register.packages import register_unit
from letopis.rules.policy import DEFAULT_POLICY
from letopis.rules.policy.editions import NO_EDITIONS
from letopis.schooling.models import SchoolClass
from tests import factories as make
from tests.cast import TODAY

AT = make.moment(TODAY)


@pytest.fixture
def school(cast, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    return cast


def class_of(cast):
    return SchoolClass.objects.select_related("year", "organisation").get(pk=cast.class_8a.pk)


def unit_of(cast, *, made_on=TODAY):
    return register_unit(class_of(cast), made_on=made_on, policies=NO_EDITIONS)


def put(cast, pupil, value, *, lesson=0, kind="КР"):
    task = cast.lessons[lesson].tasks.get()
    Task.objects.filter(pk=task.pk).update(kind=kind)
    return Mark.objects.create(
        organisation=cast.organisation, task=task, pupil=pupil, value=value, put_by=cast.teacher, put_at=AT
    )


def rows_of(unit, name):
    (table,) = [table for table in unit.tables if table.name == name]
    return [dict(zip([column.name for column in table.columns], row, strict=True)) for row in table.rows]


def stored(cast, unit=None):
    package = store_unit(unit or unit_of(cast), by=cast.actor("archivist").author, at=AT).package
    return package_path(package), package


def read_csv(path):
    with path.open(encoding="utf-8", newline="") as file:
        return [{name: cell_value(text) for name, text in row.items()} for row in csv.DictReader(file)]


def fits(value, schema):
    """Whether a value is of the shape a JSON Schema says; only the words that our schemas use."""
    names = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool, "null": type(None)}
    kinds = schema.get("type", [])
    if kinds and type(value) not in [names[kind] for kind in ([kinds] if isinstance(kinds, str) else kinds)]:
        return False
    if isinstance(value, dict):
        known = schema["properties"]
        return set(schema["required"]) <= set(value) <= set(known) and all(
            fits(value[key], known[key]) for key in value
        )
    if isinstance(value, list):
        return all(fits(item, schema["items"]) for item in value)
    if schema.get("format") == "date" and value is not None:
        return bool(date.fromisoformat(value))
    return True


def test_marks_are_told_with_who_when_and_for_what(school):
    put(school, school.polina, "4/3")

    (row,) = rows_of(unit_of(school), "marks")

    lesson = rows_of(unit_of(school), "lessons")[row["lesson"] - 1]
    assert row | {"put_at": ""} == {
        "lesson": 1, "on": school.lessons[0].on, "subject": "Алгебра", "work": 1, "work_kind": "КР",
        "work_title": "", "weight": 3,
        "pupil": school.polina.book_number, "pupil_name": "Ершова Полина Сергеевна", "mark": "4/3", "put_at": "",
        "put_by": "Копылова Мария Андреевна", "changes": 0,
    }  # fmt: skip
    assert row["put_at"].isoformat() == "2026-11-16T12:00:00+03:00"
    assert (lesson["subject"], lesson["works"], lesson["on"]) == ("Алгебра", "КР", school.lessons[0].on)


def test_a_changed_mark_is_told_from_its_first_value_on(school):
    mark = put(school, school.polina, "5")
    by = school.actor("teacher").author
    first = mark_fact(mark, before=None, by=by, at=AT)
    mark.value, mark.changes = "3", 1
    mark.save()
    record([first, mark_fact(mark, before="5", by=by, at=AT + timedelta(days=1))])

    changes = rows_of(unit_of(school), "changes")

    assert [(row["what"], row["pupil_name"], row["before"], row["after"], row["who"]) for row in changes] == [
        ("отметка КР", "Ершова Полина Сергеевна", "", "5", "Копылова М. А., Учитель математики"),
        ("отметка КР", "Ершова Полина Сергеевна", "5", "3", "Копылова М. А., Учитель математики"),
    ]


def test_a_mark_taken_away_is_no_mark_but_stays_among_the_changes(school):
    mark = put(school, school.polina, "2")
    by = school.actor("teacher").author
    first = mark_fact(mark, before=None, by=by, at=AT)
    mark.value, mark.changes = "", 1
    mark.save()
    record([first, mark_fact(mark, before="2", by=by, at=AT)])

    unit = unit_of(school)

    assert rows_of(unit, "marks") == []
    assert [(row["before"], row["after"]) for row in rows_of(unit, "changes")] == [("", "2"), ("2", "")]


def test_a_changed_topic_and_a_changed_absence_are_told_and_first_entries_are_not(school):
    by, lesson = school.actor("teacher").author, school.lessons[0]
    row = Attendance.objects.create(
        organisation=school.organisation, lesson=lesson, pupil=school.polina, event="ABSENT", put_at=AT
    )

    def fact(of, before, after):
        return Fact(by=by, at=AT, verb="register.fill_lesson", object=object_name(of), before=before, after=after)

    record(
        [
            fact(lesson, None, {"topic": "Дроби"}),
            fact(lesson, {"topic": "Дроби"}, {"topic": "Степени"}),
            fact(row, None, {"event": "LATE"}),
            fact(row, {"event": "LATE", "minutes": 5}, {"event": "ABSENT", "pupil": "people.Pupil:5"}),
            fact(row, {"event": "ABSENT"}, {"event": "ABSENT", "reason": "ILL"}),
        ]
    )

    unit = unit_of(school)
    told = [(row["what"], row["before"], row["after"], row["kind"]) for row in rows_of(unit, "changes")]

    assert told == [
        ("урок", "тема: Дроби", "тема: Степени", "CORRECTION"),
        ("посещаемость", "опоздание; минут: 5", "нет на уроке", "CORRECTION"),
        ("посещаемость", "нет на уроке", "нет на уроке; причина: болезнь", "REASON"),
    ]
    (page,) = [one.data() for one in unit.prints if one.path == "1_documents/changes.pdf"]
    assert [row[7] for row in page["rows"]] == ["тема: Степени", "нет на уроке"]


def test_another_kind_of_work_is_told_among_the_changes(school):
    task = school.lessons[0].tasks.get()
    by = school.actor("teacher").author
    for before, task.kind, task.title in (("", "СР", ""), ("СР", "КР", "Корни")):
        task.save()
        record([kind_fact(task, before={"kind": before, "title": ""}, by=by, at=AT)])

    (row,) = rows_of(unit_of(school), "changes")

    assert (row["what"], row["subject"], row["on"]) == ("вид работы", "Алгебра", school.lessons[0].on)
    assert (row["before"], row["after"]) == ("вид работы: СР", "вид работы: КР; название: Корни")


def test_the_number_of_queries_does_not_depend_on_the_size_of_the_class(school):
    def count():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            _ = unit_of(school).fingerprint
        return len(queries)

    put(school, school.pupils[0], "5")
    few = count()
    for at, pupil in enumerate(school.pupils[1:]):
        put(school, pupil, "4", lesson=at % 3)

    assert count() == few <= 26


def test_text_that_a_spreadsheet_would_run_is_disarmed_and_can_be_restored():
    texts = ["=1+2", "+7 900", "-", "@SUM(A1)", "'цитата'", "\t=1", "упр. 5, «б»", 'он сказал "да"\nи ушёл', ""]
    table = Table("t", "", (Column("text", ""),), [(text,) for text in texts])

    written = as_csv(table).decode()

    cells = [row[0] for row in csv.reader(io.StringIO(written, newline=""))][1:]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t"))]
    assert [cell_value(cell) for cell in cells if cell] == [text for text in texts if text]
    assert [cell_text(value) for value in (None, True, 5, TODAY, AT)] == [
        "", "true", "5", "2026-11-16", "2026-11-16T12:00:00+03:00",
    ]  # fmt: skip


def test_csv_and_json_say_the_same_and_fit_the_schema(school):
    for at, pupil in enumerate(school.pupils):
        put(school, pupil, "5432"[at % 4], lesson=at % 3)
    Homework.objects.create(
        organisation=school.organisation, lesson=school.lessons[0], text='=HYPERLINK("x")', due_on=TODAY
    )
    Lesson.objects.filter(pk=school.lessons[0].pk).update(topic="-3 и +4", state="HELD")

    path, _package = stored(school)

    data = path / "v1/content/data"
    unit = json.loads((data / "3_data/unit.json").read_text("utf-8"))
    schema = json.loads((data / "3_data/schema.json").read_text("utf-8"))
    assert fits(unit, schema)
    assert not fits(unit | {"title": 5}, schema)
    for name, rows in unit["tables"].items():
        spelt = [
            {key: "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
             for key, value in row.items()}
            for row in rows
        ]  # fmt: skip
        assert read_csv(data / f"2_tables/{name}.csv") == spelt
    assert unit["tables"]["homework"][0]["text"] == '=HYPERLINK("x")'
    assert len(unit["tables"]["marks"]) == len(school.pupils)


def test_every_column_is_in_the_guide_and_every_code_is_explained(school):
    Attendance.objects.create(
        organisation=school.organisation,
        lesson=school.lessons[0],
        pupil=school.polina,
        event="LATE",
        minutes=5,
        put_at=AT,
    )
    put(school, school.polina, "5", lesson=1)

    path, _package = stored(school)

    data = path / "v1/content/data"
    guide = read_csv(data / "3_data/columns_guide.csv")
    codes = {(row["group"], row["code"]) for row in read_csv(data / "3_data/codes.csv")}
    for table in sorted((data / "2_tables").iterdir()):
        header = table.read_text("utf-8").splitlines()[0].split(",")
        columns = [row for row in guide if row["file"] == f"2_tables/{table.name}"]
        assert [row["column"] for row in columns] == header
        explained = {row["column"]: row["codes"] for row in columns if row["codes"]}
        for row in read_csv(table):
            used = {(group, row[column]) for column, group in explained.items() if row[column]}
            assert used <= codes


def test_the_pages_hold_every_mark(school):
    for at, pupil in enumerate(school.pupils):
        put(school, pupil, "5432"[at % 4], lesson=at % 3)

    path, _package = stored(school)

    page = path / "v1/content/data/1_documents/register.pdf"
    text = subprocess.run(["pdftotext", "-layout", page, "-"], capture_output=True, check=True, text=True).stdout
    for at, pupil in enumerate(school.pupils):
        name = f"{pupil.person.last_name} {pupil.person.first_name}"
        assert re.search(rf"{name}\s.*\b{'5432'[at % 4]}\b", text), name


def test_foreign_tools_accept_the_package(school):
    put(school, school.polina, "5")

    path, _package = stored(school)

    bag = bagit.Bag(str(path / "v1/content"))
    assert bag.validate()
    assert bag.info["Retention-Basis"].startswith("локальный акт школы")
    assert (bag.info["Retention-End"], bag.info["Retention-Term"]) == ("2032-12-31", "5 лет")
    for manifest in ("manifest-sha512.txt", "tagmanifest-sha512.txt"):
        checked = subprocess.run(
            ["sha512sum", "--strict", "-c", manifest], cwd=path / "v1/content", capture_output=True
        )
        assert checked.returncode == 0, checked.stderr
    assert ocfl.Object().validate(objdir=str(path))[0]


def test_the_description_says_how_long_it_is_kept_and_who_answers(school):
    path, _package = stored(school)

    data = path / "v1/content/data/4_description"
    said = json.loads((data / "description.json").read_text("utf-8"))
    policy = json.loads((data / "policy_snapshot.json").read_text("utf-8"))
    assert said["nomenclature"]["index"] == "02-19"
    assert (said["retention"]["counted_from"], said["retention"]["disposal_not_before"]) == ("2028-01-01", "2033-01-01")
    assert [(one["position"], one["name"]) for one in said["persons"]] == [
        ("Директор", "Нечаева Милана Магомедовна"),
        ("Ответственный за архив", "Берёзова Виктория Ярославовна"),
        ("Классный руководитель", "Зайцева Арина Алексеевна"),
    ]
    assert said["remarks"] == ["учебный год не закрыт, сведения на день сборки"]
    assert policy["policy"]["term_thresholds"]["value"][0] == {"value": "5", "at_least": "9/2"}
    assert policy["policy"]["absence_letter"] == {
        "value": DEFAULT_POLICY.absence_letter,
        "title": "Буква отсутствия без причины",
        "clause": "политика по умолчанию",
        "meaning": "Shown for an absence whose reason is not set yet.",
    }
    assert "<term>5 лет</term>" in (data / "description.xml").read_text("utf-8")
    assert {path.name for path in (data.parent / "5_formats").iterdir()} == {
        "bagit.txt", "csv.txt", "json.txt", "pdf_a.txt", "sha512.txt", "xml.txt",
    }  # fmt: skip


def test_read_me_needs_nothing_but_sha512sum(school):
    path, _package = stored(school)

    for name in ("READ_ME_FIRST.txt", "ПРОЧТИ.txt"):
        text = (path / "v1/content" / name).read_text("utf-8")
        assert "sha512sum -c manifest-sha512.txt" in text
        assert "openssl" not in text
        assert "$" not in text
        assert "data/2_tables/marks.csv" in text


def test_a_pupil_who_left_stays_in_the_register(school):
    from letopis.schooling.models import Membership

    put(school, school.polina, "4")
    Membership.objects.filter(pupil=school.polina).update(ends_on=date(2026, 11, 10))

    unit = unit_of(school)

    (pupil,) = [row for row in rows_of(unit, "pupils") if row["last_name"] == "Ершова"]
    assert pupil["in_class"] == "2026-09-01/2026-11-10"
    assert [row["mark"] for row in rows_of(unit, "marks")] == ["4"]


def test_of_a_stream_only_the_pupils_of_the_class_are_told(school):
    stream = make.make_group(school.class_8a, "STREAM", "8А, 7А")
    type(stream).objects.filter(pk=stream.pk).update(school_class=None)
    from letopis.people.models import Pupil

    other = Pupil.objects.get(person__last_name="Власов")
    make.join(stream, school.polina, other)
    course = make.make_course(stream, make.make_subject(school.organisation, "Технология"), teacher=school.teacher)
    lesson = Lesson.objects.create(organisation=school.organisation, course=course, on=TODAY, number=6)
    task = Task.objects.create(organisation=school.organisation, lesson=lesson)
    for pupil in (school.polina, other):
        Mark.objects.create(organisation=school.organisation, task=task, pupil=pupil, value="5", put_at=AT)

    unit = unit_of(school)

    assert [row["pupil_name"] for row in rows_of(unit, "marks")] == ["Ершова Полина Сергеевна"]
    assert "Технология" in [row["subject"] for row in rows_of(unit, "subjects")]
    assert "Власов" not in [row["last_name"] for row in rows_of(unit, "pupils")]
