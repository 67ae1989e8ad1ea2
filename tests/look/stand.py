"""A stand to look at the design from: real templates, real style sheets, a strict policy, and nobody's data."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import segno
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from toward.catalogue import Catalogue, countries, helplines, words

if TYPE_CHECKING:
    from starlette.requests import Request

ROOT: Final = Path(__file__).resolve().parents[2]
WEB: Final = ROOT / "src" / "toward" / "web"
GALLERY: Final = Path(__file__).parent / "gallery"
SCREENS: Final = ("now", "settle", "turn", "dance", "line", "start", "parts")
POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; script-src 'self'; base-uri 'none'"
)


def environment() -> Environment:
    """The templates as the app loads them, with the gallery's own pages beside them."""
    loader = ChoiceLoader([FileSystemLoader(WEB / "templates"), FileSystemLoader(GALLERY)])
    env = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    english = Catalogue.load("en")
    env.globals.update(t=words, t_list=english.words_list, url=str, static=lambda path: f"/static/{path}")
    env.globals.update(help_countries=countries(), help_lines=helplines, help_is_old=lambda _: False, help_day=str)
    return env


def create_stand() -> Starlette:
    """An app with one page for each screen of the gallery; ``?theme=dark`` overrides the system's choice."""
    env = environment()
    code = Markup(segno.make("https://toward.local/join#lemon-river", error="m").svg_inline(omitsize=True))  # noqa: S704 - segno's own drawing

    def screen(request: Request) -> Response:
        name = request.path_params.get("name", "parts")
        if name not in SCREENS:
            return Response(status_code=404)
        html = env.get_template(f"{name}.html").render(
            theme=request.query_params.get("theme"), code=code, me="Kim", partner="Lin"
        )
        return HTMLResponse(html, headers={"Content-Security-Policy": POLICY})

    return Starlette(
        routes=[Mount("/static", StaticFiles(directory=WEB / "static")), Route("/{name}", screen), Route("/", screen)]
    )
