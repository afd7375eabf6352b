import hashlib
import importlib.resources
import io
import re
import subprocess
import sys
import unicodedata
from datetime import date
from pathlib import Path

import pikepdf
import pytest

from letopis.core.printer import Printer, PrinterDied, PrintJob
from letopis.core.typst import NoEdition, PrintForm, TypstFailed, editions, find_form, printable, render, sample

ISSUED_ON = date(2026, 9, 1)
STATEMENT = ("attestation", "consolidated_statement", ISSUED_ON)
HEAD = '#set document(title: "Проба")\n#set text(lang: "ru", font: "PT Sans")\n'
FORMS = sorted(
    (path.parts[-4], path.parts[-2])
    for path in Path(str(importlib.resources.files("letopis"))).glob("*/typst/*/form.toml")
)


def form_of(source: str) -> PrintForm:
    return PrintForm(
        app="core",
        name="probe",
        edition=date(2026, 1, 1),
        title="Проба",
        act="",
        paper="A4",
        orientation="portrait",
        signatories=(),
        seal="",
        retention="",
        source=(HEAD + source).encode(),
    )


def text_of(document: bytes) -> str:
    """Return the text a reader would copy from a document made by these tests, from its page labels and strings."""
    with pikepdf.open(io.BytesIO(document)) as pdf:
        fonts = {name: unicode_map(font) for page in pdf.pages for name, font in page.Resources.Font.items()}
        shown = []
        for page in pdf.pages:
            current: dict[int, str] = {}
            for operands, operator in pikepdf.parse_content_stream(page):
                if str(operator) == "Tf":
                    current = fonts[str(operands[0])]
                if str(operator) in ("Tj", "TJ"):
                    strings = operands[0] if str(operator) == "TJ" else [operands[0]]
                    codes = b"".join(bytes(part) for part in strings if isinstance(part, pikepdf.String))
                    shown += [current[int.from_bytes(codes[at : at + 2])] for at in range(0, len(codes), 2)]
    return "".join(shown)


def unicode_map(font: pikepdf.Object) -> dict[int, str]:
    pairs = re.findall(rb"<([0-9a-fA-F]{4})> <([0-9a-fA-F]+)>", font.ToUnicode.read_bytes())
    return {int(code, 16): bytes.fromhex(text.decode()).decode("utf-16-be") for code, text in pairs}


def fonts_of(pdf: pikepdf.Pdf) -> list[pikepdf.Object]:
    return [item for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/Font"]


@pytest.mark.parametrize(("app", "name"), FORMS)
class TestEveryForm:
    def test_is_an_archival_document(self, app: str, name: str) -> None:
        document = render((app, name, ISSUED_ON), sample(app, name), issued_on=ISSUED_ON)

        with pikepdf.open(io.BytesIO(document)) as pdf, pdf.open_metadata() as xmp:
            assert (xmp["pdfaid:part"], xmp["pdfaid:conformance"]) == ("2", "U")
            assert xmp["dc:title"].startswith(find_form(app, name, on=ISSUED_ON).title)
            assert [str(intent.S) for intent in pdf.Root.OutputIntents] == ["/GTS_PDFA1"]
            assert str(pdf.Root.Lang) == "ru"
            assert len(pdf.trailer.ID) == 2
            assert not pdf.is_encrypted
            assert "/StructTreeRoot" not in pdf.Root

    def test_embeds_every_font_with_its_unicode_map(self, app: str, name: str) -> None:
        document = render((app, name, ISSUED_ON), sample(app, name), issued_on=ISSUED_ON)

        with pikepdf.open(io.BytesIO(document)) as pdf:
            fonts = fonts_of(pdf)
            outer = [font for font in fonts if font.Subtype == "/Type0"]
            inner = [font for font in fonts if font.Subtype != "/Type0"]
            assert outer
            assert len(outer) == len(inner)
            assert all("/ToUnicode" in font for font in outer)
            assert all({"/FontFile2", "/FontFile3"} & set(font.FontDescriptor.keys()) for font in inner)
            assert any("PTSans" in str(font.BaseFont) for font in inner)

    def test_says_what_the_form_is(self, app: str, name: str) -> None:
        form = find_form(app, name, on=ISSUED_ON)

        assert all((form.title, form.act, form.paper, form.signatories, form.retention))
        assert form.orientation in ("portrait", "landscape")


def test_ends_with_exactly_one_newline() -> None:
    document = render(form_of("Текст"), {}, issued_on=ISSUED_ON)

    assert document.endswith(b"%%EOF\n")


def test_the_only_time_in_a_document_is_the_day_of_issue() -> None:
    document = render(form_of("Текст"), {}, issued_on=ISSUED_ON)

    with pikepdf.open(io.BytesIO(document)) as pdf:
        assert str(pdf.docinfo.CreationDate).startswith("D:20260901000000")


def test_is_tagged_only_on_request() -> None:
    document = render(form_of("= Заголовок"), {}, issued_on=ISSUED_ON, tagged=True)

    with pikepdf.open(io.BytesIO(document)) as pdf:
        assert "/StructTreeRoot" in pdf.Root


@pytest.mark.parametrize(
    "typed", ["#panic()", "$x$", "*b*", "<a>", "\\", "#eval(1)", "= x", "https://a.ru", '"q"', "-- ..."]
)
def test_text_of_people_is_never_markup(typed: str) -> None:
    document = render(form_of('#json("data.json").name'), {"name": typed}, issued_on=ISSUED_ON)

    assert text_of(document).replace(" ", "") == typed.replace(" ", "")


def test_signs_of_mathematics_are_printed() -> None:
    typed = "∠ABC=90°,x²≤½,√2→∞,△"
    source = '#set text(font: ("PT Sans", "New Computer Modern Math", "DejaVu Sans Mono"))\n#json("data.json").name'

    document = render(form_of(source), {"name": typed}, issued_on=ISSUED_ON)

    assert text_of(document) == typed


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Степени 🚀 и 👩‍🏫", "Степени □ и □"),
        ("中文 и ❤️", "□ и □"),
        ("\x00a\x1f\x7fb", "□a□b"),
        ("\ufeffсло\xadво", "слово"),
        ("a\ud800b", "a□b"),
        ("ё, е́, ∠ABC = 90°, x² ≤ ½\n№ 5", "ё, е́, ∠ABC = 90°, x² ≤ ½\n№ 5"),
    ],
)
def test_signs_that_no_font_has_are_replaced(typed: str, printed: str) -> None:
    assert printable(typed) == printed
    assert render(form_of('#json("data.json").lines.first()'), {"lines": [typed]}, issued_on=ISSUED_ON)


@pytest.mark.parametrize("font", ["PT Sans", "PT Serif"])
def test_every_printable_sign_is_in_the_fonts(font: str) -> None:
    signs = [chr(code) for code in range(0x20, 0x30000) if printable(chr(code)) == chr(code)]
    assigned = [sign for sign in signs if unicodedata.category(sign) != "Cn"]
    marks = [sign for sign in assigned if unicodedata.category(sign) == "Mn"]
    accented = [letter + mark for letter in "aаеЯ5½√∠" for mark in marks]
    source = f'#set text(font: "{font}", size: 4pt)\n#for sign in json("data.json").signs [#sign \\ ]'

    assert len(assigned) > 3000
    assert render(form_of(source), {"signs": assigned + accented}, issued_on=ISSUED_ON)
    assert len(signs) - len(assigned) < 10


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("\u4e2d", 'the text `"\u4e2d"` could not be displayed with font `"PT Sans"`'),
        ('#set text(font: "Arial")\nТекст', "unknown font family: arial"),
        ("#panic()", "panicked"),
        ('#read("/etc/hostname")', "file not found"),
    ],
)
def test_refuses_what_typst_warns_about(source: str, told: str) -> None:
    with pytest.raises(TypstFailed) as failure:
        render(form_of(source), {}, issued_on=ISSUED_ON)

    assert (failure.value.form, failure.value.edition) == ("probe", date(2026, 1, 1))
    assert len(failure.value.messages) == 1
    assert told in failure.value.messages[0]


def test_refuses_numbers_that_json_does_not_have() -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        render(form_of(""), {"average": float("nan")}, issued_on=ISSUED_ON)


def test_the_order_of_keys_does_not_change_the_bytes() -> None:
    form = form_of('#json("data.json").keys().join(" ")')

    assert render(form, {"а": 1, "б": 2}, issued_on=ISSUED_ON) == render(form, {"б": 2, "а": 1}, issued_on=ISSUED_ON)


def test_two_processes_give_the_same_bytes() -> None:
    program = (
        "import hashlib; from datetime import date; from letopis.core.typst import render, sample;"
        "form = ('attestation', 'consolidated_statement');"
        "document = render((*form, date(2026, 9, 1)), sample(*form), issued_on=date(2026, 9, 1));"
        "print(hashlib.sha512(document).hexdigest())"
    )

    digests = {
        subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout.strip()
        for _ in range(2)
    }

    here = render(STATEMENT, sample(*STATEMENT[:2]), issued_on=ISSUED_ON)
    assert digests == {hashlib.sha512(here).hexdigest()}


class TestEditions:
    @pytest.fixture
    def app(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
        """An app with one form of two editions, outside the product."""
        import letopis

        folder = tmp_path / "letopis_forms_of_a_test" / "typst" / "pass"
        folder.mkdir(parents=True)
        (folder.parents[1] / "__init__.py").touch()
        about = 'title="Пропуск"\nact=""\npaper="A5"\norientation="portrait"\nsignatories=["Директор"]\nseal=""\n'
        (folder / "form.toml").write_text(about + 'retention="1 год"\n', "utf-8")
        for day in ("2024-09-01", "2026-09-01"):
            (folder / f"{day}.typ").write_text(HEAD + day, "utf-8")
        monkeypatch.setattr(letopis, "__path__", [*letopis.__path__, str(tmp_path)])
        return "letopis_forms_of_a_test"

    @pytest.mark.parametrize(
        ("on", "edition"),
        [
            (date(2024, 9, 1), date(2024, 9, 1)),
            (date(2026, 8, 31), date(2024, 9, 1)),
            (date(2026, 9, 1), date(2026, 9, 1)),
            (date(2050, 1, 1), date(2026, 9, 1)),
        ],
    )
    def test_the_latest_edition_not_after_the_day_is_in_force(self, app: str, on: date, edition: date) -> None:
        form = find_form(app, "pass", on=on)

        assert editions(app, "pass") == (date(2024, 9, 1), date(2026, 9, 1))
        assert (form.edition, form.title, form.paper) == (edition, "Пропуск", "A5")
        assert form.source.decode() == HEAD + edition.isoformat()

    def test_refuses_a_day_before_the_first_edition(self, app: str) -> None:
        with pytest.raises(NoEdition, match="has no edition in force on 2024-08-31"):
            find_form(app, "pass", on=date(2024, 8, 31))


class TestPrinter:
    def test_gives_the_same_bytes_as_the_process_of_the_caller(self) -> None:
        data = sample(*STATEMENT[:2])
        jobs = [PrintJob(STATEMENT, data | {"unit": unit}, ISSUED_ON) for unit in ("7А класс", "7Б класс")]

        with Printer(workers=2) as printer:
            documents = list(printer.render_many(jobs))

        assert documents == [render(STATEMENT, job.data, issued_on=ISSUED_ON) for job in jobs]

    def test_replaces_a_worker_after_its_jobs(self) -> None:
        job = PrintJob(STATEMENT, sample(*STATEMENT[:2]), ISSUED_ON)

        with Printer(jobs_per_worker=1) as printer:
            documents = {printer.render(job) for _ in range(2)}

        assert len(documents) == 1

    def test_goes_on_after_a_failure(self) -> None:
        data = sample(*STATEMENT[:2])

        with Printer() as printer:
            with pytest.raises(TypstFailed, match="does not contain key"):
                printer.render(PrintJob(STATEMENT, {}, ISSUED_ON))
            document = printer.render(PrintJob(STATEMENT, data, ISSUED_ON))

        assert document.endswith(b"%%EOF\n")

    def test_names_the_form_when_its_process_dies(self) -> None:
        job = PrintJob(STATEMENT, sample(*STATEMENT[:2]), ISSUED_ON)

        with Printer() as printer:
            printer.render(job)
            worker = printer._free.queue[0]
            assert worker._process is not None
            worker._process.kill()
            worker._process.wait()
            with pytest.raises(PrinterDied, match="the process that printed consolidated_statement ended with code -9"):
                printer.render(job)

            assert printer.render(job).endswith(b"%%EOF\n")
