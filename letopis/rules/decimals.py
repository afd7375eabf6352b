"""Exact fractions written as a school writes numbers, with a comma and without a float."""

from fractions import Fraction


def format_mean(mean: Fraction) -> str:
    """Return the mean with two places, halves up: «3,45».

    The trap: 4,645 is shown as 4,65 and is less than 4,65. Never compare what was shown; `is_rounded` tells.
    """
    hundredths = (2 * 100 * mean.numerator + mean.denominator) // (2 * mean.denominator)
    return f"{hundredths // 100},{hundredths % 100:02d}"


def is_rounded(mean: Fraction) -> bool:
    """Say whether two places do not hold the mean exactly."""
    return (mean * 100).denominator != 1


def format_exact(value: Fraction) -> str:
    """Return «4,5», «4,645» or «3» without loss; a fraction without an end stays one: «14/3»."""
    for places in range(7):
        scaled = value * 10**places
        if scaled.denominator == 1:
            digits = str(int(scaled)).rjust(places + 1, "0")
            return f"{digits[:-places]},{digits[-places:]}" if places else digits
    return str(value)
