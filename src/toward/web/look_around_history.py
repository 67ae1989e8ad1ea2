"""Twelve invented weeks, written through real sessions: paired, sealed, answered and opened as two people would."""

from __future__ import annotations

from secrets import token_urlsafe
from typing import TYPE_CHECKING, Final

from toward.demo import history, read_story, with_ids
from toward.journal.kinds import CheckIn, Memory, Settled
from toward.vault import pairing
from toward.vault.accounts import Live
from toward.web.safe_slot import keep_answer

if TYPE_CHECKING:
    from collections.abc import Callable

    from toward.vault import Session, Vault

SEED: Final = 1
BEFORE_MS: Final = 3_600_000


class Turning:
    """A clock that stands where it is told until ``let_go``, and is the given one from then on."""

    def __init__(self, now_ms: Callable[[], int]) -> None:
        self._now_ms = now_ms
        self._stands: int | None = None

    def __call__(self) -> int:
        """The time."""
        return self._now_ms() if self._stands is None else self._stands

    def stand(self, at_ms: int) -> None:
        """Stand at a time."""
        self._stands = at_ms

    def let_go(self) -> None:
        """Go with the given clock."""
        self._stands = None


def names() -> tuple[str, str]:
    """Return the two people's names, in the order of their phones."""
    people = read_story().people
    return people["mara"], people["lin"]


def fill(vault: Vault, clock: Turning) -> tuple[Live, Live]:
    """Write the history into an empty vault, and return the keys of both people."""
    events = history(SEED, clock())
    clock.stand(events[0].at_ms - BEFORE_MS)
    people = read_story().people
    sessions = {who: _arrive(vault, name) for who, name in people.items()}
    mara, lin = sessions["mara"], sessions["lin"]
    pairing.accept(lin, pairing.invite(mara).words)
    pairing.confirm(mara)
    lin.refresh()
    for one in (mara, lin):
        keep_answer(one, "hard", clock(), for_visit=False)  # asked before the first thing that two do; they did many
    ids: dict[bytes, bytes] = {}
    for event in events:
        clock.stand(event.at_ms)
        entry = sessions[event.who].write(with_ids(event.body, ids), at_ms=event.at_ms, tz_min=event.tz_min)
        ids[event.id] = entry.id
        if isinstance(event.body, CheckIn | Memory) and event.body.share:
            # What this one has opened is released on the day on which it opened, as by somebody who looks.
            mara.refresh()
            lin.refresh()
    for one in (mara, lin):
        one.write(Settled(practice="remember", how="together", minutes=1))  # so their moments are opened, not waiting
    clock.let_go()
    return _keys(mara), _keys(lin)


def _arrive(vault: Vault, name: str) -> Session:
    return vault.create_person(name, token_urlsafe(), setup=vault.new_setup_token()).session


def _keys(session: Session) -> Live:
    return Live(session.keyring, session.device, session.find)
