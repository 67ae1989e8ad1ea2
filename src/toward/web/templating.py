"""Templates: strict about what they are given; every sentence comes from the catalogue or from a person."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from jinja2 import BytecodeCache, ChoiceLoader, Environment, FileSystemLoader, StrictUndefined

from toward.catalogue import Catalogue, countries, helplines, stale
from toward.web.times import Times

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import CodeType

    from jinja2.bccache import Bucket

    from toward.web.static_files import StaticFiles

FOLDER: Final = Path(__file__).parent / "templates"


class CompiledOnce(BytecodeCache):
    """Keeps in memory what a template was compiled to, for every app of this process: ours, and the one to look around.

    The key is Jinja's own, of the template's name and file, and its checksum is of the source: a template that changed
    is compiled anew. Whatever an app knows (language, looks) is looked up when it is rendered and is not in here.
    """

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give *bucket* its code, if it was compiled before."""
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code of *bucket*."""
        if bucket.code is not None:
            self._codes[bucket.key, bucket.checksum] = bucket.code


COMPILED: Final = CompiledOnce()


class Templates:
    """Renders the templates below *folders* in one language.

    Every template knows ``t`` (words by key), ``t_list``, ``t_rich`` (lines of spans), ``static`` and the help lines,
    which stand on every page; what else it may use is passed with each page, and a name that was not passed is an error
    and not an empty place.
    """

    def __init__(self, language: str, static: StaticFiles, folders: Sequence[Path] = ()) -> None:
        self.words = Catalogue.load(language)
        self.static = static
        self._folders = (*folders, FOLDER)

    @cached_property
    def environment(self) -> Environment:
        """The Jinja environment, made at the first page."""
        environment = Environment(
            loader=ChoiceLoader([FileSystemLoader(folder) for folder in self._folders]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            bytecode_cache=COMPILED,
        )
        language = self.words.language
        environment.globals.update(
            t=self.words.words,
            t_list=self.words.words_list,
            t_rich=self.words.rich,
            static=self.static.url,
            lang=language,
            help_countries=countries(language),
            help_lines=lambda country: helplines(country, language),
            help_is_old=lambda line: stale(line, datetime.now(UTC).date()),
            help_day=Times(self.words, 0, 0).written,
        )
        return environment

    def render(self, name: str, /, **values: Any) -> str:  # noqa: ANN401 - what a template takes is its own affair
        """Return the page."""
        return self.environment.get_template(name).render(values)
