"""Fixtures of all tests."""

import os

import pytest

from letopis.ledger import triggers


@pytest.fixture(scope="session")
def standing_cast(django_db_setup, django_db_blocker):
    from tests.standing import make_standing

    with django_db_blocker.unblock():
        return make_standing()


@pytest.fixture
def cast(standing_cast, db):
    return standing_cast.put()


@pytest.fixture(autouse=True)
def _the_day(settings):
    """No test reads the real day: today is the cast's Monday unless the test says otherwise."""
    settings.LETOPIS_TODAY = "2026-11-16"


@pytest.fixture
def unlocked_ledger(transactional_db):
    """For tests with real commits: lifts the ledger's triggers only for the flush that follows the test."""
    triggers.create()
    yield
    triggers.drop()


@pytest.fixture(autouse=True)
def _no_known_editions(monkeypatch):
    """A test that is rolled back leaves no edition behind, so the process must not remember one either."""
    monkeypatch.setattr("letopis.org.queries._known", {})


def pytest_sessionfinish(session, exitstatus):
    """With LETOPIS_NO_SKIPS=1, as in CI, a skipped test fails the run: there everything is installed."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("LETOPIS_NO_SKIPS") and reporter and reporter.stats.get("skipped") and exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
