"""СНИЛС: the insurance number of a person and its control number."""

import re

NO_CONTROL_UP_TO = 1_001_998
"""Numbers up to 001-001-998 carry no control number. Source: the algorithm published by the Pension Fund."""

_SHAPE = re.compile(r"\d{3}[- ]?\d{3}[- ]?\d{3}[- ]?\d{2}")


def normalise_snils(text: str) -> str | None:
    """Return «152-258-469 64» from eleven digits however they are parted; None when there are not eleven.

    Leading zeros that a spreadsheet ate are not guessed: the control number would then prove nothing.
    """
    typed = " ".join(text.replace("–", "-").replace("—", "-").split())
    if not _SHAPE.fullmatch(typed):
        return None
    digits = re.sub(r"\D", "", typed)
    return f"{digits[:3]}-{digits[3:6]}-{digits[6:9]} {digits[9:]}"


def snils_is_valid(text: str) -> bool:
    """Say whether the text is a СНИЛС whose control number agrees."""
    normalised = normalise_snils(text)
    if normalised is None:
        return False
    digits = re.sub(r"\D", "", normalised)
    number = int(digits[:9])
    if number <= NO_CONTROL_UP_TO:
        return number > 0
    return control_number(digits[:9]) == int(digits[9:])


def control_number(nine_digits: str) -> int:
    """Return the control number of the first nine digits.

    Each digit is multiplied by its place counted from the end (9 … 1); the sum modulo 101 is the number,
    and both 100 and 101 (which leaves 0) are written 00.
    """
    total = sum(int(digit) * place for digit, place in zip(nine_digits, range(9, 0, -1), strict=True))
    return total % 101 % 100
