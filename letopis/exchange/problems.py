"""What is wrong with a workbook, in the words of the person who typed it."""

from dataclasses import dataclass
from datetime import date, datetime, time

from letopis.exchange.workbook import UnreadableCell
from letopis.rules.russian import short_date

ERROR = "error"
WARNING = "warning"

HEADER_ROW = 1


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, and how to mend it."""

    severity: str
    """`error`: nothing is imported while it stands; `warning`: worth a look."""
    sheet: str
    row: int
    """Number of the row as the spreadsheet shows it; the header is row 1."""
    column: str
    """Text of the header as in the sheet."""
    value: str
    """What was typed."""
    message: str
    mend: str


def shown(value: object) -> str:
    """Return a cell's value as the person sees it: «01.09.2026», «5», «0,5»."""
    match value:
        case None:
            return ""
        case bool():
            return "ИСТИНА" if value else "ЛОЖЬ"
        case datetime() | date():
            return short_date(value)
        case time():
            return f"{value:%H:%M}"
        case float() if value.is_integer():
            return str(int(value))
        case float():
            return str(value).replace(".", ",")
        case UnreadableCell():
            return value.shown
    return str(value)
