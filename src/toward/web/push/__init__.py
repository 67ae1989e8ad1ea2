"""Reminders by Web Push: a message with one fixed content, at times that say nothing of why.

What a person wants is in ``vault.reminders``. Here is when that means a message (``plan``), how it is locked to a
browser (``message``, RFC 8291) and signed by this house (``vapid``, RFC 8292), where it may go (``places``) and who
carries it (``carrier``). Written on ``cryptography``, which is here for certificates anyway: the libraries for it bring
an HTTP client of their own each, and two RFCs' examples say whether a hundred lines are right.

Nothing else in Toward needs it: without the internet, or where a browser can't, nothing is sent and nothing is missed.
"""

from toward.web.push.carrier import Carrier, carry
from toward.web.push.keeping import keep_up

__all__ = ["Carrier", "carry", "keep_up"]
