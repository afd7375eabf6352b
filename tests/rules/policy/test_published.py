"""The shipped acts say what their documents say."""

import re
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from letopis import rules
from letopis.rules.deadlines import Moments, NoDue, mark_due
from letopis.rules.policy.codec import encode
from letopis.rules.policy.consistency import contradictions
from letopis.rules.policy.editions import EditionsOverlap
from letopis.rules.policy.file import PolicyFileError, read_edition, write_edition
from letopis.rules.policy.published import UnknownAct, editions_of, published, published_acts
from tests.rules.tables import rows

TODAY = date(2026, 11, 16)
POLICIES = Path(rules.__file__).parent / "tables" / "policies"
FILES = sorted(POLICIES.glob("*/*.toml"))
DAYS = {
    "accounting": date(2021, 9, 1),
    "kerch-28": date(2021, 9, 1),
    "model": date(2013, 9, 1),
    "neman-1": date(2021, 12, 15),
    "nevinnomyssk-11": date(2022, 1, 10),
}

EXPECTED = [(act, *row) for act, said in rows("policy_acts", "acts").items() for row in said]
SILENT = [(act, name) for act, names in rows("policy_acts", "silent").items() for name in names]
DEADLINES = [(act, *row) for act, told in rows("policy_acts", "deadlines").items() for row in told]


def test_five_acts_are_shipped_each_in_force_from_its_day():
    assert {act: published(act).editions[0].in_force_from for act in published_acts()} == DAYS


@pytest.mark.parametrize(("act", "name", "value", "clause"), EXPECTED, ids=[f"{row[0]}-{row[1]}" for row in EXPECTED])
def test_an_act_states_what_its_document_says_with_the_clause(act, name, value, clause):
    said = published(act).edition_on(TODAY).values[name]

    assert (encode(said.value), said.clause) == (value, clause)


@pytest.mark.parametrize("act", DAYS)
def test_at_least_twelve_values_of_every_act_are_checked(act):
    assert sum(row[0] == act for row in EXPECTED) >= 12


@pytest.mark.parametrize(("act", "name"), SILENT)
def test_an_act_does_not_state_what_its_document_is_silent_on(act, name):
    editions = published(act)

    assert name not in editions.edition_on(TODAY).values
    assert editions.standing(name, TODAY).layer == "DEFAULT"


@pytest.mark.parametrize(("act", "kind", "grade", "last"), DEADLINES)
def test_acts_give_the_same_work_different_terms(act, kind, grade, last):
    lesson = datetime(2026, 10, 5, 10, 20, tzinfo=ZoneInfo("Europe/Moscow"))

    due = mark_due(
        kind, grade=grade, subject="Алгебра", moments=Moments(lesson=lesson), policy=published(act).on(lesson.date())
    )

    assert ("" if isinstance(due, NoDue) else due.limit.isoformat()) == (f"{last}T23:59:59+03:00" if last else "")


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_file_lies_where_its_act_and_day_say(path):
    edition = read_edition(path.read_text("utf-8"))

    assert (edition.act, edition.in_force_from.isoformat()) == (path.parent.name, path.stem)


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_no_person_is_named_in_a_shipped_act(path):
    initials, full_name = r"[А-ЯЁ]\.\s?[А-ЯЁ]\.", r"[А-ЯЁ][а-яё]+ [А-ЯЁ][а-яё]+(?:ович|евич|овна|евна)"

    assert re.findall(f"{initials}|{full_name}", path.read_text("utf-8")) == []


@pytest.mark.parametrize("act", DAYS)
def test_an_act_makes_a_sound_policy_with_law_and_defaults(act):
    assert contradictions(published(act).on(TODAY)) == ()


@pytest.mark.parametrize("act", DAYS)
def test_an_exported_act_reads_the_same(act):
    edition = published(act).edition_on(TODAY)

    assert read_edition(write_edition(edition)) == edition


def test_an_unknown_act_names_those_there_are():
    with pytest.raises(UnknownAct) as unknown:
        published("nevinnomysk-11")

    assert str(unknown.value) == (
        "Акта «nevinnomysk-11» нет. Есть: accounting, kerch-28, model, neman-1, nevinnomyssk-11."
    )


def head(title: str, first: str, last: str = "") -> str:
    end = f"in_force_to = {last}\n" if last else ""
    return f'[edition]\nact = "school"\ntitle = "{title}"\nin_force_from = {first}\n{end}'


def test_editions_follow_one_another():
    editions = editions_of([head("Вторая", "2025-09-01"), head("Первая", "2024-09-01", "2025-08-31")])

    assert [one.title for one in editions.editions] == ["Первая", "Вторая"]
    assert editions.edition_on(date(2025, 8, 31)).title == "Первая"
    assert editions.edition_on(date(2024, 8, 31)) is None


@pytest.mark.parametrize("second", ["2024-09-01", "2025-08-31"])
def test_editions_that_overlap_are_refused(second):
    with pytest.raises(EditionsOverlap) as overlap:
        editions_of([head("Первая", "2024-09-01", "2025-08-31"), head("Вторая", second)])

    day = date.fromisoformat(second).strftime("%d.%m.%Y")
    assert str(overlap.value) == f"Две редакции действуют в один день, {day}: «Первая» и «Вторая»."


def test_a_file_that_cannot_be_read_makes_no_editions():
    with pytest.raises(PolicyFileError):
        editions_of([head("Первая", "2024-09-01"), "[edition]"])
