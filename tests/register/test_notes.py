"""Notes on a mark and on a pupil's lesson."""

import pytest
from django.urls import reverse

from letopis.core.errors import Refused
from letopis.ledger.queries import history
from letopis.register.actions.cell_notes import LESSON, MARK, set_note
from letopis.register.models import Attendance, Mark
from tests import factories as make
from tests.cast import TODAY

pytestmark = pytest.mark.django_db

AT = make.moment(TODAY, 10, 41)


@pytest.fixture
def mark(cast):
    task = cast.today_lesson.tasks.get()
    return Mark.objects.create(organisation=cast.organisation, task=task, pupil=cast.polina, value="4", put_at=AT)


def note(cast, text, *, about=LESSON, member="teacher", pupil=None, lesson=None):
    task = (lesson or cast.today_lesson).tasks.get().code
    pupil = (pupil or cast.polina).code
    return set_note(cast.actor(member), course=cast.algebra.code, task=task, pupil=pupil, about=about, text=text, at=AT)


def test_a_note_on_a_mark_leaves_the_mark_and_is_told_once(cast, mark):
    done = [note(cast, " Писал с подсказкой ", about=MARK) for _ in range(2)]

    mark.refresh_from_db()
    (change,) = history([f"register.Mark:{mark.pk}"])
    assert (done, mark.note, mark.value, mark.changes) == ([True, False], "Писал с подсказкой", "4", 0)
    assert (change.verb, change.before, change.after["note"]) == ("register.note", None, "Писал с подсказкой")


def test_a_pupil_who_was_there_gets_a_row_for_the_note_alone(cast):
    note(cast, "Без формы")

    row = Attendance.objects.get()
    assert (row.event, row.note, row.pupil) == ("PRESENT", "Без формы", cast.polina)


def test_an_emptied_note_is_kept_by_the_ledger(cast, mark):
    note(cast, "Пересдать", about=MARK)
    note(cast, "", about=MARK)

    mark.refresh_from_db()
    newest = history([f"register.Mark:{mark.pk}"])[0]
    assert (mark.note, newest.before) == ("", {"note": "Пересдать"})


REFUSED = {
    "no mark to speak of": ({"about": MARK}, "NO_MARK"),
    "too long": ({"text": "я" * 301}, "LONG_NOTE"),
    "a lesson to come": ({"lesson": -1}, "LESSON_AHEAD"),
    "one who only sees": ({"member": "deputy"}, "NOT_OWN_LESSON"),
    "nothing known": ({"about": "x"}, "UNKNOWN_CELL"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refuses(cast, case):
    asked, code = REFUSED[case]
    if "lesson" in asked:
        asked = asked | {"lesson": cast.lessons[asked["lesson"]]}

    with pytest.raises(Refused) as refusal:
        note(cast, **({"text": "Заметка"} | asked))

    assert (refusal.value.verdict.code, Attendance.objects.count()) == (code, 0)


def test_the_panel_writes_both_notes_and_leads_back_to_the_cell(cast, mark):
    cell = {"task": cast.today_lesson.tasks.get().code, "pupil": cast.polina.code}
    url = reverse("register:note", args=[cast.algebra.code, cell["task"], cell["pupil"]])

    response = cast.client("teacher").post(url, {"term": "2", "mark": "Хорошо", "lesson": "Без формы"})

    panel = cast.client("teacher").get(reverse("register:cell", args=[cast.algebra.code]), cell).content.decode()
    seen = cast.client("deputy").get(reverse("register:cell", args=[cast.algebra.code]), cell).content.decode()
    assert response.url.endswith(f"?term=2#task={cell['task']}&pupil={cell['pupil']}")
    assert (Mark.objects.get().note, Attendance.objects.get().note) == ("Хорошо", "Без формы")
    assert 'value="Хорошо"' in panel
    assert ("Хорошо" in seen, "<form" in seen) == (True, False)


def test_families_see_no_notes_by_default(cast, mark):
    note(cast, "Тайная заметка", about=MARK)
    note(cast, "Тайная запись")

    assert "Тайная" not in cast.client("mother").get(reverse("diary:week")).content.decode()
