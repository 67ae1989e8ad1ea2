"""Entries as bytes: one envelope, versioned kinds, and pure upcasters from every older shape.

The stored form is a MessagePack array ``[1, at_ms, tz_min, kind, version, body]``. A body of an older version is
lifted step by step through ``UPCASTERS`` before it is read. A kind (or version) that this program does not know is
kept whole as ``Unknown``: a journal written by a newer Toward opens in an older one without losing anything.
"""

from __future__ import annotations

import typing
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import msgspec

from toward.errors import BadInput, Damaged
from toward.journal import kinds
from toward.journal.kinds import Body, Kind, Unknown

FORMAT = 1

Upcaster = Callable[[dict[str, Any]], dict[str, Any]]

UPCASTERS: Mapping[tuple[str, int], Upcaster] = {
    ("preferences", 1): lambda old: {**old, "reckon": True},
}
"""``(kind, version) -> function`` that lifts a body of that version to the next."""


def _registry() -> dict[str, type[Kind]]:
    """Every kind by its tag."""
    members: tuple[type[Kind], ...] = typing.get_args(kinds.Body)
    return {str(member.__struct_config__.tag): member for member in members}


KINDS = _registry()
_BODY = msgspec.msgpack.Decoder(Body)
_UNREADABLE = (msgspec.MsgspecError, KeyError, TypeError, ValueError, OverflowError, RecursionError)
"""All that reading bytes can raise: a partner's own program may sign text that is no UTF-8, or arrays 100,000 deep."""
_ENCODER = msgspec.msgpack.Encoder()


class _Envelope(msgspec.Struct, array_like=True, frozen=True):
    """The outer array; the body stays raw until its version is known."""

    form: int
    at_ms: int
    tz_min: int
    kind: str
    version: int
    body: msgspec.Raw


_ENVELOPE = msgspec.msgpack.Decoder(_Envelope)


class Decoded(NamedTuple):
    """What an envelope holds: UTC milliseconds, the writer's offset in minutes, and the body."""

    at_ms: int
    tz_min: int
    body: Body | Unknown


def encode(at_ms: int, tz_min: int, body: Body | Unknown) -> bytes:
    """Bytes of one entry. An ``Unknown`` goes back exactly as it came."""
    if isinstance(body, Unknown):
        raw, kind, version = msgspec.Raw(body.raw), body.kind, body.version
    else:
        raw, kind, version = msgspec.Raw(_ENCODER.encode(body)), str(body.__struct_config__.tag), body.VERSION
    return _ENCODER.encode(_Envelope(FORMAT, at_ms, tz_min, kind, version, raw))


def decode(
    data: bytes,
    *,
    upcasters: Mapping[tuple[str, int], Upcaster] = UPCASTERS,
    registry: Mapping[str, type[Kind]] = KINDS,
) -> Decoded:
    """The inverse of ``encode``. Raises ``Damaged`` if the bytes are no entry at all."""
    try:
        envelope = _ENVELOPE.decode(data)
        known = registry.get(envelope.kind)
        if envelope.form != FORMAT or known is None or envelope.version > known.VERSION:
            body: Body | Unknown = Unknown(kind=envelope.kind, version=envelope.version, raw=bytes(envelope.body))
        elif registry is KINDS and envelope.version == known.VERSION:
            body = _BODY.decode(envelope.body)
            if type(body) is not known:
                raise Damaged(f"an entry says that it is {envelope.kind!r} and holds another kind")
        else:
            body = typing.cast("Body", _lift(envelope, known, upcasters))
    except _UNREADABLE as error:
        msg = f"a stored entry does not read as one ({type(error).__name__})"
        raise Damaged(msg) from error
    return Decoded(envelope.at_ms, envelope.tz_min, body)


def _lift(envelope: _Envelope, known: type[Kind], upcasters: Mapping[tuple[str, int], Upcaster]) -> Kind:
    """Read an old body as the present kind."""
    fields = lift(envelope.kind, envelope.version, msgspec.msgpack.decode(envelope.body), known, upcasters)
    return msgspec.convert(fields, known)


def lift(
    kind: str,
    version: int,
    fields: dict[str, Any],
    known: type[Kind],
    upcasters: Mapping[tuple[str, int], Upcaster] = UPCASTERS,
) -> dict[str, Any]:
    """The fields of an older version, version by version, as those of ``known``."""
    for step in range(version, known.VERSION):
        fields = upcasters[kind, step](fields)
    return fields


def check(body: Body) -> None:
    """Hold a body made in code to the limits of its kind, which constructors do not check.

    Raises ``BadInput`` with the field's name and what is wrong with it.
    """
    try:
        _BODY.decode(_ENCODER.encode(body))
    except msgspec.ValidationError as error:
        text = str(error)
        field = text.rsplit("`$.", 1)[-1].rstrip("`") if "`$." in text else ""
        raise BadInput(text, field=field, reason="limit") from error


def belongs(body: Body | Unknown, *, shared: bool) -> bool:
    """Whether a body may live in a space of this sort. What this program does not know may live anywhere."""
    return isinstance(body, Unknown) or (body.SPACE == "shared") is shared
