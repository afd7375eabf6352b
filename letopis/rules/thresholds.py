"""Which mark a mean gives: exact thresholds, rounding and favour where a school has them, and marks that bar others.

Dangers: 4,645 is not 4,65. Nothing here is a float, and what is shown is never compared.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from types import MappingProxyType

from letopis.rules.decimals import format_exact
from letopis.rules.policy import Bar, Policy, Threshold
from letopis.rules.russian import counted, plural

_NAMES = {
    "5": ("пятёрка", "пятёрки", "пятёрок"),
    "4": ("четвёрка", "четвёрки", "четвёрок"),
    "3": ("тройка", "тройки", "троек"),
    "2": ("двойка", "двойки", "двоек"),
}
_NUMBERS = (
    "ноль", "одна", "две", "три", "четыре", "пять", "шесть", "семь", "восемь", "девять", "десять", "одиннадцать",
    "двенадцать",
)  # fmt: skip
_NO_SIGNS: Mapping[str, int] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Reached:
    """The mark that a mean gives, and what decided beside the thresholds."""

    value: str | None
    """None without a mean, or below every threshold."""
    threshold: Threshold | None
    """Of this value."""
    better: Threshold | None
    """The next better one that the mean did not reach; None for the best."""
    compared: Fraction | None
    """The mean as it was compared: exact, or rounded by policy.mean_places."""
    favoured: Threshold | None = None
    """The threshold that was reached only by policy.favour_pupil_by."""
    barred: tuple[Bar, ...] = ()
    """Rows of policy.bars that took a better mark away, best first."""


def judge_mean(
    mean: Fraction | None,
    *,
    thresholds: Sequence[Threshold],
    policy: Policy,
    signs: Mapping[str, int] = _NO_SIGNS,
) -> Reached:
    """Return the mark that a mean gives.

    thresholds: best first, of the term or of the year. signs: how many current marks of each sign the pupil has, for
    policy.bars; without them nothing is barred. A barred mark gives way to the next lower one, which may be barred too;
    the lowest is never barred.
    Sources: policy mean_places, favour_pupil_by, bars.
    """
    compared = as_compared(mean, places=policy.mean_places)
    reached = next(
        (place for place, one in enumerate(thresholds) if _reaches(compared, one, favour=policy.favour_pupil_by)), None
    )
    if reached is None or compared is None:
        return Reached(None, None, thresholds[-1] if compared is not None and thresholds else None, compared)
    place, barred = reached, []
    while place + 1 < len(thresholds) and (bar := _bar(thresholds[place].value, signs=signs, policy=policy)):
        barred.append(bar)
        place += 1
    return Reached(
        value=thresholds[place].value,
        threshold=thresholds[place],
        better=thresholds[reached - 1] if reached else None,
        compared=compared,
        favoured=thresholds[reached] if compared < thresholds[reached].at_least else None,
        barred=tuple(barred),
    )


def as_compared(mean: Fraction | None, *, places: int | None) -> Fraction | None:
    """Return the mean as it meets a threshold: rounded half up to so many places, or exact without them."""
    if mean is None or places is None:
        return mean
    scale = 10**places
    return Fraction(floor(mean * scale + Fraction(1, 2)), scale)


def what_decided(reached: Reached, *, mean: Fraction | None, policy: Policy) -> tuple[str, ...]:
    """Return in Russian what decided beside the thresholds, each with its clause; nothing when they alone did."""
    said = []
    if reached.compared is not None and reached.compared != mean and policy.mean_places is not None:
        places = counted(policy.mean_places, "знака", "знаков", "знаков") if policy.mean_places else "целых"
        said.append(
            f"с порогом сравнивается среднее, округлённое до {places}: {format_exact(reached.compared)} "
            f"({policy.clause('mean_places')})"
        )
    if reached.favoured is not None and reached.compared is not None:
        short = reached.favoured.at_least - reached.compared
        said.append(
            f"решено в пользу обучающегося: до порога {mark_name(reached.favoured.value)} не хватило "
            f"{format_exact(short)}, а уступка {format_exact(policy.favour_pupil_by)} "
            f"({policy.clause('favour_pupil_by')})"
        )
    said += [f"{_bar_words(bar)} ({policy.clause('bars')})" for bar in reached.barred]
    return tuple(said)


def mark_name(value: str) -> str:
    """Return the mark in the genitive: «пятёрки»."""
    return _NAMES[value][1] if value in _NAMES else f"отметки {value}"


def marks_counted(number: int, value: str) -> str:
    """Return «2 пятёрки»."""
    return counted(number, *_NAMES[value]) if value in _NAMES else f"{number} × «{value}»"


def marks_in_words(number: int, value: str) -> str:
    """Return «две пятёрки»."""
    if value not in _NAMES or number >= len(_NUMBERS):
        return marks_counted(number, value)
    return f"{_NUMBERS[number]} {plural(number, *_NAMES[value])}"


def _reaches(compared: Fraction | None, threshold: Threshold, *, favour: Fraction) -> bool:
    # Most schools favour nobody, and a page compares thousands of means: no subtraction then.
    return compared is not None and compared >= (threshold.at_least - favour if favour else threshold.at_least)


def _bar(value: str, *, signs: Mapping[str, int], policy: Policy) -> Bar | None:
    rows = (row for row in policy.bars if row.value == value)
    return next((row for row in rows if signs.get(row.by, 0) >= row.how_many), None)


def _bar_words(bar: Bar) -> str:
    name = _NAMES[bar.value][0] if bar.value in _NAMES else f"отметка {bar.value}"
    return f"{name} не ставится, если есть {marks_counted(bar.how_many, bar.by)}"
