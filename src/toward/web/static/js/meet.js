// Meet on two phones: the couple's room says whose turn it is, this shows the words for it. One section, one part of it at a time:
//
// <section data-meet data-socket="/live" data-stop="#stop">     the link that ends it
//   [data-part="apart|here|willing|lost"]   apart: the other is not here; here: who speaks first; willing: chosen
//   [data-part="speak-you|speak-them|say_back-you|say_back-them|check-you|check-them|stopped"]   a step, and whose story it is
//   [data-role="speak|listen|either"] [data-pass="yes|no"]   buttons
// [data-guide]   the written guide, hidden while the phones lead

import { Room } from "./room.js";

const section = document.querySelector("[data-meet]");

if (section) {
  const guide = document.querySelector("[data-guide]");
  const stop = document.querySelector(section.dataset.stop);
  let turn = null;
  let met = false;

  const show = (name) => {
    for (const part of section.querySelectorAll("[data-part]")) part.hidden = part.dataset.part !== name;
    if (guide) guide.hidden = Boolean(turn) || name === "stopped";
    stop?.classList.toggle("primary", !turn); // one primary button: while the phones lead it is the turn's own
  };

  const part = (state) => {
    if (state.turn) return `${state.turn.step}-${state.turn.you_speak ? "you" : "them"}`;
    if (met) return "stopped";
    if (!state.them) return "apart";
    return state.willing ? "willing" : "here";
  };

  const room = new Room(section.dataset.socket, {
    state(state) {
      if (turn && !state.turn) {
        met = true;
        room.keep("meet", null); // a phone that comes back does not begin anew by itself
      }
      turn = state.turn;
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
    if (!button) return;
    if (button.dataset.role) {
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
