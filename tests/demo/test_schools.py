"""What the two schools of the demo say of themselves is so in their workbooks."""

import pytest

from letopis.demo.schools import OFFICES, SCHOOLS
from letopis.exchange.cells import ClassKey
from letopis.exchange.reading import read_workbook


@pytest.fixture(scope="module", params=sorted(SCHOOLS))
def pair(request):
    school = SCHOOLS[request.param]
    return school, read_workbook(school.path)


def test_the_offices_are_held_by_those_who_sign_in_for_them(pair):
    _school, book = pair
    positions = {row.number: row.position for row in book.employees}

    told = [positions[number].split()[0] for _name, number, *_ in OFFICES]

    assert told == ["Директор", "Заместитель", "Секретарь", "Ответственный", "Администратор"]


def test_the_teacher_teaches_and_the_class_teacher_leads_the_class_of_the_family(pair):
    school, book = pair
    employees = {row.number: row for row in book.employees}
    (_name, teacher, title), (_other, leader, leads) = school.teachers

    assert "Алгебра" in employees[teacher].subjects
    assert "математики" in title
    led = [row.school_class for row in book.classes if row.class_teacher == str(employees[leader].name)]
    assert led == [ClassKey(*school.family_class)]
    assert "{}{}".format(*school.family_class) in leads
    assert "Русский язык" in employees[leader].subjects
    assert "русского языка" in leads


def test_no_two_schools_share_a_code_or_a_name_to_sign_in_with():
    assert len({school.slug for school in SCHOOLS.values()}) == len(SCHOOLS)
    assert len({school.prefix for school in SCHOOLS.values()}) == len(SCHOOLS)
