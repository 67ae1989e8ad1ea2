"""What pages are made of: a reader's entries folded into a ``Life``, one entry at a time.

Entries come in the order in which each author wrote them in each space; how authors and spaces are mixed makes no
difference, so nothing depends on whose rows happened to be read first. Where order matters it is by time and then id.
A fold keeps what a person can look up again and forgets the rest.

Everything is the reader's own view: what the partner chose to keep is not in here in any form, and an invitation that
waits is nothing but that.
"""

from __future__ import annotations

from toward.journal.projections.agreements import Agreed, Agreements, Changed
from toward.journal.projections.checkins import CheckIns
from toward.journal.projections.connections import Connections, Noted
from toward.journal.projections.couple import Couple
from toward.journal.projections.days import day_of, parse_day
from toward.journal.projections.events import Event, Events
from toward.journal.projections.invitations import Answered, Invitations, Thread
from toward.journal.projections.keepsakes import Keepsake
from toward.journal.projections.life import Life
from toward.journal.projections.line import DayFelt, Line, Mark
from toward.journal.projections.memories import Memories
from toward.journal.projections.pauses import Pause, Pauses
from toward.journal.projections.practised import Practised, Session
from toward.journal.projections.sealed import Answer
from toward.journal.projections.shown import Fright, Seen, Shown, Waited
from toward.journal.projections.timeline import Item, Timeline

__all__ = [
    "Agreed",
    "Agreements",
    "Answer",
    "Answered",
    "Changed",
    "CheckIns",
    "Connections",
    "Couple",
    "DayFelt",
    "Event",
    "Events",
    "Fright",
    "Invitations",
    "Item",
    "Keepsake",
    "Life",
    "Line",
    "Mark",
    "Memories",
    "Noted",
    "Pause",
    "Pauses",
    "Practised",
    "Seen",
    "Session",
    "Shown",
    "Thread",
    "Timeline",
    "Waited",
    "day_of",
    "parse_day",
]
