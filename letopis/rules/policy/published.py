"""The acts shipped with the product: what documents of real schools decide, each value with its clause.

`tables/policies/<act>/<day in force>.toml`, one file for each edition, in the form of `policy.file`. They can be
compared, an own edition can begin from one, rules are tested against them; a school lives by one once it adopts it.
"""

from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from letopis.rules.policy.editions import Editions
from letopis.rules.policy.file import read_edition


class UnknownAct(LookupError):
    """No act of this name is shipped. The text is for the person and names those that are."""

    def __init__(self, act: str) -> None:
        super().__init__(f"Акта «{act}» нет. Есть: {', '.join(published_acts())}.")
        self.act = act


@cache
def published_acts() -> tuple[str, ...]:
    """Return the short names of the shipped acts, in alphabetical order."""
    return tuple(sorted(entry.name for entry in _folder().iterdir() if entry.is_dir()))


@cache
def published(act: str) -> Editions:
    """Return the editions of a shipped act. Raises UnknownAct."""
    if act not in published_acts():
        raise UnknownAct(act)
    entries = sorted((_folder() / act).iterdir(), key=lambda entry: entry.name)
    return editions_of(entry.read_text("utf-8") for entry in entries if entry.name.endswith(".toml"))


def editions_of(texts: Iterable[str]) -> Editions:
    """Return the editions that policy files state, one file each.

    Raises PolicyFileError for a file that cannot be read, EditionsOverlap when two are in force on one day.
    """
    return Editions(tuple(read_edition(text) for text in texts))


def _folder() -> Traversable:
    return files("letopis.rules") / "tables" / "policies"
