"""``toward import``."""

from __future__ import annotations

from pathlib import Path

import click

from toward.cli.home import ask_session, bar, home_options, opened


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True, readable=True))
@home_options
def command(file: Path, data: Path | None, database: str | None) -> None:
    """Bring the entries of an exported FILE into your own space.

    Asks for your sheet and passphrase. What is here already is left as it is; what was shared in another home comes in
    as a keepsake for you alone. If anything in the file does not read, nothing comes in.
    """
    from toward.catalogue import words
    from toward.vault.portable import MAX_BYTES, import_

    with file.open("rb") as source:
        # One byte more than a file may have is enough to refuse it.
        content = source.read(MAX_BYTES + 1)
    with opened(data, database) as vault:
        session = ask_session(vault)
        with bar(words("terminal.import.working")) as progress:
            n = import_(session, content, progress=progress)
    click.echo(words("terminal.import.done", n=n))
