"""The demo as it is loaded: one long test, because a year of a school takes a while to write."""

from collections import Counter
from datetime import date

import pytest

from letopis.attestation.models import CouncilDecision, PastResult, YearMark
from letopis.config.cli import main
from letopis.demo.actions import WrongYear, load_demo
from letopis.demo.logins import PASSWORD, logins
from letopis.exchange.actions import preview_school
from letopis.exchange.reading import read_workbook
from letopis.ledger.models import Entry
from letopis.notices.models import Notice
from letopis.org.models import LocalAct, Organisation, PolicyEdition
from letopis.org.queries import policies
from letopis.people.models import ActAcquaintance, Employee
from letopis.register.models import Attendance, Homework, Lesson, Mark, Remark, TermMark
from letopis.schooling.models import AcademicYear, Membership
from tests.exchange.workbooks import SAMPLES

pytestmark = pytest.mark.django_db

MONDAY, TUESDAY = date(2026, 11, 2), date(2026, 11, 3)


def facts():
    """Every fact of the register by what it is about, without the database's own names."""
    marks = Mark.objects.values_list(
        "task__lesson__course__group__school_class__grade", "task__lesson__course__subject__name",
        "task__lesson__course__group__name", "task__lesson__on", "task__lesson__number", "pupil__book_number", "value",
    )  # fmt: skip
    topics = Lesson.objects.exclude(topic="").values_list("course__group__name", "on", "number", "topic")
    return Counter(marks) + Counter(topics)


def test_the_demo_is_a_believable_school_and_a_later_day_only_adds(client):
    book = read_workbook(SAMPLES / "school-17.xlsx")
    packed = []

    load_demo(book, on=MONDAY, build=packed.append, say=lambda line: None)

    past, present = AcademicYear.objects.order_by("starts_on")
    assert [year.label for year in packed] == [past.label] == ["2025/26"]
    assert past.state != AcademicYear.State.OPEN
    assert not Lesson.objects.filter(course__year=past, state=Lesson.State.PLANNED).exists()
    assert 65_000 < Mark.objects.filter(task__lesson__course__year=past).count() < 100_000
    assert TermMark.objects.filter(term__year=present, term__number=1, term__kind="QUARTER").exists()
    assert not TermMark.objects.filter(term__year=present, term__number=2).exists()
    said = {(row.pupil_id, row.subject_id): row.value for row in YearMark.objects.filter(year=past)}
    for result in PastResult.objects.filter(year_starts=2025, period="год", source=""):
        assert said.get((result.pupil_id, result.subject_id), result.value) == result.value
    assert CouncilDecision.objects.filter(year=past).count() > 250
    facts_entries = Mark.objects.count() + Homework.objects.count() + Attendance.objects.count()
    assert Entry.objects.count() > facts_entries

    # Remarks in every state that a person may see, and some that the night made.
    made = Remark.objects.filter(course__year=present).exclude(duty="")
    own = Remark.objects.filter(course__year=present, duty="")
    assert set(own.values_list("state", flat=True)) == {"OPEN", "REMOVED", "CONFIRMED", "WITHDRAWN"}
    assert made.exists()
    assert Notice.objects.unread().filter(key="duties").exists()
    remarks = own.count()

    # Every login of the table opens the door.
    school = Organisation.objects.get()
    assert len(logins(school)) == 10
    for login in logins(school):
        assert client.login(username=login.username, password=PASSWORD), login.username

    # Each year has its regulation, and the rules of each day are those of its own edition.
    editions = PolicyEdition.objects.order_by("in_force_from")
    assert [row.in_force_from for row in editions] == [past.starts_on, present.starts_on]
    assert [policies(school).on(day).remark_days for day in (past.ends_on, present.starts_on)] == [3, 5]
    assert LocalAct.objects.get(state="DRAFT").supersedes == editions[1].act
    known = ActAcquaintance.objects.filter(act=editions[1].act).count()
    assert 0 < known < Employee.objects.filter(dismissed_on=None).count()

    # The workbook it was loaded from changes nothing.
    assert not preview_school(book, organisation=school, today=MONDAY).changes_something

    before = facts()
    load_demo(book, on=TUESDAY, build=packed.append, say=lambda line: None)

    after = facts()
    assert before - after == Counter()
    assert {fact[-4] if len(fact) == 7 else fact[1] for fact in (after - before)} == {MONDAY, TUESDAY}
    assert (LocalAct.objects.count(), PolicyEdition.objects.count()) == (4, 2)
    assert own.count() == remarks
    assert len(packed) == 1
    assert Membership.objects.filter(starts_on=date(2026, 10, 12)).count() == 2

    with pytest.raises(WrongYear):
        load_demo(book, on=date(2029, 9, 10), build=packed.append, say=lambda line: None)


def test_fresh_refuses_where_a_real_school_is(capsys):
    Organisation.objects.create(slug="real", full_name="Школа", short_name="Школа")

    code = main(["demo", "--fresh"])

    assert code == 2
    assert "Ничего не сделано" in capsys.readouterr().err
    assert Organisation.objects.filter(slug="real").exists()


def test_if_empty_loads_nothing_beside_a_school(capsys):
    Organisation.objects.create(slug="real", full_name="Школа", short_name="Школа")

    code = main(["demo", "--if-empty"])

    assert code == 0
    assert Organisation.objects.count() == 1
