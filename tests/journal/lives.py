"""Journals to fold: legal, otherwise arbitrary, with everything that a reader may see of them in one picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from toward.journal import kinds
from toward.journal.kinds import Body, Entry, Said
from toward.journal.opened import Opened
from toward.journal.projections import Life
from toward.journal.projections.dance import told_once

if TYPE_CHECKING:
    from collections.abc import Iterable

ME, THEM = b"m" * 16, b"t" * 16
PRIVATE, SHARED, EARLIER = b"p" * 16, b"s" * 16, b"e" * 16
HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
NOON_MS = 19_700 * DAY_MS + 12 * HOUR_MS


def entry_id(number: int) -> bytes:
    """Return the id of the entry with a number."""
    return b"n" + number.to_bytes(15, "big")


class Journal:
    """Entries written one after another, as a vault would number them."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self._heads: dict[tuple[bytes, bytes], int] = {}

    def write(
        self, body: Body, *, author: bytes = ME, at_ms: int = NOON_MS, space: bytes = SHARED, tz_min: int = 0
    ) -> bytes:
        """Write an entry into the space its kind belongs to and return its id."""
        place = space if body.SPACE == "shared" else PRIVATE
        seq = self._heads[place, author] = self._heads.get((place, author), 0) + 1
        entry = Entry(
            id=entry_id(len(self.entries) + 1),
            space=place,
            author=author,
            seq=seq,
            at_ms=at_ms,
            tz_min=tz_min,
            shared=body.SPACE == "shared",
            mine=author == ME,
            body=body,
        )
        self.entries.append(entry)
        return entry.id

    def life(self) -> Life:
        """Return what the reader sees."""
        return fold(self.entries)


def fold(entries: Iterable[Entry]) -> Life:
    """Return the life of the reader after these entries."""
    life = Life(ME)
    for entry in entries:
        life.take(entry)
    return life


def seen(life: Life, now_ms: int = NOON_MS) -> dict[str, object]:
    """Everything that a page could show of a life."""
    return {
        "checkins": (life.checkins.own, life.checkins.latest, life.checkins.opened, life.checkins.days),
        "today": life.checkins.today(now_ms, life.tz_min),
        "question": life.checkins.next_question,
        "memories": (life.memories.own, life.memories.pairs, life.memories.sealed),
        "timeline": life.timeline.days,
        "practices": life.practices,
        "keepsakes": life.keepsakes,
        "hearts": life.hearts,
        "preferences": life.preferences,
        "tz": life.tz_min,
        "names": (life.my_name, life.partner_name, life.partner),
        "invitations": (life.invitations.threads, life.invitations.waiting, life.invitations.to_answer),
        "agreements": (life.agreements.all, life.agreements.open),
        "pauses": [life.pauses.current(now_ms + hours * HOUR_MS) for hours in (-30, -1, 0, 1, 6, 20, 40)],
        "together": life.together,
        "line": life.line,
        "connections": (life.connections.there, life.connections.planned),
        "shown": (life.shown.not_come, life.shown.signs, life.shown.frightening),
        "events": life.events,
        "dance": (life.dance.versions, life.dance.exits, told_once((*life.dance.exits, *life.couple.dance.exits))),
        "dance of both": [(life.couple.dance.shown(mine=mine), life.couple.dance.name) for mine in (True, False)],
        "within": (life.inner.source, life.inner.chosen, life.inner.steps, life.inner.question),
        "pause plan": (life.pause_plan, life.couple.pause_words.agreed, life.couple.pause_words.open),
    }


# ---------------------------------------------------------------------------------------- strategies

IDS = st.integers(1, 40).map(entry_id)
FELT = st.integers(1, 7)
TEXT = st.sampled_from(["", "a", "b"])
TIMES = st.integers(-40, 40).map(lambda hours: NOON_MS + hours * HOUR_MS)
DAYS = st.sampled_from(["2023-12-09", "2023-12-10", "2023-02-31"])

OWN_BODIES = st.one_of(
    st.builds(
        kinds.CheckIn,
        felt=FELT,
        body=st.sampled_from(["open", "revved", "shut", None]),
        question=st.sampled_from(["there", "matter", "know", "respond", None]),
        share=st.booleans(),
    ),
    st.builds(kinds.Memory, words=TEXT, share=st.booleans()),
    st.builds(kinds.Withdrawn, entry=IDS),
    st.builds(kinds.Moment, label=TEXT, day=DAYS),
    st.builds(kinds.Settled, practice=TEXT, how=st.just("alone"), minutes=st.just(3.0)),
    st.builds(kinds.Reached, if_no=TEXT, invitation=IDS | st.none()),
    st.builds(kinds.InvitationOpened, invitation=IDS),
    st.builds(kinds.Preferences, sound=st.booleans()),
    st.builds(
        kinds.PartnerKnown,
        space=st.sampled_from([SHARED, EARLIER]),
        person=st.just(THEM),
        name=TEXT,
        sign_key=st.just(bytes(32)),
        box_key=st.just(bytes(32)),
    ),
    st.builds(
        kinds.Connection,
        source=st.sampled_from(["touch", "meal"]),
        day=DAYS,
        planned=st.booleans(),
        felt=st.sampled_from(["close", "empty", None]),
        plan=IDS | st.none(),
    ),
    st.builds(kinds.NotCome, agreement=IDS | st.none(), day=DAYS),
    st.builds(kinds.Sign, of=st.sampled_from(["truth", "no"]), so=st.booleans(), day=DAYS),
    st.builds(kinds.Frightened, words=TEXT, day=DAYS),
    st.builds(kinds.LifeEvent, label=TEXT, day=DAYS),
    st.builds(kinds.PutAway, entry=IDS),
    st.builds(kinds.DanceHalf, do=TEXT, guess=TEXT),
    st.builds(kinds.DanceMoment, what=st.sampled_from(["happened", "exit"]), words=TEXT),
    st.builds(kinds.Source, sort=st.sampled_from(["nature", "none"]), words=TEXT),
    st.builds(kinds.SixSteps, telling=TEXT),
    st.builds(kinds.DifferentQuestion, be=TEXT),
    st.builds(kinds.PausePlan, leaving=TEXT),
    st.builds(kinds.HeartHeard, source=st.just("strap"), minutes=st.just(3.0), heard=st.just(1.0)),
    st.builds(kinds.Imported, original_id=IDS, author=st.just(THEM), mine=st.booleans(), original=st.just(b"x")),
)
SHARED_BODIES = st.one_of(
    st.builds(kinds.Hello, name=TEXT),
    st.builds(kinds.Invitation, door=st.sampled_from(["reach", "come_back"]), words=TEXT),
    st.builds(kinds.InvitationWithdrawn, invitation=IDS),
    st.builds(kinds.Answer, invitation=IDS, reply=st.sampled_from(["yes_now", "cant_yet", "no"])),
    st.builds(kinds.Agreement, invitation=IDS | st.none(), words=TEXT, day=DAYS | st.none()),
    st.builds(
        kinds.AgreementChanged, agreement=IDS, to=st.sampled_from(["kept", "moved", "let_go"]), day=DAYS | st.none()
    ),
    st.builds(kinds.PauseCalled, until_ms=TIMES),
    st.builds(kinds.PauseMoved, pause=IDS, until_ms=TIMES),
    st.builds(kinds.PauseReturned, pause=IDS, reply=st.sampled_from(["ready", "more_time", "not_today"])),
    st.builds(kinds.Together, practice=TEXT, minutes=st.just(3.0)),
    st.builds(kinds.LineShared, on=st.booleans()),
    st.builds(kinds.LinePoint, felt=FELT),
    st.builds(kinds.DanceShared, do=TEXT),
    st.builds(kinds.DanceTakenBack),
    st.builds(kinds.DanceNamed, name=TEXT),
    st.builds(kinds.DanceExit, words=TEXT),
    st.builds(kinds.PauseWords, words=TEXT),
    st.builds(kinds.PauseWordsAgreed, proposal=IDS),
    st.builds(kinds.LifeEventShown, label=TEXT, day=DAYS),
    st.builds(kinds.LifeEventTakenBack, event=IDS),
)


@st.composite
def journals(draw: st.DrawFn, bodies: st.SearchStrategy[Body] | None = None) -> Journal:
    """Draw a journal of both people; references may point anywhere, also to nothing or at the wrong kind of thing."""
    journal = Journal()
    either = st.tuples(st.sampled_from([ME, THEM]), SHARED_BODIES)
    own = st.tuples(st.just(ME), OWN_BODIES)
    pairs = st.tuples(st.sampled_from([ME, THEM]), bodies) if bodies is not None else either | own
    for author, body in draw(st.lists(pairs, max_size=40)):
        journal.write(
            body,
            author=author,
            at_ms=draw(TIMES),
            space=draw(st.sampled_from([SHARED, SHARED, SHARED, EARLIER])),
            tz_min=draw(st.sampled_from([0, 120, -300])),
        )
    return journal


@st.composite
def mixings(draw: st.DrawFn, entries: list[Entry]) -> list[Entry]:
    """Draw another legal order: each author's entries of each space stay in their order, all else may change."""
    streams: dict[tuple[bytes, bytes], list[Entry]] = {}
    for entry in entries:
        streams.setdefault((entry.space, entry.author), []).append(entry)
    queues = list(streams.values())
    mixed: list[Entry] = []
    while queues:
        queue = draw(st.sampled_from(queues))
        mixed.append(queue.pop(0))
        queues = [queue for queue in queues if queue]
    return mixed


@st.composite
def openings(draw: st.DrawFn) -> list[Opened]:
    """Draw exchanges that opened, some about nothing that is in the journal."""
    one = st.builds(
        Opened,
        mine_id=IDS,
        theirs_id=IDS,
        topic=st.sampled_from(["checkin", "remember"]),
        mine=st.just(Said(topic="checkin", words="mine")),
        theirs=st.builds(Said, topic=st.just("checkin"), words=TEXT),
        at_ms=TIMES,
    )
    return draw(st.lists(one, max_size=6, unique_by=lambda opened: (opened.mine_id, opened.theirs_id, opened.topic)))
