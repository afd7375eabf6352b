"""Every variable that the requirements name has a field in the policy, and the page on the policy tells which."""

from pathlib import Path

import pytest

from letopis.rules.policy import variables
from letopis.rules.policy.editions import Stated
from letopis.rules.policy.file import read_edition
from tests.rules.tables import rows

PAGE = Path(__file__).parents[3] / "docs" / "subsystems" / "policy.md"
LISTS = (
    "conflicts_between_schools", "left_to_another_act", "fixed_by_no_text", "ambiguous_places", "practice",
    "what_schools_differ_in",
)  # fmt: skip
NAMED = [(name, fields) for one in LISTS for name, fields in rows("policy_catalogue", one).items()]


@pytest.mark.parametrize(("name", "fields"), NAMED, ids=[name for name, _fields in NAMED])
def test_a_variable_of_the_catalogue_is_a_field_of_the_policy(name, fields):
    assert fields
    assert [one for one in fields if one not in variables()] == []


def test_the_page_tells_the_fields_of_every_variable_of_the_catalogue():
    told = PAGE.read_text("utf-8")
    wanted = [f"| {name} | {', '.join(f'`{one}`' for one in fields)} |" for name, fields in NAMED]

    assert [row for row in wanted if row not in told] == []


def test_every_variable_says_what_it_is_and_where_it_comes_from():
    mute = [name for name, one in variables().items() if not (one.title and one.source)]
    unbounded = [name for name, one in variables().items() if one.kind is int and None in (one.least, one.most)]

    assert (mute, unbounded) == ([], [])


def test_the_example_of_the_page_is_a_sound_file():
    example = PAGE.read_text("utf-8").split("```toml\n")[1].split("```")[0]

    edition = read_edition(example)

    assert edition.values["edit_window_days"] == Stated(None, "п. 3.1")
    assert [row.limit.amount for row in edition.values["mark_deadlines"].value] == [1, 7]
