"""The whole way in a real browser: import, a lesson by keyboard, term marks, the statement, a package, its proof."""

import re
import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from letopis.archive.models import Package
from letopis.config.cli import main
from letopis.register.models import Mark, TermMark
from tests.browser.conftest import TIMEOUT, WIDE, assert_accessible
from tests.exchange.workbooks import Book
from tests.jobs import run_jobs

OWN_PASSWORD = "the whole way there"


@pytest.fixture
def school(unlocked_ledger, live_server, settings, tmp_path, capsys):
    """Return the first administrator's password of a school that holds nothing yet."""
    settings.MEDIA_ROOT, settings.VAR_DIR = tmp_path / "files", tmp_path
    settings.LETOPIS_TODAY = "2026-08-25"
    assert main(["org", "add", "--slug", "tiny", "--name", "Школа"]) == 0
    assert main(["user", "add", "--org", "tiny", "--username", "admin", "--role", "ADMINISTRATOR"]) == 0
    return re.search(r"Пароль:\s+(\S+)", capsys.readouterr().out)[1]


@pytest.fixture
def window(chromium: Browser, live_server):
    """Return a function that opens a window of its own, at the door."""
    contexts = []

    def open_window() -> Page:
        context = chromium.new_context(base_url=live_server.url, locale="ru-RU", accept_downloads=True, **WIDE)
        context.set_default_timeout(TIMEOUT)
        contexts.append(context)
        return context.new_page()

    yield open_window
    for context in contexts:
        context.close()


def enter(page: Page, username: str, password: str) -> None:
    """Sign in with the password of a slip and choose the own one."""
    page.goto("/sign-in")
    page.locator("[name=username]").fill(username)
    page.locator("[name=password]").fill(password)
    page.locator("[name=password]").press("Enter")
    page.wait_for_url("**/password*")
    fields = page.locator("main input[type=password]")
    for index, value in enumerate((password, OWN_PASSWORD, OWN_PASSWORD)):
        fields.nth(index).fill(value)
    fields.nth(2).press("Enter")
    expect(page.locator(".messages")).to_contain_text("Пароль изменён")


def test_from_the_workbook_to_the_proof(school, window, settings, tmp_path: Path):
    # The administrator imports the workbook on a page.
    admin = window()
    enter(admin, "admin", school)
    admin.goto("/imports/")
    workbook = tmp_path / "tiny.xlsx"
    workbook.write_bytes(Book().saved().read())
    admin.locator("input[type=file]").set_input_files(workbook)
    admin.get_by_role("button", name="Проверить").click()
    expect(admin.locator("main")).to_contain_text("Ошибок нет")
    assert_accessible(admin)
    admin.get_by_role("button", name="Загрузить").click()
    expect(admin.locator("#state")).to_contain_text("очереди")
    run_jobs()
    expect(admin.locator("#state")).to_contain_text("Загружено: новых строк")

    # People get their slips.
    admin.goto("/accounts/")
    for box in admin.locator("main tbody input[type=checkbox]").all():
        box.check()
    admin.get_by_role("button", name="Выдать доступ").click()
    admin.get_by_role("button", name="Выдать").click()
    slips = dict(re.findall(r"Имя\s+(\S+)\s+Пароль\s+(\S+)", admin.locator("main").inner_text()))
    assert set(slips) == {"ivanova", "petrov", "sidorova"}
    admin.goto("/accounts/")
    admin.get_by_role("link", name="Петров Олег").click()
    admin.locator("[name=role]").first.select_option("DIRECTOR")
    for name, value in (("starts_on", "2026-08-25"), ("order_number", "5-к"), ("order_on", "2026-08-25")):
        admin.locator(f"form[action*=appoint] [name={name}]").fill(value)
    admin.get_by_role("button", name="Назначить").click()
    expect(admin.locator("main")).to_contain_text("Приказ № 5-к")

    # The teacher goes from «Мой день» into the grid and puts marks by keyboard.
    settings.LETOPIS_TODAY = "2026-09-07"
    teacher = window()
    enter(teacher, "ivanova", slips["ivanova"])
    teacher.goto("/register/")
    teacher.get_by_role("link", name=re.compile("Математика")).first.click()
    course = teacher.url.split("?")[0]
    day = teacher.locator("table.g thead th", has_text=re.compile(r"^\s*7\b")).first
    column = day.evaluate("th => th.cellIndex")
    first = teacher.locator("table.g tbody tr").nth(0).locator("th, td").nth(column)
    first.click()
    teacher.keyboard.press("5")
    teacher.keyboard.press("Enter")
    teacher.keyboard.press("4")
    teacher.keyboard.press("Enter")
    expect(teacher.locator("body")).to_contain_text("Сохранено")
    assert sorted(Mark.objects.values_list("value", flat=True)) == ["4", "5"]

    # Topic and homework by keyboard on the lesson page.
    teacher.goto("/day/")
    teacher.get_by_role("link", name="Открыть").first.click()
    teacher.locator("[name=topic]").fill("Сложение и вычитание")
    teacher.keyboard.press("Tab")
    teacher.locator("[name=homework]").fill("№ 1–5")
    teacher.get_by_role("button", name="Сохранить урок").click()
    expect(teacher.locator("main")).to_contain_text("Урок сохранён")

    # The terms end.
    for today, index in ((date(2026, 12, 29), 0), (date(2027, 5, 26), 1)):
        settings.LETOPIS_TODAY = today.isoformat()
        teacher.goto(f"{course}term-marks/")
        teacher.locator("nav a[href*='term=']").nth(index).click()
        if index == 0:
            teacher.get_by_role("button", name="Выставить по предложенному").click()
        else:
            for choice in teacher.locator("main select").all():
                choice.select_option("4")
        teacher.get_by_role("button", name=re.compile("^Записать")).click()
        expect(teacher.locator("main")).to_contain_text(re.compile("[Зз]аписан|[Сс]охранен"))
    assert TermMark.objects.exclude(value="").count() == 4

    # The director prints the statement and packs the year.
    settings.LETOPIS_TODAY = "2027-05-28"
    director = window()
    enter(director, "petrov", slips["petrov"])
    director.goto("/results/")
    director.get_by_role("link", name=re.compile("5А")).first.click()
    address = director.url.split("?")[0]
    pdf = director.request.get(f"{address}statement.pdf")
    assert (pdf.status, pdf.headers["content-type"]) == (200, "application/pdf")
    assert pdf.body().startswith(b"%PDF-1.7")
    director.goto("/archive/")
    director.get_by_role("button", name="Собрать пакеты года").click()
    run_jobs()
    director.goto("/archive/")
    director.get_by_role("link", name="журнал класса").first.click()
    director.get_by_role("button", name="Проверить целостность").click()
    expect(director.locator("main")).to_contain_text(re.compile("цел", re.IGNORECASE))
    assert_accessible(director)

    # And without us.
    package = Package.objects.get(kind=Package.Kind.REGISTER, class_title="5А")
    folder = next(path for path in tmp_path.rglob(package.object_id) if path.is_dir())
    assert main(["archive", "verify", str(folder)]) == 0
    if shutil.which("sha512sum"):
        subprocess.run(["sha512sum", "--quiet", "-c", "manifest-sha512.txt"], cwd=folder / "v1" / "content", check=True)
