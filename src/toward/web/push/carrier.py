"""Who carries messages: every half minute, what has fallen due, to the maker of the browser it is for."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Final
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

import anyio
from starlette.concurrency import run_in_threadpool

from toward.errors import TowardError
from toward.vault import reminders
from toward.web.push.places import allowed

if TYPE_CHECKING:
    from collections.abc import Callable

    from toward.vault import Vault
    from toward.vault.reminders import Claimed

log: Final = logging.getLogger("toward.web")
ROUND_S: Final = 30
TRIES: Final = 3
PATIENCE_S: Final = 10
KEPT_THERE_S: Final = 1800
"""So long a maker keeps a message for a phone that is off: a late reminder is none."""
GONE: Final = frozenset({404, 410})
REFUSED: Final = frozenset({400, 401, 403, 413})


class _NoDetours(HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        """Follow nobody: a redirect could lead anywhere."""


class Carrier:
    """Sends what is due. ``may`` says where to: in tests also to an address of this machine."""

    def __init__(self, vault: Vault, *, may: Callable[[str], bool] = allowed) -> None:
        self.vault = vault
        self.may = may
        self._opener = build_opener(_NoDetours, ProxyHandler())

    def secret(self) -> bytes:
        """This house's signing key."""
        from toward.web.push.vapid import new_secret

        return reminders.house_key(self.vault.database, new_secret)

    def round(self) -> int:
        """Send what is due now; returns how many messages were taken."""
        due = reminders.claim(self.vault.database, self.vault.now_ms())
        for one in due:
            self._bring(one)
        return len(due)

    def _bring(self, one: Claimed) -> None:
        if not self.may(one.endpoint):
            return
        for again in range(TRIES):
            status = self._post(one)
            if status in GONE:
                reminders.forget(self.vault.database, one.device)
            if status is not None and (status < 300 or status in GONE | REFUSED):  # noqa: PLR2004 - HTTP's "done"
                return
            time.sleep(again)

    def _post(self, one: Claimed) -> int | None:
        from toward.web.push.vapid import authorization

        headers = {
            "Authorization": authorization(self.secret(), one.endpoint, int(time.time())),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(KEPT_THERE_S),
            "Urgency": "normal",
        }
        request = Request(one.endpoint, one.body, headers, method="POST")  # noqa: S310 - ``may`` has looked at it
        try:
            with self._opener.open(request, timeout=PATIENCE_S) as answer:
                return int(answer.status)
        except HTTPError as error:
            with error:
                return error.code
        except (URLError, OSError):
            return None  # no internet: a house is whole without


async def carry(carrier: Carrier) -> None:
    """Go round until cancelled. Whatever goes wrong in one round is no reason to miss the next."""
    while True:
        await anyio.sleep(ROUND_S)
        try:
            await run_in_threadpool(carrier.round)
        except (TowardError, OSError) as error:
            log.warning("reminders wait: %s", type(error).__name__)
