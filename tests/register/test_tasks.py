"""The editor of a column, and «everybody is present»."""

from datetime import timedelta

import pytest
from django.urls import reverse

from letopis.core.errors import Refused
from letopis.ledger.queries import history
from letopis.register.access import lesson_for
from letopis.register.actions.cell_notes import set_note
from letopis.register.actions.everyone import everyone_present, take_back_everyone
from letopis.register.actions.tasks import TaskSaid, add_task, edit_task, remove_task
from letopis.register.models import Attendance, Lesson, Mark, Task
from tests import factories as make
from tests.cast import TODAY

pytestmark = pytest.mark.django_db

AT = make.moment(TODAY, 10, 41)
LATER = make.moment(TODAY, 11, 0)


def opened(cast, lesson=None, member="teacher"):
    return lesson_for(cast.actor(member), (lesson or cast.today_lesson).code)


def put_mark(cast, task, value="5"):
    return Mark.objects.create(
        organisation=cast.organisation, task=task, pupil=cast.polina, value=value, put_at=AT, put_by=cast.teacher
    )


def test_a_second_work_is_added_after_the_first_and_told(cast):
    task = add_task(opened(cast), said=TaskSaid("КР", " Корни ", 2, 1, None), at=AT)

    (change,) = history([f"register.Lesson:{cast.today_lesson.pk}"])
    assert (task.position, task.kind, task.title, task.weight) == (2, "КР", "Корни", 2)
    assert (change.verb, change.before, change.after["title"]) == ("register.add_task", None, "Корни")


def test_too_many_works_are_refused(cast):
    for _ in range(3):
        add_task(opened(cast), said=TaskSaid("УО"), at=AT)

    with pytest.raises(Refused) as refusal:
        add_task(opened(cast), said=TaskSaid("УО"), at=AT)

    assert (refusal.value.verdict.code, Task.objects.filter(lesson=cast.today_lesson).count()) == ("TOO_MANY_TASKS", 4)


def test_an_edit_tells_only_what_changed_and_twice_is_harmless(cast):
    task = cast.today_lesson.tasks.get()
    said = TaskSaid("КР-ВШК", "Корни", None, 2, TODAY - timedelta(days=3))

    done = [edit_task(opened(cast), task=task.code, said=said, at=AT) for _ in range(2)]

    task.refresh_from_db()
    (change,) = history([f"register.Task:{task.pk}"])
    assert (done, task.kind, task.components, task.worked_on) == ([True, False], "КР-ВШК", 2, said.worked_on)
    assert (change.verb, sorted(change.after)) == (
        "register.edit_task", ["components", "kind", "title", "worked_on"],
    )  # fmt: skip


def test_the_weight_of_the_kind_itself_is_no_weight_of_its_own(cast):
    task = cast.today_lesson.tasks.get()

    edit_task(opened(cast), task=task.code, said=TaskSaid("КР", weight=3), at=AT)

    task.refresh_from_db()
    assert task.weight is None


def test_marks_that_stand_keep_their_components(cast):
    task = cast.today_lesson.tasks.get()
    put_mark(cast, task)

    with pytest.raises(Refused) as refusal:
        edit_task(opened(cast), task=task.code, said=TaskSaid("Д", components=2), at=AT)

    assert refusal.value.verdict.code == "MARKS_STAND"
    assert "в 1 клетке" in refusal.value.verdict.sentence


def test_a_column_that_held_a_mark_once_is_not_removed(cast):
    first = cast.today_lesson.tasks.get()
    second = add_task(opened(cast), said=TaskSaid("КР"), at=AT)
    put_mark(cast, second, value="")

    with pytest.raises(Refused) as refusal:
        remove_task(opened(cast), task=second.code, at=AT)

    assert refusal.value.verdict.code == "MARKS_WERE_PUT"
    assert remove_task(opened(cast), task=first.code, at=AT)
    assert list(Task.objects.filter(lesson=cast.today_lesson)) == [second]
    assert not remove_task(opened(cast), task=first.code, at=AT)


@pytest.mark.parametrize("member", ["deputy", "class_teacher"])
def test_who_only_sees_changes_nothing(cast, member):
    with pytest.raises(Refused) as refusal:
        add_task(opened(cast, member=member), said=TaskSaid("КР"), at=AT)

    assert refusal.value.verdict.code == "NOT_OWN_LESSON"


def address(cast, name="task", lesson=None):
    lesson = lesson or cast.today_lesson
    arguments = [lesson.code] + ([lesson.tasks.first().code] if name == "task" else [])
    return reverse(f"register:{name}", args=arguments)


def test_the_editor_saves_and_leads_back(cast):
    grid = reverse("register:grid", args=[cast.algebra.code])
    said = {"kind": "Д", "title": "Осень", "weight": "2", "components": "2", "worked-on": "2026-11-02", "next": grid}

    response = cast.client("teacher").post(address(cast), said)

    task = cast.today_lesson.tasks.get()
    assert (response.status_code, response.url) == (302, grid)
    assert (task.kind, task.title, task.weight, task.components, str(task.worked_on)) == (
        "Д", "Осень", 2, 2, "2026-11-02",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"weight": "много"}, "Вес — это число"),
        ({"weight": "12"}, "Вес — от 1 до 9"),
        ({"worked-on": "завтра"}, "не похож на день"),
        ({"worked-on": "2026-11-20"}, "ещё не наступил"),
        ({"kind": "ЖЖ"}, "нет в списке"),
    ],
)
def test_the_editor_says_what_is_wrong_and_keeps_what_was_typed(cast, typed, sentence):
    said = {"kind": "КР", "title": "Свой заголовок"} | typed

    response = cast.client("teacher").post(address(cast), said)

    assert (response.status_code, sentence in response.content.decode()) == (409, True)
    assert "Свой заголовок" in response.content.decode()
    assert cast.today_lesson.tasks.get().title == ""


def test_another_site_is_no_way_back(cast):
    response = cast.client("teacher").post(address(cast), {"kind": "КР", "next": "https://example.org/"})

    assert response.url.startswith(reverse("register:grid", args=[cast.algebra.code]))


def test_the_dialog_is_the_form_alone(cast):
    page = cast.client("teacher").get(address(cast)).content.decode()
    dialog = cast.client("teacher").get(address(cast), headers={"HX-Request": "true"}).content.decode()

    assert ("<html" in page, "<html" in dialog, 'id="task-kind"' in dialog) == (True, False, True)
    assert "КР-ВШК — Контрольная работа внутришкольного контроля" in dialog


def test_the_head_of_a_column_leads_to_its_editor(cast):
    url = reverse("register:grid", args=[cast.algebra.code])

    assert address(cast) in cast.client("teacher").get(url).content.decode()
    assert address(cast) not in cast.client("deputy").get(url).content.decode()


def test_everybody_is_present_in_one_press(cast):
    client, url = cast.client("teacher"), address(cast, "everyone")

    client.post(url)

    lesson = Lesson.objects.get(pk=cast.today_lesson.pk)
    assert (lesson.attendance_taken_at is not None, lesson.state, lesson.held_at is not None) == (True, "HELD", True)


def absent(cast):
    return Attendance.objects.create(
        organisation=cast.organisation, lesson=cast.today_lesson, pupil=cast.polina, event="ABSENT", put_at=AT
    )


def test_those_marked_absent_stand_until_it_is_confirmed(cast):
    row = absent(cast)
    client, url = cast.client("teacher"), address(cast, "everyone")

    asked = client.post(url)
    row.refresh_from_db()
    stood = row.event
    client.post(url, {"confirm": "1"})

    row.refresh_from_db()
    assert (asked.status_code, "У 1 обучающегося" in asked.content.decode(), stood) == (409, True, "ABSENT")
    assert row.event == "PRESENT"


def test_taking_it_back_puts_the_absences_back(cast):
    row = absent(cast)
    Attendance.objects.update(reason="ILL")
    everyone_present(opened(cast), confirmed=True, at=AT)

    back = take_back_everyone(opened(cast), at=LATER)

    row.refresh_from_db()
    lesson = Lesson.objects.get(pk=cast.today_lesson.pk)
    assert (back, row.event, row.reason, lesson.attendance_taken_at) == (1, "ABSENT", "ILL", None)
    assert take_back_everyone(opened(cast), at=LATER) == 0


def test_everybody_twice_is_one_entry(cast):
    done = [everyone_present(opened(cast), at=at) for at in (AT, LATER)]

    assert done == [True, False]
    assert [one.verb for one in history([f"register.Lesson:{cast.today_lesson.pk}"])] == [
        "register.hold_lesson", "register.take_attendance",
    ]  # fmt: skip


def test_a_note_written_meanwhile_does_not_keep_the_absence_from_coming_back(cast):
    row = absent(cast)
    everyone_present(opened(cast), confirmed=True, at=AT)
    set_note(
        cast.actor("teacher"), course=cast.algebra.code, task=cast.today_lesson.tasks.get().code,
        pupil=cast.polina.code, about="lesson", text="Пришла с бабушкой", at=AT,
    )  # fmt: skip

    back = take_back_everyone(opened(cast), at=LATER)

    row.refresh_from_db()
    assert (back, row.event, row.note) == (1, "ABSENT", "Пришла с бабушкой")


def test_who_got_a_mark_meanwhile_stays_present(cast):
    row = absent(cast)
    everyone_present(opened(cast), confirmed=True, at=AT)
    put_mark(cast, cast.today_lesson.tasks.get())

    back = take_back_everyone(opened(cast), at=LATER)

    row.refresh_from_db()
    assert (back, row.event) == (0, "PRESENT")
