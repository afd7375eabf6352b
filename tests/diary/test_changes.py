"""What families see of substitutions, at once: who gives the lesson, where it went, that it will not be."""

from datetime import date

from django.urls import reverse

from letopis.register.actions import substitutions as verbs
from letopis.register.models import Lesson
from tests import factories as make
from tests.cast import TODAY, Cast

AT = make.moment(TODAY)
WEDNESDAY = date(2026, 11, 18)


def week(cast: Cast, query: str = "") -> dict:
    shown = cast.client("mother").get(f"{reverse('diary:week')}{query}").context["week"]
    return {
        day.on: [(one.number, one.subject, one.change, one.is_cancelled) for one in day.lessons if one.change]
        + [(one.number, one.subject, one.change) for one in day.gone]
        for day in shown.days
    }


def test_the_family_sees_who_gives_the_lesson_and_not_why(cast: Cast):
    verbs.substitute(cast.actor("deputy"), cast.today_lesson, acting=cast.substitute, reason="Операция", at=AT)

    assert week(cast)[TODAY] == [(2, "Алгебра", "замена: Орлова Т. П.", False)]
    page = cast.client("mother").get(reverse("diary:week")).content.decode()
    assert "замена: Орлова Т. П." in page
    assert "Операция" not in page


def test_a_moved_lesson_stands_on_both_days(cast: Cast):
    row = verbs.move(cast.actor("deputy"), cast.today_lesson, on=WEDNESDAY, number=5, reason="Олимпиада", at=AT)

    shown = week(cast)
    assert shown[TODAY] == [(2, "Алгебра", "перенесён на 18.11, 5-й урок")]
    assert shown[WEDNESDAY] == [(5, "Алгебра", "перенесён с 16.11, 2-й урок", False)]

    verbs.withdraw(cast.actor("deputy"), row, at=AT)

    assert not any(week(cast).values())


def test_a_lesson_moved_to_another_week_is_told_in_both(cast: Cast):
    verbs.move(cast.actor("deputy"), cast.today_lesson, on=date(2026, 11, 25), number=5, reason="Олимпиада", at=AT)

    assert week(cast)[TODAY] == [(2, "Алгебра", "перенесён на 25.11, 5-й урок")]
    assert week(cast, "?week=2026-11-25")[date(2026, 11, 25)] == [(5, "Алгебра", "перенесён с 16.11, 2-й урок", False)]


def test_a_cancelled_lesson_is_said_to_be_cancelled(cast: Cast):
    verbs.cancel(cast.actor("deputy"), [Lesson.objects.get(pk=cast.today_lesson.pk)], reason="Карантин", at=AT)

    assert week(cast)[TODAY] == [(2, "Алгебра", "урок отменён", True)]


def test_another_groups_change_is_not_told(cast: Cast):
    english_1, english_2 = (Lesson.objects.get(course=one, on=TODAY) for one in (cast.english_1, cast.english_2))
    of_polina = english_1 if cast.polina in cast.pupils[:3] else english_2
    other = english_2 if of_polina == english_1 else english_1
    verbs.cancel(cast.actor("deputy"), [other], reason="Карантин", at=AT)

    assert week(cast)[TODAY] == []
