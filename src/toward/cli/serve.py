"""``toward serve``."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on; 0.0.0.0 for the network.")
@click.option("--port", default=8787, show_default=True, type=click.IntRange(0, 65535), help="0 takes any free one.")
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), help="Folder that holds everything.")
@click.option("--db", "database", help="Database address instead of a file in the folder: postgresql+psycopg://…")
@click.option("--nats", help="NATS server through which several workers share live rooms.")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Processes to serve with.")
@click.option("--name", "names", multiple=True, help="Another name by which people reach this machine. Repeatable.")
@click.option("--public-url", help="Address that people open, if a proxy stands before this server.")
def command(
    host: str,
    port: int,
    data: Path | None,
    database: str | None,
    nats: str | None,
    workers: int,
    names: tuple[str, ...],
    public_url: str | None,
) -> None:
    """Serve the pages, and print the address to open.

    The first time, a link to set up the place is printed as well. It works once.
    """
    from toward.web.server import Serving, serve

    serving = Serving(
        host=host,
        port=port,
        data=str(data.expanduser().resolve()) if data else "",
        database=database,
        nats=nats,
        workers=workers,
        names=names,
        public_url=public_url,
    )
    serve(serving, say=click.echo)
