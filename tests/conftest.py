"""What holds for every test: the shared fixtures, how hard Hypothesis tries, and that nothing is skipped in CI."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, settings

pytest_plugins = tuple(f"tests.fixtures.{name}" for name in ("servers", "statements", "browser", "house"))

TESTS: Final = Path(__file__).parent
IN_CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}

# A browser without scripts gets the machine's clock: here that is UTC, wherever somebody runs the tests.
os.environ["TZ"] = "UTC"
if hasattr(time, "tzset"):  # not on Windows, whose machines can't be moved
    time.tzset()

# Two shared cores make wall-clock deadlines and "too slow" a matter of luck; CI tries the same examples every time.
settings.register_profile("local", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("local"), derandomize=True, print_blob=True)
settings.load_profile("ci" if IN_CI else "local")


MEASURED: Final = {"catalogue", "dyad", "guide", "heart", "journal", "live", "practices", "words"}
"""The folders whose tests must reach their rooms. Watching every line doubles what a test costs, so others go free."""

measuring = True


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what drives a browser, and run it last; first of all what measures how far a room's own tests reach.

    Playwright's synchronous interface keeps an event loop running in its thread once it has started, and
    ``asyncio.run`` refuses to start inside another loop. Last, it can disturb nobody; workers of xdist keep the order.
    """
    for item in items:
        if "playwright" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)
    items.sort(key=lambda item: (item.get_closest_marker("browser") is not None, not _is_measured(item)))


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Stop watching lines at the first test that is not there to measure."""
    global measuring  # noqa: PLW0603 - one run of pytest, one switch
    if measuring and not _is_measured(item):
        measuring = False
        plugin = item.config.pluginmanager.get_plugin("_cov")
        if plugin is not None and plugin.cov_controller is not None:
            plugin.cov_controller.pause()


def _is_measured(item: pytest.Item) -> bool:
    return item.path.relative_to(TESTS).parts[0] in MEASURED and item.get_closest_marker("browser") is None


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI a skipped test fails the run: a part that is missing there would otherwise never be missed."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if not IN_CI or reporter is None or hasattr(session.config, "workerinput"):
        return
    skipped = len(reporter.stats.get("skipped", []))
    if skipped and session.exitstatus == pytest.ExitCode.OK:
        reporter.write_line(f"\n{skipped} skipped, and in CI nothing may be", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
