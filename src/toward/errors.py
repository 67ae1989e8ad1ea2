"""Every error that Toward raises on purpose, in one tree.

    TowardError
     +- BadInput               400  something typed or uploaded can't be used; ``field`` says which
     |   +- TooLong            400  longer than the documented limit
     |   +- UnreadableFile     400  an import or backup that is not what it should be
     +- SignInNeeded           401  no session, or it has ended
     |   +- WrongPassphrase    401  passphrase (or sheet) does not open this person's keys
     +- NotAllowed             403  signed in, but this is not theirs to do
     |   +- ForeignOrigin      403  a form or socket that another site sent
     +- NotFound               404
     +- Conflict               409  somebody (perhaps the other device) was quicker; nothing was written
     |   +- AlreadyPaired      409
     |   +- SpaceClosed        409  the shared space is frozen: one of the two has left
     +- CodeSpent              410  an invitation, setup link or device code that is used, expired or wrong
     +- TooManyAttempts        429  ``retry_after_s`` says when to try again
     +- Damaged                500  a row that does not open, or whose signature is not its author's
     +- Unavailable            503  a part of the system does not answer
     +- Misconfigured          (command line) a setting that can't work

Each class has a ``key``; the catalogue holds ``error.<key>.title`` and ``error.<key>.way_out``, so that what a person
reads is content and not code. ``str(error)`` is English for logs and terminals and never holds a person's words.
"""

from __future__ import annotations

from typing import ClassVar


class TowardError(Exception):
    """The root. ``details`` fills the placeholders of the catalogue's sentence."""

    key: ClassVar[str] = "unknown"
    status: ClassVar[int] = 500

    def __init__(self, message: str = "", /, **details: str | int) -> None:
        self.details = details
        super().__init__(message or self.__class__.__doc__ or self.key)


class BadInput(TowardError):
    """Something typed or uploaded can't be used."""

    key = "bad_input"
    status = 400

    def __init__(self, message: str = "", /, *, field: str = "", reason: str = "", **details: str | int) -> None:
        self.field = field
        self.reason = reason
        super().__init__(message, **details)


class TooLong(BadInput):
    """Longer than the documented limit."""

    key = "too_long"


class UnreadableFile(BadInput):
    """Not a file that Toward wrote, or one that was changed."""

    key = "unreadable_file"


class SignInNeeded(TowardError):
    """No session, or it has ended."""

    key = "sign_in_needed"
    status = 401


class WrongPassphrase(SignInNeeded):
    """These words do not open this person's keys."""

    key = "wrong_passphrase"


class NotAllowed(TowardError):
    """Signed in, but this is not theirs to do."""

    key = "not_allowed"
    status = 403


class ForeignOrigin(NotAllowed):
    """A form or socket that another site sent."""

    key = "foreign_origin"


class NotFound(TowardError):
    """Nothing here."""

    key = "not_found"
    status = 404


class Conflict(TowardError):
    """Somebody was quicker; nothing was written."""

    key = "conflict"
    status = 409


class AlreadyPaired(Conflict):
    """One of the two is in a couple already."""

    key = "already_paired"


class SpaceClosed(Conflict):
    """The shared space is frozen: one of the two has left it."""

    key = "space_closed"


class CodeSpent(TowardError):
    """A code or link that is used, expired or wrong."""

    key = "code_spent"
    status = 410


class TooManyAttempts(TowardError):
    """Too many tries from this device."""

    key = "too_many_attempts"
    status = 429

    def __init__(self, message: str = "", /, *, retry_after_s: int = 60) -> None:
        self.retry_after_s = retry_after_s
        super().__init__(message, minutes=max(1, -(-retry_after_s // 60)))


class Damaged(TowardError):
    """A row that does not open, or whose signature is not its author's."""

    key = "damaged"


class Unavailable(TowardError):
    """A part of the system does not answer."""

    key = "unavailable"
    status = 503


class Misconfigured(TowardError):
    """A setting that can't work."""

    key = "misconfigured"
