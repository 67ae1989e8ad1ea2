// Quiet company from two places: in the couple's live room without words, from "Each where we are" until "Stop" or until the page
// is left. practice.js leads through the steps; this says whether the other is here.
//
// <form data-practice data-company data-socket="/live" data-say-looking|here|back|away|lost|ended="…">
//   [data-near-words]   the line, as it is now
//   [data-near-said]    a live region: what held for a moment, once, so that a bad network is not read out
//   [data-apart] [data-met]   inputs: done from two places, and whether the other came
// The form is told data-near="looking|here|away|lost".

import { Room } from "./room.js";

const HOLDS_MS = 2500;

const form = document.querySelector("[data-company]");

if (form) {
  const one = (name) => form.querySelector(`[data-${name}]`);
  const { dataset } = form;
  let room = null;
  let near = "";
  let met = false;
  let said = "";
  let saying = 0;

  const show = (next, words) => {
    if (next === near) return;
    near = next;
    dataset.near = next;
    one("near-words").textContent = words;
    one("near-said").textContent = "";
    clearTimeout(saying);
    saying = setTimeout(() => {
      if (words !== said) one("near-said").textContent = words;
      said = words;
    }, HOLDS_MS);
  };

  const leave = () => {
    const was = room;
    room = null;
    clearTimeout(saying);
    was?.leave();
  };

  const begin = () => {
    const mine = new Room(dataset.socket, {
      state(state, fresh) {
        if (room !== mine) return;
        // A room that another worker took over knows who is here, and not how.
        if (!state.quiet && !fresh) mine.say({ is: "quiet" });
        if (state.them) show("here", met && near === "away" ? dataset.sayBack : dataset.sayHere);
        else show("away", dataset.sayAway);
        met ||= state.them;
        if (met) one("met").value = "1";
      },
      line(up) {
        if (room === mine && !up) show("lost", dataset.sayLost);
      },
      ended() {
        if (room === mine) show("lost", dataset.sayEnded);
      },
    });
    room = mine;
    room.keep("quiet", { is: "quiet" });
    show("looking", dataset.sayLooking);
  };

  form.addEventListener("practice:begin", () => {
    if (dataset.way !== "apart") return;
    one("apart").value = "1";
    begin();
  });
  form.addEventListener("practice:end", leave);
  addEventListener("pagehide", (event) => { if (!event.persisted) leave(); });
}
