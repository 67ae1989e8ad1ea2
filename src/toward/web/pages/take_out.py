"""Taking everything along: one file with all that one can read, or one's check-ins for a spreadsheet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.responses import Response

from toward.vault.portable import export
from toward.vault.spreadsheet import export_check_ins
from toward.web.page import Page

if TYPE_CHECKING:
    from toward.web.context import Context

BYTE_ORDER_MARK: Final = "\ufeff"
"""Without it a spreadsheet may take UTF-8 for something else."""


def get(ctx: Context) -> Response:
    """Say what is in the file and what is not."""
    return ctx.render("yours/export.html")


def post(ctx: Context) -> Response:
    """Hand the file over. It is made in memory and stored nowhere."""
    day = ctx.times.today.isoformat()
    if ctx.form.choice("what", ("all", "check-ins")) == "all":
        return _file(export(ctx.who), f"toward-{day}.json", "application/json")
    table = (BYTE_ORDER_MARK + export_check_ins(ctx.who)).encode()
    return _file(table, f"check-ins-{day}.csv", "text/csv; charset=utf-8")


def _file(data: bytes, name: str, kind: str) -> Response:
    return Response(data, media_type=kind, headers={"content-disposition": f'attachment; filename="{name}"'})


PAGE = Page("/settings/export", get=get, post=post)
