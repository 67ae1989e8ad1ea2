// While a passphrase is chosen: how strong it is (the server weighs it; it gets it anyway), and taking the suggested one.
// Without this script the server says the same after sending.

import "./once.js";
import { reveal } from "./reveal.js";

const WAIT_MS = 350;
const form = document.querySelector("[data-strength-at]");
const first = form.elements.namedItem("passphrase");
const again = form.elements.namedItem("passphrase-again");
const meter = form.querySelector("[data-meter]");
const bars = meter.querySelector("[data-level]");
const words = meter.querySelector("output");

let timer = 0;
let asked = 0;
let asking = new AbortController();

async function weigh() {
  const mine = ++asked;
  const body = new URLSearchParams({ passphrase: first.value, name: form.elements.namedItem("name").value });
  const code = form.elements.namedItem("code");
  if (code) body.set("code", code.value);
  let found;
  try {
    const answer = await fetch(form.dataset.strengthAt, { method: "POST", body, headers: { accept: "application/json" }, signal: asking.signal });
    if (!answer.ok) return;
    found = await answer.json();
  } catch {
    return; // the line is down: the server will say it after sending
  }
  if (mine !== asked) return;
  bars.dataset.level = found.level;
  words.textContent = found.words;
  meter.hidden = first.value === "";
}

first.addEventListener("input", () => {
  clearTimeout(timer);
  if (first.value === "") {
    asked += 1;
    meter.hidden = true;
    return;
  }
  timer = setTimeout(weigh, WAIT_MS);
});

form.addEventListener("submit", () => {
  clearTimeout(timer);
  asking.abort();
  asking = new AbortController();
});

const use = form.querySelector("[data-use]");
use.hidden = false;
use.addEventListener("click", () => {
  first.value = use.dataset.use;
  again.value = use.dataset.use;
  reveal(form.querySelector("[data-show]"), true);
  void weigh();
});
