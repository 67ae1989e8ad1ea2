"""HTTPS at home: a lock that phones accept, for a machine that has no name in the world.

Browsers keep a screen awake, put a page on the home screen and hold Secure cookies over HTTPS only, and no public
authority signs for ``toward.local``. So the house signs for itself, in a way that is of no use for anything else
(``authority``), keeps ten years of certificates and no key that could sign an eleventh (``keeping``), shows the one for
today (``tls``), answers to its name (``naming``) and teaches phones to trust it on a page of its own (``trust_page``,
``systems``, ``profile``). ``house`` puts these together for ``toward serve --lan``. Who has a certificate or a proxy
already needs only ``tls`` or ``proxy``. On plain localhost neither X.509 nor multicast is imported.
"""

from __future__ import annotations

from toward.web.lan.addresses import machine_address
from toward.web.lan.naming import full_name
from toward.web.lan.tls import HouseTls, OwnTls

__all__ = ["HouseTls", "OwnTls", "full_name", "machine_address"]
