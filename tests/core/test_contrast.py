"""Both themes keep the contrast that WCAG 2.2 AA asks for: 4.5 for text (1.4.3), 3 for what one acts on (1.4.11)."""

import re
from fractions import Fraction
from pathlib import Path

import pytest

import letopis.core

TOKENS_CSS = Path(letopis.core.__file__).parent / "static/core/tokens.css"
SURFACES = ("paper", "sheet", "sunk")
TEXT_PAIRS = [
    *((ink, surface) for ink in ("ink", "ink-2", "ink-3", "accent", "accent-strong", "pencil") for surface in SURFACES),
    *((ink, "line") for ink in ("ink", "ink-2")),
    *((ink, soft) for ink in ("ink", "ink-2") for soft in ("accent-soft", "pencil-soft", "good-soft", "warn-soft")),
    *((tone, f"{tone}-soft") for tone in ("accent", "pencil", "good", "warn")),
    *((tone, "sheet") for tone in ("good", "warn")),
    ("warn", "sunk"),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("sheet", "pencil"),
]
EDGE_PAIRS = [(edge, surface) for edge in ("line-control", "accent") for surface in SURFACES]


def tokens_of(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+):\s*([^;]+);", block))


def blocks() -> dict[str, dict[str, str]]:
    css = re.sub(r"/\*.*?\*/", "", TOKENS_CSS.read_text(encoding="utf-8"), flags=re.DOTALL)
    found = dict(
        re.findall(r'(:root(?:\[data-theme="dark"\]|:not\(\[data-theme="light"\]\))?) \{\s*color-scheme([^}]+)', css)
    )
    return {selector: tokens_of(body) for selector, body in found.items()}


LIGHT = blocks()[":root"]
DARK = blocks()[':root[data-theme="dark"]']


def luminance(colour: str) -> float:
    def linear(channel: float) -> float:
        return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(float(Fraction(int(colour[start : start + 2], 16), 255))) for start in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXT_PAIRS)
def test_text_is_readable(ink: str, ground: str, theme: dict[str, str]) -> None:
    assert contrast(theme[ink], theme[ground]) >= 4.5


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("edge", "ground"), EDGE_PAIRS)
def test_edges_of_controls_are_visible(edge: str, ground: str, theme: dict[str, str]) -> None:
    assert contrast(theme[edge], theme[ground]) >= 3


def test_dark_by_choice_equals_dark_by_system() -> None:
    assert blocks()[':root:not([data-theme="light"])'] == DARK


def test_dark_names_every_colour_of_light() -> None:
    assert DARK.keys() == LIGHT.keys()


def test_contrast_of_black_and_white_is_twenty_one() -> None:
    assert round(contrast("#000000", "#ffffff"), 6) == 21
