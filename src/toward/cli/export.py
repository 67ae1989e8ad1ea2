"""``toward export``."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from toward.cli.home import ask_session, home_options, opened


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True))
@click.option("--check-ins", is_flag=True, help="Only your own check-ins, as CSV.")
@home_options
def command(file: Path, check_ins: bool, data: Path | None, database: str | None) -> None:  # noqa: FBT001 - an option
    """Save all that you can read here in one new FILE.

    Asks for your sheet and passphrase. The file is not locked. A dash writes to the terminal or into a pipe.
    """
    from toward.catalogue import words
    from toward.errors import BadInput
    from toward.vault.portable import export
    from toward.vault.spreadsheet import export_check_ins

    to_pipe = str(file) == "-"
    if not to_pipe and file.exists():
        raise BadInput(words("terminal.file.exists", file=str(file)))
    with opened(data, database) as vault:
        session = ask_session(vault)
        written = export_check_ins(session).encode() if check_ins else export(session)
    if to_pipe:
        sys.stdout.buffer.write(written)
        return
    with os.fdopen(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as target:
        target.write(written)
    click.echo(words("terminal.export.done"))
