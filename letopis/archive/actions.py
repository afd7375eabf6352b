"""Verbs of one package: store a unit, verify it.

Dangers. Files and rows cannot change in one transaction. So the files come first, whole or not at all, and the row with
its ledger entry after them; a crash between the two leaves a package that the next build finds, checks and records.
What lies on the disk is trusted only as far as the ledger: a version that the row does not know is recorded only when
it is whole, and one that differs from the recorded digest is refused.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import chain

from django.db import transaction
from django.utils.translation import gettext as _

from letopis.archive import ocfl
from letopis.archive.bags import BAG_INFO, PROCHTI, READ_ME_FIRST, ContentFile, write_bag
from letopis.archive.contents import StoredObject, read_object
from letopis.archive.models import Package
from letopis.archive.queries import archive_root, package_path
from letopis.archive.units import Head, Print, Unit
from letopis.archive.units.unit import FINGERPRINT_LABEL
from letopis.archive.verify import Problem, Report, verify
from letopis.archive.verify.problems import problem
from letopis.core.errors import Refused
from letopis.core.typst import render
from letopis.ledger.actions import Author, Fact, Value, object_name, record
from letopis.ledger.evidence import evidence
from letopis.org.models import Organisation
from letopis.rules.verdict import Verdict, refused

LEDGER_FOLDER = "6_ledger"
CREATED, NEW_VERSION, UNCHANGED = "CREATED", "NEW_VERSION", "UNCHANGED"

_SPOILT = frozenset({"damaged", "missing", "renamed", "swapped", "symbolic-link", "special-file", "unreadable"})
_PROBLEMS_KEPT = 100


@dataclass(frozen=True, slots=True)
class Stored:
    """A package after a build, and what became of it: CREATED, NEW_VERSION or UNCHANGED."""

    package: Package
    outcome: str


@dataclass(frozen=True, slots=True)
class Check:
    """What a verification found."""

    package: Package
    problems: tuple[Problem, ...]

    @property
    def is_sound(self) -> bool:
        return not self.problems


def print_here(document: Print, *, issued_on: datetime) -> bytes:
    """Return a document printed in this process; builds of many units print in workers."""
    job = document.job(issued_on=issued_on.date())
    return render(job.form, job.data, issued_on=job.issued_on)


def stored_object(organisation: Organisation, object_id: str) -> StoredObject | None:
    """Return what is stored under an id; None when nothing is. Raises StorageError when it cannot be read."""
    path = ocfl.object_path(archive_root() / organisation.slug, object_id)
    return read_object(path) if path.exists() else None


def ledger_files(organisation: Organisation) -> list[ContentFile]:
    """Return what a package carries of the ledger: checkpoint, public keys, time stamps; nothing without one."""
    found = evidence(organisation.code)
    return [ContentFile(f"{LEDGER_FOLDER}/{name}", content) for name, content in found.items()]


def is_current(unit: Unit) -> bool:
    """Say whether the newest stored version says exactly what the unit says."""
    try:
        present = stored_object(unit.head.organisation, unit.head.object_id)
        return present is not None and present.bag_info().get(FINGERPRINT_LABEL) == unit.fingerprint
    except (ocfl.StorageError, OSError, ValueError):
        return False


def store_unit(unit: Unit, *, by: Author, at: datetime, printed: Callable[[Print], bytes] | None = None) -> Stored:
    """Store a unit: version 1, or the next version when its content changed, or nothing when it did not.

    printed: gives the document of a print. Do not call inside a transaction: it writes files.
    May be repeated after any crash. Raises Refused when what is stored is damaged or differs from the ledger.
    """
    head = unit.head
    present = _stored_and_sound(head)
    if present is not None:
        package = _record_version(head, present, by=by, at=at, reason=_("Записано после прерванной сборки."))
        if present.bag_info().get(FINGERPRINT_LABEL) == unit.fingerprint:
            return Stored(package, UNCHANGED)
    # Outside of the fingerprint: a package is not built anew because the ledger was signed anew.
    of_ledger = ledger_files(head.organisation)
    store = ocfl.create_object if present is None else ocfl.add_version
    build = partial(
        store,
        archive_root() / head.organisation.slug,
        object_id=head.object_id,
        build_bag=partial(
            write_bag,
            content=chain(unit.files(printed or partial(print_here, issued_on=at)), of_ledger),
            organisation=head.organisation.full_name,
            identifier=head.object_id,
            bagged_on=head.made_on,
            read_me_first=unit.read_me("en", has_ledger=bool(of_ledger)),
            prochti=unit.read_me("ru", has_ledger=bool(of_ledger)),
            info=unit.bag_info(),
        ),
        created_at=at,
        message=head.title,
        author=ocfl.Author(name=by.name, address=f"urn:uuid:{by.organisation}"),
    )
    # Another process may have stored the same content meanwhile; what stands is then recorded below.
    with suppress(ocfl.ObjectExistsError, ocfl.NothingChangedError):
        build()
    written = stored_object(head.organisation, head.object_id)
    if written is None:
        raise ocfl.StorageError(archive_root(), f"{head.object_id} vanished while it was written")
    package = _record_version(head, written, by=by, at=at)
    return Stored(package, CREATED if present is None else NEW_VERSION)


def is_whole(package: Package) -> bool:
    """Say whether a package is whole and is the one that the ledger knows, recording nothing."""
    return not _compared(package)[1]


def verify_package(package: Package, *, by: Author, at: datetime) -> Check:
    """Verify a package, compare it with what the ledger knows of it, and record the result.

    Do not call inside a transaction: it reads all files.
    """
    report, problems = _compared(package)
    after: dict[str, Value] = {
        "is_sound": not problems,
        "files": report.files,
        "bytes": report.bytes,
        "manifest_sha512": report.manifest_digest,
        "problems": [_said(one) for one in problems[:_PROBLEMS_KEPT]],
        "problems_in_all": len(problems),
    }
    with transaction.atomic():
        row = Package.objects.select_for_update(of=("self",)).get(pk=package.pk)
        row.verified_at, row.is_sound = at, not problems
        row.save(update_fields=["verified_at", "is_sound"])
        record(Fact(by=by, at=at, verb="archive.verify_package", object=object_name(row), before=None, after=after))
    return Check(row, tuple(problems))


def _compared(package: Package) -> tuple[Report, list[Problem]]:
    """Return what reading all files found, with the contradiction to the ledger first among the problems."""
    report = verify(package_path(package))
    problems = list(report.problems)
    if report.manifest_digest and report.manifest_digest != package.manifest_digest:
        found = {"expected": package.manifest_digest, "found": report.manifest_digest}
        problems.insert(0, problem("contradiction", "manifest-sha512.txt", **found))
    return report, problems


def _stored_and_sound(head: Head) -> StoredObject | None:
    """Return what is stored under the unit's id; raise Refused when it must be mended by a person first."""
    path = ocfl.object_path(archive_root() / head.organisation.slug, head.object_id)
    if not path.exists():
        if Package.objects.filter(organisation=head.organisation, object_id=head.object_id).exists():
            raise Refused(_lost(head))
        return None
    # Files of earlier versions are not stored again, so a new version on top of a damaged one would be damaged too.
    if any(one.kind in _SPOILT for one in verify(path).problems):
        raise Refused(
            refused(
                "PACKAGE_DAMAGED",
                _("Пакет «%(title)s» повреждён. Проверьте его целостность и восстановите с другого носителя.")
                % {"title": head.title},
            )
        )
    try:
        return read_object(path)
    except ocfl.StorageError as error:
        raise Refused(_lost(head)) from error


def _lost(head: Head) -> Verdict:
    return refused(
        "PACKAGE_LOST",
        _("Пакет «%(title)s» был записан, но на диске его нет или он не читается. Восстановите его с другого носителя.")
        % {"title": head.title},
    )


def _record_version(head: Head, stored: StoredObject, *, by: Author, at: datetime, reason: str = "") -> Package:
    """Make the row tell the version that stands on the disk, with its ledger entry; nothing when it does already."""
    info = stored.bag_info()
    size, files = (int(part) for part in info["Payload-Oxum"].split("."))
    with transaction.atomic():
        row = (
            Package.objects.select_for_update(of=("self",))
            .filter(organisation=head.organisation, object_id=head.object_id)
            .first()
        )
        before: dict[str, Value] | None = None
        if row is not None:
            if (row.version, row.manifest_digest) == (stored.version, stored.manifest_digest):
                return row
            if row.version >= stored.version:
                raise Refused(
                    refused(
                        "PACKAGE_DIFFERS",
                        _("Пакет «%(title)s» на диске не тот, что записан в протоколе. Сверьте его с бумажным актом.")
                        % {"title": head.title},
                    )
                )
            before = {"version": row.version, "manifest_sha512": row.manifest_digest}
        row = row or Package(organisation=head.organisation, object_id=head.object_id)
        row.kind, row.title = head.kind, head.title
        row.year_starts, row.class_title = head.year_starts, head.class_title
        row.path = f"{head.organisation.slug}/{head.object_id}"
        row.version, row.files, row.size = stored.version, files, size
        row.manifest_digest, row.remark = stored.manifest_digest, info.get("Remark", "")[:300]
        row.built_at, row.verified_at, row.is_sound = at, None, None
        row.save()
        after = _recorded(stored, files=files, size=size, remark=row.remark)
        record(
            Fact(
                by=by,
                at=at,
                verb="archive.store_package",
                object=object_name(row),
                before=before,
                after=after,
                reason=reason,
            )
        )
    return row


def _said(one: Problem) -> Value:
    return {"kind": one.kind, "path": one.path, "sentence": one.sentence}


def _recorded(stored: StoredObject, *, files: int, size: int, remark: str) -> dict[str, Value]:
    """Return what the ledger keeps of a version; the payload manifest covers data/ only, so tag files have theirs."""
    return {
        "version": stored.version,
        "files": files,
        "bytes": size,
        "remark": remark,
        "manifest_sha512": stored.manifest_digest,
        "bag_info_sha512": stored.file(BAG_INFO).sha512,
        "read_me_sha512": stored.file(READ_ME_FIRST).sha512,
        "prochti_sha512": stored.file(PROCHTI).sha512,
    }
