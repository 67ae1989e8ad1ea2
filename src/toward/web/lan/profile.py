"""The authority as Apple's devices take it best: a configuration profile."""

from __future__ import annotations

import plistlib
from typing import TYPE_CHECKING, Final
from uuid import NAMESPACE_URL, uuid5

if TYPE_CHECKING:
    from toward.catalogue import Catalogue

MEDIA_TYPE: Final = "application/x-apple-aspen-config"


def profile(authority: bytes, name: str, title: str, words: Catalogue) -> bytes:
    """Return a ``.mobileconfig`` that holds *authority* (DER) for *name* and nothing else; a phone lists it as *title*.

    Its ids follow from the authority, so that a second installation replaces the first. It is not signed: what would
    sign it is the very certificate it brings.
    """
    about = words.words("trust.profile.about", name=name)
    inner, outer = (str(uuid5(NAMESPACE_URL, f"{part}:{authority.hex()}")).upper() for part in ("root", "profile"))
    certificate = {
        "PayloadType": "com.apple.security.root",
        "PayloadVersion": 1,
        "PayloadIdentifier": f"{name}.root",
        "PayloadUUID": inner,
        "PayloadDisplayName": title,
        "PayloadContent": authority,
    }
    return plistlib.dumps(
        {
            "PayloadType": "Configuration",
            "PayloadVersion": 1,
            "PayloadIdentifier": name,
            "PayloadUUID": outer,
            "PayloadDisplayName": title,
            "PayloadDescription": about,
            "PayloadContent": [certificate],
        }
    )
