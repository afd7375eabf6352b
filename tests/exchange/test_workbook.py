import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook

from letopis.exchange import unpacking
from letopis.exchange import workbook as opening
from letopis.exchange.unpacking import ENCRYPTED_PACKAGE, OLE_SIGNATURE
from letopis.exchange.workbook import BrokenWorkbook, UnreadableCell, open_workbook
from tests.exchange.workbooks import Book

NO_WORKBOOK = "Это не книга Excel."
DAMAGED = "Файл повреждён: прочитать его не удалось."
TOO_LARGE_INSIDE = "Внутри файла слишком много данных: он может быть вредоносным, загрузка остановлена."
HARMFUL = "Внутри файла — вредоносная разметка, загрузка остановлена."
ENCRYPTED = "Книга защищена паролем."
MACROS = "В книге есть макросы."

LAUGHS = b"""<?xml version="1.0"?>
<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;">]>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>&lol2;</sheetData></worksheet>"""
SHEET = "xl/worksheets/sheet1.xml"
ROW = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="{dimension}"/>'
    '<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>Поле</t></is></c></row>'
    '<row r="{row}"><c r="A{row}" t="inlineStr"><is><t>да</t></is></c></row></sheetData></worksheet>'
)


def good() -> bytes:
    return Book().saved().getvalue()


def repacked(change: Callable[[dict[str, bytes]], None]) -> bytes:
    """Return a good workbook after its parts were changed."""
    with zipfile.ZipFile(io.BytesIO(good())) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    return archive_of(parts)


def archive_of(parts: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return packed.getvalue()


def with_part(name: str, content: bytes) -> bytes:
    return repacked(lambda parts: parts.update({name: content}))


def macro_content_type() -> bytes:
    def change(parts: dict[str, bytes]) -> None:
        types = parts["[Content_Types].xml"]
        parts["[Content_Types].xml"] = types.replace(
            b"openxmlformats-officedocument.spreadsheetml.sheet.main", b"ms-excel.sheet.macroEnabled.main"
        )

    return repacked(change)


def bomb_that_lies() -> bytes:
    """Return an archive whose part says it is small and unpacks to 30 MB."""
    content = b"<a>" + b" " * 30_000_000 + b"</a>"
    packed = bytearray(with_part("xl/bomb.xml", content))
    honest = len(content).to_bytes(4, "little")
    return bytes(packed.replace(honest, (1000).to_bytes(4, "little")))


def encrypted_zip() -> bytes:
    packed = bytearray(good())
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        packed[packed.find(signature) + flags] |= 1
    return bytes(packed)


def word_document() -> bytes:
    types = b'<Types><Override ContentType="application/vnd...wordprocessingml.document.main+xml"/></Types>'
    return archive_of({"[Content_Types].xml": types, "word/document.xml": b"<document/>"})


BROKEN = [
    ("empty", lambda: b"", "Файл пуст."),
    ("zeros", lambda: b"\0" * 4096, "Файл пуст."),
    ("text", lambda: "Фамилия;Имя".encode(), NO_WORKBOOK),
    ("PDF", lambda: b"%PDF-1.7\n" + b"x" * 100, NO_WORKBOOK),
    ("picture", lambda: b"\x89PNG\r\n\x1a\n" + b"x" * 100, NO_WORKBOOK),
    ("Word document", word_document, NO_WORKBOOK),
    ("archive of anything", lambda: archive_of({"readme.txt": b"hello"}), NO_WORKBOOK),
    (
        "old workbook",
        lambda: OLE_SIGNATURE + b"\0" * 600,
        "Это книга старого формата .xls (или другой документ Office до 2007 года).",
    ),
    ("password", lambda: OLE_SIGNATURE + b"\0" * 600 + ENCRYPTED_PACKAGE, ENCRYPTED),
    ("encrypted archive", encrypted_zip, ENCRYPTED),
    ("macros inside", lambda: with_part("xl/vbaProject.bin", b"\xd0\xcf"), MACROS),
    ("macro type", macro_content_type, MACROS),
    ("binary workbook", lambda: with_part("xl/workbook.bin", b"\x83\x01"), "Это двоичная книга .xlsb."),
    ("cut off", lambda: good()[:3000], DAMAGED),
    ("damaged part", lambda: with_part(SHEET, b"<worksheet><sheetData><row>"), DAMAGED),
    ("no XML in a part", lambda: with_part(SHEET, b"\x00\x01\x02"), DAMAGED),
    ("workbook without its part", lambda: repacked(lambda parts: parts.pop("xl/workbook.xml")), DAMAGED),
    ("billion laughs", lambda: with_part(SHEET, LAUGHS), HARMFUL),
    ("billion laughs in another encoding", lambda: with_part(SHEET, LAUGHS.decode().encode("utf-16")), DAMAGED),
    ("declared encoding", lambda: with_part(SHEET, b'<?xml version="1.0" encoding="utf-7"?><a/>'), DAMAGED),
    ("zip bomb", lambda: with_part("xl/bomb.xml", b"<a>" + b" " * 30_000_000 + b"</a>"), TOO_LARGE_INSIDE),
    ("zip bomb that lies", bomb_that_lies, DAMAGED),
    ("many parts", lambda: archive_of({f"{n}.xml": b"<a/>" for n in range(1001)}), TOO_LARGE_INSIDE),
    ("large file", lambda: b"PK\x03\x04" + b"x" * unpacking.MAX_FILE_BYTES, "Файл больше 20 МБ."),
    ("row far away", lambda: with_part(SHEET, ROW.format(dimension="A1:B8", row=9_000_000).encode()), DAMAGED),
]


@pytest.mark.parametrize(("make", "sentence"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN])
def test_refuses_with_one_sentence(make: Callable[[], bytes], sentence: str, tmp_path: Path) -> None:
    path = tmp_path / "school.xlsx"
    path.write_bytes(make())

    with pytest.raises(BrokenWorkbook) as refused:
        open_workbook(path)

    assert refused.value.sentence == sentence
    assert refused.value.mend.endswith(".")


def test_refuses_a_file_that_is_not_there(tmp_path: Path) -> None:
    path = tmp_path / "nothing.xlsx"

    with pytest.raises(BrokenWorkbook) as refused:
        open_workbook(path)

    assert refused.value.sentence == f"Файла {path} нет."


def test_refuses_a_folder(tmp_path: Path) -> None:
    with pytest.raises(BrokenWorkbook) as refused:
        open_workbook(tmp_path)

    assert refused.value.sentence == f"{tmp_path} — папка, а не файл."


def test_refuses_more_rows_than_a_school_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "MAX_ROWS", 5)

    with pytest.raises(BrokenWorkbook) as refused:
        open_workbook(Book().saved())

    assert refused.value.sentence == "На листе «Школа» больше 5 строк."


def test_stops_unpacking_at_the_limit_of_all_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "MAX_UNPACKED_BYTES", 20_000)

    with pytest.raises(BrokenWorkbook) as refused:
        open_workbook(Book().saved())

    assert refused.value.sentence == TOO_LARGE_INSIDE


@pytest.mark.parametrize("dimension", ["A1", "A1:XFD1048576"])
def test_does_not_believe_the_declared_size(dimension: str) -> None:
    book = open_workbook(io.BytesIO(with_part(SHEET, ROW.format(dimension=dimension, row=3).encode())))

    assert book.sheets[0].rows == ((3, ("да",)),)


def test_opens_a_workbook_with_pictures_and_reads_no_picture() -> None:
    book = open_workbook(io.BytesIO(with_part("xl/media/image1.png", b"\x89PNG")))

    assert [sheet.title for sheet in book.sheets][:2] == ["Школа", "Периоды"]


def test_tells_formulas_without_value_and_errors_from_empty_cells() -> None:
    workbook = Workbook()
    for row in (["А", "Б", "В"], ["=1+1", "#REF!", None], ["есть", "#Н/Д", "  "]):
        workbook.active.append(row)
    file = io.BytesIO()
    workbook.save(file)
    file.seek(0)

    book = open_workbook(file)

    assert book.sheets[0].rows == (
        (2, (UnreadableCell("формула", is_formula=True), UnreadableCell("#REF!", is_formula=False), None)),
        (3, ("есть", UnreadableCell("#Н/Д", is_formula=False), None)),
    )
