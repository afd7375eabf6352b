"""Year marks: the page of a course and the verb that sets them."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from letopis.attestation.actions.year_marks import set_year_marks
from letopis.attestation.models import YearMark
from letopis.core.errors import Refused
from letopis.ledger.models import Entry
from letopis.people.models import EducationForm
from letopis.register.access import course_for
from letopis.schooling.models import AcademicYear, GroupKind
from tests import factories as make
from tests.attestation.results import AT, set_quarter, text
from tests.policy import adopt


def save(cast, values, seen=None, *, member="teacher"):
    return set_year_marks(
        course_for(cast.actor(member), cast.algebra.code),
        values={pupil.code: value for pupil, value in values.items()},
        seen={pupil.code: value for pupil, value in (seen or {}).items()},
        at=AT,
    )


def test_sets_the_year_mark_and_records_it(cast):
    (outcome,) = save(cast, {cast.pupils[0]: "5"})

    mark = YearMark.objects.get()
    assert (outcome.is_changed, mark.value, mark.subject, mark.put_by) == (
        True,
        "5",
        cast.algebra.subject,
        cast.teacher,
    )
    assert list(Entry.objects.values_list("verb", "object")) == [
        ("attestation.set_year_mark", f"attestation.YearMark:{mark.pk}")
    ]


def test_setting_the_same_twice_changes_nothing_and_another_value_is_a_conflict(cast):
    pupil = cast.pupils[0]
    save(cast, {pupil: "5"})

    (again,) = save(cast, {pupil: "5"})
    (conflict,) = save(cast, {pupil: "4"}, {pupil: ""})

    assert (again.is_changed, conflict.verdict.code, Entry.objects.count()) == (False, "CONFLICT", 1)


def test_a_year_is_judged_by_the_policy_of_its_last_day_also_when_the_next_one_has_begun(cast):
    adopt(cast.organisation, ungraded_grades=(1,))
    adopt(cast.organisation, on=cast.year.ends_on + timedelta(days=1), ungraded_grades=(1, 8))
    actor = replace(cast.actor("teacher"), today=cast.year.ends_on + timedelta(days=30))
    pupil = cast.pupils[0]

    (outcome,) = set_year_marks(
        course_for(actor, cast.algebra.code), values={pupil.code: "5"}, seen={pupil.code: ""}, at=AT
    )

    assert actor.policy.ungraded_grades == (1, 8)
    assert (outcome.is_changed, YearMark.objects.get().value) == (True, "5")


@pytest.mark.parametrize("member", ["deputy", "class_teacher"])
def test_refuses_whoever_does_not_teach_the_course(cast, member):
    with pytest.raises(Refused) as refusal:
        save(cast, {cast.pupils[0]: "5"}, member=member)

    assert refusal.value.verdict.code == "NOT_OWN_COURSE"


def test_refuses_an_archived_year(cast):
    AcademicYear.objects.update(state=AcademicYear.State.ARCHIVED)

    with pytest.raises(Refused) as refusal:
        save(cast, {cast.pupils[0]: "5"})

    assert refusal.value.verdict.code == "YEAR_NOT_OPEN"


def test_an_extern_gets_his_year_mark_on_the_page_of_the_class(cast):
    """C-006."""
    extern = make.make_pupil(cast.organisation, "Абрамов Пётр Ильич", form=EducationForm.FAMILY)
    make.join(make.make_group(cast.class_8a, GroupKind.INDIVIDUAL, "Абрамов П. И."), extern)

    (outcome,) = save(cast, {extern: "4"})
    page = cast.client("teacher").get(reverse("attestation:year_marks", args=[cast.algebra.code]))

    assert outcome.value == "4"
    assert "7 Абрамов Пётр прикреплён для аттестации — — — —" in text(page)


def test_the_page_explains_the_proposal(cast):
    set_quarter(cast, 1, cast.algebra.subject, ["4", "5"])
    set_quarter(cast, 2, cast.algebra.subject, ["5"])

    shown = text(cast.client("teacher").get(reverse("attestation:year_marks", args=[cast.algebra.code])))

    assert (
        "1 Антонова Дарья 4 5 — — 5 (4 + 5) : 2 = 4,50; порог пятёрки 4,5 — политика по умолчанию: "
        "математическое округление; не выставлено за период: 3, 4"
    ) in shown
    assert "2 Белов Тимофей 5 — — — 1 отметка за периоды, а нужно не меньше 2" in shown
    assert "Выставить по предложенному: 1 пустая" in shown


def test_the_form_fills_unsaved_and_then_saves(cast):
    set_quarter(cast, 1, cast.algebra.subject, ["4"])
    set_quarter(cast, 2, cast.algebra.subject, ["5"])
    client, url = cast.client("teacher"), reverse("attestation:year_marks", args=[cast.algebra.code])

    filled = client.post(url, {"intent": "fill"})
    saved = client.post(url, {f"value-{cast.pupils[0].code}": "4", "intent": "save"}, follow=True)

    assert re.findall(r'<option value="(\w+)" selected', filled.content.decode()) == ["5"]
    assert "Записан 1 итог." in text(saved)
    assert "отличается от предложенной «5»" in text(saved)


def test_the_page_takes_the_same_queries_for_six_and_thirty_pupils(cast):
    client, url = cast.client("teacher"), reverse("attestation:year_marks", args=[cast.algebra.code])
    client.get(url)
    counts = []
    for extra in (0, 24):
        pupils = [make.make_pupil(cast.organisation, f"Новиков Ученик{chr(1072 + one)}") for one in range(extra)]
        make.join(cast.algebra.group, *pupils)
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        counts.append(len(queries))

    assert counts == [9, 9]
