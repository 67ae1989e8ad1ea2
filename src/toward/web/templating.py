"""Templates: strict about what they are given; every sentence comes from the catalogue or from a person."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined

from toward.catalogue import Catalogue, countries, helplines, stale
from toward.web.times import Times

if TYPE_CHECKING:
    from collections.abc import Sequence

    from toward.web.static_files import StaticFiles

FOLDER: Final = Path(__file__).parent / "templates"


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
