// The different question, played as a film: one line at a time, each with two soft notes, so that eyes can close between them.
// Without this script the film is a list to read. Touching the page while it plays goes on to the next line.

import { tone } from "./sound.js";

const film = document.querySelector("[data-film]");
const begin = film?.querySelector("[data-film-begin]");
const wanted = film?.querySelector("[data-film-sound]");
const NOTES = [196, 220, 246.94, 293.66, 329.63]; // five notes that go with one another in any order
const FIFTH = 1.5;

if (film && begin && wanted) {
  const lines = [...film.querySelectorAll("[data-seconds]")];
  const show = (shown) => lines.forEach((line) => { line.hidden = line !== shown; });
  const part = (name, on) => document.querySelectorAll(`[data-film-${name}]`).forEach((one) => { one.hidden = !on; });
  let out = null;
  let next = () => {};

  const wake = () => {
    const Context = window.AudioContext ?? window.webkitAudioContext;
    if (out || !Context) return;
    const context = new Context();
    context.resume();
    out = context.createGain();
    out.connect(context.destination);
  };

  const play = (number) => {
    if (!out || !wanted.checked) return;
    const note = NOTES[(number * 2) % NOTES.length];
    tone(out, out.context.currentTime + 0.05, 2.4, note, note);
    tone(out, out.context.currentTime + 0.7, 3, note * FIFTH, note * FIFTH);
  };

  const wait = (seconds) => new Promise((resolve) => {
    const timer = setTimeout(resolve, seconds * 1000);
    next = () => { clearTimeout(timer); resolve(); };
  });

  film.classList.add("by-steps");
  begin.hidden = false;
  show(null);

  begin.querySelector("button").addEventListener("click", async (event) => {
    event.stopPropagation();
    wake();
    part("before", false);
    part("after", false);
    part("during", true);
    begin.hidden = true;
    film.dataset.state = "running";
    film.querySelector("ol").setAttribute("aria-live", "polite");
    for (const [number, line] of lines.entries()) {
      show(line);
      play(number);
      await wait(Number(line.dataset.seconds));
    }
    film.dataset.state = "done";
    part("during", false);
    part("after", true);
    show(lines.at(-1));
    document.querySelector("main textarea").focus();
  });
  film.addEventListener("click", () => next());
}
