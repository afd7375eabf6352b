"""Every group of pupils gets the hours of the curriculum."""

from fractions import Fraction

import pytest

from letopis.rules.curriculum import CurriculumRow, WorkloadRow, workload_problems

ENGLISH = "Иностранный язык"


def work(hours: int | Fraction, subgroup: str = "", *, subject: str = ENGLISH, teacher: str = "Копылов") -> WorkloadRow:
    return WorkloadRow("7А", subject, hours, subgroup, teacher)


@pytest.mark.parametrize(
    ("workload", "expected"),
    [
        ([work(3)], []),
        ([work(2), work(1, teacher="Нечаева")], []),
        ([work(3, "1 подгруппа"), work(3, "2 подгруппа")], []),
        ([work(1), work(2, "1 подгруппа"), work(2, "2 подгруппа")], []),
        ([work(3, subject="ИНОСТРАННЫЙ  язык")], []),
        ([], [("NO_WORKLOAD", "", 3, 0)]),
        ([work(2)], [("HOURS_DIFFER", "", 3, 2)]),
        ([work(3), work(3)], [("HOURS_DIFFER", "", 3, 6)]),
        ([work(Fraction(5, 2))], [("HOURS_DIFFER", "", 3, Fraction(5, 2))]),
        ([work(3, "1 подгруппа"), work(2, "2 подгруппа")], [("HOURS_DIFFER", "2 подгруппа", 3, 2)]),
        ([work(3, "1 подгруппа")], [("SUBGROUP_MISSING", "2 подгруппа", 3, None)]),
        ([work(3), work(1, subject="Танцы")], [("NOT_IN_CURRICULUM", "", None, 1)]),
        ([work(3, teacher="")], [("VACANCY", "", None, 3)]),
    ],
)
def test_compares_hours_per_group(workload: list[WorkloadRow], expected: list[tuple[object, ...]]) -> None:
    curriculum = [CurriculumRow("7А", ENGLISH, 3)]

    problems = workload_problems(curriculum, workload, subgroups={("7А", ""): ["1 подгруппа", "2 подгруппа"]})

    assert [(one.code, one.subgroup, one.expected, one.found) for one in problems] == expected


def test_subgroups_of_a_subject_stand_over_those_of_the_class() -> None:
    curriculum = [CurriculumRow("7А", "Труд", 2)]
    workload = [work(2, "мальчики", subject="Труд"), work(2, "девочки", subject="Труд")]
    subgroups = {("7А", ""): ["1 подгруппа", "2 подгруппа"], ("7А", "Труд"): ["мальчики", "девочки"]}

    assert workload_problems(curriculum, workload, subgroups=subgroups) == []


def test_finds_a_subject_that_stands_twice_in_the_curriculum() -> None:
    curriculum = [CurriculumRow("7А", ENGLISH, 3, row=2), CurriculumRow("7А", ENGLISH, 3, row=9)]

    problems = workload_problems(curriculum, [work(3)])

    assert [(one.code, one.curriculum_row) for one in problems] == [("CURRICULUM_TWICE", 9)]


def test_says_the_difference_in_words_and_names_the_rows() -> None:
    curriculum = [CurriculumRow("7А", ENGLISH, 3, row=5)]
    workload = [WorkloadRow("7А", ENGLISH, Fraction(5, 2), "1 подгруппа", "Копылов", row=8)]

    (problem,) = workload_problems(curriculum, workload)

    assert problem.sentence == "7А, Иностранный язык, 1 подгруппа: в учебном плане 3 ч в неделю, а в нагрузке 2,5."
    assert (problem.severity, problem.curriculum_row, problem.workload_rows) == ("error", 5, (8,))
