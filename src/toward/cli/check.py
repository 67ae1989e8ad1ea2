"""``toward check``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from toward.cli.home import ask_keys, home_options, opened

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@click.option("--own", is_flag=True, help="Ask for your sheet and passphrase, and try to open all that is yours.")
@home_options
def command(own: bool, data: Path | None, database: str | None) -> None:  # noqa: FBT001 - an option
    """See if the database is whole. Changes nothing.

    Without a key it looks at the file itself, at sizes, gaps and rows without an owner; it can't see what is locked.
    It also reads the practices in the folder, if there are any of your own, and names file and field of what is wrong.
    Ends with 1 if anything is not as it should be.
    """
    from toward.catalogue import words
    from toward.practices.shelf import own_shelf
    from toward.vault.checking import check, check_own

    with opened(data, database) as vault:
        found = [words(f"terminal.check.{finding.key}", n=finding.n) for finding in check(vault.database)]
        if own:
            mine = check_own(vault, ask_keys(vault))
            click.echo(words("terminal.check.read", n=mine.read))
            found += [words("terminal.check.shut", n=mine.shut)] if mine.shut else []
        own_practices = own_shelf(vault.folder) if vault.folder else None
    if own_practices and own_practices.practices:
        click.echo(words("practices.check.read", n=len(own_practices.practices)))
    if found:
        found.append(words("terminal.check.bad"))
    found += [str(error) for error in own_practices.wrong] if own_practices else []
    if own_practices and own_practices.wrong:
        found.append(words("practices.check.wrong"))
    if found:
        raise click.ClickException("\n".join(found))
    click.echo(words("terminal.check.good"))
