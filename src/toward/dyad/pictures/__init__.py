"""Pictures of what the model of two says: bands before lines, direct labels, a sentence first.

Each function draws on axes that it is given, so that a notebook can set them side by side as it likes; ``sheet`` sets a
whole page. One hue a person, plum for what is both's; colour never carries meaning alone.
"""

from __future__ import annotations

from toward.dyad.pictures.ink import DARK, LIGHT, Ink, save
from toward.dyad.pictures.sheet import sheet

__all__ = ["DARK", "LIGHT", "Ink", "save", "sheet"]
