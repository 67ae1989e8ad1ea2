"""``toward serve``."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

EXISTING_FILE: Final = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command()
@click.option("--host", help="Address to listen on; 0.0.0.0 for the network.  [default: 127.0.0.1; with --lan 0.0.0.0]")
@click.option("--port", default=8787, show_default=True, type=click.IntRange(0, 65535), help="0 takes any free one.")
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), help="Folder that holds everything.")
@click.option("--db", "database", help="Database address instead of a file in the folder: postgresql+psycopg://…")
@click.option("--nats", help="NATS server through which several workers share live rooms.")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Processes to serve with.")
@click.option("--name", "names", multiple=True, help="Another name by which people reach this machine. Repeatable.")
@click.option("--public-url", help="Address that people open, if a proxy stands before this server.")
@click.option("--proxy", "proxies", multiple=True, help="Address from which that proxy connects; its word is believed.")
@click.option("--cert", type=EXISTING_FILE, help="Serve HTTPS with this certificate (PEM, whole chain).")
@click.option("--key", type=EXISTING_FILE, help="Key of that certificate (PEM).")
@click.option("--lan", is_flag=True, help="Serve HTTPS in the home network; phones trust this machine once.")
@click.option("--lan-name", default="toward", show_default=True, help="This machine's name there: NAME.local.")
@click.option(
    "--trust-port", type=click.IntRange(0, 65535), help="Port of the page for new phones.  [default: --port + 1]"
)
def command(  # noqa: PLR0913 - one for each option
    *,
    host: str | None,
    port: int,
    data: Path | None,
    database: str | None,
    nats: str | None,
    workers: int,
    names: tuple[str, ...],
    public_url: str | None,
    proxies: tuple[str, ...],
    cert: Path | None,
    key: Path | None,
    lan: bool,
    lan_name: str,
    trust_port: int | None,
) -> None:
    """Serve the pages, and print the address to open.

    The first time, a link to set up the place is printed as well. It works once.
    """
    from toward.web.server import Serving, serve

    serving = Serving(
        host=host or ("0.0.0.0" if lan else "127.0.0.1"),  # noqa: S104 - the network is what --lan is for
        port=port,
        data=str(data.expanduser().resolve()) if data else "",
        database=database,
        nats=nats,
        workers=workers,
        names=names,
        public_url=public_url,
        proxies=proxies,
        cert=str(cert.expanduser().resolve()) if cert else None,
        key=str(key.expanduser().resolve()) if key else None,
        lan=lan,
        lan_name=lan_name,
        trust_port=trust_port,
    )
    serve(serving, say=click.echo)
