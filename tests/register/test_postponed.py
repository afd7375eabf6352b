"""Marks of a term that are put off: until when, why, and who is late."""

from datetime import date

import pytest
from django.urls import reverse

from letopis.core.errors import Refused
from letopis.ledger.models import Entry
from letopis.register.access import course_for
from letopis.register.actions.postponed import postpone_term_mark
from letopis.register.models import TermMark
from tests import factories as make
from tests.cast import TODAY, Cast

AT = make.moment(TODAY)
UNTIL = date(2027, 1, 20)


def put_off(cast: Cast, value: str = "POSTPONED") -> TermMark:
    return TermMark.objects.create(
        organisation=cast.organisation, pupil=cast.polina, subject=cast.algebra.subject, term=cast.term, value=value,
        put_at=AT,
    )  # fmt: skip


def postpone(cast: Cast, until: date = UNTIL, reason: str = "Болезнь", member: str = "teacher") -> TermMark:
    opened = course_for(cast.actor(member), cast.algebra.code)
    return postpone_term_mark(opened, term=cast.term, pupil=cast.polina, until=until, reason=reason, at=AT)


def test_the_day_and_the_reason_are_kept_and_recorded_once(cast: Cast):
    put_off(cast)
    row = postpone(cast)
    postpone(cast)

    assert (row.postponed_until, row.postponed_reason) == (UNTIL, "Болезнь")
    assert Entry.objects.filter(verb="register.postpone_term_mark").count() == 1


@pytest.mark.parametrize(
    ("value", "until", "reason", "code"),
    [
        ("4", UNTIL, "Болезнь", "NOT_POSTPONED"),
        ("POSTPONED", UNTIL, " ", "NO_REASON"),
        ("POSTPONED", date(2026, 11, 1), "Болезнь", "OUTSIDE_YEAR"),
        ("POSTPONED", UNTIL, "я" * 201, "LONG_REASON"),
    ],
)
def test_refusals(cast: Cast, value, until, reason, code):
    put_off(cast, value)
    with pytest.raises(Refused) as refusal:
        postpone(cast, until, reason)

    assert refusal.value.verdict.code == code


def test_only_who_teaches_says_until_when(cast: Cast):
    put_off(cast)
    with pytest.raises(Refused):
        postpone(cast, member="deputy")


def test_the_page_of_term_marks_asks_for_the_day(cast: Cast):
    put_off(cast)
    client = cast.client("teacher")
    page = reverse("register:term_marks", args=[cast.algebra.code]) + f"?term={cast.term.number}"
    assert "срок не назван" in client.get(page).content.decode()

    typed = {"term": str(cast.term.number), "until": UNTIL.isoformat(), "reason": "Болезнь"}
    client.post(reverse("register:postpone", args=[cast.algebra.code, cast.polina.code]), typed)

    assert TermMark.objects.get().postponed_until == UNTIL


def test_the_list_shows_each_what_he_may_see(cast: Cast):
    put_off(cast)
    address = reverse("register:postponed")

    assert "Ершова Полина" in cast.client("teacher").get(address).content.decode()
    assert "Ершова Полина" in cast.client("deputy").get(address).content.decode()
    assert "Ершова Полина" not in cast.client("clerk").get(address).content.decode()
