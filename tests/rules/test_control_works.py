"""How many control works a class may have, and when not."""

from dataclasses import replace
from datetime import date

import pytest

from letopis.rules.control_works import ControlWork, excesses, may_place
from letopis.rules.policy import DEFAULT_POLICY, Policy

FRIDAY = date(2026, 11, 20)
WEEK_OF_TWO = replace(DEFAULT_POLICY, control_works_per_week=2)
NO_FRIDAYS = replace(DEFAULT_POLICY, control_work_weekdays_to_avoid=(5,))
FREE = replace(
    DEFAULT_POLICY,
    control_works_per_day=None,
    control_work_interval_days=None,
    control_work_percent_of_lessons=None,
    control_work_not_first_or_last=False,
)


def work(task: int = 1, *, on: date = FRIDAY, number: int = 3, subject: int = 1, course: int = 1, **more: int):
    facts = {"first": 1, "last": 6, "weekly_lessons": 3, "year_lessons": 102} | more
    return ControlWork(task, on, number, subject=subject, course=course, title=f"Предмет {subject}, КР", **facts)


@pytest.mark.parametrize(
    ("asked", "others", "policy", "codes"),
    [
        (work(), [], DEFAULT_POLICY, []),
        (work(), [work()], DEFAULT_POLICY, []),
        (work(), [work(2, subject=2, course=2)], DEFAULT_POLICY, ["SAME_DAY"]),
        (work(), [work(2, subject=2, course=2)], FREE, []),
        (work(), [work(2, course=2)], DEFAULT_POLICY, []),
        (work(), [work(2, on=date(2026, 11, 3))], DEFAULT_POLICY, []),
        (work(), [work(2, on=date(2026, 11, 4))], DEFAULT_POLICY, ["TOO_SOON"]),
        (work(), [work(2, on=date(2026, 12, 6))], DEFAULT_POLICY, ["TOO_SOON"]),
        (work(), [work(2, on=date(2026, 12, 7))], DEFAULT_POLICY, []),
        (work(), [work(2, on=date(2026, 11, 16), subject=2, course=2)], WEEK_OF_TWO, []),
        (
            work(),
            [work(2, on=date(2026, 11, 16), subject=2, course=2), work(3, on=date(2026, 11, 21), subject=3, course=3)],
            WEEK_OF_TWO,
            ["SAME_WEEK"],
        ),
        (
            work(),
            [work(2, on=date(2026, 11, 15), subject=2, course=2), work(3, on=date(2026, 11, 23), subject=3, course=3)],
            WEEK_OF_TWO,
            [],
        ),
        (work(number=1), [], DEFAULT_POLICY, ["EDGE_LESSON"]),
        (work(number=6), [], DEFAULT_POLICY, ["EDGE_LESSON"]),
        (work(number=6, weekly_lessons=1), [], DEFAULT_POLICY, []),
        (work(number=1, first=0, last=0), [], DEFAULT_POLICY, []),
        (work(number=1), [], FREE, []),
        (work(), [], NO_FRIDAYS, ["WEEKDAY"]),
        (work(on=date(2026, 11, 19)), [], NO_FRIDAYS, []),
        (work(year_lessons=20), [work(2, on=date(2026, 9, 10))], DEFAULT_POLICY, []),
        (work(year_lessons=19), [work(2, on=date(2026, 9, 10))], DEFAULT_POLICY, ["SHARE"]),
        (work(year_lessons=0), [work(2, on=date(2026, 9, 10))], DEFAULT_POLICY, []),
    ],
)
def test_limits(asked: ControlWork, others: list[ControlWork], policy: Policy, codes: list[str]) -> None:
    assert [one.code for one in excesses(asked, others, policy=policy)] == codes


def test_a_warning_refuses_only_where_the_school_says_so() -> None:
    found = excesses(work(number=1), [work(2, subject=2, course=2)], policy=DEFAULT_POLICY)
    hard = replace(DEFAULT_POLICY, control_work_hard_limits=("EDGE_LESSON",))

    assert may_place(found, policy=DEFAULT_POLICY)
    assert may_place((), policy=hard)
    assert may_place(found, policy=hard).code == "EDGE_LESSON"


def test_a_sentence_says_what_stands_there() -> None:
    near = excesses(work(), [work(2, on=date(2026, 11, 16)), work(3, on=date(2026, 11, 4))], policy=DEFAULT_POLICY)

    assert [one.sentence for one in near] == [
        "По этому предмету работа уже стоит 16.11.2026, между ними дней: 4. Рекомендуется не чаще раза в 17 дней."
    ]
