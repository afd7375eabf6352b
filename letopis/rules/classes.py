"""Names of classes and lists of grades as people type them."""

import re

GRADES = range(1, 12)
"""Grades of general education, 1 to 11. Source: 273-ФЗ, glossary."""

# People type a class letter in whatever layout is on. A Latin letter is read as the Cyrillic one of the same shape,
# never of the same sound: «7B» is 7В. Letters without a twin (D, G, …) are refused rather than guessed.
_LOOK_ALIKES = str.maketrans("ABEKMHOPCTXY", "АВЕКМНОРСТХУ")
_NOISE = re.compile(r"[\s\-‐‑‒–—\"'«»“”„]+")
_CLASS = re.compile(r"(\d{1,2})([А-ЯЁ]{0,3})")
_GRADE_RANGE = re.compile(r"(\d{1,2})(?:\s*[-‐‑‒–—]\s*(\d{1,2}))?")


def parse_school_class(value: object) -> tuple[int, str] | None:
    """Return grade and letter of a class: «5 а», «5-А», «5"А"», «5«А»» give (5, "А"); None for what is no class.

    The letter is empty in a school with one class per grade («5»), and up to three letters are a profile («10СЭ»).
    """
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return None
    found = _CLASS.fullmatch(_NOISE.sub("", str(value)).upper().translate(_LOOK_ALIKES))
    if found is None or int(found[1]) not in GRADES:
        return None
    return int(found[1]), found[2]


def class_name(grade: int, letter: str) -> str:
    """Return «5А»."""
    return f"{grade}{letter}"


def class_sort_key(grade: int, letter: str) -> tuple[int, str]:
    """Return the key that puts 2А before 10А and Ё beside Е."""
    return grade, letter.casefold().replace("ё", "е")


def parse_grades(value: object) -> tuple[int, ...] | None:
    """Return the grades of «1-9», «10–11», «1-4, 6» or «1» in order; None for anything else.

    A spreadsheet likes to turn «1-9» into the first of September: a date is therefore refused, not guessed.
    """
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return None
    grades: set[int] = set()
    for part in str(value).split(","):
        found = _GRADE_RANGE.fullmatch(part.strip())
        if found is None:
            return None
        first = int(found[1])
        last = int(found[2] or found[1])
        if first > last or first not in GRADES or last not in GRADES:
            return None
        grades.update(range(first, last + 1))
    return tuple(sorted(grades))
