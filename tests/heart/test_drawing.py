"""Pictures: what is drawn, that it can be read aloud, and that the same heart is the same file."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

import numpy as np
import pytest

from toward.errors import BadInput
from toward.heart import Summary, made_pair
from toward.heart.drawing import DUSK, PAPER, Ink, beats_of_summary, draw_one, draw_two
from toward.heart.together import Stretch
from toward.heart.together.profile import lag_profile

if TYPE_CHECKING:
    from pathlib import Path

NAMES = [
    "rate",
    "minutes",
    "early",
    "seconds",
    "alike",
    "strangers",
    "together",
    "first_first",
    "second_first",
    "first",
    "second",
]
SAYS = {name: name.replace("_", " ") for name in NAMES}


def summary(seconds: int, *, early: bool = True) -> Summary:
    """A heart at about one beat a second, with a silence and an early beat."""
    time_s = np.arange(0.0, seconds) + 0.05 * np.sin(np.arange(seconds))
    heard = (time_s < seconds * 0.4) | (time_s > seconds * 0.5)
    time_s = time_s[heard]
    kinds = ["normal"] * time_s.size
    if early:
        kinds[5] = "ectopic"
    gaps = np.array([[seconds * 0.4, seconds * 0.5]])
    return Summary(
        "rr", float(seconds), time_s.size, 60, 40, 50, 14, 0.9, False, np.diff(time_s) * 1000, time_s, tuple(kinds),
        {}, {}, {}, gaps,
    )  # fmt: skip


def words_in(path: Path) -> list[str]:
    """Every text of an SVG."""
    tree = ET.parse(path)  # noqa: S314 - written by us a moment ago
    return ["".join(node.itertext()).strip() for node in tree.iter("{http://www.w3.org/2000/svg}text")]


@pytest.mark.parametrize("seconds", [100, 3000])
def test_one_heart_is_drawn_with_its_words(tmp_path: Path, seconds: int) -> None:
    """The sentence first, the words handed in and no others, early beats named; short and long recordings."""
    path = tmp_path / "one.svg"
    draw_one(summary(seconds), path, title="A calm heart.", says=SAYS)
    told = words_in(path)
    assert {"A calm heart.", "rate", "minutes", "early"} <= set(told)
    assert PAPER.you[0] in path.read_text("utf-8")
    assert all(
        text in {*SAYS.values(), "A calm heart."} or text.lstrip("\u2212-").replace(".", "").isdigit() for text in told
    )


def test_two_hearts_are_drawn_with_their_names(tmp_path: Path) -> None:
    """Each in its own hue with its name beside it; the lags below, with what strangers would get."""
    pair = made_pair(coupling=0.9, lag_s=2, duration_s=200, seed=1)
    path = tmp_path / "two.svg"
    draw_two(
        pair, lag_profile(pair, surrogates=39), [Stretch(20, 90, 0.01)], path, title="Together.", says=SAYS, ink=DUSK
    )
    assert {"Together.", "first", "second", "together", "seconds", "strangers"} <= set(words_in(path))
    drawn = path.read_text("utf-8")
    assert all(colour in drawn for colour in (*DUSK.you, *DUSK.them, *DUSK.both, DUSK.paper))
    draw_two(pair, None, [], tmp_path / "three.svg", title="Apart.", says=SAYS)
    assert "strangers" not in words_in(tmp_path / "three.svg")
    silent = pair._replace(b=np.full(pair.b.size, np.nan))
    draw_two(silent, None, [], tmp_path / "four.svg", title="One.", says=SAYS)
    assert "second" not in words_in(tmp_path / "four.svg")


@pytest.mark.parametrize("seconds", [200, 2400])
def test_names_of_two_alike_hearts_do_not_lie_upon_one_another(tmp_path: Path, seconds: int) -> None:
    """The same heart twice: its two names are a line of words apart."""
    one = made_pair(coupling=0.0, lag_s=0, duration_s=seconds, seed=3)
    path = tmp_path / "two.svg"
    draw_two(one._replace(b=one.a), None, [], path, title="Alike.", says=SAYS)
    drawn = path.read_text("utf-8")
    found = [re.search(rf' y="([-\d.]+)"[^>]*>{name}<', drawn) for name in ("first", "second")]
    heights = [float(one[1]) for one in found if one is not None]
    assert abs(heights[0] - heights[1]) > 12.0


def test_the_same_heart_is_the_same_picture(tmp_path: Path) -> None:
    """No date, no chance: byte by byte; and PNG by its ending."""
    for name in ("a.svg", "b.svg", "c.png"):
        draw_one(summary(100, early=False), tmp_path / name, title="Same.", says=SAYS)
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()
    assert (tmp_path / "c.png").read_bytes().startswith(b"\x89PNG")


def test_nothing_to_draw_is_an_empty_sheet(tmp_path: Path) -> None:
    """No beat: the sentence alone, no line; another ending is refused."""
    empty = summary(100)._replace(beat_times_s=np.zeros(0), beat_kinds=(), beats=0, duration_s=0.0)
    draw_one(empty, tmp_path / "none.svg", title="Nothing heard.", says=SAYS)
    assert "Nothing heard." in words_in(tmp_path / "none.svg")
    with pytest.raises(BadInput):
        draw_one(summary(100), tmp_path / "one.gif", title="x", says=SAYS)


def test_a_summary_gives_its_beats_back() -> None:
    """Times, kinds and gaps, to be compared with another's."""
    beats = beats_of_summary(summary(100))
    assert beats.kind.tolist().count(1) == 1
    assert beats.gaps.tolist() == [[40, 50]]


def luminance(colour: str) -> float:
    """Relative luminance, as contrast is defined."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("ink", [PAPER, DUSK])
def test_words_stand_out_from_what_they_stand_on(ink: Ink) -> None:
    """Every colour that words have, on paper and card: 4.5 to 1 and more; and lines 3 to 1."""
    for least, colours in (
        (4.5, (ink.ink, ink.soft, ink.you[2], ink.them[2], ink.both[2])),
        (3.0, (ink.you[0], ink.them[0], ink.both[0])),
    ):
        for colour in colours:
            for ground in (ink.paper, ink.card):
                light, dark = sorted((luminance(colour), luminance(ground)), reverse=True)
                assert (light + 0.05) / (dark + 0.05) >= least, (colour, ground)
