"""The pages, as a Starlette app.

Read ``page`` to write a page, ``security`` for what is let in, ``error_pages`` for what is said when something fails,
and ``app`` for how it comes together. The names below are what the command line and tests need.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from toward.web.app import LazyApp, create_app
    from toward.web.settings import Settings

__all__ = ["LazyApp", "Settings", "create_app"]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - a module's attribute may be anything
    """Import on first use: ``toward --help`` imports this room without Starlette."""
    if name == "Settings":
        from toward.web.settings import Settings

        return Settings
    if name in __all__:
        from toward.web import app

        return getattr(app, name)
    raise AttributeError(name)
