"""Marks that a person supposes («что, если»), read from an address. Nothing of them is ever stored."""

from collections.abc import Sequence
from dataclasses import dataclass

from letopis.rules.cells import marks_in
from letopis.rules.policy import GradingScale, Policy
from letopis.rules.term_marks import CountedMark, counted_mark
from letopis.rules.verdict import Verdict, refused

MOST_SUPPOSED = 20
"""Marks that may be supposed at once; nobody has more works ahead in a term. Unit: marks."""


@dataclass(frozen=True, slots=True)
class Supposed:
    """A supposed mark."""

    text: str
    """As the address keeps it: «5:КР»."""
    mark: CountedMark
    kind_title: str


def read_supposed(texts: Sequence[str], *, policy: Policy, scale: GradingScale) -> tuple[Supposed, ...] | Verdict:
    """Return the supposed marks, or the refusal that names the first that was not understood.

    texts: «5:КР» or «4/3:Д», a mark of the scale and the code of a kind of work.
    """
    if len(texts) > MOST_SUPPOSED:
        return refused(
            "TOO_MANY_SUPPOSED", f"Предположить можно не больше {MOST_SUPPOSED} отметок сразу, а названо {len(texts)}."
        )
    kinds = {kind.code: kind for kind in policy.work_kinds}
    found = []
    for text in texts:
        value, _colon, code = text.partition(":")
        mark = None
        if code in kinds and value.count("/") < 2 and marks_in(value, scale=scale):
            mark = counted_mark(value, code, kinds[code].weight, scale=scale)
        if mark is None:
            shown = text if len(text) <= 20 else f"{text[:20]}…"
            marks = ", ".join(scale.values) or "нет: обучение безотметочное"
            return refused(
                "NOT_UNDERSTOOD",
                f"«{shown}» не понято: выберите отметку ({marks}) и вид работы из списка.",
            )
        found.append(Supposed(f"{value}:{code}", mark, kinds[code].title))
    return tuple(found)
