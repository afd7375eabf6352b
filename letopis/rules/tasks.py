"""Columns of marks of a lesson: how many, what a column may become, and when one may go."""

from collections.abc import Iterable
from datetime import date, timedelta

from letopis.rules.policy import Policy
from letopis.rules.russian import counted, short_date
from letopis.rules.verdict import ALLOWED, Verdict, refused

LONGEST_TITLE = 200
HEAVIEST = 9
"""The greatest weight of a column of its own."""


def may_add_task(*, how_many: int, policy: Policy) -> Verdict:
    """Say whether a lesson with so many columns may have one more."""
    if how_many < policy.maximum_tasks_of_lesson:
        return ALLOWED
    most = counted(policy.maximum_tasks_of_lesson, "столбец", "столбца", "столбцов")
    return refused(
        "TOO_MANY_TASKS",
        f"У урока уже {most} отметок — больше нельзя.",
        clause=policy.clause("maximum_tasks_of_lesson"),
    )


def may_be_task(
    *,
    kind: str,
    title: str,
    weight: int | None,
    worked_on: date | None,
    first: date,
    last: date,
    today: date,
    policy: Policy,
) -> Verdict:
    """Say whether a column may be described so.

    weight: None = as the kind of work says. worked_on: None = the day of the lesson.
    first, last: the academic year. Source: REG-011, REG-020.
    """
    if kind not in {one.code for one in policy.work_kinds}:
        return refused("UNKNOWN_KIND", f"Вида работы «{kind}» нет в списке.", clause=policy.clause("work_kinds"))
    if len(title) > LONGEST_TITLE:
        return refused("LONG_TITLE", f"Название работы длиннее {LONGEST_TITLE} знаков: сократите его.")
    if weight is not None and not 1 <= weight <= HEAVIEST:
        return refused("WRONG_WEIGHT", f"Вес — от 1 до {HEAVIEST}, а указано {weight}.")
    if worked_on is None:
        return ALLOWED
    if not first <= worked_on <= last:
        return refused(
            "DAY_OUTSIDE_YEAR", f"День работы — в учебном году: с {short_date(first)} по {short_date(last)}."
        )
    if worked_on > today + timedelta(days=policy.work_days_ahead):
        return refused("DAY_AHEAD", "Этот день ещё не наступил: работу, которой не было, датировать нельзя.")
    return ALLOWED


def may_have_components(*, components: int, values: Iterable[str]) -> Verdict:
    """Say whether a column may have one or two marks for a work, with these values standing in it (C-014)."""
    if components not in (1, 2):
        return refused("WRONG_COMPONENTS", "За работу ставят одну отметку или две.")
    marks = [value for value in values if value[:1].isdigit()]
    wrong = [value for value in marks if ("/" in value) != (components == 2)]
    if not wrong:
        return ALLOWED
    standing = "две отметки" if components == 1 else "одна отметка"
    where = counted(len(wrong), "клетке", "клетках", "клетках")
    return refused(
        "MARKS_STAND",
        f"В столбце уже стоит {standing} за работу — в {where}: сначала исправьте их или добавьте другой столбец.",
    )


def may_remove_task(*, ever_marked: bool, how_many: int) -> Verdict:
    """Say whether a column may be taken away: not one that ever held a mark, and not the only one of its lesson.

    ever_marked: a mark stands in it or stood; what was recorded is never deleted.
    """
    if ever_marked:
        return refused(
            "MARKS_WERE_PUT",
            "В этом столбце ставили отметки, поэтому убрать его нельзя: отметки можно исправить или стереть.",
        )
    if how_many <= 1:
        return refused("LAST_TASK", "Это единственный столбец урока: он нужен для посещаемости, убрать его нельзя.")
    return ALLOWED
