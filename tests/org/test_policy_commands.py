"""`letopis policy`: shipped acts without a database, a school's own editions, files."""

import json

import pytest
from django.db import connection

from letopis.config.cli import main
from letopis.rules.policy import variables
from letopis.rules.policy.file import read_edition
from letopis.rules.policy.published import published
from tests.org.acts import edition

ON = ["--on", "2026-11-16"]


def told(capsys, *arguments: str, code: int = 0) -> str:
    assert main(["policy", *arguments]) == code
    out, err = capsys.readouterr()
    assert (err == "") == (code != 2)
    return err if code == 2 else out


def test_shows_what_an_act_states_with_its_clauses(capsys):
    text = told(capsys, "show", "--act", "nevinnomyssk-11", *ON)

    assert text.startswith(
        "Приказ № 478-од от 20.12.2021 (школа № 11 г. Невинномысска)\n"
        "Действует с 10.01.2022, показано на 16.11.2026.\n\nОтметки и работы\n"
    )
    assert "  Срок записи домашнего задания [homework_limit]: в день урока\n    Положение, п. 2.2\n" in text
    assert "  Вход" not in text
    assert "[work_kinds]" not in text
    silent = len(variables()) - len(published("nevinnomyssk-11").editions[0].values)
    assert text.endswith(
        f"\n\nОстальные переменные, {silent}: акт об этом молчит, действуют закон и значения по умолчанию. "
        "Показать: --all.\n"
    )


def test_shows_on_request_what_an_act_is_silent_on(capsys):
    text = told(capsys, "show", "--act", "kerch-28", "--all", *ON)

    assert text.count("\n    акт об этом молчит; ") == len(variables()) - len(published("kerch-28").editions[0].values)
    assert (
        "  Контрольных работ класса в день [control_works_per_day]: 1 работа\n"
        "    акт об этом молчит; письма Минпросвещения № СК-228/03 и Рособрнадзора № 01-169/08-01 от 06.08.2021\n"
    ) in text
    assert (
        "  Отметка отсутствующему [mark_for_absent]: переспросить учителя\n    акт об этом молчит; по умолчанию\n"
        in text
    )
    assert "Показать: --all" not in text


def test_shows_an_act_as_data(capsys):
    shown = json.loads(told(capsys, "show", "--act", "kerch-28", "--json", *ON))

    assert {name: shown[name] for name in ("act", "in_force_from", "in_force_to", "on")} == {
        "act": "kerch-28", "in_force_from": "2021-09-01", "in_force_to": None, "on": "2026-11-16",
    }  # fmt: skip
    assert next(one for one in shown["values"] if one["name"] == "term_mark_limit") == {
        "name": "term_mark_limit",
        "title": "Срок отметок за период",
        "section": "Сроки записей",
        "value": {"amount": -3, "unit": "DAYS", "since": "PERIOD_END"},
        "words": ["за 3 календарных дня до конца периода"],
        "default": {"amount": 0, "unit": "DAYS", "since": "PERIOD_END"},
        "layer": "SCHOOL",
        "silent": False,
        "since": "2021-09-01",
        "clause": (
            "Положение о хранении работ обучающегося при переходе на безбумажный журнал (школа № 28 г. Керчи), п. 4.1.5"
        ),
        "note": "дни календарные; сам третий день до последнего дня периода ещё в сроке",
    }


def test_shows_all_variables_as_data_on_request(capsys):
    shown = json.loads(told(capsys, "show", "--act", "model", "--all", "--json", *ON))

    assert [one["name"] for one in shown["values"]] == list(variables())
    assert {one["name"] for one in shown["values"] if not one["silent"]} == set(published("model").editions[0].values)


@pytest.mark.parametrize("verb", ["show", "export", "compare"])
def test_tells_that_an_act_was_not_in_force_yet(capsys, verb):
    other = ["--with", "model"] if verb == "compare" else []

    text = told(capsys, verb, "--act", "nevinnomyssk-11", "--on", "2022-01-09", *other, code=2)

    assert text == "«nevinnomyssk-11»: на 09.01.2022 редакции ещё нет, первая действует с 10.01.2022.\n"


def test_tells_which_acts_there_are(capsys):
    text = told(capsys, "show", "--act", "neman", *ON, code=2)

    assert text == "Акта «neman» нет. Есть: accounting, kerch-28, model, neman-1, nevinnomyssk-11.\n"


def test_lists_the_shipped_acts(capsys):
    lines = told(capsys, "acts").splitlines()

    assert [line.split()[0] for line in lines] == ["accounting", "kerch-28", "model", "neman-1", "nevinnomyssk-11"]
    assert lines[3].startswith("neman-1          с 15.12.2021, переменных 42: Положение о порядке ведения учёта")


def test_exports_a_file_that_check_takes(capsys, tmp_path):
    path = tmp_path / "edition.toml"

    path.write_text(told(capsys, "export", "--act", "model", *ON), encoding="utf-8")

    assert read_edition(path.read_text("utf-8")) == published("model").editions[0]
    assert told(capsys, "check", str(path)) == "Файл годен: «model», с 01.09.2013, переменных 48.\n"


def test_check_tells_every_problem_with_line_and_field(capsys, tmp_path):
    path = tmp_path / "edition.toml"
    path.write_text(
        '[edition]\nact = "x"\ntitle = "Положение"\nin_force_from = 2026-09-01\n\n'
        '[values.sign_in]\nvalue = "KEY"\n\n[values.sign_on]\nvalue = 1\nclause = "п. 1"\n',
        encoding="utf-8",
    )

    assert told(capsys, "check", str(path), code=1).splitlines() == [
        f"{path}: строка 6, values.sign_in: Не назван пункт акта: clause = «п. …». Без пункта «Способ входа» "
        "не принимается.",
        f"{path}: строка 7, values.sign_in.value: «KEY» – не из списка. Можно: PASSWORD (логин и пароль школы), "
        "STATE (только ЕСИА), BOTH (оба), BY_AGE (по возрасту).",
        f"{path}: строка 9, values.sign_on: Переменной «sign_on» нет. Возможно, это «sign_in».",
    ]


def test_check_tells_a_file_in_another_encoding(capsys, tmp_path):
    path = tmp_path / "edition.toml"
    path.write_bytes('[edition]\ntitle = "Положение"\n'.encode("cp1251"))

    assert told(capsys, "check", str(path), code=1) == (
        f"{path}: строка 2: файл не в кодировке UTF-8. Сохраните его в UTF-8 и проверьте снова.\n"
    )


def test_check_takes_a_file_saved_by_notepad(capsys, tmp_path):
    path = tmp_path / "edition.toml"
    path.write_text(told(capsys, "export", "--act", "kerch-28", *ON), "utf-8-sig")

    assert told(capsys, "check", str(path)).startswith("Файл годен: «kerch-28»")


def test_check_tells_a_file_that_is_not_there(capsys, tmp_path):
    path = tmp_path / "none.toml"

    assert told(capsys, "check", str(path), code=2) == f"Файл «{path}» не открывается: No such file or directory.\n"


def test_compares_two_acts(capsys):
    text = told(capsys, "compare", "--act", "neman-1", "--with", "kerch-28", *ON)

    assert (
        "\nСрок отметок за период [term_mark_limit]\n"
        "  А: до конца последнего дня периода (акт об этом молчит)\n"
        "  Б: за 3 календарных дня до конца периода (п. 4.1.5)\n"
    ) in text
    assert (
        "\nСрок хранения книги выдачи аттестатов [keep_certificate_book]\n"
        "  А: 75 л. (п. 2.14.2)\n  Б: 50 л. (п. 4.4.4)\n"
    ) in text
    assert "[keep_register]" not in text


def test_tells_that_nothing_differs(capsys):
    text = told(capsys, "compare", "--act", "neman-1", "--with", "neman-1", *ON)

    assert text.endswith("\nНа 16.11.2026 переменные не различаются.\n")


def test_tells_a_day_that_is_none(capsys):
    with pytest.raises(SystemExit):
        main(["policy", "show", "--act", "neman-1", "--on", "2026-13-45"])

    assert "--on: день «2026-13-45» не читается: пишите 2026-10-05 или 05.10.2026" in capsys.readouterr().err


def test_tells_that_the_database_has_no_tables(capsys, monkeypatch, db):
    monkeypatch.setattr(connection.introspection, "table_names", lambda *_args: [])

    assert told(capsys, "show", "--org", "demo", code=2) == "В базе нет таблиц. Создайте их: letopis migrate.\n"


def test_compares_two_acts_as_data(capsys):
    differing = json.loads(told(capsys, "compare", "--act", "neman-1", "--with", "kerch-28", "--json", *ON))

    assert (differing["act"]["act"], differing["with"]["act"]) == ("neman-1", "kerch-28")
    sides = {one["act"]["name"]: (one["act"]["value"], one["with"]["value"]) for one in differing["differ"]}
    assert sides["gia_acquainted_by"] == ("классный руководитель", "заместитель директора, под роспись")
    assert "keep_register" not in sides


@pytest.mark.django_db
def test_tells_that_a_school_is_not_there(capsys):
    assert told(capsys, "show", "--org", "nowhere", *ON, code=2) == "Организации «nowhere» нет.\n"


def test_tells_that_a_school_has_adopted_nothing(capsys, cast):
    text = told(capsys, "show", "--org", cast.organisation.slug, code=2)

    assert text == (
        f"«{cast.organisation.slug}»: редакций ещё нет, действуют закон и значения по умолчанию. "
        "Сравнить готовые акты: letopis policy acts.\n"
    )


def test_shows_exports_and_compares_the_editions_of_a_school(capsys, cast):
    slug = cast.organisation.slug
    edition(cast.organisation, {"keep_register": {"value": "10 л.", "clause": "п. 6.1", "note": "с запасом"}})

    shown = told(capsys, "show", "--org", slug)
    exported = read_edition(told(capsys, "export", "--org", slug))
    compared = told(capsys, "compare", "--org", slug, "--with", "kerch-28")

    assert (
        "Действует с 01.09.2026, показано на 16.11.2026.\n\nХранение и личные дела\n"
        "  Срок хранения журнала [keep_register]: 10 л.\n    п. 6.1 – прочитано так: с запасом\n"
    ) in shown
    assert {name: said.value for name, said in exported.values.items()} == {"keep_register": "10 л."}
    assert "\nСрок хранения журнала [keep_register]\n  А: 10 л. (п. 6.1)\n  Б: 5 л. (п. 4.1.8)\n" in compared


def test_the_day_before_the_first_edition_of_a_school_is_told(capsys, cast):
    edition(cast.organisation, {"keep_register": {"value": "10 л.", "clause": "п. 6.1"}})

    text = told(capsys, "show", "--org", cast.organisation.slug, "--on", "2026-08-31", code=2)

    assert text == (f"«{cast.organisation.slug}»: на 31.08.2026 редакции ещё нет, первая действует с 01.09.2026.\n")
