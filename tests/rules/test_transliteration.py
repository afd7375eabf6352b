"""Two classes never share a path."""

from itertools import product

import pytest

from letopis.rules.transliteration import PATH_LETTERS, NoPathLetter, path_name


@pytest.mark.parametrize(
    ("name", "path"), [("7А", "7A"), ("10Б", "10B"), ("7В", "7V"), ("9ж", "9ZH"), ("10 соц-эк", "10_SOC-EHK")]
)
def test_writes_a_class_name_in_ascii(name: str, path: str) -> None:
    assert path_name(name) == path


def test_every_russian_letter_has_its_own_path() -> None:
    letters = "АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ"

    paths = {path_name(letter) for letter in letters}

    assert len(paths) == 33
    assert all(path.isascii() and path.isalpha() and path.isupper() for path in paths)


def test_no_two_names_of_up_to_three_letters_share_a_path() -> None:
    names = ["".join(letters) for size in (1, 2, 3) for letters in product(PATH_LETTERS, repeat=size)]

    assert len({path_name(name) for name in names}) == len(names)


@pytest.mark.parametrize("name", ["7A", "../7А", "7А\n", "7А/Б", "٧А"])
def test_refuses_what_the_table_does_not_know(name: str) -> None:
    with pytest.raises(NoPathLetter):
        path_name(name)
