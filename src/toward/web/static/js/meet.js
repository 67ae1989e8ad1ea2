// Meet on two phones, or on one that lies between the two: the couple's room says whose turn it is, this shows the words for it.
// One section, one part of it at a time:
//
// <section data-meet data-socket="/live" data-stop="#stop">     the link that ends it
//   [data-part="apart|quiet|here|willing|lost"]   apart: the other is not here; quiet: here, without words; here: who speaks
//                                                 first; willing: chosen
//   [data-part="speak-you|speak-them|say_back-you|say_back-them|check-you|check-them|stopped"]   a step, and whose story it is
//   [data-part="one-first|one-speak-you|…"]       the same on one phone for both, by name
//   [data-role="speak|listen|either"] [data-pass="yes|no"] [data-between="on|off"]   buttons
//   [data-both-spoke]                             shown once each has had a turn
//   [data-without]                                shown while the other's phone is away from a turn
// [data-guide]   the written guide, hidden while the phones lead, which the section is told as data-leads

import { Room } from "./room.js";
import { stayAwake } from "./sound.js";

const DOUBLE_TAP_MS = 400; // on one phone a second tap in the same place would pass over the turn that the first one led to

const section = document.querySelector("[data-meet]");

if (section) {
  const guides = document.querySelectorAll("[data-guide]");
  const stop = document.querySelector(section.dataset.stop);
  let turn = null;
  let met = false;
  let laid = false; // this phone lies between the two, as far as it knows
  let shown = "apart";
  let tappedAt = -Infinity;
  let tapped = false;
  let mayDim = null;

  const show = (name) => {
    for (const part of section.querySelectorAll("[data-part]")) part.hidden = part.dataset.part !== name;
    for (const guide of guides) guide.hidden = name === "stopped" || (Boolean(turn) && name !== "lost");
    section.toggleAttribute("data-leads", Boolean(turn));
    stop?.classList.toggle("primary", !turn); // one primary button: while the phones lead it is the turn's own
    if (name === shown) return;
    shown = name;
    // The button that was pressed is gone, and whoever goes by keys would begin anew at the top.
    if (tapped) section.querySelector(`[data-part="${name}"] h2`)?.focus({ preventScroll: true });
    tapped = false;
  };

  const part = (state) => {
    const one = state.one_phone ? "one-" : "";
    if (state.turn) return `${one}${state.turn.step}-${state.turn.you_speak ? "you" : "them"}`;
    if (met) return "stopped";
    if (!state.them) return "apart";
    if (one) return "one-first";
    if (state.them_quiet) return "quiet";
    return state.willing ? "willing" : "here";
  };

  const lay = (on) => {
    laid = on;
    room.keep("between", on ? { is: "between", on } : null);
    if (!on) room.say({ is: "between", on });
    else if (!room.up) show("lost");
  };

  const room = new Room(section.dataset.socket, {
    state(state, fresh) {
      if (laid && state.them && !state.one_phone) { // the other came, with a phone of their own
        laid = false;
        room.keep("between", null);
      }
      if (laid && !state.one_phone) { // a new connection, or another worker's room, has yet to hear of it
        if (!fresh) room.say({ is: "between", on: true });
        return;
      }
      if (turn && !state.turn) {
        met = true;
        room.keep("meet", null); // a phone that comes back does not begin anew by itself
      }
      turn = state.turn;
      if (turn) mayDim ??= stayAwake();
      else {
        mayDim?.();
        mayDim = null;
      }
      for (const hint of section.querySelectorAll("[data-both-spoke]")) hint.hidden = !(turn?.round > 2);
      section.querySelector("[data-without]").hidden = !turn || state.them;
      show(part(state));
    },
    line(up) {
      if (!up) show("lost");
    },
    ended() {
      turn = null;
      show("");
    },
  });

  section.addEventListener("click", ({ target }) => {
    const button = target instanceof Element && target.closest("button");
    if (!button || (laid && performance.now() - tappedAt < DOUBLE_TAP_MS)) return;
    tapped = true;
    tappedAt = performance.now();
    if (button.dataset.between) lay(button.dataset.between === "on");
    else if (button.dataset.role) {
      met = false;
      room.keep("meet", { is: "meet", role: button.dataset.role });
    } else if (button.dataset.pass && turn) {
      room.say({ is: "pass", round: turn.round, step: turn.step, ok: button.dataset.pass === "yes" });
    }
  });

  stop?.addEventListener("click", () => {
    if (turn) room.say({ is: "stop", what: "meet" });
    room.leave();
  });
  section.hidden = false;
}
