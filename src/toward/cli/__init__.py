"""``toward …``: thin commands over the rooms. Each is imported only when it is called or its help is asked for."""

from __future__ import annotations

from importlib import import_module
from keyword import iskeyword
from typing import TYPE_CHECKING, Final

import click

from toward import __version__
from toward.errors import TowardError

if TYPE_CHECKING:
    from collections.abc import Sequence

COMMANDS: Final = {
    "serve": "Serve the pages, and print the address to open.",
    "demo": "Show two phones of an invented couple; nothing is kept.",
    "heart": "Tell what a recording of a heart holds, or how two move together.",
    "backup": "Save everything in one new file, while people use it.",
    "restore": "Make a home again out of a backup.",
    "export": "Save all that you can read here in one new file.",
    "import": "Bring the entries of an exported file into your own space.",
    "check": "See if the database is whole.",
    "erase": "Delete your own space for good.",
    "dyad": "Simulate, fit and draw the model of two, on files.",
    "soften": "See what a message may do, before you send it.",
}
"""Every command, with the sentence that the overview shows; the command lives in the module of its name."""


class Commands(click.Group):
    """Finds commands by name without importing the others."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order in which somebody meets them."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module = cmd_name + "_" if iskeyword(cmd_name) else cmd_name.replace("-", "_")
        command: click.Command = import_module(f"toward.cli.{module}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the overview out of ``COMMANDS``, without importing anything."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def invoke(self, ctx: click.Context) -> object:
        """Run a command; what Toward raises on purpose ends as one sentence and not as a traceback."""
        try:
            return super().invoke(ctx)
        except TowardError as error:
            from toward.cli.explain import explain

            raise click.ClickException(explain(error)) from error
        except OSError as error:
            message = f"{error.filename or 'the disk'}: {error.strerror or error}. Choose another place, or make room."
            raise click.ClickException(message) from error


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, package_name="toward", message="%(version)s")
def group() -> None:
    """A private place where two people find felt safety and turn toward each other."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line."""
    group.main(args=list(arguments) if arguments is not None else None, prog_name="toward")
