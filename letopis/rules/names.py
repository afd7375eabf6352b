"""Names of people and typed words: keys for order, search and matching.

Neither SQLite nor PostgreSQL orders Cyrillic as a school does (ё after я, or by the server's locale),
so the keys are made here and stored beside the name.
"""

import unicodedata

_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"))


def match_key(text: str) -> str:
    """Return the text as it is compared with other typed text.

    Folds case, ё with е, every kind of dash with the hyphen, runs of any spaces with one space, and drops spaces
    around hyphens and invisible characters (soft hyphen, zero width). «Петрова – Водкина» equals «петрова-водкина».
    """
    composed = unicodedata.normalize("NFC", text)
    visible = "".join(char for char in composed if unicodedata.category(char) != "Cf")
    folded = " ".join(visible.translate(_DASHES).casefold().replace("ё", "е").split())
    return "-".join(part.strip() for part in folded.split("-"))


def search_key(last: str, first: str = "", middle: str = "") -> str:
    """Return the key a person is searched by; look for `match_key(query)` inside it."""
    return match_key(f"{last} {first} {middle}")


def sort_key(last: str, first: str = "", middle: str = "") -> str:
    """Return the key lists of people are ordered by: the order of a school's list, ё beside е.

    The parts are parted by two spaces, so that every Иванов stands before «Иванов Оглы», «Иванов-Сокол» and Иванова.
    Spaces and hyphens sort before letters, and Latin before Cyrillic, in the C, ICU and glibc collations alike:
    that is why the separator is no control character, which ICU would ignore.
    """
    return "  ".join(match_key(part) for part in (last, first, middle)).rstrip()


def short_name(last: str, first: str = "", middle: str = "") -> str:
    """Return «Копылова М. А.»; a double first name keeps both letters («Ким А.-М.»)."""
    initials = (_initials(part) for part in (first, middle))
    return " ".join(part for part in (" ".join(last.split()), *initials) if part)


def full_name(last: str, first: str = "", middle: str = "") -> str:
    """Return «Копылова Мария Александровна» without the gaps of absent parts."""
    return " ".join(f"{last} {first} {middle}".split())


def split_full_name(text: str) -> tuple[str, str, str]:
    """Return last, first and middle name of a typed full name.

    The first word is the last name, the second the first name, all the rest the middle name («Эльдар оглы»);
    absent parts are empty. Double last names are recognised only with a hyphen.
    """
    hyphenated = " ".join(text.translate(_DASHES).split()).replace(" - ", "-").replace("- ", "-").replace(" -", "-")
    last, _, rest = hyphenated.partition(" ")
    first, _, middle = rest.partition(" ")
    return last, first, middle


def _initials(name: str) -> str:
    parts = [part.strip() for part in name.translate(_DASHES).split("-")]
    return "-".join(f"{part[0].upper()}." for part in parts if part)
