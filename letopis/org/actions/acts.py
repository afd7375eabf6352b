"""Verbs of local acts: enter, amend, change, adopt, withdraw, mark for the site.

An adopted act is never changed: an amendment is a new row that supersedes it, and adopting the new row ends the old one
on the day before, in the same transaction.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from itertools import zip_longest
from typing import Any

from django.db import transaction
from django.db.models import F

from letopis.core.errors import Refused, require
from letopis.ledger.actions import Author, Fact, object_name, record, record_all
from letopis.org.actions.act_facts import act_value
from letopis.org.actions.policy import set_end
from letopis.org.models import CollegiateDecision, LocalAct, Organisation, PolicyEdition
from letopis.rules import local_acts as rules
from letopis.rules.text import many_lines, one_line
from letopis.rules.verdict import refused


@dataclass(frozen=True, slots=True)
class ActFields:
    """What a draft says of itself."""

    kind: str
    """A value of LocalAct.Kind."""
    title: str
    number: str = ""
    dated: date | None = None
    registration_number: str = ""
    text: str = ""
    agreed_with: tuple[str, ...] = ()
    """With whom it was agreed, in words (C-020)."""
    must_be_known: bool = True


@dataclass(frozen=True, slots=True)
class Adoption:
    """By whom, when and from which day an act is adopted."""

    in_force_from: date
    in_force_to: date | None = None
    """The last day; None = until a new version."""
    number: str = ""
    dated: date | None = None
    adopted_by: str = ""
    """The body, in words."""
    adopted_on: date | None = None
    decision: CollegiateDecision | None = None
    approved_by: str = ""
    order_number: str = ""
    order_date: date | None = None
    agreed_with: tuple[str, ...] = ()
    registration_number: str = ""


@transaction.atomic
def enter_act(organisation: Organisation, *, fields: ActFields, by: Author, at: datetime) -> LocalAct:
    """Enter a draft and return it. Refuses with NO_TITLE."""
    act = LocalAct(organisation=organisation, entered_at=at)
    _put(act, fields)
    act.save()
    record(Fact(by, at, "org.enter_act", object_name(act), None, act_value(act)))
    return act


@transaction.atomic
def amend(act: LocalAct, *, by: Author, at: datetime) -> LocalAct:
    """Begin a new version of an adopted act, with its text, as a draft, and return it.

    Twice returns the draft that was begun. Refuses with ACT_NOT_IN_FORCE, ALREADY_SUPERSEDED.
    """
    act = _locked(act)
    successor = LocalAct.objects.filter(supersedes=act).first()
    if successor is not None and successor.state == LocalAct.State.DRAFT:
        return successor
    require(rules.may_amend(state=act.state, has_successor=successor is not None))
    draft = LocalAct(
        organisation_id=act.organisation_id,
        supersedes=act,
        entered_at=at,
        **{name: getattr(act, name) for name in ("kind", "title", "text", "must_be_known", "prepared")},
    )
    draft.save()
    record(Fact(by, at, "org.amend_act", object_name(draft), None, act_value(draft)))
    return draft


@transaction.atomic
def change_act(act: LocalAct, *, fields: ActFields, by: Author, at: datetime) -> bool:
    """Change a draft; return whether anything was changed. Refuses with ACT_ADOPTED, NO_TITLE."""
    act = _locked(act)
    require(rules.may_change(state=act.state))
    before = act_value(act)
    _put(act, fields)
    if (after := act_value(act)) == before:
        return False
    act.save()
    record(Fact(by, at, "org.change_act", object_name(act), before, after))
    return True


@transaction.atomic
def adopt_act(act: LocalAct, *, adoption: Adoption, by: Author, at: datetime) -> LocalAct:
    """Adopt a draft, end the version before it on the day before, and return it.

    Refuses with ACT_ADOPTED, NO_NUMBER, DAYS_BACKWARDS, OVERLAP; NO_TEXT when there is neither text nor file.
    """
    act = _locked(act)
    old = _locked(act.supersedes) if act.supersedes else None
    adoption = _tidy(adoption, act)
    require(
        rules.may_adopt(
            state=act.state,
            number=adoption.number,
            dated=adoption.dated,
            adopted_on=adoption.adopted_on,
            order_date=adoption.order_date,
            first=adoption.in_force_from,
            last=adoption.in_force_to,
            old_first=old.in_force_from if old else None,
            old_state=old.state if old else "",
        )
    )
    if not act.text and not act.file:
        raise Refused(refused("NO_TEXT", "У акта нет ни текста, ни файла: вставьте текст или приложите файл."))
    before = act_value(act)
    for name, value in _fields_of(adoption).items():
        setattr(act, name, value)
    act.state = LocalAct.State.IN_FORCE
    act.save()
    facts = [Fact(by, at, "org.adopt_act", object_name(act), before, act_value(act))]
    if old is not None and old.state == LocalAct.State.IN_FORCE:
        facts += _end(old, last=adoption.in_force_from - timedelta(days=1), by=by, at=at)
    record_all(facts)
    return act


@transaction.atomic
def withdraw_act(
    act: LocalAct, *, on: date, reason: str, shut_until: date | None = None, by: Author, at: datetime
) -> bool:
    """Withdraw a draft, or take an adopted act out of force from a day; its edition of the policy ends with it.

    reason: the order or decision, in words. shut_until: the last day of the last closed year, which the caller knows:
    rules of its days stay. Twice is harmless: returns False. Refuses with NO_REASON, DAYS_BACKWARDS, ACT_OVER,
    ALREADY_SUPERSEDED, YEAR_CLOSED.
    """
    act, reason = _locked(act), one_line(reason)
    if act.state == LocalAct.State.WITHDRAWN:
        return False
    has_successor = LocalAct.objects.filter(supersedes=act).exists()
    decides = PolicyEdition.objects.filter(act=act).exists()
    was_draft, last = act.state == LocalAct.State.DRAFT, on - timedelta(days=1)
    require(
        rules.may_withdraw(
            state=act.state,
            first=act.in_force_from,
            last=act.in_force_to,
            on=on,
            has_successor=has_successor,
            shut_until=shut_until if decides else None,
        )
    )
    if not reason:
        raise Refused(refused("NO_REASON", "Напишите, почему и каким решением акт отменён."))
    before = act_value(act)
    act.state = LocalAct.State.WITHDRAWN
    if was_draft:
        # The version before it may be amended again.
        act.supersedes = None
    else:
        act.in_force_to = last
    act.save()
    facts = [Fact(by, at, "org.withdraw_act", object_name(act), before, act_value(act), reason)]
    if not was_draft:
        facts += _end_editions(act, last=last, by=by, at=at)
    record_all(facts)
    return True


@transaction.atomic
def publish_act(act: LocalAct, *, published: bool, by: Author, at: datetime) -> bool:
    """Mark an adopted act for the school's site, or take the mark off. Twice is harmless. Refuses with ACT_IS_DRAFT."""
    act = _locked(act)
    if act.state == LocalAct.State.DRAFT:
        raise Refused(refused("ACT_IS_DRAFT", "На сайт выкладывают принятые акты, а это проект."))
    if act.is_published == published:
        return False
    act.is_published = published
    act.save(update_fields=["is_published"])
    record(Fact(by, at, "org.publish_act", object_name(act), {"published": not published}, {"published": published}))
    return True


def _locked(act: LocalAct) -> LocalAct:
    return LocalAct.objects.select_for_update(of=("self",)).get(pk=act.pk)


def _put(act: LocalAct, fields: ActFields) -> None:
    values = asdict(fields) | {"title": one_line(fields.title), "text": many_lines(fields.text)}
    values["agreed_with"] = _lines(fields.agreed_with)
    if not values["title"]:
        raise Refused(refused("NO_TITLE", "Укажите название акта."))
    for name, value in values.items():
        setattr(act, name, value)


def _tidy(adoption: Adoption, act: LocalAct) -> Adoption:
    """Return the adoption with what the draft already says where the adoption is silent."""
    return replace(
        adoption,
        number=one_line(adoption.number) or act.number,
        dated=adoption.dated or act.dated,
        registration_number=one_line(adoption.registration_number) or act.registration_number,
        agreed_with=adoption.agreed_with or tuple(act.agreed_with),
        adopted_by=one_line(adoption.adopted_by),
        approved_by=one_line(adoption.approved_by),
        order_number=one_line(adoption.order_number),
    )


def _fields_of(adoption: Adoption) -> dict[str, Any]:
    names = (name for name in Adoption.__slots__ if name != "agreed_with")
    return {name: getattr(adoption, name) for name in names} | {"agreed_with": _lines(adoption.agreed_with)}


def _lines(texts: Sequence[str]) -> list[str]:
    return [line for text in texts if (line := one_line(text))]


def _end(act: LocalAct, *, last: date, by: Author, at: datetime) -> list[Fact]:
    """Let a version end on a day, unless it ends before it anyway."""
    if act.in_force_to is not None and act.in_force_to <= last:
        return []
    before = act_value(act)
    act.in_force_to = last
    act.save(update_fields=["in_force_to"])
    return [Fact(by, at, "org.supersede_act", object_name(act), before, act_value(act))]


def _end_editions(act: LocalAct, *, last: date, by: Author, at: datetime) -> list[Fact]:
    """Let the editions that the act decided end with it: after it law and defaults stand.

    One that a later edition, perhaps of another act, has replaced by then is over already: it gets no last day, which
    would lie in the days of the later one.
    """
    # As adopting does: no edition may come in between.
    Organisation.objects.select_for_update().get(pk=act.organisation_id)
    rows = list(PolicyEdition.objects.filter(organisation=act.organisation_id).order_by("in_force_from"))
    facts = []
    for row, following in zip_longest(rows, rows[1:]):
        end = max(last, row.in_force_from)
        is_replaced = following is not None and following.in_force_from <= end
        is_over = row.in_force_to is not None and row.in_force_to <= end
        if row.act_id == act.pk and not is_replaced and not is_over:
            facts.append(set_end(row, last=end, by=by, at=at))
    if facts:
        Organisation.objects.filter(pk=act.organisation_id).update(policy_version=F("policy_version") + 1)
    return facts
