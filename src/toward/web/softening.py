"""What somebody who writes may be shown of their own message, before it goes anywhere.

Their words are read and forgotten: nothing here is written, counted or logged, and the other's pages know nothing of
it. It is an offer beside the text; sending never waits for it.

Danger goes first. Who is afraid, or wants to die, is shown who helps, and nothing about their tone; who threatens is
asked to stop, and not helped to say it more nicely; who threatens to die is shown both, who helps them first. Once any
of these was found, the rest of this writing is left alone. Where the guide's gates keep tenderness and the tender
truth out of what is suggested, they are kept out here too. Then the answer is the one that a clear message gets: a
page is seen over shoulders.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from toward import words
from toward.guide import Suggestion, allowed
from toward.web.context import Typed
from toward.web.forms import Form
from toward.web.pages.before import gates_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from starlette.responses import Response

    from toward.web.context import Context

Kind = Literal["nothing", "warm", "note", "hard", "threat", "fear", "self_harm", "self_harm_threat"]

SLOTS: Final = ("saw", "feel", "fear", "long", "invite")
SLOT_MOST: Final = 180
"""Five of these fit one message."""
SOFTENING: Final = Suggestion("soften", "turn", frozenset({"tenderness", "disclosure"}))
DANGERS: Final[tuple[tuple[words.Danger, ...], ...]] = (*((one,) for one in words.DANGERS), ("self_harm", "threat"))
"""All that a message may be in, as it is said."""
HELD: Final[frozenset[Kind]] = frozenset({*words.DANGERS, "self_harm_threat"})


class Mark(NamedTuple):
    """A phrase and where it stands, in UTF-16 units, as scripts count. ``reason`` is a place in ``Help.reasons``."""

    start: int
    end: int
    reason: int
    phrase: str


class Help(NamedTuple):
    """What is shown beside a message. ``slots`` are a tentative question for each slot of the softer form.

    ``then`` is said after ``say`` where there are two dangers.
    """

    kind: Kind
    say: str = ""
    reasons: tuple[str, ...] = ()
    marks: tuple[Mark, ...] = ()
    slots: tuple[str, ...] = ("",) * len(SLOTS)
    then: str = ""


class Writing(NamedTuple):
    """A field that goes to the other, as its page needs it. ``beside``: fields of one's own that danger may show in."""

    field: str
    beside: tuple[str, ...]
    found: Help | None
    own: tuple[str, ...]
    was: str
    held: bool
    blank: tuple[Help, ...]


def look(ctx: Context, text: str, beside: Iterable[str] = (), *, held: bool = False) -> Help:
    """Return what to show beside *text*. *held*: danger was found earlier in the same writing."""
    found = words.soften(text)
    dangers = next((one.dangers for one in (found, *map(words.soften, beside)) if one.dangers), ())
    if dangers:
        return in_danger(dangers)
    if held or not allowed(SOFTENING, gates_of(ctx)):
        return Help("nothing")
    if found.verdict != "none":
        return _hard(ctx, text, found)
    if found.warm:
        return Help("warm", found.warm)
    return Help("note", found.note) if found.note else Help("nothing")


def in_danger(dangers: Sequence[words.Danger]) -> Help:
    """Return what is said of *dangers*, which are one, or that somebody may die and that they threaten with it."""
    first, *rest = map(words.what_to_say_of, dangers)
    return Help("self_harm_threat" if rest else dangers[0], first, then=" ".join(rest))


def _hard(ctx: Context, text: str, found: words.Softened) -> Help:
    spans = [span for span in found.spans if span.label in words.HARSH]
    reasons = tuple(dict.fromkeys(span.why for span in spans))
    marks = tuple(
        Mark(
            units(text[: span.start]),
            units(text[: span.end]),
            reasons.index(span.why),
            text[span.start : span.end],
        )
        for span in spans
    )
    say = ctx.t("soften.found.clear") if found.verdict == "clear" else ctx.t("soften.found.perhaps")
    return Help("hard", say, reasons, marks, tuple(slot or "" for slot in found.softer))


def units(text: str) -> int:
    """Return how long *text* is in UTF-16, in which scripts count."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def writing(ctx: Context, field: str, beside: tuple[str, ...] = ()) -> Writing:
    """Return what a page shows around *field*; with what was found, where somebody without a script asked to look."""
    asked = bool(ctx.form.raw("soften"))
    held = bool(ctx.form.raw("soften-held"))
    found = None
    if asked:
        found = look(ctx, _lines(ctx.form.raw(field)), map(ctx.form.raw, beside), held=held)
    return Writing(
        field=field,
        beside=beside,
        found=found,
        own=tuple(ctx.form.raw(f"soften-{slot}") for slot in SLOTS),
        was=ctx.form.raw("soften-was"),
        held=held or (found is not None and found.kind in HELD),
        blank=(Help("hard"), *map(in_danger, DANGERS)),
    )


def looked(ctx: Context, field: str, get: Callable[[Context], Response]) -> Response | None:
    """Show the page again, with all that was typed, where that was asked for; None where the form is meant to be sent.

    The one button asks to look, another puts the slots' words into the message, and a third brings back what was there.
    """
    asked = ctx.form.raw("soften")
    if not asked:
        return None
    new: dict[str, str] = {}
    if asked == "use" and (said := together(ctx.form.raw(f"soften-{slot}") for slot in SLOTS)):
        new = {field: said, "soften-was": ctx.form.raw(field)}
    elif asked == "back" and "soften-was" in ctx.form:
        new = {field: ctx.form.raw("soften-was"), "soften-was": ""}
    pairs = [(name, value) for name, value in ctx.form.pairs() if name not in new]
    ctx.form = Form([*pairs, *new.items()])
    ctx.typed = Typed(ctx.form)
    ctx.method = "GET"
    return get(ctx)


def together(slots: Iterable[str]) -> str:
    """Return somebody's own words for the slots as one message; a slot that was left is left out.

    >>> together(["", "I felt alone", "", "", "Would you sit with me? "])
    'I felt alone. Would you sit with me?'
    """
    said = (" ".join(slot.split()) for slot in slots)
    return " ".join(one if one[-1] in ".?!…" else f"{one}." for one in said if one)


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
