"""A unit: the content of one archived thing, and the files it is laid out as."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property
from importlib.resources import files
from string import Template
from typing import Any
from xml.etree import ElementTree

from letopis.archive.bags import ContentFile
from letopis.archive.units.head import Head
from letopis.archive.units.tables import Code, Table, as_csv, as_json, codes_table, columns_guide, json_schema
from letopis.core.printer import PrintJob
from letopis.core.typst import find_form
from letopis.rules.russian import short_date

FINGERPRINT_LABEL = "Content-Fingerprint"
"""Label in bag-info.txt by which the next build sees that nothing changed, without printing anything."""


@dataclass(frozen=True, slots=True)
class Print:
    """A document of the unit, printed only when the package is really built.

    form: app, form, and the day whose edition is printed. data: makes what the form reads.
    """

    path: str
    title: str
    form: tuple[str, str, date]
    data: Callable[[], Mapping[str, Any]] = field(repr=False)

    def job(self, *, issued_on: date) -> PrintJob:
        return PrintJob(self.form, self.data(), issued_on=issued_on)


@dataclass(frozen=True)
class Unit:
    """The content of an archived unit.

    policy: the snapshot of the policy of that year.
    """

    head: Head
    prints: tuple[Print, ...]
    tables: tuple[Table, ...]
    codes: tuple[Code, ...] = field(repr=False)
    policy: Mapping[str, Any] = field(repr=False)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-512 of everything the unit says, without the day of building and the program's version.

        What is printed stands in the tables too, so of a document only its form and edition count.
        """
        description = {name: said for name, said in self.head.as_dict().items() if not name.startswith("made_")}
        editions = [
            [printed.path, printed.form[1], find_form(*printed.form[:2], on=printed.form[2]).edition.isoformat()]
            for printed in self.prints
        ]
        digest = hashlib.sha512(_sorted_json([description, self.policy, editions]))
        for table in (*self.tables, codes_table(self.codes)):
            digest.update(f"\n{table.path}\n".encode())
            digest.update(table.csv)
        return digest.hexdigest()

    def files(self, printed: Callable[[Print], bytes]) -> Iterator[ContentFile]:
        """Yield the files below data/. printed: gives the document of a print."""
        for document in self.prints:
            yield ContentFile(document.path, printed(document))
        for table in self.tables:
            yield ContentFile(table.path, table.csv)
        description = self.head.as_dict()
        schema = json_schema(self.tables, description=description)
        yield ContentFile("3_data/unit.json", as_json(description, self.tables))
        yield ContentFile("3_data/schema.json", _readable_json(schema))
        yield ContentFile("3_data/columns_guide.csv", as_csv(columns_guide(self.tables)))
        yield ContentFile("3_data/codes.csv", as_csv(codes_table(self.codes)))
        full = self.description()
        yield ContentFile("4_description/description.json", _readable_json(full))
        yield ContentFile("4_description/description.xml", _xml(full))
        yield ContentFile("4_description/policy_snapshot.json", _readable_json(self.policy))
        for name, text in format_pages().items():
            yield ContentFile(f"5_formats/{name}", text.encode())

    def description(self) -> dict[str, Any]:
        """Return the description with the list of documents and tables, so that a lost one is noticed by a reader."""
        return {
            **self.head.as_dict(),
            "documents": [{"path": one.path, "title": one.title} for one in self.prints],
            "tables": [{"path": one.path, "title": one.title, "rows": len(one.rows)} for one in self.tables],
        }

    def bag_info(self) -> list[tuple[str, str]]:
        """Return the pairs of bag-info.txt that say how long the unit is kept and what it lacks."""
        head = self.head
        pairs = [
            ("External-Description", head.title),
            ("Retention-Term", head.retention.term),
            ("Retention-Basis", head.retention.basis),
            ("Retention-Counted-From", date(head.closed_on.year + 1, 1, 1).isoformat()),
            ("Retention-End", head.kept_until.isoformat()),
        ]
        if head.remark:
            pairs.append(("Remark", head.remark))
        return [*pairs, (FINGERPRINT_LABEL, self.fingerprint)]

    def read_me(self, language: str, *, has_ledger: bool = False) -> str:
        """Return READ_ME_FIRST.txt («en») or ПРОЧТИ.txt («ru»).

        has_ledger: the package carries a checkpoint of the ledger, so how to check it is said too.
        """
        head = self.head
        return Template(_text(f"read_me_{language}.txt")).substitute(
            title=head.title,
            organisation=head.organisation.full_name,
            object_id=head.object_id,
            made_on=head.made_on.isoformat() if language == "en" else short_date(head.made_on),
            kept_until=head.kept_until.isoformat() if language == "en" else short_date(head.kept_until),
            term=head.retention.term,
            years=head.retention.years,
            basis=head.retention.basis,
            remark=head.remark or {"en": "none", "ru": "нет"}[language],
            ledger=f"\n{_text(f'ledger_{language}.txt')}" if has_ledger else "",
            listing=_listed(
                [(one.path, one.title) for one in self.prints]
                + [(one.path, f"{one.title}: {len(one.rows)}") for one in self.tables]
            ),
        )


@cache
def format_pages() -> dict[str, str]:
    """Return the pages of 5_formats by name."""
    folder = files("letopis.archive") / "texts" / "formats"
    return {entry.name: entry.read_text("utf-8") for entry in sorted(folder.iterdir(), key=lambda entry: entry.name)}


@cache
def _text(name: str) -> str:
    return (files("letopis.archive") / "texts" / name).read_text("utf-8")


def _listed(lines: Sequence[tuple[str, str]]) -> str:
    width = max(len(path) for path, _title in lines) + 7
    return "\n".join(f"  {'data/' + path:<{width}}{title}" for path, title in lines)


def _xml(description: Mapping[str, Any]) -> bytes:
    root = ElementTree.Element("description")
    _add(root, description)
    ElementTree.indent(root)
    text: bytes = ElementTree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return text + b"\n"


def _add(parent: ElementTree.Element, value: Any) -> None:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            _add(ElementTree.SubElement(parent, name), inner)
    elif isinstance(value, list):
        for inner in value:
            _add(ElementTree.SubElement(parent, "item"), inner)
    else:
        parent.text = str(value)


def _readable_json(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode() + b"\n"


def _sorted_json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True).encode()
