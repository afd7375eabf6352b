"""The door to the ledger's pages: authenticity of entries, and the report of events."""

from letopis.accounts.models import Role
from letopis.people.access import Actor, require


def require_reader_of_ledger(actor: Actor) -> None:
    """Pass director, deputy and administrator; to everybody else there is no such page."""
    require(actor, Role.DIRECTOR, Role.DEPUTY, Role.ADMINISTRATOR)


def sees_values(actor: Actor) -> bool:
    """Return whether the actor may read what was entered: an administrator sees who, when and what kind of thing."""
    return actor.controls
