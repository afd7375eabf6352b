"""Letters typed in the wrong keyboard layout."""

_LATIN_KEYS = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"
_RUSSIAN_KEYS = "йцукенгшщзхъфывапролджэячсмитьбюё"
_PHYSICAL = str.maketrans(
    _LATIN_KEYS + _LATIN_KEYS.upper() + '{}:"<>~', _RUSSIAN_KEYS + _RUSSIAN_KEYS.upper() + "ХЪЖЭБЮЁ"
)
_LOOK_ALIKES = str.maketrans("ABEKMHOPCTXYaekmhopctxy", "АВЕКМНОРСТХУаекмнорстху")


def russian_readings(text: str) -> tuple[str, ...]:
    """Return how the text may be read in Russian: as typed, by the physical keys, by the shape of the letters.

    The order is the decision: «y» is first the key of «н» and only then looks like «у». «H» means nothing by its key
    (it is the key of «р»), so a rule that knows no «р» goes on to the letter it looks like.
    """
    return tuple(dict.fromkeys((text, text.translate(_PHYSICAL), text.translate(_LOOK_ALIKES))))
