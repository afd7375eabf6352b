"""Sign-in names made from last names.

Not the table of `transliteration`: that one never gives one path for two names and so writes «X» for «х». A
sign-in name is dictated over the telephone, so it is written as a passport writes it; a number tells equal names apart.
"""

from collections.abc import Collection
from itertools import count

LETTERS = {
    "а": "a",
    "б": "b",
    "в": "v",
    "г": "g",
    "д": "d",
    "е": "e",
    "ё": "e",
    "ж": "zh",
    "з": "z",
    "и": "i",
    "й": "i",
    "к": "k",
    "л": "l",
    "м": "m",
    "н": "n",
    "о": "o",
    "п": "p",
    "р": "r",
    "с": "s",
    "т": "t",
    "у": "u",
    "ф": "f",
    "х": "kh",
    "ц": "ts",
    "ч": "ch",
    "ш": "sh",
    "щ": "shch",
    "ъ": "",
    "ы": "y",
    "ь": "",
    "э": "e",
    "ю": "yu",
    "я": "ya",
    "-": "-",
    " ": "-",
}
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")
LONGEST_BASE = 40
NAMELESS = "user"


def username_base(last_name: str) -> str:
    """Return the last name in lower-case Latin letters: «Копылова» gives kopylova, «Щука-Ёлкин» shchuka-elkin.

    A character without a Latin spelling is left out; where nothing is left the name is «user».
    """
    letters = (char if char in _PLAIN else LETTERS.get(char, "") for char in last_name.strip().casefold())
    return "".join(letters)[:LONGEST_BASE].strip("-") or NAMELESS


def free_username(base: str, *, taken: Collection[str]) -> str:
    """Return the first of kopylova, kopylova2, kopylova3, … that is not taken."""
    if base not in taken:
        return base
    return next(name for number in count(2) if (name := f"{base}{number}") not in taken)
