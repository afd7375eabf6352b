"""A school year over HTTP: from an empty database to a package that anybody can verify."""

import re
import shutil
import subprocess
from datetime import date

import pytest

from letopis.archive.models import Package
from letopis.archive.verify import verify
from letopis.config.cli import main
from letopis.ledger.models import Entry
from letopis.register.models import Attendance, Mark, TermMark
from tests.exchange.workbooks import Book
from tests.jobs import run_jobs
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.django_db

OWN_PASSWORD = "journey of a year"
MONDAYS = [
    date(2026, 9, 14),
    date(2026, 9, 21),
    date(2026, 10, 5),
    date(2027, 1, 18),
    date(2027, 2, 1),
    date(2027, 3, 15),
]


@pytest.fixture
def on(settings, tmp_path):
    """Return a function that makes it another day."""
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.VAR_DIR = tmp_path

    def set_day(day: date) -> None:
        settings.LETOPIS_TODAY = day.isoformat()

    return set_day


def sign_in(username: str, password: str) -> Visitor:
    return Visitor().goto("/sign-in").press("Войти", username=username, password=password)


def first_sign_in(username: str, password: str) -> Visitor:
    """Sign in with the password of the slip, which must be changed at once."""
    visitor = sign_in(username, password)
    assert visitor.url.startswith("/password"), visitor.url
    form = visitor.page.xpath("//main//form[.//input[@type='password']]")[0]
    names = [field.get("name") for field in form.xpath(".//input[@type='password']")]
    return visitor.press("Сменить", **dict(zip(names, [password, OWN_PASSWORD, OWN_PASSWORD], strict=True)))


def put_lesson(visitor: Visitor, address: str, *, topic: str, marks: dict[str, str], absent: str = "") -> None:
    """Fill in a lesson as a plain form."""
    visitor.goto(address)
    typed = {"topic": topic, "homework": "№ 1–5"}
    for row in visitor.page.xpath("//main//tr[.//th[@scope='row']]"):
        name = " ".join(row.xpath("string(.//th[@scope='row'])").split())
        for pupil, mark in marks.items():
            if pupil in name:
                field = row.xpath(".//input[starts-with(@name, 'mark')]")[0]
                typed[field.get("name").replace("-", "__")] = mark
        if absent and absent in name:
            field = row.xpath(".//input[@type='radio' and @value='ABSENT']")[0]
            typed[field.get("name").replace("-", "__")] = "ABSENT"
    visitor.press("Сохранить урок", **typed)
    assert visitor.says("Урок сохранён"), visitor.text


def test_a_year_from_a_workbook_to_a_verified_package(on, capsys, tmp_path):
    # August: the school is opened, its administrator imports the workbook and lets people in.
    on(date(2026, 8, 25))
    assert main(["org", "add", "--slug", "tiny", "--name", "Школа"]) == 0
    assert main(["user", "add", "--org", "tiny", "--username", "admin", "--role", "ADMINISTRATOR"]) == 0
    password = re.search(r"Пароль:\s+(\S+)", capsys.readouterr().out)[1]
    admin = first_sign_in("admin", password)

    admin.goto("/imports/").press("Проверить", files={"file": ("tiny.xlsx", Book().saved().read())})
    assert admin.says("Ошибок нет")
    admin.press("Загрузить")
    run_jobs()
    admin.goto(admin.url)
    assert admin.says("Загружено: новых строк")

    admin.goto("/accounts/")
    chosen = [box.get("value") for box in admin.page.xpath("//main//tbody//input[@type='checkbox']")]
    box = admin.page.xpath("//main//tbody//input[@type='checkbox']/@name")[0]
    admin.press("Выдать доступ", **{box: chosen})
    admin.press("Выдать")
    slips = dict(re.findall(r"Имя (\S+) Пароль (\S+)", admin.text))
    assert len(slips) == 3, admin.text

    # The director's office goes to Petrov.
    admin.goto("/accounts/").follow("Петров Олег")
    order = {"order_number": "5-к", "order_on": "2026-08-25"}
    admin.press("Назначить", role="DIRECTOR", starts_on="2026-08-25", **order)
    assert admin.says("Приказ № 5-к"), admin.text

    # September: the teacher signs in with the slip and fills in the first lessons from «Мой день».
    on(date(2026, 9, 7))
    teacher = first_sign_in("ivanova", slips["ivanova"]).goto("/day/")
    assert teacher.says("Математика")
    lesson = teacher.page.xpath("//main//article//a[contains(@href, '/register/lessons/')]/@href")[0].split("#")[0]
    put_lesson(teacher, lesson, topic="Сложение и вычитание", marks={"Акимов": "5"}, absent="Белова")
    assert Mark.objects.get().value == "5"
    assert Attendance.objects.get().event == "ABSENT"

    for day in MONDAYS:
        on(day)
        teacher.goto("/day/")
        lesson = teacher.page.xpath("//main//article//a[contains(@href, '/register/lessons/')]/@href")[0].split("#")[0]
        put_lesson(teacher, lesson, topic=f"Тема {day:%d.%m}", marks={"Акимов": "5", "Белова": "4"})

    # The grid shows what the plain forms saved.
    teacher.goto("/register/").follow("Математика")
    course = teacher.url.split("?")[0]
    assert "5" in teacher.text

    # The terms and the year end.
    for day, number in ((date(2026, 12, 29), 0), (date(2027, 5, 26), 1)):
        on(day)
        teacher.goto(f"{course}term-marks/")
        terms = teacher.page.xpath("//nav//a[contains(@href, 'term=')]/@href")
        teacher.goto(terms[number])
        teacher.press("Выставить по предложенному")
        teacher.press("Записать")
    assert sorted(TermMark.objects.exclude(value="").values_list("value", flat=True)) == ["4", "4", "5", "5"]

    teacher.goto(f"{course}term-marks/").follow("Год")
    teacher.press("Выставить по предложенному")
    teacher.press("Записать")

    # The council decides; the director prints the statement.
    on(date(2027, 5, 28))
    director = first_sign_in("petrov", slips["petrov"]).goto("/results/")
    director.follow("5А")
    statement = director.url.split("?")[0]
    selects = director.page.xpath("//main//form[contains(@action, 'decisions')]//select[@name]")
    choices = {select.get("name").replace("-", "__"): "PROMOTED" for select in selects}
    director.press("Записать", protocol_number="12", protocol_on="2027-05-28", **choices)
    director.goto(statement)
    assert director.says("переведён")

    pdf = director.goto(f"{statement}statement.pdf").response
    content = b"".join(pdf.streaming_content) if pdf.streaming else pdf.content
    assert content.startswith(b"%PDF-1.7")
    (tmp_path / "statement.pdf").write_bytes(content)
    if shutil.which("pdftotext"):
        text = subprocess.run(
            ["pdftotext", tmp_path / "statement.pdf", "-"], capture_output=True, text=True, check=True
        )
        assert "Акимов" in text.stdout

    # The package is built by a job and verified by the command, by the page and by sha512sum.
    director.goto("/archive/").press("Собрать")
    run_jobs()
    package = Package.objects.get(kind=Package.Kind.REGISTER, class_title="5А")
    folder = tmp_path / "archive" / package.path if not package.path.startswith("archive") else tmp_path / package.path
    assert verify(folder).ok
    assert main(["archive", "verify", str(folder)]) == 0
    if shutil.which("sha512sum"):
        subprocess.run(["sha512sum", "--quiet", "-c", "manifest-sha512.txt"], cwd=folder / "v1" / "content", check=True)

    # Every mark of the year has its entry in the ledger.
    assert Entry.objects.filter(verb="register.put_mark").count() == Mark.objects.count()
