"""`letopis policy due | term-mark`: a shipped act judges without a database."""

import json
from typing import Any

import pytest

from letopis.config.cli import main

KR = ["--kind", "КР", "--grade", "8", "--subject", "Алгебра", "--lesson", "2026-10-05T10:20"]


@pytest.fixture(autouse=True)
def _demo_day(settings: Any) -> None:
    settings.LETOPIS_TODAY = "2026-11-16"


def ask(capsys: pytest.CaptureFixture[str], verb: str, *given: str) -> dict[str, Any]:
    """Return what a command answers with --json. No test here asks for the database, so none may be used."""
    assert main(["policy", verb, *given, "--json"]) == 0
    return dict(json.loads(capsys.readouterr().out))


def test_a_control_work_by_nevinnomyssk_has_seven_days(capsys: pytest.CaptureFixture[str]) -> None:
    answer = ask(capsys, "due", "--act", "nevinnomyssk-11", *KR)

    assert answer == {
        "due": "2026-10-12T23:59:59+03:00",
        "effective": "2026-10-12T23:59:59+03:00",
        "clause": answer["clause"],
        "steps": [
            "КР – письменная работа",
            "класс 8: 7 календарных дней",
            "со дня работы 05.10.2026 → 12.10.2026 23:59:59",
        ],
    }
    assert "п. 2.4" in answer["clause"]


@pytest.mark.parametrize(
    ("act", "given", "due", "effective"),
    [
        ("nevinnomyssk-11", [*KR, "--period-end", "2026-10-09"], "2026-10-12T23:59:59", "2026-10-09T23:59:59"),
        ("kerch-28", [*KR, "--period-end", "2026-10-12"], "2026-10-12T23:59:59", "2026-10-09T23:59:59"),
        ("nevinnomyssk-11", [*KR, "--worked-on", "2026-10-07"], "2026-10-14T23:59:59", "2026-10-14T23:59:59"),
        ("nevinnomyssk-11", [*KR[:3], "11", *KR[4:]], "2026-10-15T23:59:59", "2026-10-15T23:59:59"),
        ("model", ["--kind", "УО", *KR[2:]], "2026-10-05T23:59:59", "2026-10-05T23:59:59"),
        ("model", ["--kind", "кр-вшк", *KR[2:]], "2026-10-08T23:59:59", "2026-10-08T23:59:59"),
        (
            "model",
            ["--kind", "homework", "--lesson", "2026-10-05T10:20", "--lessons-end", "14:05"],
            "2026-10-05T15:35:00",
            "2026-10-05T15:35:00",
        ),
        (
            "kerch-28",
            ["--kind", "absence-reason", "--lesson", "2028-02-22T10:20"],
            "2028-02-29T23:59:59",
            "2028-02-29T23:59:59",
        ),
        ("kerch-28", ["--kind", "lesson", *KR[6:]], "2026-10-05T23:59:59", "2026-10-05T23:59:59"),
        ("kerch-28", ["--kind", "attendance", *KR[6:]], "2026-10-05T23:59:59", "2026-10-05T23:59:59"),
        ("nevinnomyssk-11", ["--kind", "absence", *KR[6:]], "2026-10-05T23:59:59", "2026-10-05T23:59:59"),
        (
            "kerch-28",
            ["--kind", "term-mark", "--period-end", "25.10.2026"],
            "2026-10-22T23:59:59",
            "2026-10-22T23:59:59",
        ),
    ],
)
def test_deadlines_of_the_shipped_acts(
    act: str, given: list[str], due: str, effective: str, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = ask(capsys, "due", "--act", act, *given)

    assert (answer["due"], answer["effective"]) == (f"{due}+03:00", f"{effective}+03:00")


@pytest.mark.parametrize(
    ("zone", "lesson", "due"),
    [
        ("Europe/Kaliningrad", "2026-10-05T10:20", "2026-10-12T23:59:59+02:00"),
        ("Asia/Kamchatka", "2026-10-05T10:20", "2026-10-12T23:59:59+12:00"),
        # Given by the clock of Moscow, it is already the next day in Kamchatka.
        ("Asia/Kamchatka", "2026-10-05T15:20+03:00", "2026-10-13T23:59:59+12:00"),
    ],
)
def test_deadlines_live_by_the_clock_of_the_school(
    zone: str, lesson: str, due: str, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = ask(capsys, "due", "--act", "nevinnomyssk-11", *KR[:6], "--lesson", lesson, "--time-zone", zone)

    assert answer["due"] == due


def test_a_grade_that_no_row_names_has_no_deadline(capsys: pytest.CaptureFixture[str]) -> None:
    answer = ask(capsys, "due", "--act", "nevinnomyssk-11", *KR[:3], "1", *KR[4:])

    assert (answer["due"], answer["effective"]) == (None, None)
    assert answer["steps"] == ["КР – письменная работа: срок отметок не задан."]


def test_a_deadline_is_told_in_lines(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "due", "--act", "nevinnomyssk-11", *KR, "--period-end", "2026-10-09"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == ["Срок: до 12.10.2026 23:59:59 (+0300)", "Действует: до 09.10.2026 23:59:59 (+0300)"]
    assert lines[-1].startswith("Основание: ")


def test_a_term_mark_is_exact(capsys: pytest.CaptureFixture[str]) -> None:
    answer = ask(capsys, "term-mark", "--act", "nevinnomyssk-11", "--marks", "5*5,2,4*3", "--hours", "3")

    assert {name: answer[name] for name in ("mark", "fraction", "threshold", "clause")} == {
        "mark": "4",
        "fraction": "13/3",
        "threshold": "3.5",
        "clause": "акт об этом молчит, по умолчанию: математическое округление",
    }
    assert (answer["marks"], answer["minimum_marks"], answer["enough_marks"]) == (3, 5, False)
    assert answer["steps"][0].startswith("(5·5 + 4·3 + 2·1) : 9 ≈ 4,33 (точно 13/3); порог четвёрки 3,5")


@pytest.mark.parametrize(
    ("marks", "hours", "mark", "fraction"),
    [
        ("5, 4 ,5,4", "0,5", "5", "9/2"),
        ("4/3*3,5,4", "1", "4", "39/10"),
        ("2", "1/2", "2", "2"),
        ("", "1", None, None),
    ],
)
def test_marks_are_read_as_they_are_written(
    marks: str, hours: str, mark: str | None, fraction: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = ask(capsys, "term-mark", "--act", "kerch-28", "--marks", marks, "--hours", hours)

    assert (answer["mark"], answer["fraction"]) == (mark, fraction)


def test_a_term_mark_is_told_in_lines(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "term-mark", "--act", "kerch-28", "--marks", "5,5,5", "--hours", "1"]) == 0

    assert capsys.readouterr().out == (
        "Отметка за период: 5\n"
        "(5·1×3) : 3 = 5,00; порог пятёрки 4,5 — акт об этом молчит, по умолчанию: математическое округление\n"
    )


DUE = ["due", "--act", "kerch-28"]
MARK = ["term-mark", "--act", "kerch-28"]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (["due", "--act", "kerch", *KR], "Акта «kerch» нет."),
        ([*DUE, *KR[:6]], "Укажите урок: --lesson 2026-10-05T10:20."),
        ([*DUE, *KR[:6], "--lesson", "вчера"], "Урок «вчера» не читается"),
        ([*DUE, "--kind", "ХХ", *KR[2:]], "Вида «ХХ» нет."),
        ([*DUE, *KR[:2], *KR[4:]], "Укажите класс от 1 до 11"),
        ([*DUE, *KR, "--period-end", "31.02.2026"], "День «31.02.2026» в --period-end не читается"),
        ([*DUE, *KR, "--next-lessons", "2026-10-06,завтра"], "День «завтра» в --next-lessons не читается"),
        ([*DUE, *KR, "--time-zone", "Mars/Phobos"], "Часового пояса «Mars/Phobos» нет"),
        ([*DUE, *KR, "--lessons-end", "10:00"], "Уроки кончаются в 10:00, раньше урока в 10:20"),
        ([*DUE, *KR, "--lessons-end", "полдень"], "Конец уроков «полдень» не читается"),
        ([*DUE, "--kind", "term-mark"], "Для отметки за период укажите последний день периода"),
        (
            [*DUE, *KR[:6], "--lesson", "2020-10-05T10:20"],
            "На 05.10.2020 акт не действует: его редакции – с",
        ),
        ([*MARK, "--marks", "6", "--hours", "1"], "Отметки «6» нет в шкале: можно 5, 4, 3, 2."),
        ([*MARK, "--marks", "5*0", "--hours", "1"], "Вес в «5*0» – ноль"),
        ([*MARK, "--marks", "5x3", "--hours", "1"], "«5x3» – не отметка"),
        ([*MARK, "--marks", "5", "--hours", "час"], "Часы в неделю «час» – не число"),
        ([*MARK, "--marks", "5", "--hours", "-1"], "Часов в неделю не бывает меньше нуля"),
        ([*MARK, "--marks", "5", "--hours", "1/0"], "Часы в неделю «1/0» – не число"),
        ([*MARK, "--marks", "5", "--hours", "1", "--on", "2020-01-01"], "На 01.01.2020 акт не действует"),
    ],
)
def test_a_question_that_cannot_be_read_gets_one_sentence(
    given: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["policy", *given]) == 2

    told = capsys.readouterr()
    assert told.out == ""
    assert sentence in told.err
    assert len(told.err.strip().splitlines()) == 1
