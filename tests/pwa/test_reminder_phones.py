"""Reminders on a real phone: the page, the browser's question, and what a message shows."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.pwa.push_places import Subscription, text
from toward.catalogue import words
from toward.vault import reminders

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.fixtures.browser import Phones
    from tests.fixtures.house import House

# No maker of browsers can be reached here, so what it would answer is put in its place.
SUBSCRIBES = """
    PushManager.prototype.subscribe = async function (wish) {
        window.asked = { visible: wish.userVisibleOnly, key: wish.applicationServerKey.length };
        return { toJSON: () => (%s) };
    };
    PushManager.prototype.getSubscription = async () => null;
"""


def test_a_phone_asks_for_reminders_and_stops_them(
    house: House,
    signed_in: Callable[..., Page],
    axe: Callable[[Page], None],
    shoot: Callable[..., list[Path]],
) -> None:
    """The form, the browser's yes, times kept, and stopped again; by day and night, on the smallest phone."""
    mara = house.arrive("Mara")
    page = signed_in(mara, worker=True, still=True)
    page.context.grant_permissions(["notifications"], origin=house.url)
    theirs = Subscription()
    answer = {
        "endpoint": "https://fcm.googleapis.com/fcm/send/here",
        "keys": {"p256dh": text(theirs.p256dh), "auth": text(theirs.auth)},
    }
    page.add_init_script(SUBSCRIBES % json.dumps(answer))
    page.goto(f"{house.url}/settings/reminders")
    axe(page)
    page.emulate_media(color_scheme="dark")
    axe(page)
    page.emulate_media(color_scheme="light")
    shoot(page, "pwa-reminders")
    page.set_viewport_size({"width": 320, "height": 640})
    assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    page.locator("input[name=waiting]").check()
    page.get_by_role("button", name=words("reminders.home.start")).click()
    expect(page.get_by_text(words("reminders.home.on"))).to_be_visible()
    (kept,) = reminders.wanted(house.again(mara))
    assert kept.endpoint == answer["endpoint"]
    assert (kept.wishes.p256dh, kept.wishes.check_in, kept.wishes.waiting) == (theirs.p256dh, 20 * 60, 12 * 60)
    page.get_by_role("button", name=words("reminders.home.stop")).click()
    expect(page.get_by_role("button", name=words("reminders.home.start"))).to_be_visible()
    assert not reminders.wanted(house.again(mara))


def test_a_browser_that_says_no_is_believed(house: House, signed_in: Callable[..., Page]) -> None:
    """Where notifications are refused the page says so, and nothing is kept."""
    mara = house.arrive("Mara")
    page = signed_in(mara, worker=True)
    page.add_init_script("Notification.requestPermission = async () => 'denied';")
    page.goto(f"{house.url}/settings/reminders")
    page.get_by_role("button", name=words("reminders.home.start")).click()
    expect(page.get_by_text(words("reminders.home.denied"))).to_be_visible()
    assert not reminders.wanted(house.again(mara))


def test_a_message_shows_the_same_words_whatever_it_holds(house: House, whole_phone: Phones) -> None:
    """The worker shows one notification, under the plain icon, and nothing of what was sent."""
    page = house.sign_in(whole_phone(house.url, worker=True), house.arrive("Mara"))
    page.context.grant_permissions(["notifications"], origin=house.url)
    page.goto(f"{house.url}/settings")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    found: list[str] = []
    devtools = page.context.new_cdp_session(page)
    devtools.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: found.extend(one["registrationId"] for one in event["registrations"]),
    )
    devtools.send("ServiceWorker.enable")
    page.wait_for_function("true")
    for content in ("Lin has written to you", ""):
        devtools.send(
            "ServiceWorker.deliverPushMessage",
            {"origin": house.url, "registrationId": found[-1], "data": content},
        )
    shown = page.evaluate(
        """async () => {
            const registration = await navigator.serviceWorker.ready;
            for (let tries = 0; tries < 200; tries += 1) {
                const all = await registration.getNotifications();
                if (all.length) return all.map(({ title, body, tag, icon }) => ({ title, body, tag, icon }));
                await new Promise((done) => { setTimeout(done, 50); });
            }
            return [];
        }"""
    )
    assert [(one["title"], one["body"], one["tag"]) for one in shown] == [(words("reminders.message"), "", "reminder")]
    assert shown[0]["icon"].endswith("/icons/neutral-192.png")
