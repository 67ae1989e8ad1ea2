"""``toward demo``."""

from __future__ import annotations

import click


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on; 0.0.0.0 for the network.")
@click.option("--port", default=8788, show_default=True, type=click.IntRange(0, 65535), help="0 takes any free one.")
def command(host: str, port: int) -> None:
    """Show two phones of an invented couple; nothing is kept.

    They live in this program's memory, and are gone when it ends.
    """
    from toward.web.look_server import serve

    serve(host, port, say=click.echo)
