"""Reads of organisations: the editions of their policy."""

from letopis.org.models import Organisation, PolicyEdition
from letopis.rules.policy import variables
from letopis.rules.policy.codec import decode
from letopis.rules.policy.editions import NO_EDITIONS, Edition, Editions, Stated

_known: dict[int, tuple[int, Editions]] = {}
"""Organisation → count of its editions and the editions read at that count. One entry a school in each process."""


def policies(organisation: Organisation) -> Editions:
    """Return the editions of the school's policy.

    No query while the school has adopted nothing since they were read: `policy_version` comes with the organisation,
    which every request loads anyway.
    """
    version = organisation.policy_version
    if not version:
        return NO_EDITIONS
    held = _known.get(organisation.pk)
    if held is None or held[0] != version:
        held = _known[organisation.pk] = (version, _read(organisation))
    return held[1]


def _read(organisation: Organisation) -> Editions:
    rows = (
        PolicyEdition.objects.filter(organisation=organisation)
        .select_related("act")
        .defer("act__text")
        .order_by("in_force_from")
    )
    return Editions(tuple(edition_of(row) for row in rows))


def edition_of(row: PolicyEdition) -> Edition:
    """Return a stored edition as the rules take it. A variable that the product has no more is left out."""
    act, known = row.act, variables()
    return Edition(
        act=str(act.code),
        title=act_title(row),
        in_force_from=row.in_force_from,
        in_force_to=row.in_force_to,
        values={
            name: Stated(decode(said["value"], known[name]), said["clause"], said.get("note", ""))
            for name, said in row.stated.items()
            if name in known
        },
        kind=act.kind,
        number=act.number,
        adopted_on=act.adopted_on,
        adopted_by=act.adopted_by,
        order=f"приказ № {act.order_number} от {act.order_date:%d.%m.%Y}"
        if act.order_number and act.order_date
        else "",
        agreed_with=tuple(act.agreed_with),
    )


def act_title(row: PolicyEdition) -> str:
    """Return how documents cite the act of an edition: «Положение о …, № 12 от 01.09.2026»."""
    act = row.act
    number = f" № {act.number}" if act.number else ""
    dated = f" от {act.dated:%d.%m.%Y}" if act.dated else ""
    return f"{act.title},{number}{dated}" if number or dated else act.title
