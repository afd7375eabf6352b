import pytest

from letopis.config.cli import main
from letopis.exchange.actions import Counts, import_school
from letopis.ledger.models import Entry
from letopis.org.models import Organisation
from tests.cast import TODAY
from tests.exchange.workbooks import Book
from tests.factories import moment

pytestmark = pytest.mark.django_db


def test_a_school_is_opened_once(capsys):
    assert main(["org", "add", "--slug", "school5", "--name", "Школа № 5"]) == 0
    assert main(["org", "add", "--slug", "school5", "--name", "Другое имя"]) == 0

    assert Organisation.objects.get().short_name == "Школа № 5"
    assert Entry.objects.filter(verb="org.open_organisation").count() == 1
    assert "уже есть" in capsys.readouterr().out


def test_refuses_a_code_that_cannot_stand_in_a_path(capsys):
    assert main(["org", "add", "--slug", "школа 5", "--name", "Школа № 5"]) == 2

    assert Organisation.objects.count() == 0
    assert "не подходит" in capsys.readouterr().err


def test_the_first_import_replaces_the_name_typed_in_a_hurry():
    main(["org", "add", "--slug", "tiny", "--name", "школа"])

    report = import_school(Book().read(), slug="tiny", by=None, at=moment(TODAY), today=TODAY, reason="Импорт")

    assert report.conflicts == ()
    assert report.sheets["Школа"] == Counts(created=1)
    assert Organisation.objects.get().short_name == "Школа № 1"
