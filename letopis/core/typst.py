"""Print forms as PDF/A-2u. The only caller of Typst.

Dangers:
- Text of people reaches a form only as a JSON value, never as Typst source: markup in a pupil's name must stay text.
- Typst warns and goes on where an archive must stop (a font it does not know). Every warning is an error here.
- Typst ends a file with `%%EOF` and no line end; an incremental signature over that breaks PDF/A clause 6.1.9.
- A process that renders many registers grows by hundreds of megabytes. Web and job processes use `core.printer`.
"""

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import typst

STANDARD = "a-2u"
FONTS = Path(__file__).with_name("fonts")

PRINTABLE = (
    "\t\n\r\x20-\x7e\xa0-\xac\xae-\u036f\u0386\u0388-\u038a\u038c\u038e-\u03a1\u03a3-\u0482\u048a-\u04ff\u1e00-\u1eff"
    "\u2000-\u200a\u2010-\u2027\u202f-\u2040\u2044-\u2052\u2070\u2071\u2074-\u208e\u20a0-\u20bf\u2100-\u211e\u2120"
    "\u2122\u2124\u2126-\u2151\u2153-\u2184\u2190-\u23ff\u2460-\u2606\u2660-\u266f\u2713\u2714\u2717"
    "\u27c2-\u27ff\u2900-\u2aff\ufb00-\ufb06"
)
"""Signs that the fonts of this package, or those of Typst after them, can show, as ranges of a regular expression."""
MISSING = "\u25a1"
"""Stands where a sign cannot be printed."""


class NoEdition(LookupError):
    """A form had no edition in force on a day."""

    def __init__(self, *, app: str, form: str, on: date) -> None:
        super().__init__(f"{app}/{form} has no edition in force on {on.isoformat()}")
        self.app, self.form, self.on = app, form, on


class TypstFailed(RuntimeError):
    """Typst refused a form or warned about it.

    messages: one per error or warning. They may quote the text that could not be printed, so they are as confidential
    as the data.
    """

    def __init__(self, *, form: str, edition: date, messages: tuple[str, ...]) -> None:
        super().__init__(f"{form} of {edition.isoformat()}: {'; '.join(messages)}")
        self.form, self.edition, self.messages = form, edition, messages


@dataclass(frozen=True, slots=True)
class PrintForm:
    """One edition of a print form, with what form.toml says about the form."""

    app: str
    name: str
    edition: date
    """The day from which this edition is in force."""
    title: str
    act: str
    """The act that prescribes the form, or what it rests on where no act does."""
    paper: str
    orientation: str
    """portrait or landscape."""
    signatories: tuple[str, ...]
    """Positions, in the order of the signature lines."""
    seal: str
    """Kind of seal; empty when the form has none."""
    retention: str
    """Retention term as the nomenclature writes it."""
    source: bytes = field(repr=False)
    """The Typst source of this edition."""


def editions(app: str, form: str) -> tuple[date, ...]:
    """Return the days from which the editions of a form are in force, oldest first."""
    names = (entry.name for entry in _folder(app, form).iterdir())
    return tuple(sorted(date.fromisoformat(name.removesuffix(".typ")) for name in names if name.endswith(".typ")))


def find_form(app: str, form: str, *, on: date) -> PrintForm:
    """Return the edition of a form in force on a day: the latest one that is not after it.

    Raises NoEdition when the form is younger than the day.
    """
    in_force = [edition for edition in editions(app, form) if edition <= on]
    if not in_force:
        raise NoEdition(app=app, form=form, on=on)
    return _load(app, form, in_force[-1])


def sample(app: str, form: str) -> dict[str, Any]:
    """Return the sample data of a form: invented, but of the shape and size of a real school."""
    data: dict[str, Any] = json.loads((_folder(app, form) / "sample.json").read_bytes())
    return data


def render(
    form: PrintForm | tuple[str, str, date],
    data: Mapping[str, Any],
    *,
    issued_on: date,
    tagged: bool = False,
) -> bytes:
    """Return the document as PDF/A-2u bytes that end with exactly one newline.

    form: an edition, or (app, form, day) to take the edition in force on that day.
    data: what the header of the edition's source describes; JSON values only.
    issued_on: the day of issue; it is the only time in the file, so that the same data give the same bytes.
    tagged: with structure for screen readers, for documents given to families; ten times as big.
    Raises TypstFailed on any error or warning. Runs in the process of the caller; see `core.printer`.
    """
    edition = form if isinstance(form, PrintForm) else find_form(form[0], form[1], on=form[2])
    return compile_form(edition, as_json(data), issued_on=issued_on, tagged=tagged)


def as_json(data: Mapping[str, Any]) -> bytes:
    """Return the bytes that a form reads as data.json, all text in it printable; the order of keys does not matter."""
    return json.dumps(
        _printable(data), ensure_ascii=False, sort_keys=True, allow_nan=False, separators=(",", ":")
    ).encode()


def printable(text: str) -> str:
    """Return the text with «□» for signs that no font has (emoji, Chinese) and for control characters.

    One such sign in a topic must not keep a school from printing its register. Several in a row are one «□», because
    an emoji is often made of several. Signs that show nothing, such as a soft hyphen, are left out.
    """
    return _UNPRINTABLE.sub(MISSING, _INVISIBLE.sub("", text))


def fonts() -> typst.Fonts:
    """Return PT Sans and PT Serif of this package, then what Typst itself carries; never a font of the machine.

    Typst's own fonts serve signs such as ∠ or ⇒ in a homework, which the PT fonts lack.
    """
    return _fonts()


def typst_version() -> str:
    """Return the version of Typst, one of the five things that decide the bytes of a document."""
    return version("typst")


def compile_form(form: PrintForm, data: bytes, *, issued_on: date, tagged: bool) -> bytes:
    """Return the document of an edition and the bytes of its data.json; the rest as in `render`."""
    try:
        # The stubs of typst know nothing of virtual files, a dict from name to bytes.
        document, warnings = typst.compile_with_warnings(  # type: ignore[call-overload]
            {"main": form.source, "data.json": data},
            # A form sees only its two files; the fonts' folder is a root that holds nothing to be read by mistake.
            root=str(FONTS),
            font_paths=fonts(),
            ignore_system_fonts=True,
            format="pdf",
            pdf_standards=STANDARD,
            pdf_tags=tagged,
            timestamp=datetime.combine(issued_on, time(), UTC),
        )
    except typst.TypstError as error:
        raise TypstFailed(form=form.name, edition=form.edition, messages=(error.diagnostic.strip(),)) from error
    if warnings:
        messages = tuple(str(warning) for warning in warnings)
        raise TypstFailed(form=form.name, edition=form.edition, messages=messages)
    return bytes(document).rstrip(b"\r\n") + b"\n"


_INVISIBLE = re.compile("[\xad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]+")
_UNPRINTABLE = re.compile(f"[^{PRINTABLE}]+")


def _printable(data: Any) -> Any:
    if isinstance(data, str):
        return printable(data)
    if isinstance(data, Mapping):
        return {key: _printable(value) for key, value in data.items()}
    if isinstance(data, (list, tuple)):
        return [_printable(value) for value in data]
    return data


def _folder(app: str, form: str) -> Traversable:
    return files(f"letopis.{app}") / "typst" / form


@cache
def _load(app: str, form: str, edition: date) -> PrintForm:
    folder = _folder(app, form)
    about = tomllib.loads((folder / "form.toml").read_text("utf-8"))
    source = (folder / f"{edition.isoformat()}.typ").read_bytes()
    about["signatories"] = tuple(about["signatories"])
    return PrintForm(app=app, name=form, edition=edition, source=source, **about)


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(FONTS)])
