"""What a lesson lacks, by tables."""

from datetime import date

import pytest

from letopis.rules.lesson_gaps import LATE, SOON, Gap, Lack, LessonFacts, UnmarkedWork, lesson_gaps

TODAY = date(2026, 11, 16)
FULL = {"has_topic": True, "attendance_taken": True, "homework_said": True}
EMPTY = {"has_topic": False, "attendance_taken": False, "homework_said": False}
TEST_WORK = UnmarkedWork(task="7d1c", kind="КР")


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        pytest.param(FULL, [], id="everything is there"),
        pytest.param(EMPTY, [Lack.ATTENDANCE, Lack.TOPIC, Lack.HOMEWORK], id="nothing is there"),
        pytest.param(FULL | {"has_topic": False}, [Lack.TOPIC], id="no topic"),
        pytest.param(FULL | {"attendance_taken": False}, [Lack.ATTENDANCE], id="attendance not taken"),
        pytest.param(FULL | {"homework_said": False}, [Lack.HOMEWORK], id="nothing said of homework"),
        pytest.param(FULL | {"unmarked_works": (TEST_WORK,)}, [Lack.MARKS], id="a control work without marks"),
        pytest.param(
            EMPTY | {"unmarked_works": (TEST_WORK,)},
            [Lack.ATTENDANCE, Lack.TOPIC, Lack.MARKS, Lack.HOMEWORK],
            id="in the order of urgency",
        ),
    ],
)
def test_names_what_is_missing(facts: dict, expected: list[Lack]):
    gaps = lesson_gaps(LessonFacts(on=TODAY, **facts), today=TODAY)

    assert [gap.lack for gap in gaps] == expected


@pytest.mark.parametrize(
    ("on", "tone", "days"),
    [
        pytest.param(date(2026, 11, 16), SOON, 0, id="today"),
        pytest.param(date(2026, 11, 15), LATE, 1, id="yesterday"),
        pytest.param(date(2026, 11, 2), LATE, 14, id="two weeks ago"),
    ],
)
def test_is_late_from_the_day_after_the_lesson(on: date, tone: str, days: int):
    gaps = lesson_gaps(LessonFacts(on=on, **FULL | {"has_topic": False}), today=TODAY)

    assert gaps == (Gap(Lack.TOPIC, tone, days),)


def test_a_lesson_to_come_lacks_nothing():
    assert lesson_gaps(LessonFacts(on=date(2026, 11, 17), **EMPTY), today=TODAY) == ()


def test_the_gap_of_a_work_leads_to_its_column():
    gaps = lesson_gaps(LessonFacts(on=TODAY, **FULL, unmarked_works=(TEST_WORK,)), today=TODAY)

    assert gaps == (Gap(Lack.MARKS, SOON, 0, task="7d1c", kind="КР"),)
