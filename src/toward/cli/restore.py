"""``toward restore``."""

from __future__ import annotations

from pathlib import Path

import click

from toward.cli.home import bar, folder_of, home_options


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--force", is_flag=True, help="Replace the people who are there.")
@home_options
def command(file: Path, force: bool, data: Path | None, database: str | None) -> None:  # noqa: FBT001 - an option
    """Make a home again out of a backup FILE.

    Stop the server first. Whoever deleted their space in this folder is left out again, however old the backup is.
    """
    from toward.catalogue import words
    from toward.vault import Vault

    with bar(words("terminal.restore.working")) as progress:
        Vault.restore(file, folder_of(data), url=database, force=force, progress=progress)
    click.echo(words("terminal.restore.done"))
