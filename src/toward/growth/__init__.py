"""The model of two at one person's service: what their own answers say about their days, worked out beside the server.

A fit needs NumPy, SciPy's arithmetic and compiled kernels, and compiling holds the interpreter's lock: in the server's
process it would stop a breath that two phones follow. So it runs in one child process (``child``), which is given plain
numbers through a pipe and gives plain numbers back. It holds no key, no word, no name and no id, and writes nothing.
Here, in the server, nothing of the model is ever loaded.

    question = ask(entries, days, now_ms)        rows as plain numbers; None where there are too few of them
    growth.told(reader, question, wait_s=0.3)    an ``Answer``, or None while it is being worked out

``Growth`` keeps the newest answer of each reader in memory, for as long as the reader's opened journal itself is kept.
"""

from __future__ import annotations

from toward.growth.asked import FEWEST, WEEKS, Question, ask
from toward.growth.kept import Growth
from toward.growth.told import Answer, Effect, Way

__all__ = ["FEWEST", "WEEKS", "Answer", "Effect", "Growth", "Question", "Way", "ask"]
