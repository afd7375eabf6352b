"""A rule's answer about an act: allowed, or refused with a reason for the person."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Verdict:
    """Allowed, or refused with a code, a sentence in Russian and the clause it rests on."""

    allowed: bool
    code: str = ""
    sentence: str = ""
    clause: str = ""

    def __bool__(self) -> bool:
        return self.allowed


ALLOWED = Verdict(allowed=True)


def refused(code: str, sentence: str, *, clause: str = "") -> Verdict:
    """Return a refusal.

    code: short stable English name, shown to programs and asserted by tests.
    sentence: what, why and how to mend, in Russian, for the person.
    clause: the clause of the act or policy the refusal rests on; empty when it is plain sense.
    """
    return Verdict(allowed=False, code=code, sentence=sentence, clause=clause)
