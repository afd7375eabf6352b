import json
import math
from datetime import date, timedelta

import pytest

from letopis.accounts import actions, passwords
from letopis.accounts.models import Appointment, Role, SignInAttempt
from letopis.core.errors import Refused
from letopis.ledger.actions import object_name
from letopis.ledger.models import Entry, Payload
from tests import factories as make
from tests.cast import TODAY
from tests.factories import PASSWORD, moment

pytestmark = pytest.mark.django_db

AT = moment(TODAY)
NEW = "морковь телега окно"


def by(cast, member="administrator"):
    return cast.actor(member).author


def refusal(verb, **arguments):
    with pytest.raises(Refused) as caught:
        verb(**arguments)
    return caught.value.verdict.code


def bodies():
    return b"".join(bytes(body) for body in Payload.objects.values_list("body", flat=True)).decode()


def test_a_password_has_three_groups_without_look_alikes_and_enough_bits():
    made = {passwords.new_password() for _ in range(200)}

    assert len(made) == 200
    assert {len(group) for password in made for group in password.split("-")} == {5}
    assert not set("".join(made)) & set("il1o0")
    assert passwords.GROUPS * passwords.GROUP_LENGTH * math.log2(len(passwords.ALPHABET)) >= 60


def test_the_stamp_of_a_password_changes_with_it_and_tells_nothing(cast):
    user = cast.users["teacher"]
    stamp = passwords.password_stamp(user)

    assert passwords.is_stamp_of(user, stamp)
    user.set_password(NEW)
    assert not passwords.is_stamp_of(user, stamp)
    assert user.password not in stamp


def test_reset_gives_a_password_that_fits_and_must_be_changed(cast):
    user = cast.users["teacher"]

    password = actions.reset_password(user=user, by=by(cast), at=AT, stamp=passwords.password_stamp(user))

    user.refresh_from_db()
    assert user.check_password(password)
    assert not user.check_password(PASSWORD)
    assert user.must_change_password
    entry = Entry.objects.get(verb="accounts.reset_password")
    assert (entry.object, entry.actor) == (object_name(user), object_name(cast.users["administrator"]))
    assert password not in bodies()
    assert user.password not in bodies()


def test_a_page_of_reset_sent_twice_does_not_take_the_printed_password_away(cast):
    user = cast.users["teacher"]
    stamp = passwords.password_stamp(user)
    password = actions.reset_password(user=user, by=by(cast), at=AT, stamp=stamp)

    code = refusal(actions.reset_password, user=user, by=by(cast), at=AT, stamp=stamp)

    user.refresh_from_db()
    assert code == "CHANGED_SINCE"
    assert user.check_password(password)
    assert Entry.objects.filter(verb="accounts.reset_password").count() == 1


def test_reset_lifts_the_lock_of_the_name(cast):
    for _ in range(5):
        actions.begin_attempt("kopylova", at=AT)

    actions.reset_password(user=cast.users["teacher"], by=by(cast), at=AT)

    actions.begin_attempt("kopylova", at=AT)
    assert SignInAttempt.objects.count() == 1


def test_a_person_changes_the_own_password(cast):
    user = cast.users["teacher"]
    user.must_change_password = True
    user.save()

    actions.change_own_password(user=user, old=PASSWORD, new=NEW, by=by(cast, "teacher"), at=AT)

    user.refresh_from_db()
    assert user.check_password(NEW)
    assert not user.must_change_password
    assert Entry.objects.filter(verb="accounts.change_own_password").count() == 1
    assert SignInAttempt.objects.count() == 0
    assert NEW not in bodies()
    assert PASSWORD not in bodies()


@pytest.mark.parametrize(
    ("old", "new", "code"), [("wrong", NEW, "WRONG_PASSWORD"), (PASSWORD, PASSWORD, "SAME_PASSWORD")]
)
def test_refuses_a_wrong_old_password_and_the_same_again(cast, old, new, code):
    user = cast.users["teacher"]

    found = refusal(actions.change_own_password, user=user, old=old, new=new, by=by(cast, "teacher"), at=AT)

    user.refresh_from_db()
    assert found == code
    assert user.check_password(PASSWORD)
    assert Entry.objects.count() == 0


def test_guessing_the_old_password_locks_the_name(cast):
    arguments = {"user": cast.users["teacher"], "new": NEW, "by": by(cast, "teacher"), "at": AT}
    for _ in range(5):
        refusal(actions.change_own_password, old="wrong", **arguments)

    assert refusal(actions.change_own_password, old=PASSWORD, **arguments) == "NAME_LOCKED"


def test_close_and_reopen_are_recorded_once_with_the_reason(cast):
    user = cast.users["teacher"]

    for _ in range(2):
        actions.close_account(user=user, reason="Увольнение", by=by(cast), at=AT)
    closed = type(user).objects.get(pk=user.pk).is_active
    for _ in range(2):
        actions.reopen_account(user=user, reason="Вернулась", by=by(cast), at=AT)

    assert (closed, type(user).objects.get(pk=user.pk).is_active) == (False, True)
    found = [json.loads(bytes(body)) for body in Payload.objects.order_by("pk").values_list("body", flat=True)]
    assert [(fact["verb"], fact["after"], fact["reason"]) for fact in found] == [
        ("accounts.close_account", {"is_active": False}, "Увольнение"),
        ("accounts.reopen_account", {"is_active": True}, "Вернулась"),
    ]


def test_nobody_closes_the_own_account_nor_that_of_the_last_administrator(cast):
    user = cast.users["administrator"]

    own = refusal(actions.close_account, user=user, reason="", by=by(cast), at=AT)
    last = refusal(actions.close_account, user=user, reason="", by=by(cast, "director"), at=AT)

    assert (own, last) == ("OWN_ACCOUNT", "LAST_ADMINISTRATOR")


def test_with_another_administrator_the_first_may_be_closed(cast):
    actions.appoint(user=cast.users["clerk"], role=Role.ADMINISTRATOR, starts_on=TODAY, basis="", by=by(cast), at=AT)

    closed = actions.close_account(user=cast.users["administrator"], reason="", by=by(cast, "clerk"), at=AT)

    assert not closed.is_active


def order(**changes):
    return {"order_number": "9-к", "order_on": date(2026, 11, 13), "at": AT} | changes


def test_appoints_by_order_and_twice_is_harmless(cast):
    for _ in range(2):
        found = actions.appoint_by_order(
            user=cast.users["teacher"], role=Role.DEPUTY, starts_on=TODAY, by=by(cast, "director"), **order()
        )

    assert (found.basis, found.starts_on, found.ends_on) == ("Приказ № 9-к от 13.11.2026", TODAY, None)
    assert cast.actor("teacher").roles == frozenset({"DEPUTY"})
    assert Entry.objects.filter(verb="accounts.appoint").count() == 1


@pytest.mark.parametrize(
    ("member", "role", "changes", "code"),
    [
        ("director", Role.DEPUTY, {}, "OWN_OFFICE"),
        ("deputy", Role.DEPUTY, {}, "HOLDS_OFFICE"),
        ("teacher", Role.DEPUTY, {"order_number": " "}, "NO_ORDER"),
        ("teacher", Role.DEPUTY, {"order_on": None}, "NO_ORDER"),
    ],
)
def test_refuses_an_appointment(cast, member, role, changes, code):
    found = refusal(
        actions.appoint_by_order, user=cast.users[member], role=role, starts_on=TODAY, by=by(cast, "director"),
        **order(**changes),
    )  # fmt: skip

    assert found == code
    assert Entry.objects.count() == 0


def test_a_closed_account_takes_no_office(cast):
    user = actions.close_account(user=cast.users["teacher"], reason="", by=by(cast), at=AT)

    found = refusal(actions.appoint_by_order, user=user, role=Role.CLERK, starts_on=TODAY, by=by(cast), **order())

    assert found == "ACCOUNT_CLOSED"


def test_ends_an_appointment_on_its_last_day_and_twice_is_harmless(cast):
    appointment = Appointment.objects.get(user=cast.users["deputy"])

    for _ in range(2):
        actions.end_appointment(appointment=appointment, ends_on=TODAY, by=by(cast, "director"), **order())

    assert cast.actor("deputy").roles == frozenset({"DEPUTY"})
    assert not Appointment.objects.on(TODAY + timedelta(days=1)).filter(user=cast.users["deputy"]).exists()
    assert Entry.objects.filter(verb="accounts.end_appointment").count() == 1


@pytest.mark.parametrize(
    ("member", "changes", "code"),
    [
        ("deputy", {"ends_on": date(2025, 8, 31)}, "ENDS_BEFORE_START"),
        ("deputy", {"order_number": ""}, "NO_ORDER"),
        ("administrator", {}, "LAST_ADMINISTRATOR"),
    ],
)
def test_refuses_to_end_an_office(cast, member, changes, code):
    appointment = Appointment.objects.get(user=cast.users[member])

    arguments = order(ends_on=TODAY) | changes
    found = refusal(actions.end_appointment, appointment=appointment, by=by(cast, "director"), **arguments)

    assert found == code
    assert Appointment.objects.get(pk=appointment.pk).ends_on is None


def test_an_administrator_of_another_school_does_not_count(cast):
    foreign = cast.users["foreign_teacher"]
    actions.appoint(user=foreign, role=Role.ADMINISTRATOR, starts_on=TODAY, basis="", by=by(cast), at=AT)

    found = refusal(actions.close_account, user=cast.users["administrator"], reason="", by=by(cast, "director"), at=AT)

    assert found == "LAST_ADMINISTRATOR"


def test_old_attempts_are_forgotten_and_no_name_stands_in_the_table(cast):
    actions.begin_attempt("kopylova", at=AT)

    actions.begin_attempt(" Kopylova", at=AT + timedelta(minutes=31))

    assert SignInAttempt.objects.count() == 1
    assert "kopylova" not in SignInAttempt.objects.get().name_digest


def test_an_account_opened_for_a_demonstration_need_not_change_its_password(cast):
    user = actions.open_account(organisation=cast.organisation, username="demo", password_hash="x", by=by(cast), at=AT)

    assert (user.must_change_password, make.make_user(cast.organisation, "plain").must_change_password) == (
        False,
        False,
    )
