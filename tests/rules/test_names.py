"""Lists stand in the order of a school's register."""

from letopis.rules.names import match_key, search_key, sort_key

IN_ORDER = [
    ("Smith", "Ann", ""),
    ("Ельцина", "Анна", ""),
    ("Ёлкин", "Пётр", "Ильич"),
    ("Ельчин", "Пётр", "Ильич"),
    ("Еремин", "Ян", ""),
    ("Ерёмина", "Ада", ""),
    ("Жук", "Ева", ""),
    ("Иванов", "Алексей", "Ильич"),
    ("Иванов", "Алексей", "Петрович"),
    ("Иванов", "Яков", ""),
    ("Иванов Оглы", "Али", ""),
    ("Иванов-Сокол", "Ада", ""),
    ("Иванова", "Ада", ""),
    ("Якушев", "Юрий", ""),
]


def test_orders_names_as_a_register_does() -> None:
    # «Ельцина» < «Ёлкин»? No: к stands before ь, so ё must be read as е.
    ordered = sorted(IN_ORDER, key=lambda name: sort_key(*name))

    assert ordered == [IN_ORDER[0], IN_ORDER[2], IN_ORDER[1], *IN_ORDER[3:]]


def test_the_same_name_with_and_without_dots_has_one_key() -> None:
    assert sort_key("Семёнова", "Алёна") == sort_key("СЕМЕНОВА ", " алена", "") == "семенова  алена"


def test_finds_a_person_by_any_part_of_the_name() -> None:
    key = search_key("Семёнова", "Алёна", "Артёмовна")

    assert key == "семенова алена артемовна"
    assert match_key("  алёна арт") in key
