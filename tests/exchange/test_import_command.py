import json

import pytest

from letopis.config.cli import main
from letopis.exchange.models import ImportedRow
from letopis.org.models import Organisation
from tests.exchange.workbooks import SAMPLES, Book

pytestmark = pytest.mark.django_db


@pytest.fixture
def tiny(tmp_path):
    path = tmp_path / "tiny.xlsx"
    path.write_bytes(Book().saved().read())
    return path


def test_a_dry_run_prints_json_and_writes_nothing(tiny, capsys):
    code = main(["import", "school", str(tiny), "--org", "demo", "--dry-run", "--json"])

    report = json.loads(capsys.readouterr().out)
    assert code == 0
    assert report["sheets"]["Классы"] == {"created": 2, "changed": 0, "left": 0}
    assert report["problems"] == []
    assert Organisation.objects.count() == ImportedRow.objects.count() == 0


def test_an_error_gives_code_1_and_names_the_cell(tmp_path, capsys):
    path = tmp_path / "bad.xlsx"
    path.write_bytes(Book().put("Итоги прошлых лет", 2, "Отметка", 7).saved().read())

    code = main(["import", "school", str(path), "--org", "demo", "--json"])

    [problem] = json.loads(capsys.readouterr().out)["problems"]
    assert code == 1
    assert {key: problem[key] for key in ("severity", "sheet", "row", "column", "value")} == {
        "severity": "error",
        "sheet": "Итоги прошлых лет",
        "row": 2,
        "column": "Отметка",
        "value": "7",
    }
    assert problem["message"]
    assert problem["mend"]
    assert Organisation.objects.count() == 0


def test_what_is_no_workbook_gets_one_sentence_and_code_1(tmp_path, capsys):
    path = tmp_path / "notes.xlsx"
    path.write_text("не книга", encoding="utf-8")

    code = main(["import", "school", str(path), "--org", "demo"])

    assert code == 1
    assert len(capsys.readouterr().err.strip().splitlines()) == 1


def test_a_file_that_is_not_there_gets_one_sentence(tmp_path, capsys):
    code = main(["import", "school", str(tmp_path / "nowhere.xlsx"), "--org", "demo"])

    assert code == 1
    assert len(capsys.readouterr().err.strip().splitlines()) == 1


def test_the_shipped_school_imports(capsys):
    code = main(["import", "school", str(SAMPLES / "school-17.xlsx"), "--org", "demo", "--json"])

    report = json.loads(capsys.readouterr().out)
    assert code == 0
    assert report["sheets"]["Обучающиеся"]["created"] == 269
    assert report["problems"] == []


def test_a_person_reads_a_table(tiny, capsys):
    code = main(["import", "school", str(tiny), "--org", "demo"])

    out = capsys.readouterr().out
    assert code == 0
    assert "Обучающиеся" in out
    assert out.strip().endswith("Загружено.")
