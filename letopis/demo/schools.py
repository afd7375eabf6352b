"""The two schools of the demo: what differs between them, besides their workbooks."""

from dataclasses import dataclass
from pathlib import Path

from letopis.accounts.models import Role

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
OFFICES = (
    ("director", "T001", "директор", Role.DIRECTOR),
    ("deputy", "T002", "заместитель директора", Role.DEPUTY),
    ("clerk", "T004", "секретарь", Role.CLERK),
    ("archivist", "T005", "ответственный за архив", Role.ARCHIVIST),
    ("admin", "T006", "администратор журнала", Role.ADMINISTRATOR),
)
"""Name, number of the employee, who he is, role: the same in both schools."""


@dataclass(frozen=True, slots=True)
class DemoSchool:
    """A school of the demo."""

    number: int
    slug: str
    workbook: str
    prefix: str
    """Before every name to sign in with: names are one list for all schools of a database."""
    teachers: tuple[tuple[str, str, str], ...]
    """Teachers with a name of their own: name, number of the employee, who he is."""
    family_class: tuple[int, str]
    """Where the pupil and the parent with logins are."""
    leavers: tuple[str, ...]
    """Letters of the eleventh grades that left last year."""

    @property
    def path(self) -> Path:
        return SAMPLES / self.workbook


SCHOOL_17 = DemoSchool(
    number=17,
    slug="demo",
    workbook="school-17.xlsx",
    prefix="",
    teachers=(
        ("teacher", "T017", "учитель математики"),
        ("classteacher", "T022", "классный руководитель 8А, учитель русского языка"),
    ),
    family_class=(8, "А"),
    leavers=("А",),
)
SCHOOL_5 = DemoSchool(
    number=5,
    slug="demo-5",
    workbook="school-5.xlsx",
    prefix="s5-",
    teachers=(
        ("teacher", "T031", "учитель математики"),
        ("classteacher", "T053", "классный руководитель 5Б, учитель русского языка"),
    ),
    family_class=(5, "Б"),
    leavers=("А", "Б"),
)
SCHOOLS = {school.number: school for school in (SCHOOL_17, SCHOOL_5)}


def demo_school(slug: str) -> DemoSchool:
    """Return the demo school that an organisation is. Raises KeyError for a real school."""
    return {school.slug: school for school in SCHOOLS.values()}[slug]
