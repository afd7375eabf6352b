"""Workload against the curriculum: does every group get the hours it is owed."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from letopis.rules.names import match_key

Hours = Fraction | int
Place = tuple[str, str]
"""Class and subject."""


@dataclass(frozen=True, slots=True)
class CurriculumRow:
    """Hours a week that a class is owed in a subject."""

    school_class: str
    subject: str
    hours: Hours
    row: int = 0
    """Where the line stands in its source, for the message."""


@dataclass(frozen=True, slots=True)
class WorkloadRow:
    """Hours a week that a teacher gives a class, or a subgroup of it, in a subject."""

    school_class: str
    subject: str
    hours: Hours
    subgroup: str = ""
    """Empty for the whole class."""
    teacher: str = ""
    """Empty is a vacancy."""
    row: int = 0


@dataclass(frozen=True, slots=True)
class WorkloadProblem:
    """One difference between what is owed and what is given."""

    code: str
    """NO_WORKLOAD, NOT_IN_CURRICULUM, HOURS_DIFFER, SUBGROUP_MISSING, CURRICULUM_TWICE or VACANCY."""
    severity: str
    """`error`, or `warning` for a vacancy."""
    sentence: str
    school_class: str
    subject: str
    subgroup: str = ""
    expected: Fraction | None = None
    found: Fraction | None = None
    curriculum_row: int | None = None
    workload_rows: tuple[int, ...] = ()


def workload_problems(
    curriculum: Iterable[CurriculumRow],
    workload: Iterable[WorkloadRow],
    *,
    subgroups: Mapping[Place, Collection[str]] | None = None,
) -> list[WorkloadProblem]:
    """Return every difference, in the order of the curriculum, then of the workload.

    Hours are compared per subgroup: each subgroup of a split subject gets all the hours of the curriculum, counting
    lessons of the whole class with its own. Several teachers of one group are added up.
    subgroups: the subgroups of (class, subject), where an empty subject stands for every split subject of the class
    without its own; with them a split subject that forgets one is found.
    Individual plans have their own hours and do not come here.
    """
    owed = list(curriculum)
    given = list(workload)
    by_place: dict[Place, list[WorkloadRow]] = defaultdict(list)
    for row in given:
        by_place[_place(row)].append(row)
    names = {(match_key(key[0]), match_key(key[1])): tuple(value) for key, value in (subgroups or {}).items()}

    problems: list[WorkloadProblem] = []
    seen: set[Place] = set()
    for line in owed:
        place = _place(line)
        if place in seen:
            problems.append(_curriculum_twice(line))
            continue
        seen.add(place)
        of_class = names.get((place[0], ""), ())
        problems += _problems_of_line(line, by_place.get(place, []), subgroups=names.get(place, of_class))
    problems += [_not_in_curriculum(row) for row in given if _place(row) not in seen]
    problems += [_vacancy(row) for row in given if not row.teacher.strip()]
    return problems


def parse_hours(value: object) -> Fraction | None:
    """Return weekly hours of «3», «1,5», «0.5» or a number of a spreadsheet, exactly; None for anything else or ≤ 0."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float, Decimal)):
        return None
    try:
        hours = Decimal(str(value).strip().replace(",", "."))
    except InvalidOperation:
        return None
    return Fraction(hours) if hours.is_finite() and hours > 0 else None


def format_hours(hours: Hours) -> str:
    """Return «3» or «1,5»; a fraction without an end stays a fraction («1/3»)."""
    fraction = Fraction(hours)
    tenths = fraction * 100
    if tenths.denominator != 1:
        return str(fraction)
    whole, rest = divmod(int(tenths), 100)
    return f"{whole},{rest:02d}".rstrip("0") if rest else str(whole)


def _problems_of_line(
    line: CurriculumRow, rows: Sequence[WorkloadRow], *, subgroups: Collection[str]
) -> Iterable[WorkloadProblem]:
    if not rows:
        sentence = (
            f"{line.school_class}, {line.subject}: в учебном плане {format_hours(line.hours)} ч в неделю, "
            "а в нагрузке строки нет."
        )
        yield _problem("NO_WORKLOAD", line, sentence, expected=Fraction(line.hours), found=Fraction(0))
        return
    whole = [row for row in rows if not row.subgroup.strip()]
    split: dict[str, list[WorkloadRow]] = defaultdict(list)
    for row in rows:
        if row.subgroup.strip():
            split[match_key(row.subgroup)].append(row)
    for subgroup_rows in split.values() or [[]]:
        rows_of_group = [*whole, *subgroup_rows]
        found = sum((Fraction(row.hours) for row in rows_of_group), Fraction(0))
        if found != line.hours:
            subgroup = subgroup_rows[0].subgroup if subgroup_rows else ""
            yield _hours_differ(line, rows_of_group, subgroup=subgroup, found=found)
    if split:
        for name in subgroups:
            if match_key(name) not in split:
                sentence = (
                    f"{line.school_class}, {line.subject}: предмет делится на подгруппы, "
                    f"а для группы «{name}» нагрузки нет."
                )
                yield _problem("SUBGROUP_MISSING", line, sentence, subgroup=name, expected=Fraction(line.hours))


def _hours_differ(
    line: CurriculumRow, rows: Sequence[WorkloadRow], *, subgroup: str, found: Fraction
) -> WorkloadProblem:
    group = f", {subgroup}" if subgroup else ""
    return WorkloadProblem(
        code="HOURS_DIFFER",
        severity="error",
        sentence=(
            f"{line.school_class}, {line.subject}{group}: в учебном плане {format_hours(line.hours)} ч в неделю, "
            f"а в нагрузке {format_hours(found)}."
        ),
        school_class=line.school_class,
        subject=line.subject,
        subgroup=subgroup,
        expected=Fraction(line.hours),
        found=found,
        curriculum_row=line.row,
        workload_rows=tuple(row.row for row in rows),
    )


def _curriculum_twice(line: CurriculumRow) -> WorkloadProblem:
    sentence = f"{line.school_class}, {line.subject}: предмет стоит в учебном плане класса дважды."
    return _problem("CURRICULUM_TWICE", line, sentence)


def _problem(
    code: str,
    line: CurriculumRow,
    sentence: str,
    *,
    subgroup: str = "",
    expected: Fraction | None = None,
    found: Fraction | None = None,
) -> WorkloadProblem:
    return WorkloadProblem(
        code=code,
        severity="error",
        sentence=sentence,
        school_class=line.school_class,
        subject=line.subject,
        subgroup=subgroup,
        expected=expected,
        found=found,
        curriculum_row=line.row,
    )


def _not_in_curriculum(row: WorkloadRow) -> WorkloadProblem:
    return _workload_problem(
        "NOT_IN_CURRICULUM", "error", row, "в нагрузке предмет есть, а в учебном плане класса его нет."
    )


def _vacancy(row: WorkloadRow) -> WorkloadProblem:
    return _workload_problem("VACANCY", "warning", row, "учитель не назначен (вакансия).")


def _workload_problem(code: str, severity: str, row: WorkloadRow, what: str) -> WorkloadProblem:
    group = f", {row.subgroup}" if row.subgroup else ""
    return WorkloadProblem(
        code=code,
        severity=severity,
        sentence=f"{row.school_class}, {row.subject}{group}: {what}",
        school_class=row.school_class,
        subject=row.subject,
        subgroup=row.subgroup,
        found=Fraction(row.hours),
        workload_rows=(row.row,),
    )


def _place(row: CurriculumRow | WorkloadRow) -> Place:
    return match_key(row.school_class), match_key(row.subject)
