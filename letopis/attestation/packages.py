"""Content of the archived statements of a class: results of the periods and of the year, decisions of the council."""

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any

from letopis.archive.models import Package
from letopis.archive.units import Code, Column, Print, Table, Unit, class_head
from letopis.archive.units.tables import DAY, INTEGER
from letopis.attestation.models import CouncilDecision, YearMark
from letopis.attestation.prints import consolidated_statement
from letopis.attestation.queries.statement import Statement, statement_of
from letopis.register.models import TermMark
from letopis.register.packages.changes import CHANGE_CODES, Subject, changes_table
from letopis.register.packages.codes import RESULT_CODES
from letopis.register.packages.people import Moments, PackagedPupil, employee_names, pupils_of_class, pupils_table
from letopis.register.packages.tables import YEAR, results_table
from letopis.rules.attestation import decision_text
from letopis.rules.policy.editions import Editions
from letopis.rules.policy_snapshot import policy_snapshot
from letopis.rules.results import result_sign
from letopis.schooling.models import AcademicYear, SchoolClass

NO_DECISIONS = "без решений педагогического совета"

_DECISION_CODES = tuple(Code("decision", one.value, "", str(one.label)) for one in CouncilDecision.Decision)
_SAID = ("put_at", "put_by_id", "changes", "pk")
Row = tuple[Any, ...]


def statements_unit(school_class: SchoolClass, *, made_on: date, policies: Editions) -> Unit:
    """Return the statements of a class for its year. About twenty queries, whatever the size of the class.

    school_class: with its year and organisation joined in. made_on: the day of building.
    policies: the unit keeps the one in force at the end of the year.
    Without decisions of the council the unit says so; a decision recorded later makes the next version (C-009).
    """
    year = school_class.year
    policy = policies.of_period(year.ends_on, today=made_on)
    found = statement_of(school_class, term_number=None, today=made_on, policy=policy)
    pupils = pupils_of_class(school_class)
    rows = _results(school_class, pupils)
    decisions = list(
        CouncilDecision.objects.filter(year=year, pupil__in=pupils).select_related("pupil__person").order_by("pk")
    )
    decisions.sort(key=lambda one: pupils[one.pupil_id].number)
    moments, names = Moments(school_class.organisation), employee_names(school_class.organisation)
    title = f"Сводная ведомость учёта успеваемости {school_class.title} класса за {year.label} учебный год"
    return Unit(
        head=class_head(
            school_class,
            kind=Package.Kind.STATEMENTS.value,
            title=title,
            made_on=made_on,
            remarks=_remarks(year, found, decisions),
        ),
        prints=(
            Print(
                path="1_documents/consolidated.pdf",
                title=title,
                form=("attestation", "consolidated_statement", year.ends_on),
                data=partial(consolidated_statement, school_class, on=made_on, policy=policy),
            ),
        ),
        tables=(
            pupils_table(pupils.values()),
            _subjects(found),
            results_table(
                (
                    (
                        pupils[pupil].book_number, pupils[pupil].name, subject, period, value, result_sign(value),
                        moments(at), names.get(by, ""), changes,
                    )
                    for pupil, subject, period, value, at, by, changes, _pk, _model in rows
                    if value
                ),
                title="Отметки за периоды и за год",
            ),
            _decisions(decisions, pupils, grade=school_class.grade),
            changes_table(_changed(rows, decisions, pupils), moments=moments),
        ),
        codes=(*RESULT_CODES, *_DECISION_CODES, *CHANGE_CODES),
        policy=policy_snapshot(policy),
    )  # fmt: skip


def _results(school_class: SchoolClass, pupils: Mapping[int, PackagedPupil]) -> list[Row]:
    """Return results of terms and of the year, by pupil and subject, the year after its terms. Two queries."""
    of_terms = (
        TermMark.objects.filter(term__year=school_class.year_id, pupil__in=pupils)
        .order_by("term__starts_on", "pk")
        .values_list("pupil_id", "subject__name", "term__title", "value", *_SAID, "subject__sort_key")
    )
    of_year = (
        YearMark.objects.filter(year=school_class.year_id, pupil__in=pupils)
        .order_by("pk")
        .values_list("pupil_id", "subject__name", "value", *_SAID, "subject__sort_key")
    )
    rows = [(*row[:-1], "register.TermMark", row[-1]) for row in of_terms]
    rows += [(*row[:2], YEAR, *row[2:-1], "attestation.YearMark", row[-1]) for row in of_year]
    # The sort is stable, so that the periods of a subject keep their order.
    rows.sort(key=lambda row: (pupils[row[0]].number, row[-1]))
    return [row[:-1] for row in rows]


def _subjects(found: Statement | None) -> Table:
    return Table(
        name="subjects",
        title="Предметы ведомости",
        columns=(
            Column("number", "номер по порядку", INTEGER),
            Column("subject", "предмет"),
            Column("part", "часть учебного плана"),
            Column("scale", "система оценивания"),
        ),
        rows=[
            (number, head.subject.name, head.subject.get_part_display(), head.subject.get_scale_display())
            for number, head in enumerate(found.subjects if found else (), 1)
        ],
    )


def _decisions(decisions: list[CouncilDecision], pupils: Mapping[int, PackagedPupil], *, grade: int) -> Table:
    return Table(
        name="decisions",
        title="Решения педагогического совета",
        columns=(
            Column("pupil", "номер по алфавитной книге, как в pupils.csv"),
            Column("pupil_name", "фамилия, имя, отчество"),
            Column("decision", "решение", codes="decision"),
            Column("text", "решение словами"),
            Column("protocol_number", "номер протокола"),
            Column("protocol_on", "день протокола", DAY),
        ),
        rows=[
            (
                pupils[one.pupil_id].book_number, pupils[one.pupil_id].name, one.decision,
                decision_text(one.decision, grade=grade, is_female=one.pupil.person.sex == "F"),
                one.protocol_number, one.protocol_on,
            )
            for one in decisions
        ],
    )  # fmt: skip


def _changed(
    rows: list[Row], decisions: list[CouncilDecision], pupils: Mapping[int, PackagedPupil]
) -> dict[str, Subject]:
    found = {
        f"{model}:{pk}": Subject(
            f"отметка за период: {period}", pupils[pupil].book_number, pupils[pupil].name, subject,
            is_told_in_full=True,
        )
        for pupil, subject, period, value, _at, _by, changes, pk, model in rows
        if changes or not value
    }  # fmt: skip
    for one in decisions:
        pupil = pupils[one.pupil_id]
        found[f"attestation.CouncilDecision:{one.pk}"] = Subject(
            "решение педагогического совета", pupil.book_number, pupil.name
        )
    return found


def _remarks(year: AcademicYear, found: Statement | None, decisions: list[CouncilDecision]) -> tuple[str, ...]:
    """Return what the statements lack; pupils who left during the year are not decided on."""
    undecided = found.undecided if found else 0
    said = {
        "учебный год не закрыт, сведения на день сборки": year.state == AcademicYear.State.OPEN,
        NO_DECISIONS: not decisions,
        f"обучающихся без решения педагогического совета: {undecided}": bool(decisions and undecided),
        "итоговых отметок нет": found is None or found.judged is None,
    }
    return tuple(remark for remark, holds in said.items() if holds)
