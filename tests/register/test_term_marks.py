"""Term marks: the page of a course and the verb that sets them."""

import html
import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from letopis.core.errors import Refused
from letopis.ledger.models import Entry
from letopis.people.models import EducationForm, Enrolment
from letopis.register.access import course_for
from letopis.register.actions.results import ResultFact
from letopis.register.actions.term_marks import bring_in_term_marks, set_term_marks
from letopis.register.models import Lesson, Mark, Task, TermMark
from letopis.register.queries.term_marks import term_mark_sheet
from letopis.rules.policy import DEFAULT_POLICY
from letopis.schooling.models import AcademicYear, GroupKind, Membership, Term
from tests import factories as make
from tests.cast import TODAY

AT = make.moment(TODAY)


def put(cast, pupil, *values, lessons=None, kind="УО"):
    """Give a pupil one mark per lesson, in order."""
    for lesson, value in zip(lessons or cast.lessons, values, strict=False):
        task = lesson.tasks.get()
        Task.objects.filter(pk=task.pk).update(kind=kind)
        Mark.objects.create(organisation=cast.organisation, task=task, pupil=pupil, value=value, put_at=AT)


def opened(cast, member="teacher", course=None):
    return course_for(cast.actor(member), (course or cast.algebra).code)


def save(cast, values, seen=None, *, member="teacher", course=None, term=None):
    return set_term_marks(
        opened(cast, member, course),
        term=term or cast.term,
        values={pupil.code: value for pupil, value in values.items()},
        seen={pupil.code: value for pupil, value in (seen or {}).items()},
        at=AT,
    )


def line_of(cast, pupil, *, member="teacher", course=None):
    sheet = term_mark_sheet(opened(cast, member, course), cast.term, terms=[cast.term], policy=DEFAULT_POLICY)
    return next(line for line in sheet.lines if line.pupil.code == pupil.code)


def text(response):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def test_sets_marks_and_records_each_in_the_ledger(cast):
    first, second = cast.pupils[:2]

    outcomes = save(cast, {first: "4", second: "EXEMPT"})

    assert [(outcome.name, outcome.value, outcome.is_changed) for outcome in outcomes] == [
        ("Антонова Дарья", "4", True),
        ("Белов Тимофей", "EXEMPT", True),
    ]
    marks = TermMark.objects.filter(term=cast.term).order_by("pk")
    assert [(mark.pupil, mark.subject, mark.value, mark.put_by) for mark in marks] == [
        (first, cast.algebra.subject, "4", cast.teacher),
        (second, cast.algebra.subject, "EXEMPT", cast.teacher),
    ]
    assert list(Entry.objects.order_by("pk").values_list("verb", "object")) == [
        ("register.set_term_mark", f"register.TermMark:{mark.pk}") for mark in marks
    ]


def test_saving_the_same_twice_changes_nothing(cast):
    pupil = cast.pupils[0]
    save(cast, {pupil: "4"})

    (again,) = save(cast, {pupil: "4"})

    assert (bool(again.verdict), again.is_changed) == (True, False)
    assert Entry.objects.count() == 1


def test_a_value_that_was_not_touched_is_not_written(cast):
    pupil = cast.pupils[0]
    save(cast, {pupil: "4"})
    TermMark.objects.update(value="5")

    outcomes = save(cast, {pupil: "4"}, {pupil: "4"})

    assert outcomes == ()
    assert TermMark.objects.get().value == "5"


def test_a_value_changed_meanwhile_is_a_conflict_of_that_pupil_alone(cast):
    first, second = cast.pupils[:2]
    save(cast, {first: "4"})

    conflict, saved = save(cast, {first: "5", second: "3"}, {first: "", second: ""})

    assert (conflict.verdict.code, conflict.verdict.sentence, conflict.value) == (
        "CONFLICT",
        "Пока страница была открыта, здесь стало «4»; вы ставили «5». Выберите снова.",
        "4",
    )
    assert (saved.value, saved.is_changed) == ("3", True)


def test_a_result_taken_away_keeps_its_row(cast):
    pupil = cast.pupils[0]
    save(cast, {pupil: "4"})

    save(cast, {pupil: ""}, {pupil: "4"})

    mark = TermMark.objects.get()
    assert (mark.value, mark.changes) == ("", 1)


@pytest.mark.parametrize(
    ("value", "code"), [("1", "OUTSIDE_SCALE"), ("UNGRADED", "RESULT_NOT_FOR_SCALE"), ("отлично", "OUTSIDE_SCALE")]
)
def test_refuses_a_value_outside_the_scale(cast, value, code):
    (outcome,) = save(cast, {cast.pupils[0]: value})

    assert outcome.verdict.code == code
    assert not TermMark.objects.exists()


def test_an_ungraded_subject_takes_words_and_no_numbers(cast):
    type(cast.algebra.subject).objects.filter(pk=cast.algebra.subject_id).update(scale="UNGRADED")

    number, word = save(cast, {cast.pupils[0]: "5", cast.pupils[1]: "PASSED"})

    assert (number.verdict.code, word.value) == ("UNGRADED", "PASSED")
    assert line_of(cast, cast.pupils[0]).proposal.explanation() == ("Безотметочное обучение: отметка не предлагается.")


@pytest.mark.parametrize("member", ["deputy", "director", "class_teacher"])
def test_refuses_whoever_does_not_teach_the_course(cast, member):
    with pytest.raises(Refused) as refusal:
        save(cast, {cast.pupils[0]: "4"}, member=member)

    assert refusal.value.verdict.code == "NOT_OWN_COURSE"


def test_refuses_a_closed_year(cast):
    AcademicYear.objects.update(state=AcademicYear.State.CLOSED)

    with pytest.raises(Refused) as refusal:
        save(cast, {cast.pupils[0]: "4"})

    assert refusal.value.verdict.code == "YEAR_NOT_OPEN"


def test_refuses_a_term_that_has_not_begun(cast):
    with pytest.raises(Refused) as refusal:
        save(cast, {cast.pupils[0]: "4"}, term=Term.objects.get(kind="QUARTER", number=3))

    assert (refusal.value.verdict.code, refusal.value.verdict.sentence) == (
        "PERIOD_AHEAD",
        "Период начнётся 11.01.2027: выставлять итог рано.",
    )


def test_refuses_a_term_of_other_grades(cast):
    with pytest.raises(Refused) as refusal:
        save(cast, {cast.pupils[0]: "4"}, term=Term.objects.get(kind="HALF_YEAR", number=1))

    assert refusal.value.verdict.code == "TERM_NOT_OF_COURSE"


def test_marks_of_an_earlier_subgroup_count_into_one_proposal(cast):
    """C-001: a pupil who changes the subgroup in mid-term has one proposal; the present teacher sets it."""
    pupil = cast.pupils[0]
    earlier = Lesson.objects.filter(course=cast.english_1).order_by("on")
    later = Lesson.objects.filter(course=cast.english_2).order_by("on")
    put(cast, pupil, "5", lessons=earlier[:1])
    put(cast, pupil, "4", lessons=later[1:2])
    Membership.objects.filter(pupil=pupil, group=cast.english_1.group).update(ends_on=date(2026, 11, 6))
    make.join(cast.english_2.group, pupil, since=date(2026, 11, 7))

    here = line_of(cast, pupil, member="class_teacher", course=cast.english_2)
    there = line_of(cast, pupil, member="substitute", course=cast.english_1)
    (refused,) = save(cast, {pupil: "5"}, member="substitute", course=cast.english_1)
    (done,) = save(cast, {pupil: "5"}, member="class_teacher", course=cast.english_2)

    assert [(mark.value, mark.is_elsewhere) for mark in here.marks] == [("5", True), ("4", False)]
    assert here.proposal.explanation().startswith("(5·1 + 4·1) : 2 = 4,50; порог пятёрки 4,5")
    assert (there.pupil.is_present, there.pupil.left_on) == (False, date(2026, 11, 6))
    assert (refused.verdict.code, done.value) == ("LEFT_COURSE", "5")


def test_who_is_taught_at_home_gets_the_result_from_the_individual_course(cast):
    """C-005: no duty on the pages of the class."""
    pupil = cast.pupils[0]
    Enrolment.objects.filter(pupil=pupil).update(form=EducationForm.HOME)
    alone = make.make_group(cast.class_8a, GroupKind.INDIVIDUAL, "Антонова Д. И.")
    make.join(alone, pupil)
    make.make_course(alone, cast.russian.subject, teacher=cast.class_teacher, kind="HOME_TUITION")

    line = line_of(cast, pupil)

    assert (line.pupil.is_present, line.pupil.is_taught_alone, line.may_be_filled) == (False, True, False)


def test_brings_in_many_classes_at_once_and_twice_is_harmless(cast):
    facts = [
        ResultFact(
            pupil_id=pupil.pk,
            subject_id=cast.algebra.subject_id,
            period_id=cast.term.pk,
            value="4",
            put_by_id=cast.teacher.pk,
            by=cast.actor("teacher").author,
            at=AT,
        )
        for pupil in cast.pupils
    ]

    counts = [bring_in_term_marks(facts, organisation=cast.organisation) for _ in range(2)]

    assert counts == [6, 0]
    assert (TermMark.objects.count(), Entry.objects.count()) == (6, 6)


def test_the_page_explains_the_proposal_and_shows_the_marks(cast):
    put(cast, cast.pupils[0], "5", "4", "4")

    page = cast.client("teacher").get(reverse("register:term_marks", args=[cast.algebra.code]))

    shown = text(page)
    assert "Алгебра: итоги периода" in shown
    assert (
        "1 Антонова Дарья 5 УО 4 УО 4 УО 4 (5·1 + 4·1×2) : 3 ≈ 4,33 (точно 13/3); порог четвёрки 3,5, "
        "порог пятёрки 4,5 — политика по умолчанию: математическое округление; всего 3 отметки, "
        "а нужно не меньше 5 недостаточно отметок"
    ) in shown
    assert "Выставить по предложенному: 1 пустой" in shown
    assert "Не выставлено 6 итогов." in shown


def test_filling_by_the_proposal_touches_the_empty_ones_and_saves_nothing_yet(cast):
    first, second = cast.pupils[:2]
    put(cast, first, "5", "5", "5")
    put(cast, second, "3", "3", "3")
    save(cast, {second: "4"})
    url = reverse("register:term_marks", args=[cast.algebra.code])

    page = cast.client("teacher").post(url, {"intent": "fill"})

    content = page.content.decode()
    assert re.findall(r'<option value="(\w+)" selected', content) == ["5", "4"]
    assert "Пустые итоги заполнены по предложенному и ещё не записаны." in text(page)
    assert TermMark.objects.count() == 1


def test_the_form_saves_what_was_changed_and_marks_what_differs(cast):
    first = cast.pupils[0]
    put(cast, first, "5", "5", "5")
    url = reverse("register:term_marks", args=[cast.algebra.code])
    data = {f"value-{pupil.code}": "" for pupil in cast.pupils} | {f"seen-{pupil.code}": "" for pupil in cast.pupils}

    page = cast.client("teacher").post(url, data | {f"value-{first.code}": "4", "intent": "save"}, follow=True)

    assert "Записан 1 итог." in text(page)
    assert "отличается от предложенной «5»" in text(page)
    assert TermMark.objects.get().value == "4"


def test_the_form_shows_both_values_of_a_conflict(cast):
    first = cast.pupils[0]
    save(cast, {first: "4"})
    url = reverse("register:term_marks", args=[cast.algebra.code])

    page = cast.client("teacher").post(url, {f"value-{first.code}": "5", f"seen-{first.code}": ""})

    assert page.status_code == 409
    assert "Пока страница была открыта, здесь стало «4»; вы ставили «5». Выберите снова." in text(page)


def test_who_only_reads_has_no_form_to_send(cast):
    page = cast.client("deputy").get(reverse("register:term_marks", args=[cast.algebra.code]))

    assert "<select" not in page.content.decode()
    assert "Вы видите этот журнал как администрация школы: отметки ставит учитель предмета." in text(page)


def test_the_page_takes_the_same_number_of_queries_for_six_and_thirty_pupils(cast):
    client, url = cast.client("teacher"), reverse("register:term_marks", args=[cast.algebra.code])
    client.get(url)
    counts = []
    for extra in (0, 24):
        pupils = [make.make_pupil(cast.organisation, f"Новиков Ученик{chr(1072 + number)}") for number in range(extra)]
        make.join(cast.algebra.group, *pupils)
        for pupil in pupils:
            put(cast, pupil, "4", "5")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(url)
        counts.append(len(queries))

    assert counts == [12, 12]
