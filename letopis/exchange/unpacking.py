"""Unpacking an archive that came from outside into its plain XML parts.

Dangers: the file may be no workbook at all, encrypted, carry macros, unpack to gigabytes, lie about its size, or expand
entities without end. So nothing here trusts what the archive declares: every part is unpacked under a limit and looked
at, and whoever reads it gets bytes that were seen whole.
"""

import io
import re
import zipfile
import zlib
from pathlib import Path
from typing import IO

MAX_FILE_BYTES = 20 * 1024 * 1024
"""Largest file taken. The workbook of a school of 800 pupils is 0.7 MB."""
MAX_UNPACKED_BYTES = 100 * 1024 * 1024
"""Most that all parts may unpack to; that school's take 8 MB. Enforced while unpacking."""
MAX_RATIO = 200
"""How many times a part may grow when unpacked; rows of a timetable grow about 15 times."""
RATIO_FROM_BYTES = 1024 * 1024
"""Parts smaller than this may have any ratio: an empty style table packs very well."""
MAX_PARTS = 1000

OLE_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP_SIGNATURE = b"PK\x03\x04"
ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")

_XML_PARTS = (".xml", ".rels")
_CHUNK = 64 * 1024
_ENTITIES = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
_ENCODING = re.compile(rb"""^<\?xml[^>]*?encoding\s*=\s*["']([^"']*)["']""")

Source = str | Path | IO[bytes]


class BrokenWorkbook(Exception):
    """The file cannot be read as a workbook.

    sentence: what is wrong, for the person. mend: what to do about it.
    """

    def __init__(self, sentence: str, mend: str) -> None:
        super().__init__(f"{sentence} {mend}")
        self.sentence = sentence
        self.mend = mend


def parts_of_workbook(source: Source) -> dict[str, bytes]:
    """Return the XML parts of a workbook by name, and the names of all other parts with nothing in them.

    Raises BrokenWorkbook with one sentence when it is no workbook that can safely be read.
    """
    data = _read(source)
    _refuse_what_is_no_archive(data)
    parts = _unpack(data)
    _refuse_what_is_no_workbook(parts)
    return parts


def damaged() -> BrokenWorkbook:
    """Return the refusal of a file that cannot be read."""
    return BrokenWorkbook("Файл повреждён: прочитать его не удалось.", "Откройте его в Excel и сохраните заново.")


def too_large_inside() -> BrokenWorkbook:
    """Return the refusal of a file that unpacks to more than a school has."""
    return BrokenWorkbook(
        "Внутри файла слишком много данных: он может быть вредоносным, загрузка остановлена.",
        "Скопируйте нужные листы в новую книгу и сохраните её как .xlsx.",
    )


def _read(source: Source) -> bytes:
    try:
        if isinstance(source, (str, Path)):
            with Path(source).open("rb") as file:
                data = file.read(MAX_FILE_BYTES + 1)
        else:
            data = source.read(MAX_FILE_BYTES + 1)
    except FileNotFoundError as error:
        raise BrokenWorkbook(f"Файла {source} нет.", "Проверьте имя и папку.") from error
    except IsADirectoryError as error:
        raise BrokenWorkbook(f"{source} — папка, а не файл.", "Укажите файл книги .xlsx.") from error
    except OSError as error:
        raise BrokenWorkbook(f"Файл {source} не открывается.", "Проверьте, что у вас есть право его читать.") from error
    if len(data) > MAX_FILE_BYTES:
        raise BrokenWorkbook(
            f"Файл больше {MAX_FILE_BYTES // 1024 // 1024} МБ.",
            "Оставьте в книге только листы школы, без картинок и вложений.",
        )
    return data


def _refuse_what_is_no_archive(data: bytes) -> None:
    if not data.strip(b"\0 \t\r\n"):
        raise BrokenWorkbook("Файл пуст.", "Сохраните книгу заново и загрузите её ещё раз.")
    if data.startswith(OLE_SIGNATURE):
        if ENCRYPTED_PACKAGE in data:
            raise _encrypted()
        raise BrokenWorkbook(
            "Это книга старого формата .xls (или другой документ Office до 2007 года).",
            "Откройте её в Excel и сохраните как «Книга Excel (.xlsx)».",
        )
    if not data.startswith(ZIP_SIGNATURE):
        raise _no_workbook()


def _encrypted() -> BrokenWorkbook:
    return BrokenWorkbook("Книга защищена паролем.", "Снимите пароль в Excel («Файл — Сведения») и сохраните её.")


def _no_workbook() -> BrokenWorkbook:
    return BrokenWorkbook("Это не книга Excel.", "Загрузите файл .xlsx, сделанный по образцу.")


def _unpack(data: bytes) -> dict[str, bytes]:
    """Return the XML parts by name, and the names of all others with nothing in them."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _unpack_parts(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError, RuntimeError) as error:
        raise damaged() from error


def _unpack_parts(archive: zipfile.ZipFile) -> dict[str, bytes]:
    entries = archive.infolist()
    if any(entry.flag_bits & 1 for entry in entries):
        raise _encrypted()
    if len(entries) > MAX_PARTS or sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
        raise too_large_inside()
    if len({entry.filename for entry in entries}) != len(entries):
        raise damaged()
    parts: dict[str, bytes] = {}
    left = MAX_UNPACKED_BYTES
    for entry in entries:
        if not entry.filename.lower().endswith(_XML_PARTS):
            parts[entry.filename] = b""
            continue
        content = _unpack_part(archive, entry, at_most=left)
        left -= len(content)
        _refuse_dangerous_xml(content)
        parts[entry.filename] = content
    return parts


def _unpack_part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, *, at_most: int) -> bytes:
    content = bytearray()
    with archive.open(entry) as packed:
        while chunk := packed.read(_CHUNK):
            content += chunk
            swollen = len(content) > RATIO_FROM_BYTES and len(content) > MAX_RATIO * max(entry.compress_size, 1)
            if swollen or len(content) > at_most:
                raise too_large_inside()
    return bytes(content)


def _refuse_dangerous_xml(content: bytes) -> None:
    """Refuse a part that declares entities, or hides what it declares behind another encoding."""
    text = content.removeprefix(b"\xef\xbb\xbf").lstrip()
    encoding = _ENCODING.match(text[:300])
    if not text.startswith(b"<") or (encoding and encoding[1].lower() not in (b"utf-8", b"utf8", b"us-ascii")):
        raise damaged()
    if _ENTITIES.search(text) or b"\0" in text:
        raise BrokenWorkbook(
            "Внутри файла — вредоносная разметка, загрузка остановлена.",
            "Скопируйте нужные листы в новую книгу и сохраните её как .xlsx.",
        )


def _refuse_what_is_no_workbook(parts: dict[str, bytes]) -> None:
    types = parts.get("[Content_Types].xml", b"")
    if any(name.lower().endswith("vbaproject.bin") for name in parts) or b"macroEnabled" in types:
        raise BrokenWorkbook("В книге есть макросы.", "Сохраните её как «Книга Excel (.xlsx)» без макросов.")
    if any(name.lower().endswith("workbook.bin") for name in parts):
        raise BrokenWorkbook("Это двоичная книга .xlsb.", "Сохраните её как «Книга Excel (.xlsx)».")
    if b"spreadsheetml.sheet.main+xml" not in types and b"spreadsheetml.template.main+xml" not in types:
        raise _no_workbook()
