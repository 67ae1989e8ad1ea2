"""Who may see an entry: private (its author, forever), sealed (words, once both have answered) or shared.

This is the rule in one place, for everything that shows, exports or hands on what a person wrote. It is a rule and no
lock: the locks are keys, in the vault.

    >>> felt_word(2)
    'unsafe'
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Final, Literal, get_args

from toward.journal.kinds import CheckIn, KeysChanged, LinePoint, Memory, Offer, Released, Said

if TYPE_CHECKING:
    from toward.journal.kinds import Body, Entry, Unknown

FeltWord = Literal["unsafe", "guarded", "between", "easy", "safe"]

FELT_WORDS: Final[tuple[FeltWord, ...]] = get_args(FeltWord)
_BANDS: Final[tuple[FeltWord, ...]] = ("unsafe", "unsafe", "guarded", "between", "easy", "safe", "safe")


class Visibility(Enum):
    """What the partner may ever see of an entry."""

    PRIVATE = "private"
    SEALED = "sealed"
    SHARED = "shared"


def felt_word(felt: float) -> FeltWord:
    """Return the word for a felt safety of 1 to 7; values between two steps go to the nearer one, and half ones up."""
    return _BANDS[min(max(int(felt + 0.5), 1), 7) - 1]


def visibility(body: Body | Unknown, *, shared: bool) -> Visibility:
    """Return what kind of entry it is; ``shared``: the sort of space it lies in. An unknown kind goes by that alone."""
    if shared:
        return Visibility.SHARED
    if isinstance(body, CheckIn | Memory) and body.share:
        return Visibility.SEALED
    return Visibility.PRIVATE


def said_by(body: CheckIn | Memory) -> Said:
    """Return what an answer says when it opens: words, and for felt safety its word, never the number."""
    if isinstance(body, CheckIn):
        return Said(topic="checkin", words=body.words, felt=felt_word(body.felt), body=body.body)
    return Said(topic="remember", words=body.words, tone=body.tone)


def partner_sees(
    entry: Entry, *, both_answered: bool = False, withdrawn: bool = False, both_share_lines: bool = False
) -> Said | Body | None:
    """Return what the author's partner may see of an entry, or None for nothing.

    Sealed words need both answers. What was taken back before that is nothing again; what has opened stays open, since
    nobody can unread it. Points of a line count only while both agree. An offer and a change of keys say nothing to
    anybody, and what this program does not know it shows to nobody.
    """
    body = entry.body
    match visibility(body, shared=entry.shared):
        case Visibility.PRIVATE:
            return None
        case Visibility.SEALED:
            open_to_both = both_answered and not withdrawn
            return said_by(body) if open_to_both and isinstance(body, CheckIn | Memory) else None
        case Visibility.SHARED:
            return _shared_body(body, both_share_lines=both_share_lines)


def _shared_body(body: Body | Unknown, *, both_share_lines: bool) -> Said | Body | None:
    match body:
        case Released():
            return body.said
        case LinePoint():
            return body if both_share_lines else None
        case Offer() | KeysChanged():
            return None
        case _:
            return _known_shared(body)


def _known_shared(body: Body | Unknown) -> Body | None:
    space = getattr(body, "SPACE", None)
    return body if space == "shared" else None  # type: ignore[return-value]  # only known kinds have a SPACE
