"""Runs ``toward dyad`` within the test's own process."""

from __future__ import annotations

from typing import TYPE_CHECKING

from click.testing import CliRunner

from toward.cli import group

if TYPE_CHECKING:
    from click.testing import Result

HEAD = "time_days,partner,kind,value\n"


def run(*arguments: object) -> Result:
    """Run ``toward dyad`` with what is given."""
    return CliRunner().invoke(group, ["dyad", *map(str, arguments)])


def refused(*arguments: object) -> str:
    """What it says when it ends with 1 and one sentence."""
    result = run(*arguments)
    assert result.exit_code == 1, result.output
    assert "Traceback" not in result.output
    return result.output
