"""Missed lessons made up for by protocol (REG-B009): the mark goes to the missed topic, the absence stays."""

from datetime import timedelta

import pytest
from django.urls import reverse

from letopis.core.errors import Refused
from letopis.ledger.models import Entry
from letopis.register.access import lesson_for
from letopis.register.access.make_ups import make_up_for
from letopis.register.actions.make_up import Protocol, make_up, withdraw_make_up
from letopis.register.models import Attendance, Lesson, MakeUp, Mark, PeriodClosing
from letopis.register.prints.make_ups import make_up_protocol
from letopis.rules.policy import DEFAULT_POLICY
from tests import factories as make
from tests.cast import TODAY, Cast

AT = make.moment(TODAY)


@pytest.fixture
def missed(cast: Cast):
    """Polina was ill at the first lesson."""
    lesson = cast.lessons[0]
    Attendance.objects.create(
        organisation=cast.organisation, lesson=lesson, pupil=cast.polina, event="ABSENT", reason="ILL", put_at=AT
    )
    return lesson


def protocol(lesson, **changes) -> Protocol:
    return Protocol(
        **{
            "held_on": TODAY,
            "topic": "Свойства корней",
            "task": lesson.tasks.get().code,
            "value": "4",
            **changes,
        }
    )


def write(cast: Cast, lesson, *, member: str = "teacher", pupil=None, **changes) -> MakeUp:
    return make_up(
        lesson_for(cast.actor(member), lesson.code), pupil=pupil or cast.polina,
        protocol=protocol(lesson, **changes), today=TODAY, at=AT,
    )  # fmt: skip


def refusal(cast: Cast, lesson, **changes) -> str:
    with pytest.raises(Refused) as refused:
        write(cast, lesson, **changes)
    return refused.value.verdict.code


def test_the_mark_goes_to_the_missed_lesson_and_the_absence_stays(cast: Cast, missed):
    row = write(cast, missed)

    assert Mark.objects.get(task__lesson=missed, pupil=cast.polina).value == "4"
    assert Attendance.objects.get(lesson=missed, pupil=cast.polina).event == "ABSENT"
    assert missed.tasks.get().kind == DEFAULT_POLICY.default_work_kind
    verbs = list(Entry.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["register.make_up", "register.set_task_kind", "register.put_mark"]
    assert row.teacher == cast.teacher


def test_the_same_again_is_no_entry_and_another_one_is_refused(cast: Cast, missed):
    first = write(cast, missed)
    entries = Entry.objects.count()

    assert write(cast, missed) == first
    assert Entry.objects.count() == entries
    assert refusal(cast, missed, topic="Другая тема") == "ALREADY"


def test_a_protocol_may_be_without_a_mark(cast: Cast, missed):
    write(cast, missed, task=None, value="")

    assert not Mark.objects.exists()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"held_on": TODAY + timedelta(days=1)}, "AHEAD"),
        ({"held_on": TODAY - timedelta(days=60)}, "BEFORE_LESSON"),
        ({"value": "7"}, "OUTSIDE_SCALE"),
        ({"value": "4/3"}, "OUTSIDE_SCALE"),
        ({"topic": "  "}, "NO_TOPIC"),
        ({"topic": "я" * 501}, "LONG_TOPIC"),
        ({"member": "class_teacher"}, "NOT_OWN_COURSE"),
    ],
)
def test_what_cannot_stand_is_refused_and_nothing_is_written(cast: Cast, missed, changes, code):
    assert refusal(cast, missed, **changes) == code
    assert not MakeUp.objects.exists()
    assert not Mark.objects.exists()


def test_a_substitute_of_the_lesson_writes_no_protocol(cast: Cast, missed):
    Lesson.objects.filter(pk=missed.pk).update(teacher=cast.substitute)

    assert refusal(cast, missed, member="substitute") == "NOT_OWN_COURSE"


def test_only_a_valid_absence_is_made_up(cast: Cast, missed):
    assert refusal(cast, missed, pupil=cast.pupils[0]) == "NOT_ABSENT"
    Attendance.objects.filter(lesson=missed).update(reason="NOT_SET")
    assert refusal(cast, missed) == "REASON_NOT_VALID"


def test_a_mark_that_stands_is_not_overwritten(cast: Cast, missed):
    Mark.objects.create(
        organisation=cast.organisation, task=missed.tasks.get(), pupil=cast.polina, value="3", put_at=AT
    )

    assert refusal(cast, missed) == "HAS_MARK"


def test_a_withdrawn_protocol_takes_its_mark_along(cast: Cast, missed):
    row = write(cast, missed)
    opened, row = make_up_for(cast.actor("teacher"), row.code)
    withdraw_make_up(opened, row, reason="Ошибка", at=AT)
    withdraw_make_up(opened, row, reason="Ошибка", at=AT)

    assert Mark.objects.get().value == ""
    assert MakeUp.objects.get().withdrawn_at == AT
    assert Entry.objects.filter(verb="register.withdraw_make_up").count() == 1
    assert write(cast, missed).withdrawn_at is None


def test_a_mark_of_a_closed_period_stays_with_its_protocol(cast: Cast, missed):
    row = write(cast, missed)
    PeriodClosing.objects.create(
        organisation=cast.organisation, term=cast.term, school_class=cast.class_8a, closed_by=cast.teacher, closed_at=AT
    )
    opened, row = make_up_for(cast.actor("teacher"), row.code)
    with pytest.raises(Refused) as refused:
        withdraw_make_up(opened, row, reason="Ошибка", at=AT)

    assert refused.value.verdict.code == "PERIOD_CLOSED"
    assert (Mark.objects.get().value, MakeUp.objects.get().withdrawn_at) == ("4", None)
    Mark.objects.update(value="")
    assert withdraw_make_up(opened, row, reason="Ошибка", at=AT).withdrawn_at == AT


def test_a_mark_changed_since_stays_when_the_protocol_is_withdrawn(cast: Cast, missed):
    row = write(cast, missed)
    Mark.objects.update(value="5")
    opened, row = make_up_for(cast.actor("teacher"), row.code)
    withdraw_make_up(opened, row, reason="Ошибка", at=AT)

    assert Mark.objects.get().value == "5"


def test_the_page_lists_what_may_be_made_up_and_the_form_writes_it(cast: Cast, missed):
    client = cast.client("teacher")
    page = client.get(reverse("register:make_ups", args=[cast.algebra.code])).content.decode()
    address = reverse("register:make_up", args=[missed.code, cast.polina.code])
    assert address in page

    typed = {
        "held_on": TODAY.isoformat(), "topic": "Корни", "commission": "", "task": str(missed.tasks.get().code),
        "value": "5",
    }  # fmt: skip
    after = client.post(address, typed, follow=True).content.decode()

    assert "Протокол записан" in after
    assert address not in after
    assert Mark.objects.get().value == "5"


def test_a_refused_form_keeps_what_was_typed(cast: Cast, missed):
    address = reverse("register:make_up", args=[missed.code, cast.polina.code])
    typed = {
        "held_on": "2026-11-20", "topic": "Корни и степени", "commission": "", "task": str(missed.tasks.get().code),
        "value": "5",
    }  # fmt: skip

    text = cast.client("teacher").post(address, typed).content.decode()

    assert "этот день ещё не наступил" in text
    assert "Корни и степени" in text


def test_the_printed_protocol_says_what_the_row_says(cast: Cast, missed):
    data = make_up_protocol(write(cast, missed), on=TODAY)

    assert (data["pupil"], data["mark"], data["reason"]) == ("Ершова Полина Сергеевна", "4", "болезнь")
    assert data["teacher"] == "Копылова Мария Андреевна"


def test_the_pdf_is_sent(cast: Cast, missed):
    row = write(cast, missed)

    response = cast.client("deputy").get(reverse("register:make_up_pdf", args=[row.code]))

    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF")
