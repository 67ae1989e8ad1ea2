"""Draw the icons' PNG forms from their SVG: ``python -m tests.look.draw_icons [path of Chromium]``.

Run by hand after changing an SVG. The results are committed: phones want PNG on their home screen.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from playwright.sync_api import sync_playwright

ICONS: Final = Path(__file__).resolve().parents[2] / "src" / "toward" / "web" / "static" / "icons"
SIZES: Final = (180, 192, 512)
NAMES: Final = ("icon", "neutral")


def draw(chromium: str) -> None:
    """Write ``<name>-<size>.png`` beside each SVG."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name in NAMES:
            svg = (ICONS / f"{name}.svg").read_text(encoding="utf-8")
            for size in SIZES:
                page = browser.new_page(viewport={"width": size, "height": size})
                page.set_content(
                    f"<style>*{{margin:0}}svg{{display:block;width:{size}px;height:{size}px}}</style>{svg}"
                )
                page.screenshot(path=ICONS / f"{name}-{size}.png")
                page.close()
        browser.close()


if __name__ == "__main__":
    draw(sys.argv[1] if len(sys.argv) > 1 else "/usr/bin/chromium")
