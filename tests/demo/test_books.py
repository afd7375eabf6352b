from collections import Counter
from datetime import date

import pytest

from letopis.demo.books import DISMISSED, LEAVERS, moved, year_before
from letopis.demo.schools import SCHOOL_5
from letopis.exchange.cells import ClassKey
from letopis.exchange.checking import check
from letopis.exchange.reading import read_workbook
from tests.exchange.workbooks import SAMPLES


@pytest.fixture(scope="module")
def book():
    return read_workbook(SAMPLES / "school-17.xlsx")


@pytest.fixture(scope="module")
def past(book):
    return year_before(book, seed=17)


def test_every_date_moves_by_whole_years(book):
    later = moved(book, years=3)

    assert later.school.year_starts == 2029
    assert later.terms[0].starts_on == date(2029, 9, 1)
    assert later.pupils[0].born_on.year == book.pupils[0].born_on.year + 3
    assert later.individual_plans[0].order == "Приказ № 40-од от 02.09.2029"
    assert later.past_results[0].year_starts == book.past_results[0].year_starts + 3
    assert check(later) == []


def test_the_29th_of_february_becomes_the_28th(book):
    born = {row.born_on for row in moved(book, years=1).pupils}

    assert all((day.month, day.day) != (2, 29) or day.year % 4 == 0 for day in born)


def test_the_year_before_is_a_workbook_without_problems(past):
    assert check(past) == []
    assert past.school.year_starts == 2025


def test_the_same_classes_stand_one_grade_lower(book, past):
    now = {row.school_class for row in book.classes if row.school_class.grade > 1}
    then = {row.school_class for row in past.classes}

    assert then == {ClassKey(key.grade - 1, key.letter) for key in now} | {ClassKey(11, "А")}


def test_pupils_of_now_are_the_same_people_one_grade_lower(book, past):
    then = {row.number: row.school_class for row in past.pupils}

    for row in book.pupils:
        if row.school_class.grade > 1:
            assert then[row.number] == ClassKey(row.school_class.grade - 1, row.school_class.letter)


def test_this_years_first_grade_was_not_there(book, past):
    first = {row.number for row in book.pupils if row.school_class.grade == 1}

    assert first.isdisjoint(row.number for row in past.pupils)


def test_the_leavers_are_invented_with_a_mother_each(past):
    leavers = [row for row in past.pupils if row.school_class == ClassKey(11, "А")]

    assert len(leavers) == LEAVERS
    mothers = Counter(row.pupil_number for row in past.guardians)
    assert all(mothers[row.number] == 1 for row in leavers)


def test_nobody_is_in_two_places_at_once(past):
    places = Counter((row.weekday, row.number, row.teacher) for row in past.timetable)
    rooms = Counter((row.weekday, row.number, row.room) for row in past.timetable)

    assert max(places.values()) == max(rooms.values()) == 1


def test_the_dismissed_teacher_taught_last_year_only(book, past):
    name = str(DISMISSED.name)

    assert any(row.teacher == name for row in past.workload)
    assert not any(row.teacher == name for row in book.workload)


def test_the_same_seed_invents_the_same_people(book, past):
    assert year_before(book, seed=17) == past


@pytest.fixture(scope="module")
def big():
    return year_before(read_workbook(SCHOOL_5.path), seed=17, leavers=SCHOOL_5.leavers)


def test_the_year_before_of_school_5_is_a_workbook_without_problems(big):
    assert check(big) == []
    assert len(big.classes) == 35
    assert {row.school_class for row in big.classes if row.school_class.grade == 11} == {
        ClassKey(11, "А"), ClassKey(11, "Б"),
    }  # fmt: skip


def test_nobody_of_school_5_teaches_two_classes_of_the_primary_school(big):
    primary = Counter(row.class_teacher for row in big.classes if row.school_class.grade <= 4)

    assert set(primary.values()) == {1}
    assert str(DISMISSED.name) in primary


def test_every_number_of_the_alphabet_book_of_school_5_is_one_pupils(big):
    assert len({row.number for row in big.pupils}) == len(big.pupils)
