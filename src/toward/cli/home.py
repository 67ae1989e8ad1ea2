"""What the commands share: which home they work in, whose keys open it, and how far a long work is."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from toward.vault import Session, Vault
    from toward.vault.identity import Keyring

Function = TypeVar("Function", bound="Callable[..., object]")


def home_options(command: Function) -> Function:
    """Add ``--data`` and ``--db``: the same two by which ``serve`` is told where everything is."""
    command = click.option("--db", "database", help="Database address instead of a file in the folder: postgresql://…")(
        command
    )
    return click.option(
        "--data", type=click.Path(path_type=Path, file_okay=False), help="Folder that holds everything."
    )(command)


def folder_of(data: Path | None) -> Path:
    """Return the data folder: the named one, or this user's."""
    from toward.web.server import default_folder

    return data.expanduser().resolve() if data else default_folder()


@contextmanager
def opened(data: Path | None, database: str | None) -> Iterator[Vault]:
    """Open a home that is there already. Raises ``NotFound`` rather than make an empty one by a slip."""
    from toward.catalogue import words
    from toward.errors import NotFound
    from toward.vault import Vault
    from toward.vault.engine import FILE_NAME

    folder = folder_of(data)
    if database is None and not (folder / FILE_NAME).is_file():
        raise NotFound(words("terminal.home.none", folder=str(folder)))
    vault = Vault.open(folder, url=database)
    try:
        yield vault
    finally:
        vault.close()


def ask_session(vault: Vault) -> Session:
    """Ask for sheet and passphrase and open that person's space, with no trace of a session."""
    from toward.vault.visiting import visit

    return visit(vault, *_secrets())


def ask_keys(vault: Vault) -> Keyring:
    """Ask for sheet and passphrase and open the keys alone."""
    from toward.vault.visiting import open_keys

    return open_keys(vault, *_secrets())


def _secrets() -> tuple[str, str]:
    """Asked, and never an argument: those are in the shell's history and in everybody's list of processes."""
    import resource

    from toward.catalogue import words

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core dump would hold open keys
    return (
        click.prompt(words("terminal.ask.sheet"), hide_input=True, err=True),
        click.prompt(words("terminal.ask.passphrase"), hide_input=True, err=True),
    )


@contextmanager
def bar(label: str) -> Iterator[Callable[[int, int], None]]:
    """Show how far a work is, where somebody looks; the work calls ``progress(done, all)``."""
    with click.progressbar(length=1, label=label, file=sys.stderr) as shown:

        def progress(done: int, of: int) -> None:
            shown.length = max(of, 1)
            shown.update(done - shown.pos)

        yield progress
