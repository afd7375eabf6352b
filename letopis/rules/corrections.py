"""Corrections of entries that are no longer open: who asks, who approves, and what both must say.

The request names the value that stood and the one that should; the approval carries it out at once, so that an entry is
never open for longer than the change that was approved. Sources: REG-022, REG-023, REG-B015, REG-B016, SEC-020.
"""

import hashlib
from collections.abc import Collection

from letopis.rules.policy import Policy
from letopis.rules.verdict import ALLOWED, Verdict, refused
from letopis.rules.windows import LOCK_CODES

DIRECTOR = "DIRECTOR"
REQUESTED, HALF = "REQUESTED", "HALF"
WAITING = frozenset({REQUESTED, HALF})
"""States in which a request waits for somebody."""

LONGEST_VALUE = 1000
LONGEST_REASON = 500
LONGEST_ORDER = 120
"""Characters."""

_SHUT = {
    "CLOSED": "Учебный год закрыт: записи в нём больше не исправляют. Директор может открыть год приказом, и тогда "
    "исправление можно будет попросить.",
    "ARCHIVED": "Учебный год передан в архив: записи в нём не исправляют. Ошибку описывает справка директора, она "
    "хранится рядом с журналом.",
}
_SHUT_CLAUSE = "порядок архивного хранения журнала: закрытый год доступен только для чтения"
"""Source: REG-037."""


def offers_correction(verdict: Verdict) -> bool:
    """Say whether a refused entry may be asked for by a request for correction."""
    return not verdict and verdict.code in LOCK_CODES


def may_request(
    *,
    lock: Verdict,
    year_state: str,
    old: str,
    new: str,
    reason: str,
    remark_required: bool = False,
    has_remark: bool = False,
    is_waiting: bool = False,
) -> Verdict:
    """Say whether a teacher may ask for a correction of an entry.

    lock: what `rules.windows` says of writing this very value today; an open entry needs no permission.
    year_state: OPEN, CLOSED or ARCHIVED.
    old, new: what stands and what should stand.
    remark_required: the policy corrects marks only after a remark of control (mark_correction REMARK); has_remark: such
    a remark stands on the lesson or its page.
    is_waiting: another request for the same entry waits already.
    Source: REG-023, REG-B016.
    """
    shut = year_is_shut(year_state)
    if not shut:
        return shut
    if lock:
        return refused("STILL_OPEN", "Эту запись вы ещё можете изменить сами: разрешение не нужно.")
    if not offers_correction(lock):
        return lock
    if old == new:
        return refused("NOTHING_NEW", "В журнале это и стоит: напишите, на что исправить.")
    if not reason.strip():
        return refused("REASON_NEEDED", "Напишите, почему запись нужно исправить: причина останется в журнале.")
    if len(reason) > LONGEST_REASON:
        return refused("LONG_REASON", f"Причина длиннее {LONGEST_REASON} знаков: сократите её.")
    if len(new) > LONGEST_VALUE:
        return refused("LONG_VALUE", f"Новое значение длиннее {LONGEST_VALUE} знаков: сократите его.")
    if remark_required and not has_remark:
        return refused(
            "REMARK_NEEDED",
            "Отметку исправляют только по замечанию заместителя директора, а замечания к этому уроку нет. Покажите "
            "ошибку заместителю: он запишет замечание.",
            clause=lock.clause,
        )
    if is_waiting:
        return refused(
            "ALREADY_ASKED", "Исправление этой записи уже попросили: дождитесь решения или отзовите просьбу."
        )
    return ALLOWED


def year_is_shut(year_state: str) -> Verdict:
    """Refuse in a closed or archived year, with the way out. Source: REG-037."""
    if year_state in _SHUT:
        return refused(f"YEAR_{year_state}", _SHUT[year_state], clause=_SHUT_CLAUSE)
    return ALLOWED


def approving_roles(policy: Policy) -> frozenset[str]:
    """Return the roles that approve: those of the policy, and the director where two people approve."""
    roles = frozenset(policy.correction_approvers)
    return roles | {DIRECTOR} if policy.correction_approvals > 1 else roles


def may_approve(
    *,
    state: str,
    roles: Collection[str],
    is_requester: bool,
    has_other_approver: bool,
    order: str,
    policy: Policy,
    is_first: bool = False,
    first_was_director: bool = False,
    year_state: str = "OPEN",
) -> Verdict:
    """Say whether somebody may approve a request now.

    state: of the request. roles: offices he holds today. is_requester: he asked for it himself.
    has_other_approver: somebody else holds an office that approves; where nobody does, one approves his own request.
    order: number and date of the order, as typed.
    is_first, first_was_director: of two who approve: he was the first; the first was the director.
    Source: REG-B016, policy correction_approvers, correction_approvals, correction_order_required.
    """
    decides = may_decide(state=state, roles=roles, policy=policy)
    if not decides:
        return decides
    shut = year_is_shut(year_state)
    if not shut:
        return shut
    if is_requester and has_other_approver:
        return refused(
            "OWN_REQUEST",
            "Своё исправление разрешает другой человек: попросите директора или другого заместителя.",
            clause=policy.clause("correction_approvers"),
        )
    if state == HALF and is_first:
        return refused(
            "SECOND_PERSON",
            "Вы уже разрешили это исправление; второе разрешение даёт другой человек.",
            clause=policy.clause("correction_approvals"),
        )
    if state == HALF and not first_was_director and DIRECTOR not in roles:
        return refused(
            "DIRECTOR_NEEDED",
            "Один из двух, кто разрешает исправление, — директор. Первое разрешение дал не он, значит, второе за ним.",
            clause=policy.clause("correction_approvals"),
        )
    if completes(state, policy=policy) and policy.correction_order_required and not order.strip():
        return refused(
            "ORDER_NEEDED",
            "Укажите приказ, которым разрешено исправление: номер и дату.",
            clause=policy.clause("correction_order_required"),
        )
    if len(order) > LONGEST_ORDER:
        return refused("LONG_ORDER", f"Приказ записан длиннее {LONGEST_ORDER} знаков: нужны номер и дата.")
    return ALLOWED


def completes(state: str, *, policy: Policy) -> bool:
    """Say whether an approval in this state is the last one needed, so that the value is changed."""
    return policy.correction_approvals == 1 or state == HALF


def may_decide(*, state: str, roles: Collection[str], policy: Policy) -> Verdict:
    """Say whether somebody decides about a request at all: approves or declines it."""
    if not approving_roles(policy) & set(roles):
        return refused(
            "NOT_APPROVER",
            "Исправления разрешают другие должностные лица школы.",
            clause=policy.clause("correction_approvers"),
        )
    if state not in WAITING:
        return refused("DECIDED", "По этой просьбе уже решено: обновите страницу.")
    return ALLOWED


def may_decline(*, state: str, roles: Collection[str], reason: str, policy: Policy) -> Verdict:
    """Say whether somebody may decline a request; he says why."""
    decides = may_decide(state=state, roles=roles, policy=policy)
    if not decides:
        return decides
    if not reason.strip():
        return refused("REASON_NEEDED", "Напишите, почему исправление не разрешено: учитель прочтёт причину.")
    if len(reason) > LONGEST_REASON:
        return refused("LONG_REASON", f"Причина длиннее {LONGEST_REASON} знаков: сократите её.")
    return ALLOWED


def may_withdraw(*, state: str, is_requester: bool) -> Verdict:
    """Say whether a request may be taken back: by who asked, while it waits."""
    if not is_requester:
        return refused("NOT_REQUESTER", "Просьбу отзывает тот, кто её написал.")
    if state not in WAITING:
        return refused("DECIDED", "По этой просьбе уже решено: обновите страницу.")
    return ALLOWED


def unchanged_since(*, old: str, now: str, shown: str) -> Verdict:
    """Refuse to carry out a request where another value stands than the one it was made for.

    old, now: as kept and as it stands, `kept_value`. shown: what stands, in words.
    """
    if old == now:
        return ALLOWED
    return refused(
        "CONFLICT",
        f"С тех пор, как исправление попросили, запись изменили: сейчас там «{shown or 'пусто'}». "
        "Ничего не исправлено. Отклоните просьбу, учитель попросит снова.",
    )


def kept_value(text: str) -> str:
    """Return a value as a request keeps it; of a longer text its beginning and its digest: equal texts stay equal."""
    if len(text) <= LONGEST_VALUE:
        return text
    return f"{text[: LONGEST_VALUE - 20]}… {hashlib.sha256(text.encode()).hexdigest()[:16]}"
