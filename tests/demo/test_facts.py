"""What happened in a lesson of the demo is a function of the seed and the lesson, and believable."""

from collections import Counter
from datetime import date, timedelta

from letopis.demo.facts import LessonKey, ability, chance, lesson_facts

PUPILS = {f"К-{number}": 3 + number % 3 for number in range(1, 26)}


def key(index=3, on=date(2026, 9, 14), **fields):
    return LessonKey(
        **{"school_class": "7А", "grade": 7, "subject": "Алгебра", "group": "7А", "number": 2, "is_graded": True}
        | fields,
        on=on,
        index=index,
    )


def year(seed=17, **fields):
    """Facts of 120 lessons of one course, three a week."""
    days = [date(2026, 9, 1) + timedelta(days=7 * (n // 3) + 2 * (n % 3)) for n in range(120)]
    return [
        lesson_facts(seed, key(index, day, **fields), abilities=PUPILS, may_forget=False)
        for index, day in enumerate(days)
    ]


def test_the_same_seed_and_lesson_give_the_same_facts():
    assert lesson_facts(17, key(), abilities=PUPILS, may_forget=True) == lesson_facts(
        17, key(), abilities=PUPILS, may_forget=True
    )


def test_another_seed_gives_other_facts():
    assert year(17) != year(18)


def test_what_one_pupil_did_does_not_depend_on_who_else_is_there():
    alone = lesson_facts(17, key(), abilities={"К-7": 4}, may_forget=False)
    together = lesson_facts(17, key(), abilities=PUPILS | {"К-7": 4}, may_forget=False)

    assert alone.marks.get("К-7") == together.marks.get("К-7")
    assert alone.events.get("К-7") == together.events.get("К-7")


def test_a_pupil_who_was_not_there_has_no_mark():
    for facts in year():
        away = {number for number, event in facts.events.items() if event.event == "ABSENT"}
        assert away.isdisjoint(facts.marks)


def test_marks_are_in_the_scale_and_near_what_is_deserved():
    found = Counter(int(value) - PUPILS[number] for facts in year() for number, value in facts.marks.items())

    assert set(found) <= {-1, 0, 1}
    assert found[0] > 0.6 * found.total()


def test_density_of_marks_and_absences_is_that_of_a_school():
    lessons = year()
    places = len(lessons) * len(PUPILS)

    marks = sum(len(facts.marks) for facts in lessons) / places
    away = sum(event.event == "ABSENT" for facts in lessons for event in facts.events.values()) / places

    assert 0.3 < marks < 0.45
    assert 0.02 < away < 0.08


def test_control_works_come_every_eighth_lesson_and_have_titles():
    titles = [facts.title for facts in year() if facts.kind == "КР"]

    assert titles[:2] == ["Контрольная работа № 1", "Контрольная работа № 2"]
    assert len(titles) == 15


def test_the_first_grade_gets_no_marks_and_nothing_is_set_in_words():
    for facts in year(grade=1, is_graded=False):
        assert facts.marks == {}
        assert facts.nothing_set
        assert facts.kind == ""


def test_a_year_that_is_over_misses_nothing():
    assert all(facts.topic and (facts.homework or facts.nothing_set) for facts in year())


def test_chance_spreads_evenly():
    values = [chance(17, number) for number in range(4000)]

    assert 0.48 < sum(values) / len(values) < 0.52
    assert 0 <= min(values) <= max(values) < 1


def test_invented_pupils_deserve_believable_marks():
    found = Counter(ability(17, f"Х-{number}", "Алгебра") for number in range(1000))

    assert set(found) <= {2, 3, 4, 5}
    assert found[4] > found[5] > 100
