"""Build the packages of a year: each unit is made by its producer, printed in workers and stored by the archive.

The database is read and the files are written here, one unit after another, so that memory holds a few units at most;
meanwhile the workers print the next ones.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import override

from letopis.archive.actions import is_current, store_unit
from letopis.archive.models import Package
from letopis.archive.ocfl import StorageError
from letopis.archive.units import Print, Unit
from letopis.attestation.packages import statements_unit
from letopis.attestation.prints import year_results_of
from letopis.core.errors import Refused
from letopis.core.printer import Printer, PrinterDied
from letopis.core.typst import TypstFailed
from letopis.ledger.actions import Author
from letopis.org.queries import policies
from letopis.register.packages import register_unit
from letopis.rules.transliteration import NoPathLetter
from letopis.schooling.models import AcademicYear, SchoolClass

REFUSED = "REFUSED"
WORKERS = 2

Report = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Built:
    """What became of one unit. outcome: CREATED, NEW_VERSION, UNCHANGED (archive.actions), or REFUSED."""

    class_title: str
    kind: Package.Kind
    outcome: str
    package: Package | None
    sentence: str = ""
    """Why it was refused."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A unit on its way: what it says, and its documents while they are printed; or why it cannot be."""

    school_class: SchoolClass
    kind: Package.Kind
    unit: Unit | None = None
    pages: dict[str, Future[bytes]] = field(default_factory=dict)
    sentence: str = ""


def classes_to_build(year: AcademicYear, *, title: str = "") -> list[SchoolClass]:
    """Return the classes of a year, or the one with that title, with all that a build needs joined in."""
    classes = SchoolClass.objects.filter(year=year).select_related("year", "organisation").order_by("grade", "letter")
    return [one for one in classes if not title or one.title == title]


def build_units(
    classes: Iterable[SchoolClass],
    *,
    by: Author,
    at: datetime,
    today: date,
    workers: int = WORKERS,
    report: Report | None = None,
) -> list[Built]:
    """Build the register and the statements of each class and return what became of each unit, in that order.

    classes: with year and organisation joined in. workers: processes that print.
    report: told before each unit how many are done, how many there are, and what comes now.
    A unit that is refused does not keep the others from being built. May be repeated after any crash; do not call
    inside a transaction.
    """
    wanted = [(one, kind) for one in classes for kind in Package.Kind]
    built: list[Built] = []

    def store(one: _Wanted) -> None:
        if report:
            report(len(built), len(wanted), step_note(one.school_class, one.kind, len(built) + 1, len(wanted)))
        built.append(_store(one, by=by, at=at))

    # A package is an official record, so it is in Russian whatever language the person who asked for it reads.
    with override("ru"), Printer(workers=workers) as printer, ThreadPoolExecutor(workers) as threads:
        waiting: deque[_Wanted] = deque()
        for one in _prepared(wanted, made_on=today, printer=printer, threads=threads):
            waiting.append(one)
            if len(waiting) > workers:
                store(waiting.popleft())
        while waiting:
            store(waiting.popleft())
    if report:
        report(len(built), len(wanted), "")
    return built


def step_note(school_class: SchoolClass, kind: Package.Kind, number: int, total: int) -> str:
    """Return «7А: журнал класса, 3 из 24»."""
    return _("%(class)s: %(unit)s, %(number)s из %(total)s") % {
        "class": school_class.title,
        "unit": kind.label,
        "number": number,
        "total": total,
    }


def _prepared(
    wanted: Iterable[tuple[SchoolClass, Package.Kind]],
    *,
    made_on: date,
    printer: Printer,
    threads: ThreadPoolExecutor,
) -> Iterator[_Wanted]:
    """Yield units whose documents are being printed. What has not changed is not printed again."""
    for school_class, kind in wanted:
        try:
            unit = _unit(school_class, kind, made_on=made_on)
        except NoPathLetter as error:
            sentence = _("В названии класса «%(class)s» есть знак «%(sign)s», которого не бывает в именах папок.")
            said = sentence % {"class": school_class.title, "sign": error.character}
            yield _Wanted(school_class, kind, sentence=said)
            continue
        pages = {}
        if not is_current(unit):
            for document in unit.prints:
                pages[document.path] = threads.submit(printer.render, document.job(issued_on=made_on))
        yield _Wanted(school_class, kind, unit, pages)


def _unit(school_class: SchoolClass, kind: Package.Kind, *, made_on: date) -> Unit:
    editions = policies(school_class.organisation)
    if kind == Package.Kind.STATEMENTS:
        return statements_unit(school_class, made_on=made_on, policies=editions)
    results = year_results_of(school_class)
    return register_unit(school_class, made_on=made_on, year_results=results, policies=editions)


def _store(one: _Wanted, *, by: Author, at: datetime) -> Built:
    def printed(document: Print) -> bytes:
        return one.pages[document.path].result()

    def refused(sentence: str) -> Built:
        return Built(one.school_class.title, one.kind, REFUSED, None, sentence)

    if one.unit is None:
        return refused(one.sentence)
    try:
        stored = store_unit(one.unit, by=by, at=at, printed=printed)
    except Refused as refusal:
        return refused(refusal.verdict.sentence)
    except (TypstFailed, PrinterDied):
        # What Typst says may quote a child's data, so only the fact is told.
        return refused(_("Документ не печатается: в нём есть знаки, которых нет в шрифтах, или не хватило памяти."))
    except StorageError as error:
        return refused(_("Пакет не записан: %(reason)s.") % {"reason": error.reason})
    return Built(one.school_class.title, one.kind, stored.outcome, stored.package)
