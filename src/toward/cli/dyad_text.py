"""The same as columns to read in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from toward.catalogue import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def columns(rows: Iterable[tuple[str, ...]]) -> str:
    """Return rows as text, each column as wide as its widest cell; the first reads from the left, others line up."""
    table = list(rows)
    widths = [max(len(cell) for cell in column) for column in zip(*table, strict=True)]
    return "\n".join(
        "  ".join(
            [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        )
        for row in table
    )


def fit_text(found: dict[str, Any]) -> str:
    """Return a fit for a terminal: where the two are, what goes with better days, what is known of each parameter."""
    figure = found["dance"]["figure"] if found["dance"] else found["why"]
    lines = [words("research.answers", n=found["answers"])]
    lines += [words(f"research.note.{note}") for note in found["notes"]]
    state = [("", *map(words, ("research.column.mean", "research.column.sd")))]
    state += [(who, _number(one["mean"]), _number(one["sd"])) for who, one in found["state"].items()]
    names = ("research.column.mean", "research.column.sd", "research.column.shrinkage")
    rows = [("", *map(words, names))]
    rows += [
        (name, *(_number(one[key]) for key in ("mean", "sd", "shrinkage"))) for name, one in found["parameters"].items()
    ]
    effects = [("", *map(words, ("research.column.mean", "research.column.low80", "research.column.high80")))]
    effects += [
        (words(f"research.practice.{name}"), *(_number(one[key]) for key in ("mean", "low80", "high80")))
        for name, one in found["effects"].items()
    ]
    scores = [(name, _number(value)) for name, value in found["log_score"].items()]
    lines += [
        f"\n{words('research.title.state')}\n{columns(state)}",
        words("research.trap", n=round(100 * found["trap_probability"])),
        words(f"research.dance.{figure}"),
        f"\n{words('research.title.effects')}\n{columns(effects)}",
        f"\n{words('research.title.parameters')}\n{columns(rows)}",
        f"\n{words('research.title.log_score')}\n{columns(scores)}",
    ]
    return "\n".join(lines)


def compare_text(found: dict[str, Any]) -> str:
    """Return the published models for a terminal: every number under its name."""
    blocks = [words("research.moments", n=found["moments"], a=found["a"], b=found["b"])]
    for name, model in found["models"].items():
        rows = [(key, value if isinstance(value, str) else _number(value)) for key, value in _flat(model)]
        blocks.append(f"\n{name}\n{columns(rows)}")
    return "\n".join(blocks)


def _flat(value: object, name: str = "") -> Iterator[tuple[str, object]]:
    pairs = value.items() if isinstance(value, dict) else enumerate(value, 1) if isinstance(value, list) else None
    if pairs is None:
        yield name, value
        return
    for key, item in pairs:
        yield from _flat(item, f"{name}.{key}" if name else f"  {key}")


def _number(value: object) -> str:
    if value is None:
        return "-"
    return f"{value:.3f}" if isinstance(value, float) else str(value)
