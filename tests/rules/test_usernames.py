import pytest

from letopis.rules.usernames import LETTERS, LONGEST_BASE, free_username, username_base


@pytest.mark.parametrize(
    ("last_name", "base"),
    [
        ("Копылова", "kopylova"),
        ("Хохлов", "khokhlov"),
        ("Зайцева", "zaitseva"),
        ("Щукина", "shchukina"),
        ("Подъячев", "podyachev"),
        ("Юсупова", "yusupova"),
        ("Ёлкин", "elkin"),
        ("Петрова-Водкина", "petrova-vodkina"),
        ("Ибн Рашид", "ibn-rashid"),
        (" Smith ", "smith"),
        ("O’Коннор", "okonnor"),
        ("Łukasz", "ukasz"),
        ("—", "user"),
        ("Ж" * 80, "zh" * 20),
    ],
)
def test_writes_a_last_name_as_a_sign_in_name(last_name: str, base: str) -> None:
    assert username_base(last_name) == base


def test_every_russian_letter_has_a_spelling_that_can_be_typed_anywhere() -> None:
    assert set("абвгдеёжзийклмнопрстуфхцчшщъыьэюя") < set(LETTERS)
    assert all(spelling.isascii() for spelling in LETTERS.values())
    assert len(username_base("щ" * 80)) == LONGEST_BASE


@pytest.mark.parametrize(
    ("taken", "name"),
    [
        (set(), "kopylova"),
        ({"kopylov"}, "kopylova"),
        ({"kopylova"}, "kopylova2"),
        ({"kopylova", "kopylova2", "kopylova4"}, "kopylova3"),
    ],
)
def test_gives_the_first_free_name(taken: set[str], name: str) -> None:
    assert free_username("kopylova", taken=taken) == name
