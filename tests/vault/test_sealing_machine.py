"""Two partners and a stranger, in any order of acts: what opens, for whom, and what never does.

The machine writes check-ins and memories (kept or shared), takes them back, looks, signs in anew, invites, pairs and
leaves, and keeps its own simple book of what was said and shared. After every step the book bounds what anybody may
have learnt.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.vault.couple import PASSPHRASE, Home
from toward.errors import AlreadyPaired, CodeSpent, NotFound, SpaceClosed, TowardError
from toward.journal.kinds import CheckIn, Invitation, Memory
from toward.vault import Arrival, Session, offers, pairing

if TYPE_CHECKING:
    from toward.journal.opened import Opened

Who = Literal["mara", "lin"]
WHO = st.sampled_from(["mara", "lin"])


class Said:
    """The book's line about one answer."""

    def __init__(self, who: Who, topic: str, words: str, at_ms: int, entry: bytes, *, shared: bool) -> None:
        self.who = who
        self.topic = topic
        self.words = words
        self.at_ms = at_ms
        self.entry = entry
        self.shared = shared
        self.taken_back = False


class Evening(RuleBasedStateMachine):
    """A couple and a stranger in one home."""

    def __init__(self) -> None:
        super().__init__()
        self.home = Home()
        self.book: list[Said] = []
        self.people: dict[str, Arrival] = {}
        self.paired = False
        self.left = False
        self.words = 0
        self.code = ""

    @initialize()
    def arrive(self) -> None:
        """Three people, nobody paired."""
        self.people = {name: self.home.arrive(name) for name in ("mara", "lin", "eve")}

    def teardown(self) -> None:
        """Close the database."""
        self.home.vault.close()

    def session(self, who: str) -> Session:
        """A request of today: the session made anew from the cookie's token."""
        found = self.home.vault.session(self.people[who].token)
        assert found is not None
        return found

    # ------------------------------------------------------------------------------------------- pairing

    @precondition(lambda self: not self.paired)
    @rule(who=WHO)
    def pair(self, who: Who) -> None:
        """One invites, the stranger guesses, the other answers, the one agrees."""
        other = "lin" if who == "mara" else "mara"
        words = pairing.invite(self.session(who)).words
        try:
            pairing.accept(self.session("eve"), "zoo " * 6)
            raise AssertionError("a stranger paired by guessing")
        except CodeSpent:
            pass
        pairing.accept(self.session(other), words)
        pairing.confirm(self.session(who))
        self.paired = True

    @precondition(lambda self: self.paired and not self.left)
    @rule(who=WHO)
    def stranger_knocks(self, who: Who) -> None:
        """Neither of two who are paired can be taken by a third."""
        eve = self.session("eve")
        words = pairing.invite(eve).words
        try:
            pairing.accept(self.session(who), words)
            raise AssertionError("somebody in a couple was paired again")
        except AlreadyPaired:
            pairing.take_back(eve)

    @precondition(lambda self: self.paired and not self.left and len(self.book) > 3)
    @rule(who=WHO)
    def leave(self, who: Who) -> None:
        """At once and alone."""
        pairing.unpair(self.session(who))
        self.left = True
        for name in ("mara", "lin"):
            try:
                self.session(name).write(Invitation(door="reach", words="after the end"))
                raise AssertionError("somebody wrote into a frozen space")
            except SpaceClosed:
                pass

    # ------------------------------------------------------------------------------------------- writing

    @rule(who=WHO, topic=st.sampled_from(["checkin", "remember"]), share=st.booleans())
    def answer(self, who: Who, topic: str, share: bool) -> None:  # noqa: FBT001  (Hypothesis passes it by name)
        """Say something, kept or shared."""
        self.words += 1
        words = f"<{who} {self.words}>"
        body = CheckIn(felt=3, words=words, share=share) if topic == "checkin" else Memory(words=words, share=share)
        entry = self.session(who).write(body)
        open_now = self.paired and not self.left
        self.book.append(Said(who, topic, words, self.home.clock(), entry.id, shared=share and open_now))

    @precondition(lambda self: any(said.shared for said in self.book))
    @rule(data=st.data())
    def take_back(self, data: st.DataObject) -> None:
        """Take something back; what has opened stays open and is refused."""
        said = data.draw(st.sampled_from([one for one in self.book if one.shared]))
        session = self.session(said.who)
        opened = {pair.mine_id for pair in (*session.life.checkins.opened, *session.life.memories.opened)}
        try:
            session.withdraw(said.entry)
            assert said.entry not in opened
            said.taken_back = True
        except NotFound:
            assert said.entry in opened or said.taken_back or self.released(session, said.entry)

    @staticmethod
    def released(session: Session, entry: bytes) -> bool:
        """Whether the vault says that an answer is out of its author's hands."""
        return session.ledger.offered_topic(entry) is None

    @rule(minutes=st.sampled_from([1, 30, 600]))
    def time_passes(self, minutes: int) -> None:
        """An evening, a night."""
        self.home.clock.pass_minutes(minutes)

    @rule(who=WHO)
    def look(self, who: Who) -> None:
        """A page is opened."""
        self.session(who)

    @rule(who=WHO)
    def sign_in_again(self, who: Who) -> None:
        """A new session on the trusted device, with nothing in memory."""
        old = self.people[who]
        session, token = self.home.vault.sign_in(old.device, PASSPHRASE)
        self.people[who] = old._replace(session=session, token=token)

    # ---------------------------------------------------------------------------------------- what holds

    @invariant()
    def holds(self) -> None:
        """All that must hold, whoever looks first: when each has looked once, and when each has looked again."""
        if not self.people:
            return
        self.both_look()
        looks = self.both_look()
        self.an_exchange_is_open_for_both_or_neither(looks["mara"], looks["lin"])
        if self.paired and not self.left and self.book:
            self.answers_that_met_are_open(looks)
        self.the_stranger_knows_nothing(self.session("eve"))

    def both_look(self) -> dict[str, Session]:
        """Each opens a page, and learns nothing that was not given."""
        looks = {who: self.session(who) for who in ("mara", "lin")}
        for who, session in looks.items():
            self.nobody_knows_more_than_was_given(who, session)
            self.what_was_taken_back_in_time_is_never_known(who, session)
        return looks

    @staticmethod
    def opened(session: Session) -> list[Opened]:
        """Every exchange that has opened for somebody."""
        return [*session.life.checkins.opened, *session.life.memories.opened]

    def nobody_knows_more_than_was_given(self, who: str, session: Session) -> None:
        """Words of the other are known only if shared, and met by one's own shared answer of that topic."""
        known = repr([entry.body for entry in session.entries])
        known += repr([(pair.theirs, pair.mine) for pair in self.opened(session)])
        given = [said for said in self.book if said.who == who and said.shared]
        for said in self.book:
            if said.who == who or said.words not in known:
                continue
            assert said.shared, "words that were kept are known"
            assert any(
                mine.topic == said.topic and abs(mine.at_ms - said.at_ms) <= offers.WINDOW_MS for mine in given
            ), "words opened without an answer"

    def what_was_taken_back_in_time_is_never_known(self, who: str, session: Session) -> None:
        """The other's session does not show what was withdrawn before it opened."""
        shown = {pair.theirs.words for pair in self.opened(session)}
        assert not shown & {said.words for said in self.book if said.taken_back and said.who != who}

    @staticmethod
    def the_stranger_knows_nothing(eve: Session) -> None:
        """Not a word."""
        assert eve.partner is None
        assert not any(entry.shared for entry in eve.entries)

    @staticmethod
    def an_exchange_is_open_for_both_or_neither(mara: Session, lin: Session) -> None:
        """After both have looked, each pair that one sees the other sees too, the other way round."""
        for topic in ("checkins", "memories"):
            ours = {(one.mine.words, one.theirs.words) for one in getattr(mara.life, topic).opened}
            theirs = {(one.theirs.words, one.mine.words) for one in getattr(lin.life, topic).opened}
            assert ours == theirs

    def answers_that_met_are_open(self, looks: dict[str, Session]) -> None:
        """Liveness: the newest shared answers of a topic, given within the hour by both after all else, are open."""
        last = self.book[-1]
        if not last.shared or last.taken_back:
            return
        before = [said for said in self.book[:-1] if said.who != last.who][-offers.SLOTS + 1 :]
        waited = [
            said
            for said in before
            if said.topic == last.topic
            and said.shared
            and not said.taken_back
            and last.at_ms - said.at_ms < offers.WINDOW_MS
        ]
        if waited:
            assert waited[-1].words in {pair.theirs.words for pair in self.opened(looks[last.who])}


TestEvening = Evening.TestCase
TestEvening.settings = settings(max_examples=30, stateful_step_count=25, deadline=None)


def test_errors_of_the_machine_are_ours() -> None:
    """Every refusal that the machine counts on is one of the tree."""
    assert all(issubclass(one, TowardError) for one in (AlreadyPaired, CodeSpent, NotFound, SpaceClosed))
