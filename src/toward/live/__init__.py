"""Two phones at once: one clock, one breath, both hands, one who speaks and one who says it back.

``Room`` is a state machine without I/O; ``Hub`` puts it between sockets and, with several workers, a broker. What
a breath is at any time is ``toward.practices.breath``; the phone's side is ``web/static/js``.
"""

from __future__ import annotations

from toward.live.broker import Broker, InProcessBroker, Lease, Subscription
from toward.live.events import Note
from toward.live.hub import Hub, Seated
from toward.live.seat import LiveSeat

__all__ = ["Broker", "Hub", "InProcessBroker", "Lease", "LiveSeat", "Note", "Seated", "Subscription"]
