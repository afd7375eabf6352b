"""`register_unit`: the register of a class as a unit of the archive."""

from collections.abc import Mapping
from datetime import date
from functools import partial

from letopis.archive.models import Package
from letopis.archive.units import Print, Unit, class_head
from letopis.register.packages.changes import CHANGE_CODES, changes_table, printed_changes, register_subjects
from letopis.register.packages.codes import register_codes
from letopis.register.packages.facts import Facts, load_facts
from letopis.register.packages.tables import register_tables
from letopis.register.prints import class_register
from letopis.rules.policy.editions import Editions
from letopis.rules.policy_snapshot import policy_snapshot
from letopis.schooling.models import AcademicYear, SchoolClass


def register_unit(
    school_class: SchoolClass,
    *,
    made_on: date,
    year_results: Mapping[tuple[int, int], str] | None = None,
    policies: Editions,
) -> Unit:
    """Return the register of a class for its year. About twenty queries, whatever the size of the class.

    school_class: with its year and organisation joined in. made_on: the day of building.
    year_results: results of the year by pupil and subject, which attestation keeps.
    policies: the unit keeps the one in force at the end of the year.
    The pages are laid out only when the unit is stored.
    """
    year = school_class.year
    policy = policies.of_period(year.ends_on, today=made_on)
    facts = load_facts(school_class)
    changes = changes_table(register_subjects(facts), moments=facts.moments)
    title = f"Классный журнал {school_class.title} класса за {year.label} учебный год"
    return Unit(
        head=class_head(
            school_class,
            kind=Package.Kind.REGISTER.value,
            title=title,
            made_on=made_on,
            remarks=_remarks(year, facts),
        ),
        prints=(
            Print(
                path="1_documents/register.pdf",
                title=title,
                form=("register", "class_register", year.ends_on),
                data=partial(class_register, school_class, on=made_on, year_results=year_results, policies=policies),
            ),
            Print(
                path="1_documents/changes.pdf",
                title="Исправления, кроме причин отсутствия, указанных впервые",
                form=("register", "changes", year.ends_on),
                data=partial(printed_changes, school_class, changes, on=made_on),
            ),
        ),
        tables=(*register_tables(facts, year_results=year_results or {}, policy=policy), changes),
        codes=(*register_codes(policy), *CHANGE_CODES),
        policy=policy_snapshot(policy),
    )


def _remarks(year: AcademicYear, facts: Facts) -> tuple[str, ...]:
    said = {
        "учебный год не закрыт, сведения на день сборки": year.state == AcademicYear.State.OPEN,
        "в журнале нет уроков": not facts.lessons,
    }
    return tuple(remark for remark, holds in said.items() if holds)
