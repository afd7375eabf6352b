"""Who may get into the system, who lets him in, and when a name is locked."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from letopis.rules.russian import short_date
from letopis.rules.verdict import ALLOWED, Verdict, refused

ADMINISTRATOR, DIRECTOR = "ADMINISTRATOR", "DIRECTOR"

WRONG_ATTEMPTS = 5
WINDOW = timedelta(minutes=15)
LOCK = timedelta(minutes=15)
ATTEMPTS_ARE_KEPT = WINDOW + LOCK
"""An older attempt can no longer matter to a lock."""

MOST_AT_ONCE = 50
"""Hashing a password takes a fifth of a second on purpose, so a page waits ten seconds for this many."""


def may_manage_accounts(roles: Collection[str]) -> Verdict:
    """Say whether the holder of these offices gives access, resets passwords, closes and reopens accounts."""
    if ADMINISTRATOR in roles:
        return ALLOWED
    return refused("NOT_ADMINISTRATOR", "Доступ выдаёт и закрывает администратор журнала.")


def may_appoint(roles: Collection[str]) -> Verdict:
    """Say whether the holder of these offices enters appointments to office."""
    if ADMINISTRATOR in roles or DIRECTOR in roles:
        return ALLOWED
    return refused("NOT_DIRECTOR", "Назначения вносит директор или администратор журнала.")


def may_get_access(*, has_account: bool, is_gone: bool) -> Verdict:
    """Say whether a person may be given an account.

    is_gone: a dismissed employee who is nothing else to the school, or a pupil who has left.
    """
    if has_account:
        return refused("HAS_ACCOUNT", "Доступ уже есть: забытый пароль сбрасывают на странице учётной записи.")
    if is_gone:
        return refused("GONE", "Человек больше не работает и не учится в школе.")
    return ALLOWED


def may_give_to_so_many(number: int) -> Verdict:
    """Say whether so many accounts may be opened by one press."""
    if number > MOST_AT_ONCE:
        return refused(
            "TOO_MANY", f"За один раз выдают доступ не больше чем {MOST_AT_ONCE} людям. Выберите один класс."
        )
    return ALLOWED


def may_close(*, is_own: bool, is_last_administrator: bool) -> Verdict:
    """Say whether an account may be closed: nobody locks himself out, nor leaves the school without administrator."""
    if is_own:
        return refused("OWN_ACCOUNT", "Свою учётную запись закрыть нельзя: попросите другого администратора.")
    return _not_last(is_last_administrator)


def may_take_office(*, is_own: bool, is_active: bool, holds_already: bool) -> Verdict:
    """Say whether a user may be appointed to an office from a day."""
    if is_own:
        return refused("OWN_OFFICE", "Назначить на должность самого себя нельзя.")
    if not is_active:
        return refused("ACCOUNT_CLOSED", "Учётная запись закрыта: сначала откройте её.")
    if holds_already:
        return refused("HOLDS_OFFICE", "Эта должность в эти дни у человека уже есть.")
    return ALLOWED


def may_name_order(*, order_number: str, order_on: date | None) -> Verdict:
    """Say whether the order by which an office begins or ends is named well enough."""
    if not order_number.strip() or order_on is None:
        return refused("NO_ORDER", "Укажите номер и дату приказа.")
    return ALLOWED


def may_end_office(*, starts_on: date, ends_on: date, is_last_administrator: bool) -> Verdict:
    """Say whether an appointment may end with this day, its last."""
    if ends_on < starts_on:
        return refused(
            "ENDS_BEFORE_START", f"Назначение действует с {short_date(starts_on)}, раньше оно кончиться не может."
        )
    return _not_last(is_last_administrator)


def may_change_password(*, old_fits: bool, is_same: bool) -> Verdict:
    """Say whether a person may replace his own password."""
    if not old_fits:
        return refused("WRONG_PASSWORD", "Нынешний пароль не подошёл. Проверьте раскладку клавиатуры и Caps Lock.")
    if is_same:
        return refused("SAME_PASSWORD", "Новый пароль совпадает с нынешним. Придумайте другой.")
    return ALLOWED


def may_reset(*, is_unchanged: bool) -> Verdict:
    """Say whether a password may be reset.

    is_unchanged: the password is still the one that the page of confirmation saw; else a page that is sent again
    would take the password just printed away from the person.
    """
    if is_unchanged:
        return ALLOWED
    return refused("CHANGED_SINCE", "Пароль с тех пор уже сменили. Если новый листок потерян, сбросьте пароль ещё раз.")


def may_try(attempts: Sequence[datetime], *, at: datetime) -> Verdict:
    """Say whether a password may be tried for a name now.

    attempts: earlier wrong attempts for that name, in order, as far back as ATTEMPTS_ARE_KEPT.
    Five within the window lock the name; the sentence is the same whether or not such a name exists.
    """
    for first, last in zip(attempts, attempts[WRONG_ATTEMPTS - 1 :], strict=False):
        if last - first <= WINDOW and at < last + LOCK:
            return refused(
                "NAME_LOCKED",
                "Слишком много неверных попыток. Вход под этим именем закрыт на 15 минут. "
                "Забыли пароль? Попросите новый листок у администратора.",
            )
    return ALLOWED


def _not_last(is_last_administrator: bool) -> Verdict:
    if is_last_administrator:
        return refused(
            "LAST_ADMINISTRATOR", "Это последний администратор школы: сначала назначьте другого, иначе входы не выдать."
        )
    return ALLOWED
