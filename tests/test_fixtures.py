"""The fixtures keep their own promises: a check that never fails checks nothing."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import nats
import pytest
import sqlalchemy as sa

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.fixtures.browser import Phones

GOOD_PAGE = "<!doctype html><html lang=en><title>t</title><main><h1>Hello</h1></main></html>"


@pytest.mark.parametrize("turn", [1, 2])
def test_each_test_gets_an_empty_database(pg_url: str, turn: int) -> None:
    """What one test wrote, the next doesn't find."""
    engine = sa.create_engine(pg_url)
    with engine.begin() as connection:
        assert sa.inspect(connection).get_table_names() == []
        connection.execute(sa.text("CREATE TABLE left_over (turn integer)"))
        connection.execute(sa.text("INSERT INTO left_over VALUES (:turn)"), {"turn": turn})
    engine.dispose()


def test_nats_carries_a_message_and_keeps_streams(nats_url: str) -> None:
    """The server speaks both plain NATS and JetStream."""

    async def there_and_back() -> bytes:
        client = await nats.connect(nats_url)
        stream = client.jetstream()
        await stream.add_stream(name="fixture", subjects=["fixture.>"])
        await stream.publish("fixture.hello", b"hello")
        subscription = await stream.subscribe("fixture.>")
        message = await subscription.next_msg(timeout=5)
        await client.close()
        return message.data

    assert asyncio.run(there_and_back()) == b"hello"


@pytest.mark.parametrize(
    ("page_source", "complaint"),
    [
        ("<script>console.error('oh dear')</script>", "oh dear"),
        ("<script>throw new Error('broken')</script>", "broken"),
        ("<img alt='' src='http://127.0.0.1:9/none.png'>", "none.png"),
        ("<img alt='' src='http://outside.example/x.png'>", "ERR_NAME_NOT_RESOLVED"),
    ],
)
def test_a_phone_notices_what_goes_wrong(phone: Phones, page_source: str, complaint: str) -> None:
    """Console errors, exceptions and failed requests are complaints; no name outside of this machine can be found."""
    phone().set_content(GOOD_PAGE + page_source, wait_until="networkidle")
    assert any(complaint in line for line in phone.unforgiven())
    phone.forgive("")
    assert phone.unforgiven() == []


def test_a_good_page_gives_no_complaint(phone: Phones, axe: Callable[[Page], None]) -> None:
    """Neither the phone nor the accessibility check finds fault where there is none."""
    page = phone()
    page.set_content(GOOD_PAGE)
    axe(page)
    assert phone.complaints == []


def test_the_accessibility_check_finds_a_picture_without_words(phone: Phones, axe: Callable[[Page], None]) -> None:
    """An image that a screen reader can't tell fails, and the message says which."""
    page = phone()
    page.set_content(GOOD_PAGE + "<img src='data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA='>")
    with pytest.raises(AssertionError, match="image-alt"):
        axe(page)


def test_phones_share_nothing(phone: Phones) -> None:
    """Two phones are two people: other cookies, the size of a phone, and the scheme that was asked for."""
    first, second = phone(), phone(dark=True, still=True, width=320)
    first.context.add_cookies([{"name": "a", "value": "1", "url": "http://127.0.0.1"}])
    assert second.context.cookies() == []
    first.set_content("<meta name=viewport content='width=device-width'>")
    assert first.evaluate("[innerWidth, matchMedia('(prefers-color-scheme: dark)').matches]") == [390, False]
    assert second.evaluate("matchMedia('(prefers-color-scheme: dark) and (prefers-reduced-motion)').matches")


def test_without_scripts_nothing_runs(phone: Phones) -> None:
    """A phone can have JavaScript off, so that pages can be shown to work without it."""
    page = phone(scripts=False)
    page.set_content("<p>before</p><script>document.querySelector('p').textContent = 'after'</script>")
    assert page.locator("p").text_content() == "before"


def test_screenshots_come_in_light_and_dark(
    phone: Phones, shoot: Callable[..., list[Path]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Two pictures are written, they differ, and the page has its scheme back."""
    monkeypatch.setattr("tests.fixtures.browser.ARTEFACTS", tmp_path)
    page = phone()
    page.set_content("<style>@media (prefers-color-scheme: dark) { body { background: black } }</style><p>Hello")
    light, dark = shoot(page, "fixture")
    assert light.name == "fixture-390-light.png"
    assert light.read_bytes() != dark.read_bytes()
    assert page.evaluate("matchMedia('(prefers-color-scheme: light)').matches")
