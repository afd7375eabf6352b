"""The set of local acts for the school's site: a ZIP of documents with a page that lists them (ORG-006)."""

import io
import zipfile
from collections.abc import Sequence
from datetime import date
from pathlib import PurePosixPath

from django.core.files.storage import default_storage
from django.template.loader import render_to_string
from django.utils.translation import override

from letopis.control.prints import act_cited
from letopis.org.models import LocalAct, Organisation
from letopis.rules.usernames import LETTERS

_LONGEST_NAME = 60


@override("ru")
def site_archive(organisation: Organisation, acts: Sequence[LocalAct], *, on: date) -> bytes:
    """Return a ZIP with the file of each act, or its text as a page, and index.html.

    A file that the disk has lost is named in the list without a link. The same acts give the same bytes on one day.
    """
    rows, taken = [], set[str]()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for place, act in enumerate(acts, 1):
            name, content = _document(act, place)
            if content is not None and name not in taken:
                _put(archive, name, content, on)
                taken.add(name)
            rows.append({"act": act, "cited": act_cited(act), "name": name if name in taken else ""})
        context = {"organisation": organisation, "rows": rows, "on": on}
        _put(archive, "index.html", render_to_string("control/site_acts.html", context).encode(), on)
    return buffer.getvalue()


def _document(act: LocalAct, place: int) -> tuple[str, bytes | None]:
    """Return the name in the archive and the bytes; None when there is no document."""
    stem = f"{place:02d}-{_ascii(act.title)}"
    if act.file:
        name = stem + PurePosixPath(act.file_name).suffix.casefold()
        if not default_storage.exists(act.file):
            return name, None
        with default_storage.open(act.file) as file:
            return name, file.read()
    page = render_to_string("control/site_act.html", {"act": act, "cited": act_cited(act)})
    return f"{stem}.html", page.encode()


def _ascii(title: str) -> str:
    """Return a name that every web server and every unpacker reads the same."""
    spelt = (LETTERS.get(sign, sign) for sign in title.casefold())
    letters = "".join(sign if sign.isascii() and (sign.isalnum() or len(sign) > 1) else "-" for sign in spelt)
    return "-".join(part for part in letters.split("-") if part)[:_LONGEST_NAME].rstrip("-") or "act"


def _put(archive: zipfile.ZipFile, name: str, content: bytes, on: date) -> None:
    # A stamp of the day instead of the clock's: the same acts are the same archive.
    told = zipfile.ZipInfo(name, date_time=(on.year, on.month, on.day, 0, 0, 0))
    told.compress_type = zipfile.ZIP_DEFLATED
    told.external_attr = 0o644 << 16
    archive.writestr(told, content)
