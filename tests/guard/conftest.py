"""The home in memory that the tests of pages use, for the guard's tests too."""

from tests.pages.conftest import rooms as rooms  # noqa: PLC0414 - handed on to the tests
