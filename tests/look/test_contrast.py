"""The palette: every pair of colours that a rule puts together can be read, by day and by night."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

CSS: Final = Path(__file__).resolve().parents[2] / "src" / "toward" / "web" / "static" / "css"
TEXT: Final = 4.5
SHAPE: Final = 3.0

GROUNDS: Final = ("paper", "card", "you-tint", "them-tint", "both-tint")
READ: Final = [
    *((ink, ground) for ink in ("ink", "soft") for ground in GROUNDS),
    *((f"{who}-ink", ground) for who in ("you", "them", "both") for ground in ("paper", "card", f"{who}-tint")),
    ("paper", "ink"),  # the primary button
    ("on-you", "you"),  # the chosen number
]
SEEN: Final = [
    *((hue, ground) for hue in ("you", "them", "both") for ground in ("paper", "card")),
    *((hue, f"{hue}-tint") for hue in ("you", "them", "both")),
    ("edge", "paper"),
    ("edge", "card"),
    ("both", "you-tint"),  # the ring of focus on a chosen card
    ("both", "them-tint"),
]


def blocks() -> dict[str, dict[str, str]]:
    """The colours of each block of tokens.css by its selector, innermost braces only."""
    text = re.sub(r"/\*.*?\*/", "", (CSS / "tokens.css").read_text(encoding="utf-8"), flags=re.DOTALL)
    found = {}
    for selector, body in re.findall(r"([^{}]+)\{([^{}]*)\}", text):
        colours = dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", body))
        if colours:
            found[selector.strip()] = colours
    return found


def luminance(colour: str) -> float:
    """Relative luminance of ``#rrggbb`` (WCAG 2.2)."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio, 1 to 21 (WCAG 2.2)."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@given(COLOURS, COLOURS)
def test_contrast_is_a_ratio_between_1_and_21_whichever_colour_comes_first(one: str, other: str) -> None:
    """The measure itself: symmetric and bounded."""
    assert contrast(one, other) == contrast(other, one)
    assert 1 <= contrast(one, other) <= 21.0001


def test_contrast_of_known_pairs() -> None:
    """Black on white is 21; the lightest grey that WCAG's own examples let pass on white is #767676."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") >= TEXT > contrast("#777777", "#ffffff")


def test_night_is_the_same_whether_the_system_or_the_person_chose_it() -> None:
    """The two dark blocks hold the same colours, and each names every colour that the light one names."""
    light, dark_by_system, dark_by_person = blocks().values()
    assert dark_by_system == dark_by_person
    assert light.keys() == dark_by_person.keys()


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("front", "ground", "least"), [(*p, TEXT) for p in READ] + [(*p, SHAPE) for p in SEEN])
def test_every_pair_is_readable(theme: int, front: str, ground: str, least: float) -> None:
    """Text reaches 4.5, lines and shapes that tell something reach 3."""
    colours = list(blocks().values())[theme]
    assert contrast(colours[front], colours[ground]) >= least


def test_no_colour_stands_outside_the_tokens() -> None:
    """Only tokens.css names colours, but for the white that a code to scan needs, and the black of print."""
    for sheet in CSS.glob("*.css"):
        if sheet.name != "tokens.css":
            named = re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[^{}]*\})|\brgba?\(|\bhsl", sheet.read_text(encoding="utf-8"))
            assert set(named) <= {"#fff", "#000"}, sheet.name


def test_no_rule_uses_a_token_that_is_not_there() -> None:
    """A misspelt token would silently fall back to nothing."""
    every = "".join(path.read_text(encoding="utf-8") for path in CSS.glob("*.css"))
    defined = set(re.findall(r"(--[\w-]+)\s*:", every))
    assert set(re.findall(r"var\((--[\w-]+)", every)) <= defined


def test_a_persons_bare_hue_never_colours_words() -> None:
    """On paper the hues are lines and fills; as text they are too faint, which is what the -ink tokens are for."""
    for sheet in CSS.glob("*.css"):
        assert not re.search(r"(?<![-\w])color: var\(--(you|them|both)\)", sheet.read_text(encoding="utf-8")), (
            sheet.name
        )
