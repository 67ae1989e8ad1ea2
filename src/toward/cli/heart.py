"""``toward heart``: one recording or two, as words, as JSON, as a picture."""

from __future__ import annotations

import json
import math
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from toward.cli.home import bar

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from toward.heart.formats import Opened
    from toward.heart.recording import Summary
    from toward.heart.together import Measure, Pair, Stretch, Together

FORMATS: Final = ("auto", "rr", "ecg", "ppg", "camera", "wfdb", "fit", "ndjson")
UNITS: Final = ("ms", "s", "us", "ns", "1/1024 s")
LONG_ROWS: Final = 1_000_000
"""Above this, somebody waits long enough to want to see how far it is."""
FIGURES: Final = ("hr_bpm", "rmssd_ms", "sdnn_ms", "breath_per_min")
VERDICTS: Final = {"above chance": "above", "at chance": "at", "not enough data": "few"}


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--format", "kind", type=click.Choice(FORMATS), default="auto", show_default=True, help="What they are.")
@click.option("--rate", type=click.FloatRange(0, 20_000, min_open=True), help="Samples a second, if no clock is in it.")
@click.option("--column", help="Name of the column or signal to read, if there are several.")
@click.option("--unit", type=click.Choice(UNITS), help="Unit of the intervals, if the file does not say.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as one JSON object.")
@click.option("--plot", type=click.Path(path_type=Path, dir_okay=False), help="Draw a picture: a name in .svg or .png.")
@click.option("--surrogates", default=1000, show_default=True, type=click.IntRange(19, 100_000), help="Made partners.")
@click.option("--seed", default=0, show_default=True, help="For drawing those; the same gives the same answer.")
def command(  # noqa: PLR0913 - one for each option
    *,
    files: tuple[Path, ...],
    kind: str,
    rate: float | None,
    column: str | None,
    unit: str | None,
    as_json: bool,
    plot: Path | None,
    surrogates: int,
    seed: int,
) -> None:
    """Tell what a recording of a heart holds, or how two of them move together.

    FILES is one recording or two: intervals (Polar, HRV Logger, Elite HRV, Kubios, a watch's FIT file), an ECG of Apple
    Health, a table with an ECG or a light signal, camera frames, a WFDB record, or this program's own NDJSON. Nothing
    leaves this machine.
    """
    from toward.catalogue import words
    from toward.errors import BadInput

    if len(files) > 2:  # noqa: PLR2004 - a heart, or two
        raise click.UsageError(words("heart.file.two"))
    if plot is not None and plot.suffix.lower() not in {".svg", ".png"}:
        raise BadInput(words("heart.file.picture"))
    if plot is not None and plot.exists() and any(file.exists() and plot.samefile(file) for file in files):
        raise BadInput(words("heart.file.own"))
    opened = [_opened(file, kind, rate, column, unit) for file in files]
    found = [_summary(one) for one in opened]
    told = [_as_json(summary, one) for summary, one in zip(found, opened, strict=True)]
    if len(found) == 1:
        if as_json:
            click.echo(json.dumps(told[0]))
        else:
            _say_one(found[0], opened[0])
        if plot is not None:
            _draw_one(found[0], plot)
    else:
        _two(found, opened, told, (surrogates, seed), plot, as_json=as_json)
    if plot is not None and not as_json:
        click.echo(words("heart.file.saved", file=str(plot)))


def _opened(file: Path, kind: str, rate: float | None, column: str | None, unit: str | None) -> Opened:
    from toward.heart.formats import open_recording

    return open_recording(file, format=kind, rate_hz=rate, column=column, unit=unit)


def _summary(opened: Opened) -> Summary:
    from toward.catalogue import words
    from toward.heart.stream import HeartStream

    long = opened.rows > LONG_ROWS
    shown: AbstractContextManager[Callable[[int, int], None]] = (
        bar(words("heart.file.reading")) if long else nullcontext(lambda _done, _of: None)
    )
    stream, done = HeartStream(), 0
    with shown as progress:
        for piece in opened.pieces():
            stream.feed(piece)
            done += piece[0].size
            progress(min(done, opened.rows), opened.rows)
        return stream.finish()


def _two(
    found: list[Summary],
    opened: list[Opened],
    told: list[dict[str, Any]],
    chance: tuple[int, int],
    plot: Path | None,
    *,
    as_json: bool,
) -> None:
    from toward.catalogue import words
    from toward.heart.drawing import beats_of_summary
    from toward.heart.together import compare, pair_of_beats, stretches_together

    surrogates, seed = chance
    starts = [one.started_ms for one in opened]
    known = starts[0] is not None and starts[1] is not None
    later_s = (starts[1] - starts[0]) / 1000 if starts[0] is not None and starts[1] is not None else 0.0
    pair = pair_of_beats(beats_of_summary(found[0]), beats_of_summary(found[1]), b_later_s=later_s)
    shown: AbstractContextManager[Callable[[int, int], None]] = (
        bar(words("heart.file.comparing")) if pair.a.size > LONG_ROWS // 50 else nullcontext(lambda _done, _of: None)
    )
    with shown as progress:
        together = compare(pair, surrogates=surrogates, seed=seed, progress=progress)
        stretches = stretches_together(pair, surrogates=surrogates, seed=seed) if together.p is not None else ()
    if as_json:
        click.echo(json.dumps({"a": told[0], "b": told[1], **_together_json(together, stretches, same_clock=known)}))
    else:
        _say_two(together, stretches, same_clock=known)
    if plot is not None:
        _draw_two(pair, together, stretches, plot, chance)


def _as_json(summary: Summary, opened: Opened) -> dict[str, Any]:
    """The interface that stays: what can't be given is null, with its reason under ``why``."""
    return {
        "kind": summary.kind,
        "format": opened.format,
        "duration_s": _figure(summary.duration_s),
        "beats": summary.beats,
        **{name: _figure(getattr(summary, name)) for name in FIGURES},
        "quality": _figure(summary.quality),
        "abstained": bool(summary.abstained),
        "rr_ms": _row(summary.rr_ms),
        "beat_times_s": _row(summary.beat_times_s),
        "beat_kinds": list(summary.beat_kinds),
        "why": {name: reason.key for name, reason in summary.why.items()},
        "uncertainty": {name: _figure(value) for name, value in summary.uncertainty.items()},
        "more": {name: _figure(value) for name, value in summary.more.items()},
        "gaps_s": [[_figure(edge) for edge in gap] for gap in summary.gaps_s],
        "notes": [_note(note.key, note.details) for note in opened.notes],
    }


def _together_json(together: Together, stretches: tuple[Stretch, ...], *, same_clock: bool) -> dict[str, Any]:
    return {
        "together": [
            {
                "name": one.name,
                "value": _figure(one.value),
                "lag_s": _figure(one.lag_s),
                "leads": one.leads,
                "p": _figure(one.p),
                "verdict": one.verdict,
                "chance": _figure(one.chance),
                "surrogates": one.surrogates,
            }
            for one in together.measures
        ],
        "all": {"p": _figure(together.p), "verdict": together.verdict},
        "stretches": [{"from_s": one.from_s, "to_s": one.to_s, "p": one.p} for one in stretches],
        "duration_s": together.duration_s,
        "shared_s": together.shared_s,
        "same_clock": same_clock,
        "whitening": together.whitening,
        "seed": together.seed,
    }


def _figure(value: float | None) -> float | None:
    """JSON knows no NaN."""
    return None if value is None or not math.isfinite(value) else float(value)


def _row(values: Any) -> list[float | None]:  # noqa: ANN401 - an array; this module imports no NumPy
    return [_figure(value) for value in values.tolist()]


def _note(key: str, details: dict[str, str | int]) -> str:
    from toward.catalogue import words

    return words(f"heart.note.{key}", **details)


def _say_one(summary: Summary, opened: Opened) -> None:
    from toward.catalogue import words

    for note in opened.notes:
        click.echo(_note(note.key, note.details))
    click.echo(_headline(summary))
    if summary.abstained:
        return
    for name in FIGURES:
        value = getattr(summary, name)
        if value is None:
            reason = summary.why[name]
            told, beside = words("heart.alone.unknown"), words(f"heart.why.{reason.key}", **reason.details)
        else:
            error = summary.uncertainty.get(name)
            told = f"{value:.1f}" + (f" ± {error:.1f}" if error is not None and math.isfinite(error) else "")
            beside = words(f"heart.alone.{name}")
        click.echo(f"  {name:<16}{told:<16}{beside}".rstrip())


def _headline(summary: Summary) -> str:
    from toward.catalogue import words

    if summary.abstained:
        return words("heart.alone.poor")
    percent = round(100 * summary.quality)
    return words("heart.alone.told", minutes=f"{summary.duration_s / 60:.1f}", n=summary.beats, percent=percent)


def _say_two(together: Together, stretches: tuple[Stretch, ...], *, same_clock: bool) -> None:
    from toward.catalogue import words

    if not same_clock:
        click.echo(words("heart.together.clocks"))
    click.echo(words("heart.together.shared", minutes=f"{together.shared_s / 60:.1f}"))
    click.echo(_verdict(together))
    if together.verdict == "at chance" and any(one.verdict == "above chance" for one in together.measures):
        click.echo(words("heart.together.luck"))
    for stretch in stretches:
        click.echo(_stretch(stretch))
    click.echo()
    for one in together.measures:
        click.echo(_sentence(one))
        if one.leads is not None and one.lag_s is not None:
            click.echo(words(f"heart.together.leads_{one.leads}", seconds=f"{abs(one.lag_s):g}"))
        figures = {"value": one.value, "lag_s": one.lag_s, "p": one.p}
        known = "  ".join(f"{name} {value:.3g}" for name, value in figures.items() if value is not None)
        click.echo(f"  {one.name}  {known}  ({one.verdict})")
    if together.p is not None:
        click.echo()
        click.echo(words("heart.together.caution"))


def _sentence(one: Measure) -> str:
    """Two who go together may do so each in the other's way."""
    from toward.catalogue import words

    if one.name == "windowed_correlation" and one.verdict == "above chance" and (one.value or 0.0) < 0:
        return words("heart.windowed_correlation.opposite")
    return words(f"heart.{one.name}.{VERDICTS[one.verdict]}")


def _verdict(together: Together) -> str:
    from toward.catalogue import words

    return words(f"heart.together.{VERDICTS[together.verdict]}")


def _stretch(stretch: Stretch) -> str:
    from toward.catalogue import words

    return words("heart.together.stretch", start=f"{stretch.from_s / 60:.1f}", end=f"{stretch.to_s / 60:.1f}")


def _draw_one(summary: Summary, plot: Path) -> None:
    from toward.catalogue import words
    from toward.heart.drawing import draw_one

    says = {name: words(f"heart.plot.{name}") for name in ("rate", "minutes", "early")}
    draw_one(summary, plot, title=_headline(summary), says=says)


def _draw_two(
    pair: Pair, together: Together, stretches: tuple[Stretch, ...], plot: Path, chance: tuple[int, int]
) -> None:
    from toward.catalogue import words
    from toward.heart.drawing import draw_two
    from toward.heart.together.profile import lag_profile

    names = ("rate", "minutes", "seconds", "alike", "strangers", "together", "first_first", "second_first")
    says = {name: words(f"heart.plot.{name}") for name in names}
    says |= {name: words(f"heart.together.{name}") for name in ("first", "second")}
    surrogates, seed = chance
    profile = lag_profile(pair, surrogates=surrogates, seed=seed) if together.p is not None else None
    draw_two(pair, profile, stretches, plot, title=_verdict(together), says=says)
