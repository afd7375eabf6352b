"""A table of a page as a file to work on with: XLSX, or CSV that Excel opens in Russian."""

import csv
from collections.abc import Iterable, Sequence
from io import BytesIO, StringIO

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

XLSX, CSV = "xlsx", "csv"
_TYPES = {
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    CSV: "text/csv; charset=utf-8",
}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
Value = str | int


def spreadsheet_response(
    name: str, heads: Sequence[str], rows: Iterable[Sequence[Value]], *, kind: str
) -> HttpResponse:
    """Return the table as a download. name: of the file without its ending; kind: XLSX or CSV."""
    tidy = [[_harmless(value) for value in row] for row in rows]
    body = _xlsx(heads, tidy) if kind == XLSX else _csv(heads, tidy)
    response = HttpResponse(body, content_type=_TYPES[kind])
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.{kind}") or "attachment"
    return response


def _harmless(value: Value) -> Value:
    """A text that a table program would run as a formula stays text."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _xlsx(heads: Sequence[str], rows: Sequence[Sequence[Value]]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for place, head in enumerate(heads):
        width = max([len(head), *(len(str(row[place])) for row in rows)])
        sheet.column_dimensions[get_column_letter(place + 1)].width = min(width + 2, 60)
    sheet.freeze_panes = "A2"
    sheet.append(list(heads))
    for row in rows:
        sheet.append(list(row))
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _csv(heads: Sequence[str], rows: Sequence[Sequence[Value]]) -> bytes:
    out = StringIO()
    # Semicolons and a mark of UTF-8: what a Russian Excel opens by a double click.
    writer = csv.writer(out, delimiter=";")
    writer.writerow(heads)
    writer.writerows(rows)
    return ("\ufeff" + out.getvalue()).encode()
