"""Styles, scripts, fonts and pictures: ``/static/<fingerprint>/path``, kept by browsers for good.

One fingerprint covers the whole folder, so that a style finds its font and a script its neighbour by a relative address
without a build step. Any change gives every file a new address; after an update an old page still gets today's file
under its old address, but is told not to keep it. Files are read once, at the first question, and compressed once.
"""

from __future__ import annotations

import gzip
import mimetypes
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from starlette.datastructures import Headers
from starlette.responses import Response

from toward.errors import NotFound
from toward.web.policy import policy_of

if TYPE_CHECKING:
    from starlette.requests import Request

FOLDER: Final = Path(__file__).parent / "static"
FOREVER: Final = "public, max-age=31536000, immutable"

# Not left to the machine's own table: a script with a wrong type does not run under "nosniff".
TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
_SQUEEZED: Final = frozenset({".css", ".js", ".json", ".svg", ".webmanifest", ".txt"})


class StaticFile(NamedTuple):
    """One file, ready to send; ``squeezed`` is its gzip form where that is smaller."""

    plain: bytes
    squeezed: bytes | None
    media_type: str


class StaticFiles:
    """The files below *folder*."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self.folder = folder

    @cached_property
    def files(self) -> dict[str, bytes]:
        """Every file by its path below the folder."""
        found = (path for path in sorted(self.folder.rglob("*")) if path.is_file() and not path.name.startswith("."))
        return {path.relative_to(self.folder).as_posix(): path.read_bytes() for path in found}

    @cached_property
    def fingerprint(self) -> str:
        """Twelve digits that change with any file."""
        digest = sha256()
        for name, data in self.files.items():
            digest.update(f"{name}\0{len(data)}\0".encode() + data)
        return digest.hexdigest()[:12]

    @cached_property
    def _ready(self) -> dict[str, StaticFile]:
        return {}

    def url(self, path: str) -> str:
        """Return the address of a file; raises ``NotFound`` so that a template can't name one that is not there."""
        if path not in self.files:
            message = f"no static file {path!r}"
            raise NotFound(message)
        return f"/static/{self.fingerprint}/{path}"

    def file(self, path: str) -> StaticFile:
        """Return a file; raises ``NotFound``. Only paths of the list are known, so none can lead out of the folder."""
        ready = self._ready.get(path)
        if ready is None:
            plain = self.files.get(path)
            if plain is None:
                raise NotFound
            suffix = Path(path).suffix
            small = gzip.compress(plain, 9, mtime=0) if suffix in _SQUEEZED else plain
            media_type = TYPES.get(suffix) or mimetypes.guess_type(path)[0] or "application/octet-stream"
            ready = self._ready[path] = StaticFile(plain, small if len(small) < len(plain) else None, media_type)
        return ready

    async def answer(self, request: Request) -> Response:
        """Send the file that the address names."""
        found = self.file(request.path_params["path"])
        if request.path_params["fingerprint"] == self.fingerprint:
            policy_of(request.scope).cache = FOREVER
        headers = {"vary": "accept-encoding"} if found.squeezed else {}
        if found.squeezed and "gzip" in Headers(scope=request.scope).get("accept-encoding", ""):
            headers["content-encoding"] = "gzip"
            return Response(found.squeezed, headers=headers, media_type=found.media_type)
        return Response(found.plain, headers=headers, media_type=found.media_type)
