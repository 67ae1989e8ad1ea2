"""``toward soften``."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterable

    from toward.words import Softened


@click.command()
@click.argument("message", required=False)
@click.option("--json", "as_json", is_flag=True, help="One message a line in, one JSON object a line out.")
def command(message: str | None, as_json: bool) -> None:  # noqa: FBT001 - an option
    """See what a MESSAGE may do to the one who reads it.

    Shows which words land as attack and why, what may lie under them, and the slots of a softer form. Without a
    MESSAGE it reads one from standard input; where MESSAGE is the name of a file, it reads the file, one message a
    line. Nothing is kept and nothing leaves this machine.
    """
    from toward.words import soften

    if message is not None and _is_file(message):
        _several(_lines(Path(message)), as_json=as_json)
    elif message is not None:
        click.echo(_object(soften(message)) if as_json else _shown(soften(message)))
    elif as_json:
        _several((line.decode("utf-8", "replace").rstrip("\r\n") for line in sys.stdin.buffer), as_json=True)
    else:
        click.echo(_shown(soften(sys.stdin.buffer.read().decode("utf-8", "replace").strip())))


def _is_file(message: str) -> bool:
    try:
        return Path(message).is_file()
    except (OSError, ValueError):  # too long to be a name, or with a zero byte
        return False


def _lines(path: Path) -> list[str]:
    return path.read_bytes().decode("utf-8", "replace").splitlines()


def _several(messages: Iterable[str], *, as_json: bool) -> None:
    """Answer one message after the other; the bar shows in a terminal, and not between lines that show there."""
    from toward import catalogue
    from toward.words import soften

    terminal = sys.stderr
    hidden = not isinstance(messages, list) or not terminal.isatty() or sys.stdout.isatty()
    with click.progressbar(
        messages, label=catalogue.words("terminal.soften.working"), hidden=hidden, file=terminal
    ) as bar:
        for text in bar:
            found = soften(text)
            click.echo(_object(found) if as_json else _shown(found) + "\n")


def _object(found: Softened) -> str:
    tree = found._asdict() | {
        "spans": [span._asdict() for span in found.spans],
        "softer": found.softer._asdict(),
    }
    return json.dumps(tree, ensure_ascii=False)


def _shown(found: Softened) -> str:
    """The message with what was found underlined, then the reasons, then the softer form."""
    from toward import catalogue
    from toward.words import HARSH, what_to_say_of

    lines = [_underlined(found)]
    hard = [span for span in found.spans if span.label in HARSH]
    for danger in found.dangers:
        lines += ["", what_to_say_of(danger)]
    if found.danger:
        lines += [catalogue.words("terminal.soften.lines")]
    if found.verdict == "perhaps" and not found.danger:
        lines += ["", catalogue.words("terminal.soften.perhaps")]
    lines += [f"  “{_plain(found.text[span.start : span.end])}”: {span.why}" for span in hard]
    slots = {key: text for key, text in found.softer._asdict().items() if text}
    if slots:
        lines += ["", catalogue.words("terminal.soften.softer")]
        names = {key: catalogue.words(f"terminal.soften.{key}") for key in slots}
        width = max(map(len, names.values()))
        lines += [f"  {names[key].ljust(width)}  {text}" for key, text in slots.items()]
    lines += [text for text in (found.warm, found.note) if text]
    return "\n".join(lines)


def _underlined(found: Softened) -> str:
    from toward.words import HARSH

    parts, at = [], 0
    for span in found.spans:
        if span.label in HARSH and span.start >= at:
            parts += [_plain(found.text[at : span.start])]
            parts += [click.style(_plain(found.text[span.start : span.end]), underline=True)]
            at = span.end
    return "".join([*parts, _plain(found.text[at:])])


def _plain(text: str) -> str:
    """A message as a terminal may show it: what would move its cursor or change its colours is left out."""
    return "".join(character for character in text if character.isprintable() or character in "\n\t")
