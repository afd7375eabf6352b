"""Decisions of the pedagogical council."""

from datetime import date

import pytest
from django.urls import reverse

from letopis.attestation.access import class_for
from letopis.attestation.actions.decisions import DecisionFact, bring_in_council_decisions, set_council_decisions
from letopis.attestation.models import CouncilDecision
from letopis.core.errors import Refused
from letopis.ledger.models import Entry
from letopis.schooling.models import AcademicYear
from tests.attestation.results import AT, text

PROTOCOL = date(2026, 11, 13)


def decide(cast, values, seen=None, *, member="deputy", number="9", on=PROTOCOL, renew=False):
    return set_council_decisions(
        class_for(cast.actor(member), cast.class_8a.code),
        decisions={pupil.code: value for pupil, value in values.items()},
        seen={pupil.code: value for pupil, value in (seen or {}).items()},
        protocol_number=number,
        protocol_on=on,
        renew_protocol=renew,
        at=AT,
    )


def test_records_decisions_with_their_protocol(cast):
    first, second = cast.pupils[:2]

    outcomes = decide(cast, {first: "PROMOTED", second: "CONDITIONALLY"})

    assert [outcome.is_changed for outcome in outcomes] == [True, True]
    rows = CouncilDecision.objects.order_by("pk")
    assert [(row.pupil, row.decision, row.protocol_number, row.protocol_on) for row in rows] == [
        (first, "PROMOTED", "9", PROTOCOL),
        (second, "CONDITIONALLY", "9", PROTOCOL),
    ]
    assert list(Entry.objects.order_by("pk").values_list("verb", "object")) == [
        ("attestation.set_council_decision", f"attestation.CouncilDecision:{row.pk}") for row in rows
    ]


def test_deciding_the_same_twice_changes_nothing(cast):
    pupil = cast.pupils[0]
    decide(cast, {pupil: "PROMOTED"})

    (again,) = decide(cast, {pupil: "PROMOTED"})

    assert (bool(again.verdict), again.is_changed, Entry.objects.count()) == (True, False, 1)


def test_a_later_protocol_leaves_the_earlier_decisions_with_theirs(cast):
    first, second = cast.pupils[:2]
    decide(cast, {first: "PROMOTED", second: "CONDITIONALLY"})

    decide(
        cast,
        {first: "PROMOTED", second: "PROMOTED"},
        {first: "PROMOTED", second: "CONDITIONALLY"},
        number="11",
        on=date(2026, 11, 16),
    )

    assert dict(CouncilDecision.objects.values_list("pupil", "protocol_number")) == {first.pk: "9", second.pk: "11"}


def test_a_protocol_named_wrongly_is_mended_for_all(cast):
    first = cast.pupils[0]
    decide(cast, {first: "PROMOTED"})

    decide(cast, {first: "PROMOTED"}, {first: "PROMOTED"}, number="10", renew=True)

    assert CouncilDecision.objects.get().protocol_number == "10"


def test_a_decision_changed_meanwhile_is_a_conflict(cast):
    first = cast.pupils[0]
    decide(cast, {first: "REPEATS"})

    (conflict,) = decide(cast, {first: "PROMOTED"}, {first: ""})

    assert (conflict.verdict.code, conflict.verdict.sentence) == (
        "CONFLICT",
        "Пока страница была открыта, здесь стало «оставлен на повторное обучение». Выберите снова.",
    )


def test_refuses_a_decision_that_the_grade_cannot_have(cast):
    (outcome,) = decide(cast, {cast.pupils[0]: "COMPLETED"})

    assert (outcome.verdict.code, outcome.verdict.clause) == ("DECISION_NOT_FOR_GRADE", "273-ФЗ, ст. 58 и 59")


@pytest.mark.parametrize(
    ("number", "on", "code"),
    [("", PROTOCOL, "NO_PROTOCOL"), ("9", None, "NO_PROTOCOL"), ("9", date(2026, 11, 17), "PROTOCOL_AHEAD")],
)
def test_refuses_a_decision_without_a_protocol(cast, number, on, code):
    with pytest.raises(Refused) as refusal:
        decide(cast, {cast.pupils[0]: "PROMOTED"}, number=number, on=on)

    assert refusal.value.verdict.code == code


def test_refuses_a_class_teacher(cast):
    with pytest.raises(Refused) as refusal:
        decide(cast, {cast.pupils[0]: "PROMOTED"}, member="class_teacher")

    assert refusal.value.verdict.code == "NOT_FOR_COUNCIL"


def test_a_decision_may_come_after_the_year_is_archived(cast):
    """C-009."""
    AcademicYear.objects.update(state=AcademicYear.State.ARCHIVED)

    (outcome,) = decide(cast, {cast.pupils[0]: "PROMOTED"})

    assert outcome.is_changed


def test_brings_in_decisions_of_many_classes_and_twice_is_harmless(cast):
    facts = [
        DecisionFact(pupil.pk, cast.year.pk, "PROMOTED", "9", PROTOCOL, cast.actor("deputy").author, AT)
        for pupil in cast.pupils
    ]

    counts = [bring_in_council_decisions(facts, organisation=cast.organisation) for _ in range(2)]

    assert (counts, Entry.objects.count()) == ([6, 0], 6)


def test_the_form_decides_for_the_class_with_exceptions(cast):
    url = reverse("attestation:decisions", args=[cast.class_8a.code])
    fields = {f"value-{pupil.code}": "SAME" for pupil in cast.pupils} | {
        f"value-{cast.polina.code}": "REPEATS",
        f"value-{cast.pupils[0].code}": "",
    }

    page = cast.client("director").post(
        url, {"protocol_number": "9", "protocol_on": "2026-11-13", "common": "PROMOTED"} | fields, follow=True
    )

    shown = text(page)
    assert "Записано 5 итогов." in shown
    assert "переведён в 9 класс, протокол № 9 от 13.11.2026" in shown
    assert sorted(CouncilDecision.objects.values_list("decision", flat=True)) == ["PROMOTED"] * 4 + ["REPEATS"]


def test_the_form_keeps_what_was_typed_when_it_is_refused(cast):
    url = reverse("attestation:decisions", args=[cast.class_8a.code])

    page = cast.client("director").post(url, {"protocol_number": "9", f"value-{cast.polina.code}": "REPEATS"})

    assert page.status_code == 422
    assert "Укажите номер и дату протокола педагогического совета." in text(page)
    assert '<option value="REPEATS" selected>' in page.content.decode()
