"""Combined classes: a name that two or more classes share, and one teacher at one time for them."""

import pytest

from letopis.core.errors import Refused
from letopis.ledger.models import Entry
from letopis.schooling.actions.combining import combine_classes, separate_classes
from letopis.schooling.actions.timetable import NewSlot, adopt_timetable
from letopis.schooling.models import SchoolClass
from tests import factories as make
from tests.cast import TODAY, Cast


def told(cast: Cast) -> dict:
    return {"by": cast.actor("deputy").author, "at": make.moment(TODAY)}


def combined(cast: Cast) -> dict[str, str]:
    return {one.title: one.combined for one in SchoolClass.objects.filter(year=cast.year)}


def refusal(call, *args, **kwargs) -> str:
    with pytest.raises(Refused) as caught:
        call(*args, **kwargs)
    return caught.value.verdict.code


def test_classes_share_a_name_from_the_lowest_grade(cast):
    name = combine_classes(cast.year, classes=[cast.class_8a, cast.class_7a], order="Приказ № 3", **told(cast))
    combine_classes(cast.year, classes=[cast.class_7a, cast.class_8a], **told(cast))

    assert name == "7А + 8А"
    assert combined(cast) == {"7А": name, "8А": name}
    assert Entry.objects.filter(verb="schooling.combine_class").count() == 2


def test_a_class_that_joins_another_leaves_nobody_combined_alone(cast):
    nine = make.make_class(cast.year, 9, "А")
    combine_classes(cast.year, classes=[cast.class_7a, cast.class_8a], **told(cast))

    combine_classes(
        cast.year, classes=list(SchoolClass.objects.filter(pk__in=[cast.class_8a.pk, nine.pk])), **told(cast)
    )

    assert combined(cast) == {"7А": "", "8А": "8А + 9А", "9А": "8А + 9А"}
    assert separate_classes(cast.year, name="8А + 9А", **told(cast)) == 2
    assert set(combined(cast).values()) == {""}


def test_refuses_one_class_and_two_of_a_grade(cast):
    other = make.make_class(cast.year, 8, "Б")

    assert refusal(combine_classes, cast.year, classes=[cast.class_8a], **told(cast)) == "TOO_FEW"
    assert refusal(combine_classes, cast.year, classes=[cast.class_8a, other], **told(cast)) == "SAME_GRADE"


def test_one_teacher_has_both_classes_at_one_time(cast):
    history = make.make_course(
        make.whole_class(cast.class_7a), make.make_subject(cast.organisation, "История"), teacher=cast.teacher
    )

    def adopt():
        slots = [NewSlot(2, 1, course, cast.teacher) for course in fresh(cast.algebra, history)]
        return adopt_timetable(cast.year, starts_on=TODAY, slots=slots, **told(cast))

    assert refusal(adopt) == "CLASH"
    combine_classes(cast.year, classes=[cast.class_7a, cast.class_8a], **told(cast))
    assert adopt().slots.count() == 2


def fresh(*courses):
    """The same courses as the page would read them now."""
    model = type(courses[0])
    joined = model.objects.select_related("subject", "group__school_class")
    return [joined.get(pk=course.pk) for course in courses]
