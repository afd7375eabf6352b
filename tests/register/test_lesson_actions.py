"""Verbs of one lesson: what they write, refuse and tell the ledger."""

import hashlib
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from letopis.core.errors import Refused
from letopis.ledger.models import Entry
from letopis.ledger.queries import history
from letopis.register.access import OpenLesson, lesson_for
from letopis.register.actions.lesson import Conflict, HomeworkValue, fill_lesson, set_homework, take_attendance
from letopis.register.actions.lesson_files import attach_file, remove_file
from letopis.register.models import Homework, HomeworkFile, Lesson
from letopis.schooling.models import AcademicYear
from tests.cast import TODAY, Cast
from tests.factories import moment
from tests.policy import adopt

AT = moment(TODAY)
NOTHING = HomeworkValue()


def opened(cast: Cast, member: str = "teacher", lesson: Lesson | None = None) -> OpenLesson:
    return lesson_for(cast.actor(member), (lesson or cast.today_lesson).code)


def verbs() -> list[str]:
    return list(Entry.objects.order_by("pk").values_list("verb", flat=True))


def upload(name: str = "задачи.pdf", content: bytes = b"2 + 2") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def stored_files() -> list[Path]:
    return [path for path in (Path(settings.MEDIA_ROOT) / "homework").rglob("*") if path.is_file()]


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def test_writes_a_topic_and_holds_the_lesson(cast: Cast):
    assert fill_lesson(opened(cast), topic=" Корни   уравнения ", seen_topic="", at=AT) is True

    lesson = Lesson.objects.get(pk=cast.today_lesson.pk)
    assert (lesson.topic, lesson.state) == ("Корни уравнения", Lesson.State.HELD)
    assert verbs() == ["register.fill_lesson", "register.hold_lesson"]


def test_tells_the_ledger_what_was_before(cast: Cast):
    fill_lesson(opened(cast), topic="Корни", seen_topic="", at=AT)

    fill_lesson(opened(cast), topic="Формула корней", seen_topic="Корни", at=AT + timedelta(minutes=1))

    change = history([f"register.Lesson:{cast.today_lesson.pk}"])[0]
    assert (change.before, change.after) == ({"topic": "Корни"}, {"topic": "Формула корней"})


def test_the_same_topic_twice_is_one_entry(cast: Cast):
    fill_lesson(opened(cast), topic="Корни", seen_topic="", at=AT)

    assert fill_lesson(opened(cast), topic="Корни", seen_topic="", at=AT) is False

    assert verbs() == ["register.fill_lesson", "register.hold_lesson"]


def test_does_not_overwrite_a_topic_written_meanwhile(cast: Cast):
    fill_lesson(opened(cast), topic="Корни", seen_topic="", at=AT)

    with pytest.raises(Conflict) as conflict:
        fill_lesson(opened(cast), topic="Дроби", seen_topic="", at=AT)

    assert conflict.value.other == "Корни"
    assert Lesson.objects.get(pk=cast.today_lesson.pk).topic == "Корни"


def test_a_topic_ahead_of_time_does_not_hold_the_lesson(cast: Cast):
    ahead = cast.lessons[-1]

    fill_lesson(opened(cast, lesson=ahead), topic="Корни", seen_topic="", at=AT)

    assert Lesson.objects.get(pk=ahead.pk).state == Lesson.State.PLANNED
    assert verbs() == ["register.fill_lesson"]


@pytest.mark.parametrize(
    ("member", "change", "code"),
    [
        pytest.param("class_teacher", {}, "NOT_OWN_LESSON", id="class teacher reads only"),
        pytest.param("deputy", {}, "NOT_OWN_LESSON", id="control reads only"),
        pytest.param("teacher", {"year": AcademicYear.State.CLOSED}, "YEAR_CLOSED", id="closed year"),
        pytest.param("teacher", {"state": Lesson.State.CANCELLED}, "LESSON_CANCELLED", id="cancelled lesson"),
    ],
)
def test_refuses_the_topic(cast: Cast, member: str, change: dict, code: str):
    lesson = opened(cast, member)
    if "year" in change:
        AcademicYear.objects.filter(pk=cast.year.pk).update(state=change["year"])
    if "state" in change:
        Lesson.objects.filter(pk=cast.today_lesson.pk).update(state=change["state"])

    with pytest.raises(Refused) as refusal:
        fill_lesson(lesson, topic="Корни", seen_topic="", at=AT)

    assert refusal.value.verdict.code == code
    assert verbs() == []


def test_refuses_a_topic_ahead_where_the_policy_does(cast: Cast):
    adopt(cast.organisation, future_topics_allowed=False)

    with pytest.raises(Refused) as refusal:
        fill_lesson(opened(cast, lesson=cast.lessons[-1]), topic="Корни", seen_topic="", at=AT)

    assert refusal.value.verdict.code == "LESSON_AHEAD"


def test_a_substitute_fills_the_lesson_he_stands_in_and_no_other(cast: Cast):
    Lesson.objects.filter(pk=cast.today_lesson.pk).update(teacher=cast.substitute)

    assert fill_lesson(opened(cast, "substitute"), topic="Корни", seen_topic="", at=AT) is True


def test_homework_is_due_at_the_next_lesson(cast: Cast):
    set_homework(opened(cast), value=HomeworkValue("№ 5"), seen=NOTHING, at=AT)

    homework = Homework.objects.get()
    assert (homework.text, homework.due_on) == ("№ 5", date(2026, 11, 20))
    assert verbs() == ["register.set_homework", "register.hold_lesson"]


def test_the_teachers_day_stands_over_the_next_lesson(cast: Cast):
    set_homework(opened(cast), value=HomeworkValue("Проект", date(2026, 12, 1)), seen=NOTHING, at=AT)

    assert Homework.objects.get().due_on == date(2026, 12, 1)


def test_control_characters_are_left_out(cast: Cast):
    fill_lesson(opened(cast), topic="Кор\x00ни\x07 \tуравнения\ud800", seen_topic="", at=AT)
    set_homework(opened(cast), value=HomeworkValue("№ 5\x00\r\n№\t6\x1f"), seen=NOTHING, at=AT)

    lesson = Lesson.objects.get(pk=cast.today_lesson.pk)
    assert (lesson.topic, lesson.homework.text) == ("Корни уравнения", "№ 5\n№\t6")


def test_nothing_set_is_told_apart_from_an_empty_field(cast: Cast):
    assert set_homework(opened(cast), value=NOTHING, seen=NOTHING, at=AT) is False
    assert not Homework.objects.exists()

    assert set_homework(opened(cast), value=HomeworkValue(nothing_set=True), seen=NOTHING, at=AT) is True

    assert Homework.objects.get().nothing_set is True


def test_the_same_homework_twice_is_one_entry(cast: Cast):
    for _ in range(2):
        set_homework(opened(cast), value=HomeworkValue("№ 5\r\n№ 6 "), seen=NOTHING, at=AT)

    assert verbs() == ["register.set_homework", "register.hold_lesson"]


def test_shows_the_other_homework_of_a_conflict(cast: Cast):
    set_homework(opened(cast), value=HomeworkValue("№ 5"), seen=NOTHING, at=AT)

    with pytest.raises(Conflict) as conflict:
        set_homework(opened(cast), value=HomeworkValue("№ 6"), seen=NOTHING, at=AT)

    assert conflict.value.other == "№ 5 (к 20.11.2026)"


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (HomeworkValue("№ 5", nothing_set=True), "HOMEWORK_AND_NOTHING"),
        (HomeworkValue("№ 5", date(2026, 11, 15)), "DUE_OUTSIDE"),
        (HomeworkValue("№ 5", date(2027, 9, 1)), "DUE_OUTSIDE"),
        (HomeworkValue("я" * 2001), "LONG_HOMEWORK"),
    ],
)
def test_refuses_a_homework(cast: Cast, value: HomeworkValue, code: str):
    with pytest.raises(Refused) as refusal:
        set_homework(opened(cast), value=value, seen=NOTHING, at=AT)

    assert refusal.value.verdict.code == code
    assert not Homework.objects.exists()


def test_attendance_is_taken_once(cast: Cast):
    assert take_attendance(opened(cast), at=AT) is True
    assert take_attendance(opened(cast), at=AT + timedelta(hours=1)) is False

    lesson = Lesson.objects.get(pk=cast.today_lesson.pk)
    assert (lesson.attendance_taken_at, lesson.state) == (AT, Lesson.State.HELD)
    assert verbs() == ["register.take_attendance", "register.hold_lesson"]


def test_refuses_attendance_of_a_lesson_to_come(cast: Cast):
    with pytest.raises(Refused) as refusal:
        take_attendance(opened(cast, lesson=cast.lessons[-1]), at=AT)

    assert refusal.value.verdict.code == "LESSON_AHEAD"


def test_keeps_a_file_under_a_random_name_with_its_digest(cast: Cast, media):
    file = attach_file(opened(cast), upload=upload("C:\\Документы\\задачи.pdf"), at=AT)

    path = Path(file.file.path)
    assert (file.name, file.size, path.read_bytes()) == ("задачи.pdf", 5, b"2 + 2")
    assert file.digest == hashlib.sha512(b"2 + 2").hexdigest()
    assert (len(path.name), path.parent.relative_to(settings.MEDIA_ROOT)) == (32, Path("homework/2026/11"))
    assert verbs() == ["register.attach_file", "register.hold_lesson"]


def test_the_same_file_twice_is_kept_once(cast: Cast, media):
    first = attach_file(opened(cast), upload=upload(), at=AT)

    second = attach_file(opened(cast), upload=upload(), at=AT)

    assert second.pk == first.pk
    assert len(stored_files()) == 1


def test_a_refused_file_leaves_nothing_behind(cast: Cast, media):
    with pytest.raises(Refused):
        attach_file(opened(cast, "class_teacher"), upload=upload(), at=AT)

    assert stored_files() == []
    assert not HomeworkFile.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "code"), [("вирус.exe", b"MZ", "FILE_TYPE"), ("пусто.pdf", b"", "FILE_EMPTY")]
)
def test_refuses_a_file(cast: Cast, media, name: str, content: bytes, code: str):
    with pytest.raises(Refused) as refusal:
        attach_file(opened(cast), upload=upload(name, content), at=AT)

    assert refusal.value.verdict.code == code


def test_a_removed_file_keeps_its_bytes(cast: Cast, media):
    file = attach_file(opened(cast), upload=upload(), at=AT)

    assert remove_file(opened(cast), code=file.code, at=AT) is True
    assert remove_file(opened(cast), code=file.code, at=AT) is False

    assert HomeworkFile.objects.get().removed_at == AT
    assert len(stored_files()) == 1
    assert verbs() == ["register.attach_file", "register.hold_lesson", "register.remove_file"]


def test_refuses_nothing_set_beside_a_file(cast: Cast, media):
    attach_file(opened(cast), upload=upload(), at=AT)

    with pytest.raises(Refused) as refusal:
        set_homework(opened(cast), value=HomeworkValue(nothing_set=True), seen=NOTHING, at=AT)

    assert refusal.value.verdict.code == "FILES_AND_NOTHING"


def test_a_file_says_that_something_is_set(cast: Cast, media):
    set_homework(opened(cast), value=HomeworkValue(nothing_set=True), seen=NOTHING, at=AT)

    attach_file(opened(cast), upload=upload(), at=AT)

    assert Homework.objects.get().nothing_set is False
