import argparse
import json
from pathlib import Path

import pytest

from letopis.archive.commands import register


def run(*words: str) -> int:
    parser = argparse.ArgumentParser(prog="letopis")
    register(parser.add_subparsers(required=True))
    args = parser.parse_args(["archive", *words])
    code = args.func(args)
    assert isinstance(code, int)
    return code


def test_a_whole_package_ends_with_zero(package: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("verify", str(package)) == 0

    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("Прочитано файлов: 11, байтов: ")
    assert lines[1].startswith("SHA-512 манифеста: ")
    assert lines[2:] == ["Повреждений нет."]


def test_a_damaged_package_ends_with_one_and_names_the_file(bag: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (bag / "data/2_tables/marks.csv").unlink()

    assert run("verify", str(bag)) == 1

    lines = capsys.readouterr().out.splitlines()
    assert (lines[0], lines[-1]) == ("Нет файла: data/2_tables/marks.csv.", "Найдено нарушений: 1.")


def test_programs_get_json(bag: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (bag / "data/лишний").touch()

    assert run("verify", str(bag), "--json") == 1

    answer = json.loads(capsys.readouterr().out)
    assert (answer["ok"], answer["kind"], answer["files"]) == (False, "bag", 11)
    assert answer["problems"] == [
        {
            "kind": "extra",
            "path": "data/лишний",
            "expected": "",
            "found": "",
            "sentence": "Лишний файл или папка, описи их не знают: data/лишний.",
        }
    ]


@pytest.mark.parametrize("as_json", [(), ("--json",)])
def test_a_path_that_is_no_utf_8_is_one_problem(as_json: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert run("verify", "/нет/\udcff", *as_json) == 1

    assert capsys.readouterr().out.encode()


@pytest.mark.parametrize("words", [(), ("verify",), ("verify", "a", "b"), ("unknown",)])
def test_wrong_usage_ends_with_two(words: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as leaving:
        run(*words)

    assert leaving.value.code == 2
