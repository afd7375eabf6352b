"""Retention terms by dated tables, and the snapshot of the policy."""

from dataclasses import replace
from datetime import date

import pytest

from letopis.rules.archiving import may_archive_year
from letopis.rules.policy import DEFAULT_POLICY
from letopis.rules.policy_snapshot import policy_snapshot
from letopis.rules.retention import NoRetentionTable, disposal_on, kept_until, retention_of


@pytest.mark.parametrize(
    ("closed_on", "years", "first_day", "last_day"),
    [
        (date(2026, 8, 31), 5, date(2032, 1, 1), date(2031, 12, 31)),
        (date(2026, 1, 1), 5, date(2032, 1, 1), date(2031, 12, 31)),
        (date(2021, 8, 31), 5, date(2027, 1, 1), date(2026, 12, 31)),
        (date(2026, 12, 31), 25, date(2052, 1, 1), date(2051, 12, 31)),
    ],
)
def test_the_term_is_counted_from_1_january_after_the_year_of_closing(closed_on, years, first_day, last_day):
    assert disposal_on(closed_on, years) == first_day
    assert kept_until(closed_on, years) == last_day


@pytest.mark.parametrize(("kind", "term", "index"), [("REGISTER", "5 лет", "02-19"), ("STATEMENTS", "25 лет", "02")])
def test_terms_of_the_table_in_force(kind, term, index):
    row = retention_of(kind, on=date(2026, 8, 31), policy=DEFAULT_POLICY)

    assert (row.term, row.index) == (term, index)
    assert row.source


@pytest.mark.parametrize(
    ("term", "years"), [("5 л.", 5), ("3 г.", 3), ("25 лет", 25), ("10 л", 10), ("пост.", 5), ("до конца года", 5)]
)
def test_a_term_in_years_of_the_school_goes_before_the_table(term, years):
    own = replace(DEFAULT_POLICY, keep_register=term, clauses={"keep_register": "Положение, п. 7"})
    row = retention_of("REGISTER", on=date(2026, 8, 31), policy=own)

    assert row.years == years
    assert (row.basis == "Положение, п. 7") == (term not in ("пост.", "до конца года"))


def test_the_default_of_the_policy_leaves_the_table_alone():
    silent = replace(DEFAULT_POLICY, keep_register="10 л.")

    assert retention_of("REGISTER", on=date(2026, 8, 31), policy=silent).years == 5


def test_before_the_first_table_there_is_no_term():
    with pytest.raises(NoRetentionTable):
        retention_of("REGISTER", on=date(2012, 2, 14), policy=DEFAULT_POLICY)


def test_the_snapshot_is_exact_and_explains_itself():
    snapshot = policy_snapshot(DEFAULT_POLICY)["policy"]

    assert snapshot["term_thresholds"]["value"][1] == {"value": "4", "at_least": "7/2"}
    assert snapshot["edit_window_days"]["value"] is None
    assert [name for name, said in snapshot.items() if not said["meaning"]] == []


def test_missing_packages_are_named_up_to_five():
    missing = tuple(f"{grade}А: журнал класса" for grade in range(1, 8))

    verdict = may_archive_year(may_build=True, state="CLOSED", missing=missing, remarks=(), reason="")

    assert verdict.code == "PACKAGES_MISSING"
    assert verdict.sentence.endswith("5А: журнал класса и ещё 2.")
