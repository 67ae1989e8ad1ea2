"""``toward dyad …``: the model of two for researchers, on files."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable

FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
OUT = click.Path(path_type=Path, dir_okay=False)


@click.group(name="dyad", context_settings={"max_content_width": 80})
def command() -> None:
    """Simulate, fit and draw the model of two, on files.

    For research, and for couples who want to look under the hood. A FILE is an
    export of the app, a table of answers and events, or two plain series.
    Nothing leaves this machine.
    """


def _of_one_couple(function: Callable[..., None]) -> Callable[..., None]:
    return click.option("--couple", metavar="NAME", help="Which couple, if the file holds several.")(function)


@command.command()
@click.option("--couples", type=click.IntRange(1, 10_000_000), default=100, show_default=True, help="How many.")
@click.option("--days", type=click.FloatRange(1, 4000), default=60, show_default=True, help="Days of each.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="The same seed, the same couples.")
@click.option("--out", type=OUT, required=True, help="New file: .parquet, .csv or .json.")
@click.option("--truth", type=OUT, help="New .csv with what is true of each couple.")
def simulate(couples: int, days: float, seed: int, out: Path, truth: Path | None) -> None:
    """Write made-up couples: their answers and what happened.

    They resemble studied couples in six figures; docs/model.md tells which. Couple 7 is the same however many
    others there are.
    """
    from toward.catalogue import words
    from toward.cli import dyad_couples

    with dyad_couples.written(out, truth) as take:
        made = dyad_couples.couples(couples, days, seed)
        label, terminal = words("research.simulating"), sys.stderr
        with click.progressbar(made, couples, label, hidden=not terminal.isatty(), file=terminal) as bar:
            for couple in bar:
                take(couple)
    click.echo(words("research.simulated", n=couples, file=str(out)))


@command.command()
@click.argument("file", type=FILE)
@click.option("--json", "as_json", is_flag=True, help="One JSON object; docs/model.md tells its keys.")
@click.option(
    "--draws", type=click.IntRange(0, 200_000), default=0, show_default=True, help="Sample the posterior, too."
)
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="The same seed, the same numbers.")
@_of_one_couple
def fit(file: Path, as_json: bool, draws: int, seed: int, couple: str | None) -> None:  # noqa: FBT001 - an option
    """Fit the model to the answers in FILE.

    Says where the two are, what goes together with better days, and how sure each of it is.
    """
    from toward.cli.dyad_input import journal_of
    from toward.cli.dyad_text import fit_text
    from toward.cli.dyad_told import told

    found = told(journal_of(file, couple), draws=draws, seed=seed)
    _say(found, fit_text, as_json=as_json)


@command.command()
@click.argument("file", type=FILE)
@click.option("--out", type=OUT, required=True, help="New picture: .svg, .png or .pdf.")
@click.option("--dark", is_flag=True, help="Draw for a dark page.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="The same seed, the same picture.")
@_of_one_couple
def show(file: Path, out: Path, dark: bool, seed: int, couple: str | None) -> None:  # noqa: FBT001 - an option
    """Draw what the answers in FILE tell.

    The weeks with their bands, the valleys and where the two are now, and what goes together with better days.
    """
    from toward import dyad
    from toward.catalogue import words
    from toward.cli.dyad_input import journal_of
    from toward.cli.dyad_told import effects_of
    from toward.dyad import pictures
    from toward.errors import BadInput

    if out.exists():
        raise BadInput(words("terminal.file.exists", file=str(out)))
    found = dyad.fit(journal_of(file, couple), seed=seed)
    pictures.save(pictures.sheet(found, effects_of(found, seed), pictures.DARK if dark else pictures.LIGHT), out)


@command.command()
@click.argument("file", type=FILE)
@click.option("--json", "as_json", is_flag=True, help="One JSON object; docs/model.md tells its keys.")
@click.option("--columns", nargs=2, metavar="A B", help="The two columns, if FILE has more.")
@click.option("--lag", type=int, help="Steps for inertia-coordination; negative looks back.  [default: found]")
@_of_one_couple
def compare(
    file: Path,
    as_json: bool,  # noqa: FBT001 - an option
    columns: tuple[str, str] | None,
    lag: int | None,
    couple: str | None,
) -> None:
    """Fit the other published models to two series.

    Or to a journal's days: Gottman-Murray in five shapes, inertia-coordination, coupled oscillator, actor-partner,
    VAR(1), AR(1) and linear Ornstein-Uhlenbeck.
    """
    from toward.cli.dyad_input import pair_of
    from toward.cli.dyad_text import compare_text
    from toward.cli.dyad_told import compared

    found = compared(pair_of(file, couple, columns or None), lag)
    _say(found, compare_text, as_json=as_json)


def _say(found: dict[str, Any], text: Callable[[dict[str, Any]], str], *, as_json: bool) -> None:
    import json

    click.echo(json.dumps(found, indent=1, allow_nan=False) if as_json else text(found))
