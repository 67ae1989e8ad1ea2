"""Boxes that were ticked under one name, in the order in which they are offered. What is not offered is not taken."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from toward.web.context import Typed
    from toward.web.forms import Form

Option = TypeVar("Option", bound=str)


def ticked(form: Form, name: str, options: Sequence[Option]) -> tuple[Option, ...]:
    """Return those of *options* that were ticked in a form."""
    values = {value for field, value in form.pairs() if field == name}
    return tuple(option for option in options if option in values)


def ticked_again(typed: Typed, name: str, options: Sequence[Option]) -> tuple[Option, ...]:
    """Return those of *options* that were ticked in a form that is shown again."""
    return tuple(option for option in options if typed.has(name, option))
