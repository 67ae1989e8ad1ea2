"""The broker for several workers: NATS for messages, a JetStream key-value bucket for leases.

The bucket lives in memory and its keys age: a key that is not renewed vanishes, which is the end of its lease. A key's
revision only grows, so it serves as the epoch, and taking or renewing is a compare-and-set on it.
"""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING, Final

import nats
import nats.errors
from nats.js import api
from nats.js import errors as js_errors

from toward.errors import Misconfigured, Unavailable
from toward.live.broker import Mailbox

if TYPE_CHECKING:
    from nats.aio.client import Client
    from nats.aio.msg import Msg
    from nats.aio.subscription import Subscription as NatsSubscription
    from nats.js.kv import KeyValue

    from toward.live.broker import Lease, Subscription

MARGIN: Final = 0.8
"""A holder stops trusting its lease after this share of its life, so that no second one begins before."""
_DOWN: Final = (nats.errors.Error, js_errors.Error, OSError, TimeoutError)


async def _make_bucket(client: Client, name: str, ttl_s: float) -> KeyValue:
    wanted = api.KeyValueConfig(bucket=name, history=1, ttl=ttl_s, storage=api.StorageType.MEMORY)
    try:
        return await client.jetstream().create_key_value(wanted)
    except js_errors.ServiceUnavailableError as why:
        raise Misconfigured("The NATS server runs without JetStream: start it with -js") from why
    except js_errors.BadRequestError as why:
        raise Misconfigured(f"The NATS bucket {name} has another lease length: give all workers the same") from why
    except _DOWN as why:
        raise Unavailable(f"The NATS server did not make the bucket {name}: {why}") from why


async def _say_what_kind(error: Exception) -> None:
    """Log a connection's trouble by its kind only: the text could name a room."""
    logging.getLogger(__name__).warning("NATS: %s", type(error).__name__)


class _Inbox(Mailbox):
    """What one subscription received. Ends without waiting for the server."""

    _source: NatsSubscription | None = None

    async def receive(self, message: Msg) -> None:
        """Take one message from the connection."""
        self.put(message.data)

    def follow(self, source: NatsSubscription) -> None:
        """Remember what to unsubscribe from."""
        self._source = source

    async def aclose(self) -> None:
        """End it."""
        self.close()
        if self._source is not None:
            try:
                await self._source.unsubscribe()
            except _DOWN:
                return


class _NatsLease:
    """A key that this worker wrote last."""

    def __init__(self, bucket: KeyValue, room: str, holder: str, revision: int, ttl_s: float, since_s: float) -> None:
        self._bucket = bucket
        self._room = room
        self._holder = holder
        self._revision = revision
        self._ttl_s = ttl_s
        self._since_s = since_s
        self._lost = False
        self.epoch = revision

    @property
    def held(self) -> bool:
        """Whether it is certainly still ours."""
        return not self._lost and time.monotonic() < self._since_s + self._ttl_s * MARGIN

    async def renew(self) -> bool:
        """Write the key again, if nobody else has."""
        if self._lost:
            return False
        asked_s = time.monotonic()
        try:
            self._revision = await self._bucket.update(self._room, self._holder.encode(), last=self._revision)
        except js_errors.KeyWrongLastSequenceError:
            self._lost = True
            return False
        except _DOWN:
            # The server may be back before the lease is over: then the next renewal succeeds.
            return self.held
        self._since_s = asked_s
        return True

    async def release(self) -> None:
        """Delete the key, if it is still ours."""
        if self._lost:
            return
        self._lost = True
        try:
            await self._bucket.delete(self._room, last=self._revision)
        except _DOWN:
            return


class NatsBroker:
    """Several workers on one NATS server with JetStream. Made by ``connect``."""

    def __init__(self, client: Client, bucket: KeyValue, bucket_name: str, lease_ttl_s: float) -> None:
        self._client = client
        self._bucket = bucket
        self._bucket_name = bucket_name
        self.lease_ttl_s = lease_ttl_s

    @classmethod
    async def connect(
        cls, url: str, *, lease_ttl_s: float = 3.0, bucket: str = "toward-rooms", patience_s: float = 5.0
    ) -> NatsBroker:
        """Connect and make the bucket of leases if there is none.

        Raises:
            Unavailable: nobody answers at ``url`` within ``patience_s``.
            Misconfigured: the server runs without JetStream, or with a bucket of another lease length.
        """
        try:
            # The client itself would try for ever, which is right once it was connected and wrong before.
            async with asyncio.timeout(patience_s):
                client = await nats.connect(
                    url, name="toward", max_reconnect_attempts=-1, reconnect_time_wait=0.5, error_cb=_say_what_kind
                )
        except _DOWN as why:
            raise Unavailable(f"No NATS server answers: {type(why).__name__}") from why
        try:
            made = await _make_bucket(client, bucket, lease_ttl_s)
        except (Misconfigured, Unavailable):
            await client.close()
            raise
        return cls(client, made, bucket, lease_ttl_s)

    async def publish(self, subject: str, data: bytes) -> None:
        """Hand it to the server.

        Raises:
            Unavailable: there is no connection and no room to wait for one.
        """
        try:
            await self._client.publish(subject, data)
        except _DOWN as why:
            raise Unavailable(f"NATS did not take a message: {why}") from why

    async def subscribe(self, subject: str) -> Subscription:
        """Return what is published from now on, wherever."""
        inbox = _Inbox()
        try:
            inbox.follow(await self._client.subscribe(subject, cb=inbox.receive))
            # Until the server has answered, another connection's message could slip past. Twice: the client (2.16)
            # writes the first flush's PING at once, while the SUB still waits for its flusher, so only the second
            # answer says that the server has read the SUB.
            await self._client.flush()
            await self._client.flush()
        except _DOWN as why:
            raise Unavailable(f"NATS did not take a subscription: {why}") from why
        return inbox

    async def lease(self, room: str, holder: str) -> Lease | None:
        """Create the room's key, unless it is there."""
        asked_s = time.monotonic()
        try:
            try:
                revision = await self._bucket.create(room, holder.encode())
            except (js_errors.NoStreamResponseError, js_errors.NotFoundError):
                # The server was started anew and its memory is gone, all leases with it.
                self._bucket = await _make_bucket(self._client, self._bucket_name, self.lease_ttl_s)
                revision = await self._bucket.create(room, holder.encode())
        except (js_errors.KeyWrongLastSequenceError, js_errors.KeyNotFoundError):
            return None
        except _DOWN as why:
            raise Unavailable(f"NATS did not answer about a lease: {why}") from why
        return _NatsLease(self._bucket, room, holder, revision, self.lease_ttl_s, asked_s)

    async def aclose(self) -> None:
        """Close the connection."""
        await self._client.close()
