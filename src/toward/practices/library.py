"""The practice library: what two people, or one, can do, as data with a schema.

One TOML file per practice, named by its id. The words of a practice stand in it, by language, because they are content
and are read as writing; longer ones may lie beside it as Markdown (``<id>.en.md``). ``asks`` says what a practice asks
of a person, so that the guide's gates can leave it out of their suggestions; ``evidence`` names the section of
``docs/what-we-know.md`` that says how much is known, and ``strength`` how sure it is.

``docs/practices.md`` tells every field to somebody who writes one. Reading folders of files is ``practices.shelf``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal, NamedTuple

import msgspec
from msgspec import Meta, Struct

from toward.errors import BadInput
from toward.practices.prose import FOREIGN, Block, read_prose

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

FOLDER: Final = Path(__file__).parent / "library"
CRAFT: Final = "craft-not-trials"

Ask = Literal["tenderness", "disclosure", "joint", "confront"]
State = Literal["open", "revved", "shut", "any"]
Company = Literal["alone", "together", "both"]
Room = Literal["apart", "one_room", "either"]
Place = Literal["now", "settle", "turn", "within", "ours"]
Aim = Literal["settle_alone", "settle_together", "turn", "play", "repair", "meaning"]
Sound = Literal["none", "tones", "hum", "bell"]
Measure = Literal["none", "ease", "threat"]
Strength = Literal["trials", "one_trial", "studies", "small", "wisdom"]
Turn = Literal["both", "one", "other"]

Id = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{1,40}$")]
Slug = Annotated[str, Meta(pattern=r"^[a-z0-9-]+$")]
Text = Annotated[str, Meta(min_length=1, max_length=300)]
Title = Annotated[str, Meta(min_length=1, max_length=60)]
Prose = Annotated[str, Meta(max_length=6000)]


class Step(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing to do, and how long it stays before the next.

    ``who``: whose turn it is, of two. One that ``waits`` stays until somebody goes on; its time is what it takes most.
    """

    text: Text
    seconds: Annotated[int, Meta(ge=5, le=20 * 60)]
    who: Turn = "both"
    waits: bool = False


class Ways(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How it goes for somebody who can't see, hear, stand or be touched."""

    see: Text
    hear: Text
    stand: Text
    touch: Text


class Telling(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A practice in one language.

    ``summary`` is what it is for, in one line. ``not_when`` says when to leave it; ``care`` how to stop, and what else
    to know before. ``known`` is the evidence in plain words; ``about`` the longer telling, in the Markdown of
    ``prose``.
    """

    title: Title
    summary: Text
    steps: Annotated[tuple[Step, ...], Meta(min_length=1, max_length=16)]
    not_when: Annotated[tuple[Text, ...], Meta(min_length=1, max_length=4)]
    ways: Ways
    known: Text
    care: tuple[Text, ...] = ()
    about: Prose = ""

    @property
    def prose(self) -> tuple[Block, ...]:
        """The longer telling, by blocks; empty where there is none."""
        return read_prose(self.about)

    def texts(self) -> Iterator[tuple[str, str]]:
        """Every text that a person reads, with the field it stands in."""
        yield from (("title", self.title), ("summary", self.summary), ("known", self.known))
        for name in ("not_when", "care"):
            yield from ((f"{name}[{n}]", text) for n, text in enumerate(getattr(self, name)))
        yield from ((f"steps[{n}].text", step.text) for n, step in enumerate(self.steps))
        yield from ((f"ways.{name}", getattr(self.ways, name)) for name in Ways.__struct_fields__)
        yield from (("about", line) for block in self.prose for line in block.lines)


class Practice(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A practice: what it is for, for which state of the body, with whom, for how long and what it asks.

    ``aim`` is its shelf in the library, ``place`` the tab it belongs to, ``measure`` what is asked before and after.
    """

    id: Id
    aim: Aim
    place: Place
    for_state: Annotated[tuple[State, ...], Meta(min_length=1)]
    company: Company = msgspec.field(name="with")
    room: Room
    minutes: Annotated[float, Meta(gt=0, le=30)]
    asks: tuple[Ask, ...]
    sound: Sound
    long_breath: bool
    measure: Measure
    strength: Strength
    evidence: Annotated[tuple[Slug, ...], Meta(min_length=1)]
    en: Telling

    def fits(self, state: State, *, alone: bool) -> bool:
        """Say whether this suits a body in *state*, for one person alone or for two."""
        company_fits = self.company in ({"alone", "both"} if alone else {"together", "both"})
        return company_fits and ("any" in self.for_state or state == "any" or state in self.for_state)


class Rule(NamedTuple):
    """What a practice may not be: the field to name, the test, and the words that say what is wrong."""

    field: str
    breaks: Callable[[Practice], bool]
    reason: str


RULES: Final = (
    Rule(
        "for_state",
        lambda one: one.long_breath and bool({"shut", "any"} & set(one.for_state)),
        "long breaths are not offered to a body that has shut down",
    ),
    Rule(
        "asks",
        lambda one: one.company == "together" and "joint" not in one.asks,
        'what is done with = "together" asks at least "joint": a gate can only leave out what says what it asks',
    ),
    Rule(
        "asks",
        lambda one: one.company == "together" and one.aim in {"turn", "repair"} and "disclosure" not in one.asks,
        'two who turn to each other or make good say something of themselves: add "disclosure"',
    ),
    Rule(
        "with",
        lambda one: {"settle_alone": "together", "settle_together": "alone"}.get(one.aim) == one.company,
        "does not go with this aim",
    ),
    Rule(
        "room", lambda one: one.company == "alone" and one.room != "either", 'somebody alone is in any room: "either"'
    ),
    Rule(
        "strength",
        lambda one: (one.strength == "wisdom") != (set(one.evidence) == {CRAFT}),
        f'"wisdom" goes with evidence = ["{CRAFT}"] alone, and the other way round',
    ),
    Rule(
        "en.steps",
        lambda one: one.company == "alone" and any(step.who != "both" for step in one.en.steps),
        'nobody takes turns alone: leave "who" out',
    ),
)


def read_practice(text: str, *, file: str, about: str = "") -> Practice:
    """Return the practice written in *text*, with the longer telling of the file beside it.

    Raises ``BadInput`` whose message and details name the file, the field and what is wrong with it: ``file`` must be
    the id with ``.toml``, the seconds of the steps must add up to the minutes, no text may hold a link, a picture or
    markup, and every one of ``RULES`` must hold.
    """
    try:
        practice = msgspec.convert(tomllib.loads(text), Practice)
    except tomllib.TOMLDecodeError as error:
        raise bad(file, "", f"is not TOML: {error}") from error
    except msgspec.ValidationError as error:
        reason, _, where = str(error).partition(" - at ")
        raise bad(file, where.strip("`").removeprefix("$.").removeprefix("$"), reason) from error
    if file != f"{practice.id}.toml":
        raise bad(file, "id", f"the id is {practice.id!r}, so the file must be {practice.id}.toml")
    if about:
        practice = _with_about(practice, about, file)
    _hold_words(practice, file)
    total = sum(step.seconds for step in practice.en.steps)
    if total != round(practice.minutes * 60):
        raise bad(file, "en.steps", f"the steps last {total} s and the practice {round(practice.minutes * 60)} s")
    for rule in RULES:
        if rule.breaks(practice):
            raise bad(file, rule.field, rule.reason)
    return practice


def _with_about(practice: Practice, about: str, file: str) -> Practice:
    if practice.en.about:
        raise bad(file, "en.about", f"is told twice: here and in {practice.id}.en.md")
    longest = 6000
    if len(about) > longest:
        raise bad(f"{practice.id}.en.md", "", f"has {len(about)} characters; {longest} are the most")
    try:
        read_prose(about)
    except ValueError as error:
        raise bad(f"{practice.id}.en.md", "", str(error)) from error
    return msgspec.structs.replace(practice, en=msgspec.structs.replace(practice.en, about=about))


def _hold_words(practice: Practice, file: str) -> None:
    try:
        told = list(practice.en.texts())
    except ValueError as error:
        raise bad(file, "en.about", str(error)) from error
    for field, text in told:
        foreign = FOREIGN.search(text)
        if foreign:
            raise bad(file, f"en.{field}", f"plain words only: {foreign.group()!r} is markup, a link or a picture")


def load_library(folder: Path = FOLDER) -> Mapping[str, Practice]:
    """Return the practices in *folder* by id, in the order of their names; the shipped ones are read once.

    Raises ``BadInput`` for the first that is not one.
    """
    from toward.practices.shelf import load

    return load(folder)


def suitable(
    practices: Iterable[Practice], state: State, *, alone: bool, without: frozenset[Ask] = frozenset()
) -> tuple[Practice, ...]:
    """Return those of *practices* that suit a body in *state* and ask nothing of what is *without*, shortest first."""
    fitting = (p for p in practices if p.fits(state, alone=alone) and not without & set(p.asks))
    return tuple(sorted(fitting, key=lambda practice: (practice.minutes, practice.id)))


def bad(file: str, field: str, reason: str) -> BadInput:
    """Return the error that names a file, a field and what is wrong with it."""
    return BadInput(f"{file}: {field or 'file'}: {reason}", field=field, reason=reason, file=file)
