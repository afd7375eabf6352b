"""Movement of pupils: the list of a day is the list of that day, and nothing recorded is overwritten."""

import json
from datetime import date

import pytest

from letopis.core.errors import Refused
from letopis.ledger.models import Entry, Payload
from letopis.people.models import EducationForm, Enrolment
from letopis.schooling.actions import movement
from letopis.schooling.models import Membership, SchoolClass
from letopis.schooling.queries import current_class_of, members_between, pupils_of
from tests import factories as make
from tests.cast import Cast

ON = date(2026, 11, 20)
DAY_BEFORE = date(2026, 11, 19)


def told(cast: Cast) -> dict:
    return {"by": cast.actor("clerk").author, "at": make.moment(date(2026, 11, 16))}


def names(pupils) -> list[str]:
    return [pupil.person.last_name for pupil in pupils]


def refusal(call, *args, **kwargs) -> str:
    with pytest.raises(Refused) as caught:
        call(*args, **kwargs)
    assert caught.value.verdict.sentence
    return caught.value.verdict.code


def class_8b(cast: Cast) -> SchoolClass:
    return SchoolClass.objects.filter(year=cast.year, letter="Б").first() or make.make_class(cast.year, 8, "Б")


def transfer(cast: Cast, **changes):
    arguments = {"to_class": class_8b(cast), "on": ON, "order": "Приказ № 12-у", **told(cast)} | changes
    return movement.transfer_pupil(cast.polina, **arguments)


def test_the_list_of_a_day_follows_the_order_of_the_school(cast):
    whole = make.whole_class(cast.class_8a)

    assert names(pupils_of(whole, ON)) == ["Антонова", "Белов", "Ёлкин", "Ершова", "Журавлёв", "Зимина"]


def test_a_transfer_ends_the_class_and_its_subgroup_the_day_before(cast):
    transfer(cast)

    stays = Membership.objects.filter(pupil=cast.polina).order_by("starts_on", "group__name")
    assert [(stay.group.name, stay.starts_on, stay.ends_on) for stay in stays] == [
        ("2 подгруппа", date(2026, 9, 1), DAY_BEFORE),
        ("8А", date(2026, 9, 1), DAY_BEFORE),
        ("8Б", ON, None),
    ]


def test_a_transfer_changes_the_lists_from_its_day_on(cast):
    transfer(cast)

    old, new = make.whole_class(cast.class_8a), make.whole_class(class_8b(cast))
    assert "Ершова" in names(pupils_of(old, DAY_BEFORE))
    assert "Ершова" not in names(pupils_of(old, ON))
    assert names(pupils_of(new, DAY_BEFORE)) == []
    assert names(pupils_of(new, ON)) == ["Ершова"]


def test_members_between_shows_everybody_of_the_span_with_his_days(cast):
    transfer(cast)

    members = {
        one.pupil: one for one in members_between(make.whole_class(cast.class_8a), DAY_BEFORE, date(2026, 11, 30))
    }

    assert members[cast.polina].stays == ((date(2026, 9, 1), DAY_BEFORE),)
    assert [members[cast.polina].was_in(day) for day in (DAY_BEFORE, ON)] == [True, False]
    assert len(members) == 6


def test_a_transfer_is_recorded_once_with_the_order(cast):
    transfer(cast)
    transfer(cast)

    entry = Entry.objects.get(verb="schooling.transfer_pupil")
    body = json.loads(bytes(Payload.objects.get(entry=entry).body))
    assert entry.object == f"people.Pupil:{cast.polina.pk}"
    ended = [f"schooling.StudyGroup:{group.pk}" for group in (make.whole_class(cast.class_8a), cast.english_2.group)]
    began = [f"schooling.StudyGroup:{make.whole_class(cast.year.classes.get(letter='Б')).pk}"]
    assert (body["before"], body["after"], body["reason"]) == (
        {"class": "8А", "groups": ["8А", "8А, 2 подгруппа"], "places": ended},
        {"class": "8Б", "groups": [], "places": began, "on": "2026-11-20"},
        "Приказ № 12-у",
    )
    assert Membership.objects.filter(pupil=cast.polina).count() == 3


def test_a_group_of_no_class_goes_on_after_a_transfer(cast):
    choir = make.make_group(cast.class_8a, "ELECTIVE", "Хор")
    choir.school_class = None
    choir.save()
    make.join(choir, cast.polina)

    transfer(cast)

    assert Membership.objects.get(group=choir, pupil=cast.polina).ends_on is None


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"on": date(2026, 9, 1)}, "STAY_BEGINS_THAT_DAY"),
        ({"on": date(2027, 9, 1)}, "OUTSIDE_YEAR"),
        ({"on": date(2026, 8, 31)}, "OUTSIDE_YEAR"),
    ],
)
def test_refuses_a_transfer_on_a_wrong_day(cast, changes, code):
    assert refusal(transfer, cast, **changes) == code


def test_refuses_a_transfer_to_the_same_class(cast):
    assert refusal(transfer, cast, to_class=cast.class_8a) == "SAME_CLASS"


def test_refuses_a_transfer_to_a_class_of_another_grade(cast):
    assert refusal(transfer, cast, to_class=cast.class_7a) == "OTHER_GRADE"


@pytest.mark.parametrize("verb", ["transfer", "leave"])
def test_refuses_a_movement_that_would_wipe_out_a_later_leaving(cast, verb):
    left = {"reason": "Переезд", "order": "Приказ № 14-у", **told(cast)}
    movement.leave_school(cast.polina, on=date(2026, 12, 1), **left)
    verbs = {
        "transfer": lambda: transfer(cast),
        "leave": lambda: movement.leave_school(cast.polina, on=ON, **left),
    }

    assert refusal(verbs[verb]) == "LATER_LEAVING"
    assert Enrolment.objects.get(pupil=cast.polina).ends_on == date(2026, 11, 30)


@pytest.mark.parametrize("on", [date(2026, 8, 31), date(2027, 9, 1), date(2062, 11, 20)])
def test_refuses_to_let_go_on_a_day_of_no_year(cast, on):
    code = refusal(movement.leave_school, cast.polina, on=on, reason="Переезд", order="№ 9", **told(cast))

    assert code == "OUTSIDE_YEAR"


def test_refuses_a_transfer_before_one_already_recorded(cast):
    transfer(cast)

    assert refusal(transfer, cast, to_class=cast.class_8a, on=date(2026, 11, 10)) == "LATER_MOVEMENT"


def test_refuses_a_movement_in_a_closed_year(cast):
    cast.year.state = "CLOSED"
    cast.year.save()

    assert refusal(transfer, cast) == "YEAR_CLOSED"


def test_who_left_is_in_no_list_from_that_day(cast):
    left = {"on": ON, "reason": "Перевод в другую школу", "order": "Приказ № 14-у"}

    enrolment = movement.leave_school(cast.polina, **left, **told(cast))
    movement.leave_school(cast.polina, **left, **told(cast))

    assert (enrolment.ends_on, enrolment.leaving_reason) == (DAY_BEFORE, "Перевод в другую школу")
    assert not Membership.objects.filter(pupil=cast.polina).on(ON).exists()
    assert Membership.objects.filter(pupil=cast.polina).on(DAY_BEFORE).count() == 2
    assert Entry.objects.filter(verb="schooling.leave_school").count() == 1


def test_refuses_to_let_go_who_is_not_there(cast):
    movement.leave_school(cast.polina, on=ON, reason="Выбыла", order="1", **told(cast))

    code = refusal(movement.leave_school, cast.polina, on=date(2026, 12, 1), reason="Ещё раз", order="2", **told(cast))

    assert code == "NOT_ENROLLED"


def test_an_arrival_opens_a_stay_in_the_school_and_in_the_class(cast):
    pupil = make.make_pupil(cast.organisation, "Новиков Пётр Ильич")
    Enrolment.objects.filter(pupil=pupil).delete()
    group = make.make_group(cast.class_7a, "SUBGROUP", "1 подгруппа")

    for _ in range(2):
        movement.enrol_in_class(pupil, to_class=cast.class_7a, on=ON, order="№ 15", groups=[group], **told(cast))

    assert Enrolment.objects.get(pupil=pupil).starts_on == ON
    assert names(pupils_of(make.whole_class(cast.class_7a), ON)) == ["Власов", "Громова", "Новиков"]
    assert pupils_of(group, ON) == [pupil]
    assert Entry.objects.filter(verb="schooling.enrol_in_class").count() == 1


def test_refuses_to_enrol_whom_another_class_lists(cast):
    code = refusal(movement.enrol_in_class, cast.polina, to_class=cast.class_7a, on=ON, order="", **told(cast))

    assert code == "ALREADY_IN_CLASS"


def test_refuses_to_list_an_extern(cast):
    extern = make.make_pupil(cast.organisation, "Юдин Марк Олегович", form=EducationForm.FAMILY)

    code = refusal(movement.enrol_in_class, extern, to_class=cast.class_7a, on=ON, order="", **told(cast))

    assert code == "EXTERN"
    assert names(pupils_of(make.whole_class(cast.class_7a), ON)) == ["Власов", "Громова"]


def test_who_becomes_an_extern_leaves_every_list(cast):
    changed = {"form": EducationForm.FAMILY, "on": ON, "order": "№ 16"}

    movement.change_form(cast.polina, **changed, **told(cast))
    movement.change_form(cast.polina, **changed, **told(cast))

    stays = Enrolment.objects.filter(pupil=cast.polina).order_by("starts_on")
    assert [(stay.form, stay.ends_on) for stay in stays] == [("FULL_TIME", DAY_BEFORE), ("FAMILY", None)]
    assert not Membership.objects.filter(pupil=cast.polina).on(ON).exists()


def test_a_change_of_subgroup_takes_the_pupil_out_of_the_other(cast):
    first, second = cast.english_1.group, cast.english_2.group

    for _ in range(2):
        movement.move_to_group(cast.polina, group=first, on=ON, **told(cast))

    assert cast.polina in pupils_of(first, ON)
    assert cast.polina not in pupils_of(second, ON)
    assert cast.polina in pupils_of(second, DAY_BEFORE)
    assert Entry.objects.filter(verb="schooling.move_to_group").count() == 1


def test_a_change_of_subgroup_on_its_first_day_leaves_no_stay_of_no_days(cast):
    movement.move_to_group(cast.polina, group=cast.english_1.group, on=date(2026, 9, 1), **told(cast))

    groups = Membership.objects.filter(pupil=cast.polina, group__kind="SUBGROUP").values_list("group__name", flat=True)
    assert list(groups) == ["1 подгруппа"]


def test_refuses_a_subgroup_of_a_class_the_pupil_is_not_in(cast):
    group = make.make_group(cast.class_7a, "SUBGROUP", "1 подгруппа")

    assert refusal(movement.move_to_group, cast.polina, group=group, on=ON, **told(cast)) == "NOT_IN_CLASS"


def in_class_of_last_year(cast: Cast):
    """Полина in 7А of 2025/26, a year that is closed; nobody ended her stay there. Return the class."""
    past = make.make_year(cast.class_8a.organisation, 2025)
    school_class = make.make_class(past, 7, "А")
    make.join(make.whole_class(school_class), cast.polina)
    past.state = past.State.CLOSED
    past.save()
    return school_class


def test_who_was_here_last_year_may_leave_this_year(cast):
    old = in_class_of_last_year(cast)

    movement.leave_school(cast.polina, on=ON, reason="Переезд", order="Приказ № 9-у", **told(cast))

    assert Membership.objects.get(pupil=cast.polina, group=make.whole_class(old)).ends_on is None
    assert Membership.objects.get(pupil=cast.polina, group=make.whole_class(cast.class_8a)).ends_on == DAY_BEFORE


def test_the_class_of_a_day_is_that_of_its_year(cast):
    old = in_class_of_last_year(cast)
    Membership.objects.filter(pupil=cast.polina).exclude(group=make.whole_class(old)).delete()
    make.join(make.whole_class(cast.class_8a), cast.polina)

    assert current_class_of(cast.polina, ON) == cast.class_8a
    assert current_class_of(cast.polina, date(2026, 3, 2)) == old


@pytest.mark.parametrize("verb", ["transfer", "leave"])
def test_refuses_to_take_a_pupil_from_a_class_where_a_later_subgroup_waits(cast, verb):
    other = cast.class_8a.groups.get(kind="SUBGROUP", name="1 подгруппа")
    movement.move_to_group(cast.polina, group=other, on=date(2026, 12, 1), **told(cast))
    verbs = {
        "transfer": lambda: transfer(cast),
        "leave": lambda: movement.leave_school(cast.polina, on=ON, reason="Переезд", order="№ 9", **told(cast)),
    }

    assert refusal(verbs[verb]) == "LATER_MOVEMENT"


def test_refuses_a_change_of_form_in_a_closed_year(cast):
    year = cast.class_8a.year
    year.state = year.State.CLOSED
    year.save()

    code = refusal(movement.change_form, cast.polina, form=EducationForm.HOME, on=ON, order="№ 9", **told(cast))

    assert code == "YEAR_CLOSED"


def test_the_form_of_a_new_stay_is_told_to_the_ledger(cast):
    Membership.objects.filter(pupil=cast.polina).delete()
    Enrolment.objects.filter(pupil=cast.polina).delete()

    movement.enrol_in_class(
        cast.polina, to_class=cast.class_8a, on=ON, order="№ 9", form=EducationForm.HOME, **told(cast)
    )

    body = json.loads(bytes(Payload.objects.get(entry__verb="schooling.enrol_in_class").body))
    began = [f"schooling.StudyGroup:{make.whole_class(cast.class_8a).pk}"]
    assert body["after"] == {"class": "8А", "groups": [], "places": began, "form": "HOME", "on": "2026-11-20"}
