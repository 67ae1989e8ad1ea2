// Settle: a breath alone, or one breath on two phones. Ties the plan, the picture, the sound, the thumb and the room together.
//
// <section data-settle                       on each page at most one
//   data-in-s="4" data-out-s="6" data-minutes="3"
//   data-socket="/live"                      together; without it, alone
//   data-say-before|in|out|done="…"          the words of each part
//   data-say-left="{time} left"
//   data-say-wait|here|quiet|gone|back|lost="…"    the other, and the line
//   data-say-two-phones|one-phone="…"        on what the one breath is, said only while it is so
//   data-say-hold-you|hold-them|hold-both="…">
//
// Inside, each optional and hidden by the page where it makes no sense without a script:
//   svg.breath            the picture (parts/marks.html)
//   [data-words] [data-left] [data-line] [data-one-breath] [data-hold-words]      where words go
//   [data-start] [data-stop]                 buttons; stop ends it on this phone only
//   [data-choose="in_s|out_s|minutes"]       inputs that are read when it starts
//   [data-hold]           a button to rest a thumb on; the space bar holds it too
//   [data-sound] [data-vibrate]              checkboxes
//   [data-between] [data-hold-them]          one phone between two: a checkbox, and the other's button to hold
//   [data-ready] [data-opened]               open together: a button, and what shows once both were ready
//   [data-during] [data-after]               what shows while it runs, and when it is over
//   [data-spent]                             inputs that get the minutes breathed
// The section is told data-state="rest|running|done" and data-there="near|quiet|no", and sends "settle:state" with each
// of the room's states, and "settle:hearts" and "settle:refused" with what hearts.js is told. Its property ``settle`` has
// the room, for pages that have more to say in it.

import { ends, phase, picture } from "./breath.js";
import { Room } from "./room.js";
import { Sound, buzz, stayAwake } from "./sound.js";

const LEAD_MS = 3000;

export const settle = (section) => {
  const { dataset } = section;
  const all = (name) => section.querySelectorAll(`[data-${name}]`);
  const one = (name) => section.querySelector(`[data-${name}]`);
  const write = (name, words = "") => all(name).forEach((place) => {
    if (place.textContent !== words) place.textContent = words;
  });
  const show = (name, on) => all(name).forEach((place) => { place.hidden = !on; });
  const ticked = (name) => one(name)?.checked ?? true;
  const number = (key, given) => Number(section.querySelector(`[data-choose="${key}"]`)?.value ?? given);
  const svg = section.querySelector("svg.breath");
  const draw = svg ? picture(svg) : () => {};
  const sound = new Sound();

  let plan = null;
  let local = true;
  let part = "";
  let frame = 0;
  let ahead = 0;
  let sleep = () => {};
  let room = null;
  let met = false;
  let there = null;
  let next = null; // the room's plan, for one who breathes alone: taken after the breath that is being breathed
  let joins = -Infinity; // and from its next whole breath

  const now = () => (local || !room?.clock.known ? performance.now() : room.now());

  const turn = (here) => {
    part = here.part;
    write("words", dataset[`say${part[0].toUpperCase()}${part.slice(1)}`]);
    if ((part === "in" || part === "out") && ticked("vibrate")) buzz(part);
  };

  const where = () => {
    const here = phase(plan, now());
    return here.part !== "done" && now() < joins ? { ...here, part: "before", fraction: 0 } : here;
  };

  /** From a breath of one's own into the room's: never in the middle of one. */
  const join = () => {
    if (!next) return;
    const { part: own, fraction } = phase(plan, now());
    if (own === "out" && fraction < 1 && !document.hidden) return;
    if (own === "in" && part === "in" && !document.hidden) return;
    plan = next;
    next = null;
    local = false;
    const cycle = (plan.in_s + plan.out_s) * 1000;
    joins = plan.started_ms + Math.max(0, Math.ceil((now() - plan.started_ms) / cycle)) * cycle;
    listen();
  };

  const tick = () => {
    join();
    const here = where();
    if (here.part !== part) turn(here);
    if (here.part === "done") {
      finish("done");
      return;
    }
    draw(here);
    const left = Math.max(0, Math.ceil(Math.min(here.left_s, (ends(plan) - plan.started_ms) / 1000)));
    const time = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    write("left", (dataset.sayLeft ?? "{time}").replace("{time}", time));
    frame = requestAnimationFrame(tick);
  };

  /** Seen: drawn in each frame, and tones laid a few breaths ahead. Hidden: all tones are laid, and nothing runs. */
  const look = () => {
    cancelAnimationFrame(frame);
    clearInterval(ahead);
    if (!plan) return;
    listen();
    if (!plan || document.hidden) return;
    ahead = setInterval(listen, 1000);
    tick();
  };

  const listen = () => {
    join();
    if (plan && phase(plan, now()).part === "done") finish("done");
    else if (plan && ticked("sound")) sound.play(plan, now(), { from: joins, whole: document.hidden });
    else sound.hush();
  };

  const run = (given, isLocal) => {
    if (plan && plan.started_ms === given.started_ms && local === isLocal) return;
    if (!plan && room?.clock.known && phase(given, room.now()).part === "done") return;
    const first = !plan;
    if (!first && local && !isLocal && phase(plan, now()).part !== "before") {
      next = given;
      return;
    }
    plan = given;
    local = isLocal;
    next = null;
    joins = -Infinity;
    if (first) {
      dataset.state = "running";
      show("during", true);
      show("start", false);
      show("after", false);
      sleep = stayAwake();
    }
    look();
  };

  const finish = (state) => {
    const begun = Math.min(now(), ends(plan)) - plan.started_ms;
    all("spent").forEach((input) => { input.value = Math.max(0, begun / 60000).toFixed(1); });
    cancelAnimationFrame(frame);
    clearInterval(ahead);
    room?.unsay("breathe");
    plan = null;
    next = null;
    sound.hush();
    sleep();
    draw({ part: "done", fraction: 1 });
    dataset.state = state;
    write("left");
    write("words", dataset.sayDone);
    show("during", false);
    show("after", true);
  };

  const pace = () => ({
    in_s: number("in_s", dataset.inS),
    out_s: number("out_s", dataset.outS),
    minutes: number("minutes", dataset.minutes),
  });

  const begin = () => {
    sound.wake();
    room?.say({ is: "breathe", ...pace() });
    if (!room?.clock.settled) run({ ...pace(), started_ms: performance.now() + LEAD_MS }, true);
  };

  const stop = () => {
    room?.leave();
    room = null;
    if (plan) finish("done");
  };

  const hold = (button, whose) => {
    const press = (down) => {
      if ((button.getAttribute("aria-pressed") === "true") === down) return;
      button.setAttribute("aria-pressed", down);
      sound.wake();
      // Sent again with every new connection while it is down; a lifted thumb is what a new connection begins with.
      room?.keep(`thumb ${whose}`, down ? { is: "thumb", down, whose } : null);
      if (!down) room?.say({ is: "thumb", down, whose });
    };
    const space = (down) => (event) => {
      if (event.key !== " ") return;
      event.preventDefault();
      press(down);
    };
    button.addEventListener("pointerdown", (event) => {
      button.setPointerCapture(event.pointerId);
      press(true);
    });
    for (const name of ["pointerup", "pointercancel", "lostpointercapture", "blur"]) {
      button.addEventListener(name, () => press(false));
    }
    button.addEventListener("keydown", space(true));
    button.addEventListener("keyup", space(false));
    button.addEventListener("contextmenu", (event) => event.preventDefault());
  };

  const told = (state) => {
    // The look-around's first phone breathes without being touched; both are there when the other can see it.
    if (location.hash === "#begin" && state.them && !met && !state.plan) room.say({ is: "breathe", ...pace() });
    if (state.plan) run(state.plan, false);
    else next = null;
    if (!state.plan && plan && !local) finish("done");
    const near = state.them && state.them_quiet ? "quiet" : state.them;
    if (near !== there) {
      if (near === "quiet") write("line", dataset.sayQuiet); // near, and no part of the breath
      else if (near) write("line", met && there === false ? dataset.sayBack : dataset.sayHere);
      else write("line", met ? dataset.sayGone : dataset.sayWait);
      there = near;
      met ||= there === true;
      dataset.there = near === true ? "near" : near || "no";
    }
    const on = (state.one_phone && dataset.sayOnePhone) || (near === true && dataset.sayTwoPhones);
    write("one-breath", on ? `${on} · ` : "");
    const holds = `${state.your_thumb ? "you" : ""}${state.their_thumb ? "them" : ""}`;
    write("hold-words", { you: dataset.sayHoldYou, them: dataset.sayHoldThem, youthem: dataset.sayHoldBoth }[holds]);
    one("hold")?.classList.toggle("with-them", state.their_thumb);
    show("hold-them", state.one_phone);
    if (state.opened_ms) {
      show("opened", true);
      room.keep("ready", null);
    }
    if (state.them && !state.one_phone) {
      room.keep("between", null);
      all("between").forEach((box) => { box.checked = false; });
    }
    one("ready")?.setAttribute("aria-pressed", state.ready);
    section.dispatchEvent(new CustomEvent("settle:state", { detail: state, bubbles: true }));
  };

  const line = (up) => {
    if (up) return;
    there = null;
    write("line", dataset.sayLost);
  };

  dataset.state = "rest";
  all("start").forEach((button) => button.addEventListener("click", begin));
  all("stop").forEach((button) => button.addEventListener("click", stop));
  all("sound").forEach((box) => box.addEventListener("change", () => { sound.wake(); listen(); }));
  // Any touch may be the only one before the other's breath begins here: from then on the page may sound.
  for (const touch of ["click", "pointerup"]) section.addEventListener(touch, () => sound.wake());
  all("hold").forEach((button) => hold(button, "you"));
  all("hold-them").forEach((button) => hold(button, "them"));
  all("ready").forEach((button) => button.addEventListener("click", () => {
    const on = button.getAttribute("aria-pressed") !== "true";
    room?.keep("ready", on ? { is: "ready", on } : null);
    if (!on) room?.say({ is: "ready", on });
  }));
  all("between").forEach((box) => box.addEventListener("change", () => {
    room?.keep("between", box.checked ? { is: "between", on: true } : null);
    if (!box.checked) room?.say({ is: "between", on: false });
  }));
  document.addEventListener("visibilitychange", look);
  if (dataset.socket) {
    const pass = (name) => (detail) => section.dispatchEvent(new CustomEvent(`settle:${name}`, { detail }));
    room = new Room(dataset.socket, {
      state: told, line, hearts: pass("hearts"), refused: pass("refused"), ended: () => line(false),
    });
    addEventListener("pagehide", (event) => { if (!event.persisted) room?.leave(); });
  }
  return { get plan() { return plan; }, get room() { return room; }, now };
};

const section = document.querySelector("[data-settle]");
if (section) section.settle = settle(section);
