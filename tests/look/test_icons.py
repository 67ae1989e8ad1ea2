"""The icons: what a phone puts on its home screen, and the plain one that says nothing."""

from __future__ import annotations

import re
import struct
from typing import TYPE_CHECKING

import pytest

from tests.look.draw_icons import ICONS, NAMES, SIZES

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("size", SIZES)
def test_each_icon_has_the_size_that_its_name_says(name: str, size: int) -> None:
    """A PNG's own header gives its width and height."""
    data = (ICONS / f"{name}-{size}.png").read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", data[16:24]) == (size, size)


@pytest.mark.parametrize("path", sorted(ICONS.glob("*.svg")), ids=lambda path: path.name)
def test_a_drawing_is_only_a_drawing(path: Path) -> None:
    """No script, no style, no address but the name of the format."""
    text = path.read_text(encoding="utf-8")
    assert set(re.findall(r"https?://[^\"]+", text)) == {"http://www.w3.org/2000/svg"}
    assert not re.search(r"<script|<style|<image|<use|\son\w+=|style=", text)


def test_the_neutral_icon_shares_no_colour_with_the_mark() -> None:
    """Whoever sees it over a shoulder learns nothing."""
    colours = [set(re.findall(r"#[0-9a-f]{6}", (ICONS / f"{name}.svg").read_text(encoding="utf-8"))) for name in NAMES]
    assert colours[0]
    assert not colours[0] & colours[1]
