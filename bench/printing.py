"""A year's register of one class as PDF: our whole path against Typst alone on the same source and the same JSON.

Every measurement runs in a new process: Typst remembers what it laid out, so a repeat in one process measures a cache.
"""

import random
import statistics
import subprocess
import sys
import time
from datetime import date, timedelta
from typing import Any

ROUNDS = 3
COURSES, PUPILS, WEEKS = 15, 30, 34
LIMIT_S, LIMIT_RATIO = 3.0, 1.5
WEEKLY_HOURS = (5, 4, 3, 3, 3, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1)
TERMS = ((0, 8, "I четверть"), (8, 16, "II четверть"), (16, 26, "III четверть"), (26, 34, "IV четверть"))
FIRST_DAY, ISSUED_ON = date(2025, 9, 1), date(2026, 9, 1)
MARKS = ("5", "4", "4", "3", "3", "2", "4/3", "5/4", "н", "н", "н 4", "б")


def register_of_a_year(*, seed: int) -> dict[str, Any]:
    """Return data of the form class_register: 15 courses, 30 pupils, 34 weeks, about a third of the cells filled."""
    chance = random.Random(seed)
    names = [f"Фамильский-{chance.randrange(1000)} Имярек {number}" for number in range(1, PUPILS + 1)]
    people = [{"number": number, "name": name} for number, name in enumerate(names, 1)]
    return {
        "organisation": "Муниципальное бюджетное общеобразовательное учреждение «Средняя школа № 17»",
        "place": "г. Заречный",
        "school_class": "7А",
        "year": "2025/2026",
        "period": "учебный год",
        "class_teacher": "Орлова Мария Петровна",
        "deputy": "Седова А. И.",
        "director": "Громов В. С.",
        "printed_on": "2026-06-10",
        "pupils": [person | {"alphabet_number": f"Ф/{person['number']}", "note": ""} for person in people],
        "courses": [_course(index, people, chance) for index in range(COURSES)],
        "attendance": {
            "periods": [title for _, _, title in TERMS] + ["Год"],
            "measures": ["уроков", "по болезни", "уважит.", "без причины", "опозданий"],
            "rows": [person | {"cells": [str(chance.randrange(40)) for _ in range(25)]} for person in people],
        },
        "legend": [{"sign": "н", "meaning": "отсутствие на уроке"}],
    }


def _course(index: int, people: list[dict[str, Any]], chance: random.Random) -> dict[str, Any]:
    lessons: list[dict[str, Any]] = []
    columns: list[dict[str, Any]] = []
    hours = WEEKLY_HOURS[index]
    for first, last, title in TERMS:
        for week in range(first, last):
            for hour in range(hours):
                day = FIRST_DAY + timedelta(weeks=week, days=hour)
                columns.append({"lesson": len(lessons), "work": chance.choice(("", "", "УО", "СР", "КР"))})
                lessons.append(
                    {
                        "date": day.isoformat(),
                        "number": chance.randrange(1, 8),
                        "topic": f"Решение задач по теме раздела {chance.randrange(90)}, повторение пройденного",
                        "homework": f"§ {chance.randrange(60)}, № {chance.randrange(900)}, вопросы в конце параграфа",
                        "teacher": "",
                    }
                )
        columns.append({"result": title})
    columns.append({"result": "Год"})
    rows = [
        person | {"note": "", "cells": [chance.choice(MARKS) if chance.random() < 0.35 else "" for _ in columns]}
        for person in people
    ]
    return {
        "subject": f"Предмет {index + 1}",
        "group": "",
        "teachers": ["Ильина Татьяна Юрьевна"],
        "hours": f"{hours} ч в неделю",
        "lessons": lessons,
        "columns": columns,
        "rows": rows,
    }


def seconds_of_our_path(seed: int) -> float:
    """Return the time from the dict to the finished bytes, editions and fonts found anew."""
    from letopis.core.typst import render

    data = register_of_a_year(seed=seed)
    started = time.perf_counter()
    render(("register", "class_register", ISSUED_ON), data, issued_on=ISSUED_ON)
    return time.perf_counter() - started


def seconds_of_typst_alone(seed: int) -> float:
    """Return the time of one bare call of Typst with source, JSON and font folder at hand."""
    import typst

    from letopis.core.typst import FONTS, as_json, find_form

    source = find_form("register", "class_register", on=ISSUED_ON).source
    files = {"main": source, "data.json": as_json(register_of_a_year(seed=seed))}
    started = time.perf_counter()
    typst.compile(
        files, format="pdf", font_paths=[str(FONTS)], ignore_system_fonts=True, pdf_standards="a-2u", pdf_tags=False
    )
    return time.perf_counter() - started


PATHS = {"ours": seconds_of_our_path, "typst": seconds_of_typst_alone}


def rows() -> list[tuple[str, str, str, str]]:
    """Return lines of the table of `make bench`: what, figure, target, verdict. Rounds of both paths alternate."""
    taken: dict[str, list[float]] = {name: [] for name in PATHS}
    for seed in range(ROUNDS):
        for name, seconds in taken.items():
            command = [sys.executable, "-m", "bench.printing", name, str(seed)]
            seconds.append(float(subprocess.run(command, check=True, capture_output=True, text=True).stdout))
    ours, alone = (statistics.median(taken[name]) for name in ("ours", "typst"))
    what = f"register of a class, {COURSES} courses × {PUPILS} pupils × {WEEKS} weeks, as PDF"
    return [
        (what, f"{ours:.2f} s", f"≤ {LIMIT_S:g} s", _verdict(ours <= LIMIT_S)),
        (
            "the same, against Typst alone",
            f"{ours / alone:.2f} ×",
            f"≤ {LIMIT_RATIO:g} ×",
            _verdict(ours <= LIMIT_RATIO * alone),
        ),
    ]


def _verdict(is_met: bool) -> str:
    return "met" if is_met else "MISSED"


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(PATHS[sys.argv[1]](int(sys.argv[2])))
    else:
        for row in rows():
            print(" | ".join(row))
