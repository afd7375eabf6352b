"""What changed in a thematic plan, and whether it may."""

from dataclasses import replace

import pytest

from letopis.rules.plan_changes import PlanItem, changes_between, matched, may_change

A, B, C = (PlanItem(key, f"Тема {key}", 2, section="Раздел") for key in "ABC")


@pytest.mark.parametrize(
    ("after", "changes"),
    [
        pytest.param([A, B, C], [], id="nothing"),
        pytest.param([A, B], [("DROPPED", "C", "Тема C, 2 ч", "")], id="dropped"),
        pytest.param([A, B, C, PlanItem("", "Новая", 1)], [("ADDED", "", "", "Новая, 1 ч")], id="added"),
        pytest.param([A, replace(B, hours=3), C], [("HOURS", "B", "2 ч", "3 ч")], id="hours"),
        pytest.param([A, replace(B, title="Иная"), C], [("RENAMED", "B", "Тема B", "Иная")], id="renamed"),
        pytest.param([B, C, A], [("MOVED", "A", "№ 1", "№ 3")], id="one topic moved, not two"),
        pytest.param(
            [A, replace(B, fate="NEXT_YEAR"), C], [("NEXT_YEAR", "B", "Тема B, 2 ч", "Тема B, 2 ч")], id="next year"
        ),
        pytest.param(
            [A, replace(B, fate="MODULES"), C], [("MODULES", "B", "Тема B, 2 ч", "Тема B, 2 ч")], id="modules"
        ),
        pytest.param(
            [A, replace(B, work_kind="КР"), C], [("DETAILS", "B", "Раздел; ; ; ", "Раздел; КР; ; ")], id="kind"
        ),
    ],
)
def test_names_what_changed(after: list[PlanItem], changes: list[tuple[str, str, str, str]]) -> None:
    found = changes_between([A, B, C], after)

    assert [(one.kind, one.key, one.before, one.after) for one in found] == changes


def test_a_topic_comes_back() -> None:
    away = replace(B, fate="NEXT_YEAR")

    assert [one.kind for one in changes_between([A, away], [A, B])] == ["RESTORED"]


@pytest.mark.parametrize(
    ("after", "code"),
    [
        ([replace(A, title="")], "NO_TITLE"),
        ([replace(A, title="т" * 501)], "LONG_TITLE"),
        ([replace(A, section="р" * 201)], "LONG_SECTION"),
        ([replace(A, homework="з" * 501)], "LONG_HOMEWORK"),
        ([replace(A, hours=0)], "WRONG_HOURS"),
        ([replace(A, hours=100)], "WRONG_HOURS"),
        ([replace(A, hours=1)], "HOURS_GIVEN"),
        ([replace(A, fate="NEXT_YEAR")], "TOPIC_GIVEN"),
        ([B], "TOPIC_GIVEN"),
        ([A, B], ""),
    ],
)
def test_says_whether_it_may(after: list[PlanItem], code: str) -> None:
    assert may_change([replace(A, given=2), B], after).code == code


def typed(*titles: str) -> list[PlanItem]:
    return [PlanItem("", title, 2, section="Раздел") for title in titles]


@pytest.mark.parametrize(
    ("titles", "keys"),
    [
        (("Тема A", "Тема B", "Тема C"), ["A", "B", "C"]),
        (("тема  A", "ТЕМА B", "Тема C"), ["A", "B", "C"]),
        (("Тема B", "Тема A", "Тема C"), ["B", "A", "C"]),
        (("Тема A", "Иная", "Тема C"), ["A", "B", "C"]),
        (("Тема A", "Вставка", "Тема B", "Тема C"), ["A", "", "B", "C"]),
        (("Тема C",), ["C"]),
        (("Тема A", "Тема A"), ["A", "B"]),
    ],
)
def test_finds_the_topics_of_a_file_in_the_plan(titles: tuple[str, ...], keys: list[str]) -> None:
    assert [item.key for item in matched([A, B, C], typed(*titles))] == keys


def test_what_the_school_decided_of_a_topic_outlives_a_file() -> None:
    [found] = matched([replace(A, fate="NEXT_YEAR", given=0, homework="§ 5")], typed("Тема A"))

    assert (found.fate, found.homework) == ("NEXT_YEAR", "§ 5")
