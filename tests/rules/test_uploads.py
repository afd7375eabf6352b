"""Which files may be attached, by a table."""

import pytest

from letopis.rules.uploads import LARGEST_FILE, MOST_FILES, may_attach


@pytest.mark.parametrize(
    ("name", "size", "attached", "code"),
    [
        ("задачи.pdf", 1, 0, ""),
        ("Фото.JPEG", LARGEST_FILE, MOST_FILES - 1, ""),
        ("задачи.pdf", 0, 0, "FILE_EMPTY"),
        ("задачи.pdf", LARGEST_FILE + 1, 0, "FILE_TOO_LARGE"),
        ("игра.exe", 10, 0, "FILE_TYPE"),
        ("страница.html", 10, 0, "FILE_TYPE"),
        ("рисунок.svg", 10, 0, "FILE_TYPE"),
        ("без_точки", 10, 0, "FILE_TYPE"),
        ("задачи.pdf.exe", 10, 0, "FILE_TYPE"),
        ("задачи.pdf", 10, MOST_FILES, "TOO_MANY_FILES"),
        ("я" * 200 + ".pdf", 10, 0, "LONG_FILE_NAME"),
    ],
)
def test_takes_papers_and_pictures_within_the_limits(name: str, size: int, attached: int, code: str):
    assert may_attach(name=name, size=size, attached=attached).code == code
