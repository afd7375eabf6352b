"""A refusal on its way from an action to the person."""

from letopis.rules.verdict import Verdict


class Refused(Exception):
    """A rule said no. Carries the verdict: code, sentence for the person, clause."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict.code)
        self.verdict = verdict


def require(verdict: Verdict) -> None:
    """Raise Refused unless the verdict allows."""
    if not verdict:
        raise Refused(verdict)
