"""``toward backup``."""

from __future__ import annotations

from pathlib import Path

import click

from toward.cli.home import bar, home_options, opened


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@home_options
def command(file: Path, data: Path | None, database: str | None) -> None:
    """Save everything in one new FILE, while people use it.

    The file is locked as the database is: it opens for nobody without a passphrase and a device or a sheet. Sessions
    and codes are not in it.
    """
    from toward.catalogue import words

    with opened(data, database) as vault, bar(words("terminal.backup.working")) as progress:
        vault.backup(file, progress=progress)
    click.echo(words("terminal.backup.done"))
