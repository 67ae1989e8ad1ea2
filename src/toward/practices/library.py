"""The practice library: what two people, or one, can do, as data with a schema.

One TOML file per practice, named by its id. The words of a practice stand in it, by language, because they are content
and are read as writing. ``asks`` says what a practice asks of a person, so that the guide's gates can leave it out of
their suggestions; ``evidence`` names the section of ``docs/what-we-know.md`` that says how much is known.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal

import msgspec
from msgspec import Meta, Struct

from toward.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

FOLDER: Final = Path(__file__).parent / "library"

Ask = Literal["tenderness", "disclosure", "joint", "confront"]
State = Literal["open", "revved", "shut", "any"]
Company = Literal["alone", "together", "both"]
Place = Literal["now", "settle", "turn", "within"]
Sound = Literal["none", "tones", "hum"]

Id = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{1,40}$")]
Slug = Annotated[str, Meta(pattern=r"^[a-z0-9-]+$")]
Text = Annotated[str, Meta(min_length=1, max_length=300)]
Title = Annotated[str, Meta(min_length=1, max_length=60)]


class Step(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing to do, and how long it stays before the next."""

    text: Text
    seconds: Annotated[int, Meta(ge=5, le=20 * 60)]


class Telling(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A practice in one language. ``care`` is what to know before it: who may leave it out, and how to stop."""

    title: Title
    summary: Text
    steps: Annotated[tuple[Step, ...], Meta(min_length=1, max_length=12)]
    care: tuple[Text, ...] = ()


class Practice(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A practice: where it belongs, for which state of the body, with whom, for how long and what it asks."""

    id: Id
    place: Place
    for_state: Annotated[tuple[State, ...], Meta(min_length=1)]
    company: Company = msgspec.field(name="with")
    minutes: Annotated[float, Meta(gt=0, le=30)]
    asks: tuple[Ask, ...]
    sound: Sound
    long_breath: bool
    evidence: Annotated[tuple[Slug, ...], Meta(min_length=1)]
    en: Telling

    def fits(self, state: State, *, alone: bool) -> bool:
        """Say whether this suits a body in *state*, for one person alone or for two."""
        company_fits = self.company in ({"alone", "both"} if alone else {"together", "both"})
        return company_fits and ("any" in self.for_state or state == "any" or state in self.for_state)


def read_practice(text: str, *, file: str) -> Practice:
    """Return the practice written in *text*.

    Raises ``BadInput`` whose message and details name the file, the field and what is wrong with it: ``file`` must be
    the id with ``.toml``, the seconds of the steps must add up to the minutes, and what is offered to a body that has
    shut down has no long breaths.
    """
    try:
        practice = msgspec.convert(tomllib.loads(text), Practice)
    except tomllib.TOMLDecodeError as error:
        raise _bad(file, "", f"is not TOML: {error}") from error
    except msgspec.ValidationError as error:
        reason, _, where = str(error).partition(" - at ")
        raise _bad(file, where.strip("`").removeprefix("$.").removeprefix("$"), reason) from error
    if file != f"{practice.id}.toml":
        raise _bad(file, "id", f"the id is {practice.id!r}, so the file must be {practice.id}.toml")
    total = sum(step.seconds for step in practice.en.steps)
    if total != round(practice.minutes * 60):
        raise _bad(file, "en.steps", f"the steps last {total} s and the practice {round(practice.minutes * 60)} s")
    if practice.long_breath and {"shut", "any"} & set(practice.for_state):
        raise _bad(file, "for_state", "long breaths are not offered to a body that has shut down")
    return practice


def load_library(folder: Path = FOLDER) -> Mapping[str, Practice]:
    """Return the practices in *folder* by id, in the order of their names; the shipped ones are read once."""
    return _load(folder)


def suitable(
    practices: Iterable[Practice], state: State, *, alone: bool, without: frozenset[Ask] = frozenset()
) -> tuple[Practice, ...]:
    """Return those of *practices* that suit a body in *state* and ask nothing of what is *without*, shortest first."""
    fitting = (p for p in practices if p.fits(state, alone=alone) and not without & set(p.asks))
    return tuple(sorted(fitting, key=lambda practice: (practice.minutes, practice.id)))


@cache
def _load(folder: Path) -> dict[str, Practice]:
    read = (read_practice(path.read_text("utf-8"), file=path.name) for path in sorted(folder.glob("*.toml")))
    return {practice.id: practice for practice in read}


def _bad(file: str, field: str, reason: str) -> BadInput:
    return BadInput(f"{file}: {field or 'file'}: {reason}", field=field, reason=reason, file=file)
