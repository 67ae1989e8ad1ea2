"""How it goes here: the breath, its sound and vibration; suggestions; what is worked out; whose help lines first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from toward.catalogue import countries
from toward.web.page import Page
from toward.web.pages.breathe import PACES, Pace, read_pace
from toward.web.pages.yours import saved

if TYPE_CHECKING:
    from starlette.responses import Response

    from toward.journal.kinds import Preferences
    from toward.web.context import Context


def breath(ctx: Context) -> Response:
    """Ask for a pace, and what goes with it."""
    wishes = ctx.who.life.preferences
    pace = Pace(wishes.breath_in_s, wishes.breath_out_s)
    return ctx.render("yours/breath.html", wishes=wishes, pace=pace, paces=PACES if pace in PACES else (pace, *PACES))


def keep_breath(ctx: Context) -> Response:
    """Keep them."""
    pace = read_pace(ctx.form)
    sound, vibration = ctx.form.flag("sound"), ctx.form.flag("vibration")
    return _keep(
        ctx,
        msgspec.structs.replace(
            ctx.who.life.preferences,
            breath_in_s=pace.in_s,
            breath_out_s=pace.out_s,
            sound=sound,
            vibration=vibration,
        ),
    )


def guide(ctx: Context) -> Response:
    """Ask whether to suggest anything, whether to work anything out, and for a country."""
    return ctx.render("yours/guide.html", wishes=ctx.who.life.preferences, countries=countries())


def keep_guide(ctx: Context) -> Response:
    """Keep them."""
    country = ctx.form.maybe("country", countries()) or ""
    before = ctx.who.life.preferences
    suggestions, reckon = ctx.form.flag("suggestions"), ctx.form.flag("reckon")
    return _keep(ctx, msgspec.structs.replace(before, suggestions=suggestions, reckon=reckon, country=country))


def _keep(ctx: Context, wishes: Preferences) -> Response:
    if wishes != ctx.who.life.preferences:
        ctx.who.write(wishes)
    return saved(ctx)


PAGES = [
    Page("/settings/breath", get=breath, post=keep_breath),
    Page("/settings/guide", get=guide, post=keep_guide),
]
