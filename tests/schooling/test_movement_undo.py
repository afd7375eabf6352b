"""The last movement of a pupil is taken back as if it had not been written."""

from datetime import date

import pytest

from letopis.control.actions.movement import enrol_new_pupil, withdraw_movement
from letopis.core.errors import Refused
from letopis.ledger.models import Entry
from letopis.people.actions import NewPupil
from letopis.people.models import EducationForm, Enrolment, Pupil
from letopis.register.models import Mark
from letopis.schooling.actions import movement
from letopis.schooling.actions.groups import leave_group
from letopis.schooling.models import Membership, StudyGroup
from tests import factories as make
from tests.cast import TODAY, Cast

ON = date(2026, 11, 9)


def told(cast: Cast) -> dict:
    return {"by": cast.actor("clerk").author, "at": make.moment(TODAY)}


def stays(pupil) -> set:
    rows = Membership.objects.filter(pupil=pupil)
    return set(rows.values_list("group__school_class__letter", "group__name", "starts_on", "ends_on"))


def enrolments(pupil) -> list:
    return list(Enrolment.objects.filter(pupil=pupil).order_by("starts_on").values_list("form", "starts_on", "ends_on"))


def refusal(call, *args, **kwargs) -> str:
    with pytest.raises(Refused) as caught:
        call(*args, **kwargs)
    return caught.value.verdict.code


def transfer(cast: Cast) -> None:
    make.make_class(cast.year, 8, "Б")
    to_class = cast.year.classes.get(letter="Б")
    movement.transfer_pupil(cast.polina, to_class=to_class, on=ON, order="Приказ № 12", **told(cast))


def subgroup(cast: Cast) -> None:
    movement.move_to_group(cast.polina, group=cast.english_1.group, on=ON, **told(cast))


def leaving(cast: Cast) -> None:
    movement.leave_school(cast.polina, on=ON, reason="Переезд", order="Приказ № 13", **told(cast))


def going_home(cast: Cast) -> None:
    movement.change_form(cast.polina, form=EducationForm.HOME, on=ON, order="Приказ № 14", **told(cast))


def going_to_family(cast: Cast) -> None:
    movement.change_form(cast.polina, form=EducationForm.FAMILY, on=ON, order="Приказ № 15", **told(cast))


@pytest.mark.parametrize("move", [transfer, subgroup, leaving, going_home, going_to_family])
def test_everything_stands_as_before(cast, move):
    before = stays(cast.polina), enrolments(cast.polina)
    move(cast)
    assert (stays(cast.polina), enrolments(cast.polina)) != before

    withdraw_movement(cast.polina, reason="Ошибка в приказе", **told(cast))

    assert (stays(cast.polina), enrolments(cast.polina)) == before
    assert Entry.objects.filter(verb="schooling.withdraw_movement").count() == 1


def test_twice_says_that_there_is_nothing(cast):
    subgroup(cast)
    withdraw_movement(cast.polina, reason="Ошибка", **told(cast))

    assert refusal(withdraw_movement, cast.polina, reason="Ошибка", **told(cast)) == "NOTHING_TO_WITHDRAW"
    assert refusal(withdraw_movement, cast.pupils[0], reason="Ошибка", **told(cast)) == "NOTHING_TO_WITHDRAW"


def test_a_mark_in_the_new_group_holds_the_movement(cast):
    subgroup(cast)
    lesson = cast.english_1.lessons.get(on=TODAY)
    Mark.objects.create(
        organisation=cast.organisation, task=lesson.tasks.get(), pupil=cast.polina, value="5", put_at=make.moment(TODAY)
    )

    assert refusal(withdraw_movement, cast.polina, reason="Ошибка", **told(cast)) == "FACTS_RECORDED"


def test_a_later_movement_by_another_way_holds_it(cast):
    transfer(cast)
    Membership.objects.filter(pupil=cast.polina, ends_on=None).update(ends_on=date(2026, 11, 12))

    assert refusal(withdraw_movement, cast.polina, reason="Ошибка", **told(cast)) == "CANNOT_RESTORE"


NEW = NewPupil(
    last_name="Новикова",
    first_name="Алёна",
    middle_name="Игоревна",
    sex="F",
    born_on=date(2012, 5, 4),
    book_number="Н-1",
)


def test_a_new_pupil_comes_into_the_book_and_the_class(cast):
    stay = enrol_new_pupil(
        NEW, to_class=cast.class_8a, on=ON, order="Приказ № 20", form="FULL_TIME", groups=[cast.english_2.group],
        **told(cast),
    )  # fmt: skip

    pupil = Pupil.objects.get(book_number="Н-1")
    assert (stay.pupil, pupil.person.full_name, pupil.person.born_on) == (pupil, "Новикова Алёна Игоревна", NEW.born_on)
    assert stays(pupil) == {("А", "8А", ON, None), ("А", "2 подгруппа", ON, None)}
    assert enrolments(pupil) == [("FULL_TIME", ON, None)]
    assert Entry.objects.filter(verb="people.register_pupil").count() == 1


def test_a_new_pupil_is_not_taken_twice(cast):
    common = {"to_class": cast.class_8a, "on": ON, "order": "Приказ № 20", "form": "FULL_TIME", **told(cast)}
    enrol_new_pupil(NEW, **common)

    assert refusal(enrol_new_pupil, NEW, **common) == "NUMBER_TAKEN"
    other = NewPupil("Новикова", "Алена", "Игоревна", "F", NEW.born_on, "Н-2")
    assert refusal(enrol_new_pupil, other, **common) == "SAME_PERSON"


def test_the_arrival_is_taken_back(cast):
    enrol_new_pupil(NEW, to_class=cast.class_8a, on=ON, order="Приказ № 20", form="FULL_TIME", **told(cast))
    pupil = Pupil.objects.get(book_number="Н-1")

    withdraw_movement(pupil, reason="Передумали", **told(cast))

    assert (stays(pupil), enrolments(pupil)) == (set(), [])


def test_a_subgroup_is_taken_back_without_the_arrival_of_the_same_day(cast):
    stay = enrol_new_pupil(NEW, to_class=cast.class_8a, on=ON, order="Приказ № 20", form="FULL_TIME", **told(cast))
    movement.move_to_group(stay.pupil, group=cast.english_1.group, on=ON, **told(cast))

    withdraw_movement(stay.pupil, reason="Не та группа", **told(cast))

    assert stays(stay.pupil) == {("А", "8А", ON, None)}


def test_a_subgroup_is_taken_back_without_the_transfer_of_the_same_day(cast):
    groups = [cast.english_1.group, cast.english_2.group]
    of_8b = make.make_class(cast.year, 8, "Б")
    there = [make.make_group(of_8b, "SUBGROUP", group.name, group.subject) for group in groups]
    movement.transfer_pupil(cast.polina, to_class=of_8b, on=ON, order="№ 12", groups=there[:1], **told(cast))
    moved = stays(cast.polina)
    movement.move_to_group(cast.polina, group=there[1], on=ON, **told(cast))

    # The first subgroup was never lived, so nothing can be put back; least of all the old class.
    assert refusal(withdraw_movement, cast.polina, reason="Ошибка", **told(cast)) == "CANNOT_RESTORE"
    assert {stay for stay in stays(cast.polina) if stay[0] == "А"} == {stay for stay in moved if stay[0] == "А"}
    assert ("Б", "8Б", ON, None) in stays(cast.polina)


def test_leaving_is_taken_back_without_the_club_that_was_left_before(cast):
    club = StudyGroup.objects.create(organisation=cast.organisation, year=cast.year, kind="CLUB", name="Шахматы")
    make.join(club, cast.polina)
    leave_group(club, pupil=cast.polina, on=ON, **told(cast))
    before = stays(cast.polina)
    leaving(cast)

    withdraw_movement(cast.polina, reason="Ошибка", **told(cast))

    assert stays(cast.polina) == before


def test_one_of_two_subgroups_of_one_name_is_taken_back(cast):
    other = make.make_subject(cast.organisation, "Информатика")
    of_other = [make.make_group(cast.class_8a, "SUBGROUP", name, other) for name in ("1 подгруппа", "2 подгруппа")]
    make.join(of_other[1], cast.polina)
    movement.move_to_group(cast.polina, group=of_other[0], on=ON, **told(cast))
    before = list(Membership.objects.filter(pupil=cast.polina).order_by("pk").values_list("group", "ends_on"))
    subgroup(cast)

    withdraw_movement(cast.polina, reason="Ошибка", **told(cast))

    after = list(Membership.objects.filter(pupil=cast.polina).order_by("pk").values_list("group", "ends_on"))
    assert after == before
