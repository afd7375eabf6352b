"""Thematic plans from a workbook: reading, comparing, page, command."""

import io
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from letopis.config.cli import main
from letopis.exchange.plans.reading import PlanBook, read_plans
from letopis.register.models import Lesson
from letopis.rules.policy import DEFAULT_POLICY
from letopis.schooling.models import PlanCorrection, PlanTopic
from tests.cast import Cast

HEADER = ("№", "Раздел", "Тема", "Часов", "Вид работы")
ROOTS = [(1, "Корни", "Квадратный корень", 2, None), (2, "Корни", "Контрольная работа", 1, "КР")]
SAMPLE = Path(__file__).parents[2] / "samples" / "thematic-plans-17.xlsx"


def workbook(**sheets: list[tuple[Any, ...]]) -> bytes:
    """Return a workbook; «_» in a name stands for a space. Rows without the header."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title.replace("_", " "))
        for row in [HEADER, *rows]:
            sheet.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def read(content: bytes) -> PlanBook:
    return read_plans(io.BytesIO(content), policy=DEFAULT_POLICY)


def test_reads_the_sample() -> None:
    book = read_plans(SAMPLE, policy=DEFAULT_POLICY)

    assert book.problems == ()
    assert [(one.subject, one.grade, sum(item.hours for item in one.items)) for one in book.sheets] == [
        ("Алгебра", 8, 104),
        ("Русский язык", 5, 164),
        ("Окружающий мир", 2, 68),
    ]


def test_says_every_wrong_cell_at_once() -> None:
    rows = [
        (1, "Корни", "Тема", "два", None),
        (2, "Корни", None, 1, None),
        (3, "Корни", "т" * 501, 1, None),
        (4, "Корни", "Тема", 0, "Экзамен"),
    ]

    book = read(workbook(Алгебра_8=rows, Планы=[]))

    found = [(one.sheet, one.cell, one.message) for one in book.problems]
    assert found == [
        ("Алгебра 8", "D2", "«два» — не целое число от 1 до 99."),
        ("Алгебра 8", "C3", "Не заполнено: «Тема»."),
        ("Алгебра 8", "C4", "Слишком длинно: 501 знаков."),
        ("Алгебра 8", "D5", "«0» — не целое число от 1 до 99."),
        ("Алгебра 8", "E5", "Значение «Экзамен» не из списка."),
        ("Планы", "", "В названии листа нет предмета и параллели."),
    ]


def test_a_section_written_once_holds_for_the_rows_below() -> None:
    [sheet] = read(workbook(Алгебра_8=[(1, "Корни", "А", 1, None), (2, None, "Б", 1, None)])).sheets

    assert [item.section for item in sheet.items] == ["Корни", "Корни"]


@pytest.mark.parametrize(
    ("title", "read_as"),
    [("Алгебра 8", ("Алгебра", 8, "")), ("Алгебра 8А", ("Алгебра", 8, "А")), ("Физика 11 класс", ("Физика", 11, "")),
     ("Иностранный язык (английский) 8", ("Иностранный язык (английский)", 8, ""))],
)  # fmt: skip
def test_a_sheet_is_named_by_subject_and_grade(title: str, read_as: tuple[str, int, str]) -> None:
    [sheet] = read(workbook(**{title: ROOTS})).sheets

    assert (sheet.subject, sheet.grade, sheet.letter) == read_as


def upload(cast: Cast, content: bytes, *, member: str = "teacher", name: str = "plans.xlsx") -> Any:
    file = SimpleUploadedFile(name, content)
    return cast.client(member).post(reverse("exchange:plans"), {"file": file, "year": str(cast.year.code)})


def confirm(cast: Cast, preview: Any, *, member: str = "teacher", reason: str = "") -> Any:
    fields = {"plans": preview.context["kept"], "reason": reason}
    return cast.client(member).post(reverse("exchange:plans"), fields)


def test_a_preview_writes_nothing_and_a_confirmation_everything(cast: Cast) -> None:
    preview = upload(cast, workbook(Алгебра_8=ROOTS))

    assert "В плане 3 ч, уроков в году 8: без темы остаётся 5 уроков" in preview.content.decode()
    assert not PlanTopic.objects.exists()

    assert confirm(cast, preview).status_code == 302
    rows = PlanTopic.objects.order_by("position").values_list("course", "title", "hours", "work_kind")
    assert list(rows) == [
        (cast.algebra.pk, "Квадратный корень", 2, ""),
        (cast.algebra.pk, "Контрольная работа", 1, "КР"),
    ]


def test_a_sheet_goes_to_every_subgroup(cast: Cast) -> None:
    content = workbook(**{"Иностранный язык (английский) 8": ROOTS})

    confirm(cast, upload(cast, content, member="deputy"), member="deputy")

    assert set(PlanTopic.objects.values_list("course", flat=True)) == {cast.english_1.pk, cast.english_2.pk}


def test_the_same_file_again_is_harmless(cast: Cast) -> None:
    content = workbook(Алгебра_8=ROOTS)
    confirm(cast, upload(cast, content))

    assert "менять нечего" in upload(cast, content).content.decode()


def test_another_file_over_a_plan_in_use_is_a_correction_with_a_reason(cast: Cast) -> None:
    confirm(cast, upload(cast, workbook(Алгебра_8=ROOTS)))
    topic = PlanTopic.objects.get(position=1)
    Lesson.objects.filter(pk=cast.lessons[0].pk).update(plan_topic=topic, state=Lesson.State.HELD)
    preview = upload(cast, workbook(Алгебра_8=[(1, "Корни", "Квадратный корень", 3, None), ROOTS[1]]))

    assert confirm(cast, preview).status_code == 409
    assert not PlanCorrection.objects.exists()

    assert confirm(cast, preview, reason="Приказ № 5").status_code == 302
    assert list(PlanCorrection.objects.values_list("kind", "before", "after", "reason")) == [
        ("HOURS", "2 ч", "3 ч", "Приказ № 5")
    ]
    assert Lesson.objects.get(pk=cast.lessons[0].pk).plan_topic == topic


def test_a_file_without_a_topic_that_was_given_is_refused(cast: Cast) -> None:
    confirm(cast, upload(cast, workbook(Алгебра_8=ROOTS)))
    topic = PlanTopic.objects.get(position=1)
    Lesson.objects.filter(pk=cast.lessons[0].pk).update(plan_topic=topic, state=Lesson.State.HELD)

    page = upload(cast, workbook(Алгебра_8=[(1, "Иное", "Контрольная работа", 1, "КР")])).content.decode()

    assert "«Квадратный корень»: тему уже давали на уроках" in page
    assert PlanTopic.objects.count() == 2


@pytest.mark.parametrize(
    ("sheets", "message"),
    [
        ({"Алгебро 8": ROOTS}, "Предмета «Алгебро» среди ваших курсов нет."),
        ({"Русский язык 8": ROOTS}, "Предмета «Русский язык» среди ваших курсов нет."),
        ({"Алгебра 9": ROOTS}, "Курсов «Алгебра» в 9 классе среди ваших нет."),
        ({"Алгебра 8": []}, "На листе нет тем."),
        ({"Алгебра 8": ROOTS, "алгебра  8": ROOTS}, "План этого предмета и параллели уже есть на листе"),
    ],
)
def test_refuses_a_sheet_for_nobody(cast: Cast, sheets: dict[str, Any], message: str) -> None:
    page = upload(cast, workbook(**sheets)).content.decode()

    assert message in page
    assert not PlanTopic.objects.exists()


def test_a_teacher_brings_in_his_sheets_of_the_book_of_the_school(cast: Cast) -> None:
    preview = upload(cast, workbook(**{"Алгебра 8": ROOTS, "Русский язык 8": ROOTS}))

    assert "Русский язык 8: эти журналы ведут другие учителя" in preview.content.decode()
    confirm(cast, preview)
    assert set(PlanTopic.objects.values_list("course", flat=True)) == {cast.algebra.pk}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "Файл пустой"),
        (b"%PDF-1.7 not a workbook", "Это не книга Excel."),
        (b"PK\x03\x04broken", "Файл повреждён"),
    ],
)
def test_refuses_what_is_no_workbook(cast: Cast, content: bytes, message: str) -> None:
    assert message in upload(cast, content).content.decode()


def test_refuses_a_large_file_before_it_is_read(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("letopis.exchange.forms.MAX_FILE_BYTES", 1000)
    reads: list[int] = []
    monkeypatch.setattr("letopis.exchange.plans.views.read_plans", lambda *_args, **_kwargs: reads.append(1))

    assert "Файл больше 20 МБ" in upload(cast, workbook(Алгебра_8=ROOTS)).content.decode()
    assert reads == []


def test_a_preview_of_another_person_is_not_confirmed(cast: Cast) -> None:
    preview = upload(cast, workbook(Алгебра_8=ROOTS))

    confirm(cast, preview, member="deputy")
    cast.client("teacher").post(reverse("exchange:plans"), {"plans": "forged"})

    assert not PlanTopic.objects.exists()


@pytest.fixture
def book_file(tmp_path: Path) -> Callable[..., str]:
    def write(**sheets: list[tuple[Any, ...]]) -> str:
        path = tmp_path / "plans.xlsx"
        path.write_bytes(workbook(**sheets))
        return str(path)

    return write


def test_the_command_tries_and_imports(
    cast: Cast, book_file: Callable[..., str], capsys: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr("letopis.core.clock.local_day", lambda *_args: date(2026, 11, 16))
    arguments = ["plan", "import", book_file(Алгебра_8=ROOTS), "--org", cast.organisation.slug]

    assert main([*arguments, "--dry-run"]) == 0
    assert "Алгебра, 8А: новый план. В плане 3 ч, уроков в году 8" in capsys.readouterr().out
    assert not PlanTopic.objects.exists()
    assert main([*arguments, "--json"]) == 0
    [course] = json.loads(capsys.readouterr().out)["courses"]
    assert course == {
        "course": "Алгебра, 8А",
        "sheet": "Алгебра 8",
        "state": "new",
        "changes": 2,
        "hours": 3,
        "lessons": 8,
    }
    assert PlanTopic.objects.count() == 2


def test_the_command_tells_the_wrong_cells(cast: Cast, book_file: Callable[..., str], capsys: Any) -> None:
    path = book_file(Алгебра_8=[(1, "Корни", "Тема", "два", None)])

    assert main(["plan", "import", path, "--org", cast.organisation.slug, "--year", "2026/27"]) == 1

    assert "«Алгебра 8», D2: «два» — не целое число от 1 до 99." in capsys.readouterr().out
    assert not PlanTopic.objects.exists()
