"""Folders of practices: the shipped one, which is whole, and one's own, where a file may be wrong.

Whoever runs the machine may drop files into ``practices`` in the data folder. One that is wrong is left out and told by
``toward check``; it never keeps a page from being shown. What is dropped or changed is there at the next look.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from toward.errors import BadInput
from toward.practices.library import FOLDER, Practice, bad, read_practice

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OWN: Final = "practices"
"""The name of the folder in the data folder."""
MOST_BYTES: Final = 64 * 1024
MOST_FILES: Final = 500
ABOUT: Final = ".en.md"

Signature = tuple[tuple[str, int, int], ...]


class Shelf(NamedTuple):
    """What a folder holds: the practices by id, and what is wrong with the files that are none."""

    practices: Mapping[str, Practice]
    wrong: tuple[BadInput, ...]


def load(folder: Path) -> Mapping[str, Practice]:
    """Return the practices of a folder that must be whole. Raises ``BadInput`` for the first that is not one."""
    shelf = _read(folder, _signature(folder) if folder != FOLDER else (), own=False)
    if shelf.wrong:
        raise shelf.wrong[0]
    return shelf.practices


def own_shelf(data: Path) -> Shelf:
    """Return what lies in the own folder of the data folder *data*; nothing where there is no such folder."""
    folder = data / OWN
    return _read(folder, _signature(folder), own=True)


def whole_library(data: Path | None) -> Mapping[str, Practice]:
    """Return the shipped practices and those of one's own."""
    shipped = load(FOLDER)
    return {**shipped, **own_shelf(data).practices} if data is not None else shipped


def _files(folder: Path) -> Iterator[Path]:
    """Those that could be a practice, in the order of their names; hidden ones are some editor's."""
    found = [*folder.glob("*.toml"), *folder.glob("*.md")] if folder.is_dir() else []
    yield from sorted(path for path in found if not path.name.startswith("."))[:MOST_FILES]


def _signature(folder: Path) -> Signature:
    """What changes when a file is dropped, changed or taken away."""
    signs = []
    for path in _files(folder):
        try:
            stat = path.stat()
        except OSError:
            signs.append((path.name, 0, 0))
        else:
            signs.append((path.name, stat.st_mtime_ns, stat.st_size))
    return tuple(signs)


@lru_cache(maxsize=16)
def _read(folder: Path, _as_it_was: Signature, *, own: bool) -> Shelf:
    practices: dict[str, Practice] = {}
    wrong: list[BadInput] = []
    taken = load(FOLDER) if own else {}
    files = list(_files(folder))
    about = {path.name.removesuffix(ABOUT): path for path in files if path.name.endswith(ABOUT)}
    for path in files:
        if path.suffix != ".toml":
            continue
        try:
            beside = about.pop(path.stem, None)
            practice = read_practice(_text(path), file=path.name, about=_text(beside) if beside else "")
            if practice.id in taken:
                raise bad(path.name, "id", f"{practice.id!r} is a practice that is here already; choose another id")
        except BadInput as error:
            wrong.append(error)
        else:
            practices[practice.id] = practice
    stray = [path for path in files if path.suffix == ".md" and not path.name.endswith(ABOUT)]
    wrong += [
        bad(path.name, "", f"is beside no practice; it needs <id>.toml and the name <id>{ABOUT}")
        for path in (*about.values(), *stray)
    ]
    return Shelf(practices, tuple(wrong))


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise bad(path.name, "", f"can't be read: {error.strerror or error}") from error
    if len(data) > MOST_BYTES:
        raise bad(path.name, "", f"is larger than {MOST_BYTES // 1024} KB")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise bad(path.name, "", "is not UTF-8 text") from error
