import json
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from letopis.core.errors import Refused
from letopis.ledger.models import Entry
from letopis.ledger.queries import history
from letopis.register.actions.cell_results import CellSave
from letopis.register.actions.cells import save_cells, set_task_kind
from letopis.register.models import Attendance, Lesson, Mark, Task
from letopis.schooling.models import AcademicYear, Membership
from tests import factories as make
from tests.cast import TODAY

pytestmark = pytest.mark.django_db

AT = make.moment(TODAY, 10, 41)


def task_of(lesson, position=1):
    return lesson.tasks.get(position=position)


def save(cast, text, *, seen="", lesson=None, pupil=None, confirm=False, member="teacher", task=None):
    """Save one cell of algebra and return its result."""
    return save_all(cast, [(text, seen, lesson, pupil, confirm, task)], member=member).cells[0]


def save_all(cast, cells, *, member="teacher", at=AT):
    rows = [
        CellSave(
            task=(task or task_of(lesson or cast.today_lesson)).code,
            pupil=(pupil or cast.polina).code,
            seen=seen,
            text=text,
            confirm=confirm,
        )
        for text, seen, lesson, pupil, confirm, task in cells
    ]
    return save_cells(cast.actor(member), course=cast.algebra.code, cells=rows, at=at)


def test_a_mark_is_put_with_its_kind_of_work_author_and_moment(cast):
    result = save(cast, "5")

    mark = Mark.objects.get()
    lesson = Lesson.objects.get(pk=cast.today_lesson.pk)
    assert (result.status, result.look.text, result.look.classes) == ("SAVED", "5", "")
    assert (mark.value, mark.pupil, mark.task.kind, mark.put_by, mark.put_at, mark.changes) == (
        "5", cast.polina, "УО", cast.teacher, AT, 0,
    )  # fmt: skip
    assert lesson.state == Lesson.State.HELD


def test_the_ledger_tells_each_changed_fact_once(cast):
    save(cast, "5")

    mark = Mark.objects.get()
    entries = list(Entry.objects.order_by("pk").values_list("verb", "object"))
    assert entries == [
        ("register.put_mark", f"register.Mark:{mark.pk}"),
        ("register.set_task_kind", f"register.Task:{mark.task_id}"),
        ("register.hold_lesson", f"register.Lesson:{cast.today_lesson.pk}"),
    ]
    (change,) = history([f"register.Mark:{mark.pk}"])
    assert (change.who, change.before, change.after["value"]) == ("Копылова М. А., Учитель математики", None, "5")


def test_a_change_keeps_the_row_and_both_values_in_the_ledger(cast):
    save(cast, "5")

    result = save(cast, "4", seen="5")

    mark = Mark.objects.get()
    changes = [(c.before and c.before["value"], c.after["value"]) for c in history([f"register.Mark:{mark.pk}"])]
    assert (result.look.text, result.look.classes, mark.value, mark.changes) == ("4", "corrected", "4", 1)
    assert changes == [("5", "4"), (None, "5")]


def test_clearing_keeps_the_row_with_an_empty_value(cast):
    save(cast, "5")

    result = save(cast, "", seen="5")

    assert (result.status, result.look.text, Mark.objects.get().value) == ("SAVED", "", "")


@pytest.mark.parametrize(
    ("text", "event", "minutes", "shown", "classes"),
    [
        ("н", "ABSENT", None, "н", "absent"),
        ("Y", "ABSENT", None, "н", "absent"),
        ("о", "LATE", None, "о", "late"),
        ("j10", "LATE", 10, "о10", "late"),
    ],
)
def test_attendance_is_set_in_either_layout(cast, text, event, minutes, shown, classes):
    result = save(cast, text)

    row = Attendance.objects.get()
    assert (row.event, row.minutes, row.reason, row.put_by) == (event, minutes, "NOT_SET", cast.teacher)
    assert (result.look.text, result.look.classes) == (shown, classes)


def test_a_mark_of_a_pupil_who_came_late_is_two_facts(cast):
    result = save(cast, "5 о10")

    verbs = list(Entry.objects.order_by("pk").values_list("verb", flat=True))
    assert result.look.text == "5 о10"
    assert verbs == [
        "register.put_mark",
        "register.mark_attendance",
        "register.set_task_kind",
        "register.hold_lesson",
        "register.take_attendance",
    ]


def test_clearing_an_absence_says_present_and_forgets_the_reason(cast):
    save(cast, "н")
    Attendance.objects.update(reason="ILL")

    result = save(cast, "", seen="б")

    row = Attendance.objects.get()
    assert (result.look.text, row.event, row.reason) == ("", "PRESENT", "NOT_SET")


def test_the_same_absence_again_keeps_the_reason_that_was_found_out_since(cast):
    save(cast, "н")
    Attendance.objects.update(reason="ILL")

    result = save(cast, "н", seen="н")

    assert (result.status, result.look.text, Attendance.objects.get().reason) == ("SAVED", "б", "ILL")


REFUSALS = {
    "outside the scale": ("7", {}, "OUTSIDE_SCALE"),
    "a reason letter of the class teacher": ("б", {}, "REASON_BY_SUBJECT_TEACHER"),
    "what means nothing": ("щ", {}, "UNKNOWN_TEXT"),
    "a lesson that was not yet": ("5", {"lesson": "future"}, "LESSON_AHEAD"),
    "a cancelled lesson": ("5", {"lesson": "cancelled"}, "LESSON_CANCELLED"),
    "a pupil who was not in the class that day": ("5", {"pupil": "newcomer"}, "NOT_MEMBER"),
    "a pupil of another class": ("5", {"pupil": "stranger"}, "UNKNOWN_CELL"),
    "a column of another course": ("5", {"lesson": "foreign"}, "UNKNOWN_CELL"),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_refuses(cast, case):
    text, where, code = REFUSALS[case]
    newcomer = cast.pupils[0]
    Membership.objects.filter(pupil=newcomer).update(starts_on=TODAY + timedelta(days=1))
    Lesson.objects.filter(pk=cast.lessons[0].pk).update(state=Lesson.State.CANCELLED)
    places = {
        "cancelled": cast.lessons[0],
        "future": cast.lessons[-1],
        "foreign": Lesson.objects.filter(course=cast.russian).first(),
        "newcomer": newcomer,
        "stranger": make.make_pupil(cast.organisation, "Громов Яков Юрьевич"),
    }

    result = save(cast, text, **{key: places[value] for key, value in where.items()})

    assert (result.status, result.verdict.code) == ("REFUSED", code)
    assert result.verdict.sentence
    assert Mark.objects.count() == Attendance.objects.count() == Entry.objects.count() == 0


def test_refuses_in_a_closed_year(cast):
    AcademicYear.objects.update(state=AcademicYear.State.CLOSED)

    assert save(cast, "5").verdict.code == "YEAR_CLOSED"


@pytest.mark.parametrize("member", ["class_teacher", "deputy", "director"])
def test_refuses_those_who_only_see(cast, member):
    assert save(cast, "5", member=member).verdict.code == "NOT_OWN_LESSON"


@pytest.mark.parametrize("member", ["substitute", "archivist", "mother", "foreign_teacher", "dismissed"])
def test_the_course_does_not_exist_for_strangers(cast, member):
    with pytest.raises(Http404):
        save(cast, "5", member=member)


def test_a_mark_of_a_cancelled_lesson_does_not_count(cast):
    save(cast, "2", lesson=cast.lessons[1])
    Lesson.objects.filter(pk=cast.lessons[1].pk).update(state=Lesson.State.CANCELLED)

    (row,) = save_all(cast, [("5", "", None, None, False, None)]).rows

    assert (row.average, row.proposed) == ("5,00", "5")


def test_a_substitute_is_not_told_the_average_of_the_term(cast):
    save(cast, "2", lesson=cast.lessons[1])
    Lesson.objects.filter(pk=cast.today_lesson.pk).update(teacher=cast.substitute)

    saved = save_all(cast, [("5", "", None, None, False, None)], member="substitute")

    assert (saved.cells[0].status, saved.rows) == ("SAVED", ())


def test_the_substitute_fills_the_lesson_he_gives(cast):
    Lesson.objects.filter(pk=cast.today_lesson.pk).update(teacher=cast.substitute)

    result = save(cast, "5", member="substitute")
    other = save_all(
        cast, [("5", "", cast.today_lesson, cast.polina, False, None), ("5", "", cast.lessons[0], None, False, None)],
        member="substitute",
    )  # fmt: skip

    assert (result.status, Mark.objects.get().put_by) == ("SAVED", cast.substitute)
    assert [(cell.status, cell.verdict.code) for cell in other.cells] == [("SAVED", ""), ("REFUSED", "NOT_OWN_LESSON")]


def test_a_mark_for_an_absent_pupil_asks_once(cast):
    save(cast, "н")

    refused = save(cast, "5", seen="н")
    confirmed = save(cast, "5", seen="н", confirm=True)

    assert (refused.status, refused.verdict.code, refused.may_confirm) == ("REFUSED", "MARK_FOR_ABSENT", True)
    assert (confirmed.status, confirmed.look.text) == ("SAVED", "5 н")


def test_absence_over_a_mark_asks_once(cast):
    save(cast, "5")

    refused = save(cast, "н", seen="5")
    confirmed = save(cast, "н", seen="5", confirm=True)

    assert (refused.verdict.code, refused.may_confirm, confirmed.look.text) == ("ABSENT_WITH_MARK", True, "5 н")


def test_confirming_does_not_open_what_no_confirmation_opens(cast):
    assert save(cast, "7", confirm=True).status == "REFUSED"


def test_a_conflict_shows_both_values_and_writes_nothing(cast):
    save(cast, "5")
    entries = Entry.objects.count()

    result = save(cast, "3", seen="")

    assert (result.status, result.theirs.shown, result.theirs.who, result.theirs.at) == (
        "CONFLICT", "5", "Копылова М. А.", AT,
    )  # fmt: skip
    assert (Mark.objects.get().value, Entry.objects.count()) == ("5", entries)


def test_one_bad_cell_does_not_lose_the_others(cast):
    first, second, third = cast.pupils[:3]
    typed = [("5", first), ("9", second), ("4", third)]

    saved = save_all(cast, [(text, "", None, pupil, False, None) for text, pupil in typed])

    assert [cell.status for cell in saved.cells] == ["SAVED", "REFUSED", "SAVED"]
    assert dict(Mark.objects.values_list("pupil", "value")) == {first.pk: "5", third.pk: "4"}


def test_the_same_request_twice_is_harmless(cast):
    first = save(cast, "5")
    entries = Entry.objects.count()

    second = save(cast, "5")

    assert (first.status, second.status, second.look.text) == ("SAVED", "SAVED", "5")
    assert (Entry.objects.count(), Mark.objects.get().changes) == (entries, 0)


def test_two_works_of_one_lesson_share_its_absence(cast):
    second = Task.objects.create(organisation=cast.organisation, lesson=cast.today_lesson, position=2, kind="КР")

    result = save(cast, "н", task=second)

    assert (result.look.text, result.look.classes) == ("", "absent")
    assert [(code, look.text) for code, look in result.others] == [(task_of(cast.today_lesson).code, "н")]


def test_emptying_the_second_work_leaves_the_lateness_of_the_lesson(cast):
    second = Task.objects.create(organisation=cast.organisation, lesson=cast.today_lesson, position=2, kind="КР")
    save(cast, "о")
    save(cast, "4", task=second)

    save(cast, "", seen="4", task=second)

    assert Attendance.objects.get().event == "LATE"


def test_the_answer_carries_the_figures_of_touched_rows_weighted(cast):
    Task.objects.filter(lesson=cast.lessons[0]).update(kind="КР")

    saved = save_all(
        cast,
        [("3", "", cast.lessons[0], None, False, None), ("5", "", cast.lessons[1], None, False, None)],
    )  # fmt: skip

    # Three for a control work of weight 3, five for an oral answer: (3·3 + 5·1) : 4.
    assert [(row.pupil, row.average, row.proposed) for row in saved.rows] == [(cast.polina.code, "3,50", "4")]


def test_the_figures_count_marks_of_the_group_the_pupil_came_from(cast):
    before, after = cast.english_1, cast.english_2
    Membership.objects.filter(group=before.group, pupil=cast.pupils[0]).update(ends_on=date(2026, 11, 8))
    make.join(after.group, cast.pupils[0], since=date(2026, 11, 9))
    earlier = Lesson.objects.filter(course=before).order_by("on").first()
    later = Lesson.objects.filter(course=after, on=TODAY).get()
    Mark.objects.create(
        organisation=cast.organisation, task=task_of(earlier), pupil=cast.pupils[0], value="2", put_at=AT
    )

    saved = save_cells(
        cast.actor("class_teacher"),
        course=after.code,
        cells=[CellSave(task=task_of(later).code, pupil=cast.pupils[0].code, seen="", text="5")],
        at=AT,
    )

    assert [(row.average, row.proposed) for row in saved.rows] == [("3,50", "4")]


def post(cast, cells, member="teacher"):
    return cast.client(member).post(
        reverse("register:cells", args=[cast.algebra.code]),
        json.dumps({"cells": cells, "term": "2"}),
        content_type="application/json",
    )


def row(cast, text, seen="", pupil=None):
    task, pupil = task_of(cast.today_lesson), pupil or cast.polina
    return {"task": str(task.code), "pupil": str(pupil.code), "seen": seen, "text": text}


def test_the_request_answers_each_cell_and_row(cast):
    answer = post(cast, [row(cast, "5")]).json()

    assert [(cell["status"], cell["look"]) for cell in answer["cells"]] == [("SAVED", {"text": "5", "classes": ""})]
    assert answer["rows"] == [{"pupil": str(cast.polina.code), "average": "5,00", "proposed": "5"}]


@pytest.mark.parametrize(
    "body", ["", "[]", "{}", '{"cells": [1]}', '{"cells": [{"task": "x"}]}', '{"cells": [{"task": 1}]}', "\x00"]
)
def test_a_malformed_request_is_refused_in_one_sentence(cast, body):
    url = reverse("register:cells", args=[cast.algebra.code])

    response = cast.client("teacher").post(url, body, content_type="application/json")

    assert response.status_code == 400
    assert cast.client("archivist").post(url, body, content_type="application/json").status_code == 404


def test_too_many_cells_are_refused(cast):
    assert post(cast, [row(cast, "5")] * 401).status_code == 400


def statements_of(cast, *cells):
    """Save cells one request after another; return the statements of the last one."""
    client = cast.client("teacher")
    url = reverse("register:cells", args=[cast.algebra.code])
    for cell in cells:
        with CaptureQueriesContext(connection) as statements:
            response = client.post(url, {"cells": [cell], "term": "2"}, content_type="application/json")
        assert response.json()["cells"][0]["status"] == "SAVED"
    # Under a test the outer transaction makes savepoints of what is BEGIN and COMMIT in the product.
    return [one["sql"] for one in statements]


def test_one_cell_takes_at_most_twelve_statements(cast):
    new = statements_of(cast, row(cast, "5"), row(cast, "4", pupil=cast.pupils[0]))
    changed = statements_of(cast, row(cast, "4", seen="5"))
    absent = statements_of(cast, row(cast, "н", pupil=cast.pupils[1]))

    assert max(len(new), len(changed), len(absent)) <= 12


def test_nor_does_the_cell_that_opens_a_lesson(cast):
    # It names the work and makes the lesson held.
    assert len(statements_of(cast, row(cast, "5"))) <= 12


def test_an_absence_put_in_the_grid_says_that_attendance_was_taken(cast):
    save_cells(
        cast.actor("teacher"),
        course=cast.algebra.code,
        cells=[CellSave(task_of(cast.today_lesson).code, cast.pupils[0].code, "", "н")],
        at=AT,
    )

    cast.today_lesson.refresh_from_db()
    assert cast.today_lesson.attendance_taken_at == AT


def test_a_whole_column_costs_no_more_statements_than_a_cell(cast):
    actor, task = cast.actor("teacher"), task_of(cast.today_lesson)
    cells = [CellSave(task.code, pupil.code, "", mark) for pupil, mark in zip(cast.pupils, "543254", strict=True)]

    with CaptureQueriesContext(connection) as one:
        save_cells(actor, course=cast.algebra.code, cells=cells[:1], at=AT)
    with CaptureQueriesContext(connection) as many:
        save_cells(actor, course=cast.algebra.code, cells=cells[1:], at=AT)

    assert len(many) <= len(one)


def test_the_kind_of_work_is_named_with_its_title(cast):
    task = task_of(cast.lessons[-1])

    set_task_kind(cast.actor("teacher"), course=cast.algebra.code, task=task.code, kind="КР", title=" Корни ", at=AT)
    set_task_kind(cast.actor("teacher"), course=cast.algebra.code, task=task.code, kind="КР", title="Корни", at=AT)

    task.refresh_from_db()
    (change,) = history([f"register.Task:{task.pk}"])
    assert (task.kind, task.title) == ("КР", "Корни")
    assert (change.before, change.after) == ({"kind": "", "title": ""}, {"kind": "КР", "title": "Корни"})


@pytest.mark.parametrize(
    ("member", "kind", "code"),
    [("teacher", "ЖЖ", "UNKNOWN_KIND"), ("deputy", "КР", "NOT_OWN_LESSON"), ("class_teacher", "КР", "NOT_OWN_LESSON")],
)
def test_refuses_to_name_a_work(cast, member, kind, code):
    task = task_of(cast.today_lesson)

    with pytest.raises(Refused) as refusal:
        set_task_kind(cast.actor(member), course=cast.algebra.code, task=task.code, kind=kind, at=AT)

    assert refusal.value.verdict.code == code


def test_an_unknown_column_cannot_be_named(cast):
    with pytest.raises(Refused) as refusal:
        set_task_kind(cast.actor("teacher"), course=cast.algebra.code, task=uuid4(), kind="КР", at=AT)

    assert refusal.value.verdict.code == "UNKNOWN_CELL"


def test_the_work_of_a_cancelled_lesson_is_not_named(cast):
    Lesson.objects.filter(pk=cast.today_lesson.pk).update(state=Lesson.State.CANCELLED)

    with pytest.raises(Refused) as refusal:
        set_task_kind(
            cast.actor("teacher"), course=cast.algebra.code, task=task_of(cast.today_lesson).code, kind="КР", at=AT
        )

    assert refusal.value.verdict.code == "LESSON_CANCELLED"


def test_control_characters_are_left_out_of_the_name_of_a_work(cast):
    task = task_of(cast.today_lesson)

    set_task_kind(cast.actor("teacher"), course=cast.algebra.code, task=task.code, kind="КР", title="Кор\x00ни", at=AT)

    task.refresh_from_db()
    assert task.title == "Корни"
