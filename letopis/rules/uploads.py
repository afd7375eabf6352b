"""Which files a teacher may attach to a homework."""

from pathlib import PurePosixPath

from letopis.rules.russian import counted
from letopis.rules.verdict import ALLOWED, Verdict, refused

MEGABYTE = 1024 * 1024
LARGEST_FILE = 20 * MEGABYTE
"""Bytes. The product's own limit: a diary must open on a phone."""
MOST_FILES = 10
"""Files of one homework."""
LONGEST_NAME = 200

ACCEPTED = frozenset({
    "pdf", "txt", "rtf", "doc", "docx", "odt", "xls", "xlsx", "ods", "csv", "ppt", "pptx", "odp",
    "png", "jpg", "jpeg", "gif", "webp", "heic", "mp3", "m4a", "ogg", "wav", "mp4", "zip",
})  # fmt: skip
"""Endings of files that are papers, pictures, sound or film; what could run on a pupil's computer is not among them."""


def may_attach(*, name: str, size: int, attached: int) -> Verdict:
    """Say whether the file may be attached.

    name: as the person's computer called it, without folders. size: bytes. attached: files the homework has already.
    """
    ending = PurePosixPath(name).suffix.removeprefix(".").casefold()
    if attached >= MOST_FILES:
        files = counted(MOST_FILES, "файл", "файла", "файлов")
        return refused("TOO_MANY_FILES", f"«{name}»: к заданию прикладывают не больше чем {files}.")
    if len(name) > LONGEST_NAME:
        return refused("LONG_FILE_NAME", f"Имя файла длиннее {LONGEST_NAME} знаков: переименуйте его короче.")
    if ending not in ACCEPTED:
        return refused(
            "FILE_TYPE",
            f"«{name}»: файлы такого вида не прикладывают. Подойдут документ, таблица, картинка, звук, видео или ZIP.",
        )
    if size == 0:
        return refused("FILE_EMPTY", f"«{name}» пуст: выберите файл заново.")
    if size > LARGEST_FILE:
        return refused("FILE_TOO_LARGE", f"«{name}» больше {LARGEST_FILE // MEGABYTE} МБ: уменьшите или разделите его.")
    return ALLOWED
