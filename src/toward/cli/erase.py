"""``toward erase``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from toward.cli.home import ask_session, home_options, opened

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@home_options
def command(data: Path | None, database: str | None) -> None:
    """Delete your own space: destroy your keys and everything that only you could read.

    Asks for your sheet, your passphrase and your name. There is no way back. What you both could read, your partner
    keeps; files and copies elsewhere stay until somebody deletes them.
    """
    from toward.catalogue import words
    from toward.vault import erasing

    with opened(data, database) as vault:
        session = ask_session(vault)
        typed = click.prompt(words("terminal.ask.name"), err=True)
        if " ".join(typed.split()).casefold() != session.name.casefold():
            raise click.ClickException(words("terminal.erase.other_name"))
        erasing.erase(session)
    click.echo(words("terminal.erase.done"))
