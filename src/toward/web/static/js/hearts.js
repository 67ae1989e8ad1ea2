// Hearts in Settle: offered where a strap or a camera can be had, and nowhere else. What they give goes to the room as it is; the
// room says what it heard (live/heart_messages.py). A person's own heart is drawn for them; both are, while both want it.

import { HeartLines } from "./heart_lines.js";
import { Room } from "./room.js";

const SAY_AGAIN_MS = 3000;
const WORTH_KEEPING_MS = 60_000; // as in live/hearts.py

const hearts = (form) => {
  const one = (name) => form.querySelector(`[data-heart-${name}]`);
  const view = one("view");
  const say = view.dataset;
  const share = one("share");
  const keep = one("keep");
  const lines = new HeartLines(view.querySelector("svg"));
  let sensor = null;
  let source = null;
  let own = null; // a room of one's own, where there is no couple's
  let again = -Infinity;
  let both = false;
  let since = 0;

  const room = () => own ?? form.settle.room;
  const write = (place, words = "") => {
    const spot = one(place);
    if (spot && spot.textContent !== words) spot.textContent = words;
  };
  const words = (signal) => say[`say${signal[0].toUpperCase()}${signal.slice(1)}`];

  const shown = (on) => {
    view.hidden = one("wishes").hidden = !on;
    one("offer").hidden = on;
  };

  const wish = () => {
    const message = { is: "heart", source, together: Boolean(share?.checked), keep: keep.checked };
    room()?.keep("heart", message);
    if (share && !both) write("them", share.checked ? say.sayWaiting : "");
  };

  const send = (packet) => {
    const line = room();
    if (!line?.up || !line.clock.known) return;
    line.say({ ...packet, room: line.clock.room(packet.local) });
  };

  const hear = ({ you, them, care }) => {
    if (!source) return;
    const now = room().now();
    if (you) {
      view.dataset.signal = you.signal;
      view.style.setProperty("--warm", you.warm ?? 1);
      write("you", words(you.signal));
      lines.add("you", { at: you.at ?? [], rate: you.rate ?? [] }, now);
    }
    if (them && share?.checked) {
      both = true;
      view.dataset.them = them.signal;
      lines.show("them", true);
      lines.add("them", { at: them.at ?? [], rate: them.rate ?? [] }, now);
      write("them", them.signal === "lost" ? say.sayThemLost : say.sayThem);
    }
    if (care) {
      one("care").hidden = false;
      write("care-words", words(care));
      one("care-pause").hidden = care !== "flooded";
    }
  };

  // A worker that took the room over knows nothing of a heart.
  const refused = ({ reason }) => {
    if (!source || reason !== "not_now" || performance.now() - again < SAY_AGAIN_MS) return;
    again = performance.now();
    wish();
  };

  const alone = () => {
    lines.show("them", false);
    both = false;
    delete view.dataset.them;
  };

  const end = () => {
    sensor?.stop();
    sensor = null;
    if (!source) return;
    source = null;
    if (performance.now() - since > WORTH_KEEPING_MS) one("heard").value = "1";
    room()?.keep("heart", null);
    room()?.say({ is: "heart", source: null });
    own?.leave();
    own = null;
    lines.stop();
    alone();
    lines.show("you", false);
    lines.show("you", true);
    shown(false);
    one("care").hidden = true;
    if (share) share.checked = false;
    for (const place of ["you", "them", "help"]) write(place);
  };

  const fail = (why) => {
    end();
    // A chooser that was closed is an answer, and needs none.
    write("failed", ["NotFoundError", "AbortError"].includes(why?.name) ? "" : say.sayFailed);
  };

  const SENSORS = {
    strap: async () => {
      const { Strap } = await import("./strap.js");
      return new Strap({
        beats: (local, { rr, contact }) => send({ is: "beats", local, rr, contact }),
        line: (up) => { if (!up) write("you", say.sayLost); },
        mute: () => { end(); write("failed", say.sayMute); },
      });
    },
    camera: async () => {
      const { Camera } = await import("./camera.js");
      return new Camera({
        frames: (local, frames) => send({ is: "frames", local, ...frames }),
        line: (up) => { if (!up) end(); },
      });
    },
  };

  const begin = async (chosen) => {
    write("failed");
    try {
      const made = await SENSORS[chosen]();
      sensor = made;
      await made.choose();
      if (sensor !== made) { made.stop(); return; }
    } catch (why) {
      fail(why);
      return;
    }
    source = chosen;
    since = performance.now();
    own = form.settle.room ? null : new Room(say.socket, { hearts: hear, refused });
    write("you", say.sayBegin);
    write("help", chosen === "camera" ? (sensor.light ? say.sayFinger : say.sayFingerLamp) : "");
    shown(true);
    lines.start(() => (room()?.clock.known ? room().now() : 0));
    wish();
  };

  for (const button of form.querySelectorAll("[data-heart-use]")) {
    button.addEventListener("click", () => begin(button.dataset.heartUse));
  }
  one("stop").addEventListener("click", end);
  share?.addEventListener("change", () => {
    if (!share.checked) {
      alone();
      write("them");
    }
    wish();
  });
  keep.addEventListener("change", wish);
  one("care-stay").addEventListener("click", () => { one("care").hidden = true; });
  form.addEventListener("settle:hearts", ({ detail }) => hear(detail));
  form.addEventListener("settle:refused", ({ detail }) => refused(detail));
  new MutationObserver(() => { if (form.dataset.state === "done") end(); }).observe(form, { attributeFilter: ["data-state"] });
  addEventListener("pagehide", () => sensor?.stop());
};

const offer = async (form) => {
  const place = form?.querySelector("[data-heart-offer]");
  if (!place) return;
  const strap = Boolean(navigator.bluetooth?.requestDevice) && (await navigator.bluetooth.getAvailability().catch(() => false));
  const camera = Boolean(navigator.mediaDevices?.getUserMedia) && "requestVideoFrameCallback" in HTMLVideoElement.prototype
    && (await navigator.mediaDevices.enumerateDevices().catch(() => [])).some(({ kind }) => kind === "videoinput");
  for (const [name, can] of Object.entries({ strap, camera })) {
    place.querySelector(`[data-heart-use="${name}"]`).hidden = !can;
  }
  if (!strap && !camera) return;
  hearts(form);
  place.hidden = false;
};

offer(document.querySelector("[data-settle]"));
