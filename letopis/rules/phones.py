"""Telephone numbers as people type them."""

import phonenumbers

DEFAULT_REGION = "RU"
"""The region of a number typed without its country."""


def normalise_phone(text: str) -> str | None:
    """Return the number in E.164 («+79010000000»), or None for what is no number.

    Takes 8…, +7…, 7…, ten digits, spaces, brackets and hyphens; an extension («доб. 12») is refused, because E.164
    would lose it in silence, and so are two numbers in one cell and a number with a lost digit.
    """
    try:
        number = phonenumbers.parse(text, DEFAULT_REGION)
    except phonenumbers.NumberParseException:
        return None
    if number.extension or not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
