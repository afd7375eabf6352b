"""The file of an edition: read and written as one object, every problem of it told with its line and field."""

import random
from collections.abc import Sequence
from dataclasses import MISSING, fields, is_dataclass, replace
from datetime import date
from fractions import Fraction
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

import pytest

from letopis.rules.policy import DEFAULT_POLICY, variables
from letopis.rules.policy.codec import BadValue, decode, encode
from letopis.rules.policy.consistency import contradictions
from letopis.rules.policy.editions import Edition, Stated
from letopis.rules.policy.file import PolicyFileError, Problem, read_edition, write_edition
from letopis.rules.policy.values import rules_of
from tests.rules.tables import rows

HEAD = '[edition]\nact = "school"\ntitle = "Положение"\nin_force_from = 2026-09-01\n'
BAD_VALUES, BAD_FILES = rows("policy_files", "values"), rows("policy_files", "files")


def problems(text: str) -> tuple[Problem, ...]:
    with pytest.raises(PolicyFileError) as wrong:
        read_edition(text)
    return wrong.value.problems


@pytest.mark.parametrize("row", BAD_VALUES, ids=[row["name"] for row in BAD_VALUES])
def test_a_bad_value_is_told_with_line_and_field(row):
    # TOML drops the first line break of a long text, the table is written with a blank line in its place.
    found = problems(f"{HEAD}\n{row['text']}")

    assert found == (Problem(row["line"], row["field"], row["sentence"]),)


@pytest.mark.parametrize("row", BAD_FILES, ids=[row["name"] for row in BAD_FILES])
def test_every_problem_of_a_file_is_told_at_once(row):
    text = f"\n{row['text']}" if row["name"] == "everything at once" else row["text"]

    assert problems(text) == tuple(Problem(*one) for one in row["problems"])


@pytest.mark.parametrize(
    "text",
    [
        "[edition]\nact = " + "9" * 5000,
        "[values.remark_days]\nvalue = 0x" + "f" * 5000 + '\nclause = "п. 1"',
        "[values.notes]\nvalue = " + "[" * 20_000,
    ],
)
def test_a_file_that_no_reader_takes_is_told_as_one_problem(text):
    with pytest.raises(PolicyFileError) as wrong:
        read_edition(text)

    assert [str(one) for one in wrong.value.problems] == [
        "Файл не читается: в нём слишком длинное число или слишком много скобок."
    ]


@pytest.mark.parametrize("spelling", ["1e999999999", "1e5", "9" * 40, "0.1e-99999999"])
def test_a_number_that_nobody_writes_is_no_fraction(spelling):
    with pytest.raises(BadValue, match="нужно число, как"):
        decode(spelling, variables()["favour_pupil_by"])


def test_a_problem_reads_as_one_line():
    assert str(Problem(4, "values.bars", "Нельзя.")) == "строка 4, values.bars: Нельзя."
    assert str(Problem(0, "", "Нельзя.")) == "Нельзя."


def test_a_whole_edition_is_read():
    edition = read_edition(
        '[edition]\nact = "school"\ntitle = "Положение"\nkind = "ORDER"\nnumber = "12"\nadopted_on = 2026-08-30\n'
        'adopted_by = "педагогический совет"\norder = "приказ № 40"\nagreed_with = ["совет родителей"]\n'
        "in_force_from = 2026-09-01\nin_force_to = 2027-08-31\n\n"
        '[values]\nedit_window_days = {value = 7, clause = "п. 3", note = "календарных"}\n'
        'month_locked_on = {value = "нет", clause = "п. 3"}\n'
    )

    assert edition == Edition(
        act="school",
        title="Положение",
        in_force_from=date(2026, 9, 1),
        in_force_to=date(2027, 8, 31),
        kind="ORDER",
        number="12",
        adopted_on=date(2026, 8, 30),
        adopted_by="педагогический совет",
        order="приказ № 40",
        agreed_with=("совет родителей",),
        values={"edit_window_days": Stated(7, "п. 3", "календарных"), "month_locked_on": Stated(None, "п. 3")},
    )


def test_rows_are_written_one_to_a_line():
    edition = read_edition(HEAD)
    stated = Stated(DEFAULT_POLICY.mark_deadlines[:2], "п. 2.4")

    assert write_edition(replace(edition, values={"mark_deadlines": stated})) == (
        '[edition]\nact = "school"\ntitle = "Положение"\nin_force_from = 2026-09-01\nkind = "REGULATION"\n\n'
        "[values.mark_deadlines]\nvalue = [\n"
        '    {limit = {amount = 1, unit = "DAYS"}, deadline_class = "ORAL"},\n'
        '    {limit = {amount = 3, unit = "DAYS"}, deadline_class = "INTERNAL"},\n'
        ']\nclause = "п. 2.4"\n'
    )


@pytest.mark.parametrize("name", variables())
def test_any_value_of_any_variable_is_read_as_it_was_written(name):
    chance = random.Random(name)  # noqa: S311 (a seeded draw of cases, no secret)
    for _ in range(40):
        value = any_value(variables()[name].kind, rules_of_variable(name), chance)

        edition = Edition("school", "Положение", date(2026, 9, 1), {name: Stated(value, any_text(chance), "«\n\t\\»")})
        sound = not contradictions(replace(DEFAULT_POLICY, **{name: value}))

        assert decode(encode(value), variables()[name]) == value
        if sound:
            assert read_edition(write_edition(edition)) == edition
        else:
            assert all(problem.field.startswith(f"values.{name}.value") for problem in problems(write_edition(edition)))


def test_all_variables_together_are_read_as_they_were_written():
    values = {name: Stated(getattr(DEFAULT_POLICY, name), f"п. {place}") for place, name in enumerate(variables(), 1)}
    edition = Edition("school", "Положение", date(2026, 9, 1), values)

    assert read_edition(write_edition(edition)) == edition


def rules_of_variable(name: str) -> dict[str, Any]:
    one = variables()[name]
    return {"choices": one.choices, "least": one.least, "most": one.most}


def any_value(kind: Any, rules: Any, chance: random.Random) -> Any:
    """Return a value of a kind within the rules of its variable or field."""
    if get_origin(kind) is UnionType:
        inner = next(one for one in get_args(kind) if one is not NoneType)
        return None if chance.random() < 0.2 else any_value(inner, rules, chance)
    if get_origin(kind) is tuple:
        kinds: Sequence[Any] = get_args(kind)
        if kinds[-1] is Ellipsis:
            kinds = [kinds[0]] * chance.randrange(4)
        return tuple(any_value(one, rules, chance) for one in kinds)
    if is_dataclass(kind):
        return any_row(kind, chance)
    if kind is bool:
        return chance.random() < 0.5
    if rules.get("choices"):
        return chance.choice(list(rules["choices"]))
    least, most = (rules.get(name) for name in ("least", "most"))
    if kind is int:
        return chance.randint(least if least is not None else -999, most if most is not None else 9999)
    if kind is Fraction:
        share = Fraction(chance.randrange(1001), 1000)
        return share * (most if most is not None else 7) if chance.random() < 0.9 else Fraction(least or 0)
    return any_text(chance)


def any_row(kind: Any, chance: random.Random) -> Any:
    hints, rules = get_type_hints(kind), rules_of(kind)
    while True:
        row = kind(
            **{
                one.name: any_value(hints[one.name], rules[one.name], chance)
                for one in fields(kind)
                if one.default is MISSING or chance.random() < 0.5
            }
        )
        if not hasattr(row, "problem") or not row.problem():
            return row


def any_text(chance: random.Random) -> str:
    return "x" + "".join(chance.choice("абвЖ яz «»\"'\\\n\t#[]{}=,.…–") for _ in range(chance.randrange(6)))
