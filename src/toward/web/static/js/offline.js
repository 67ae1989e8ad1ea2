// On every page of a person who is signed in: lets the worker in, tells the outbox whose it is, brings what waits, and
// holds a form that could not be sent. Without scripts, or without a secure address, none of this is there.

import "./outbox.js";

const { outbox } = self;
const ENDS = new Set(["/lock/now", "/settings/sign-out", "/settings/erase"]);
const CHECK_IN = "/check-in";
const MOST = 20; // notes a request
const SETTLED_MS = 500;

const [person, key] = document.querySelector("meta[name=toward-outbox]")?.content.split(" ") ?? [];
const inside = window.top !== window.self;
const pathOf = (form) => new URL(form.getAttribute("action") ?? "", location.href).pathname; // a field may be named "action"

function typed() {
  return [...document.querySelectorAll("input, textarea, select")].some((field) => {
    if (field.type === "hidden") return false;
    if (field.type === "radio" || field.type === "checkbox") return field.checked !== field.defaultChecked;
    if (field.tagName === "SELECT") return [...field.options].some((option) => option.selected !== option.defaultSelected);
    return field.value !== field.defaultValue;
  });
}

async function letIn() {
  const registration = await navigator.serviceWorker.register("/worker.js", { updateViaCache: "none" });
  // What is new takes over soon after a page has opened, unless something is typed by then; the page stays as it is. Not
  // earlier: while the old worker is still bringing the page's files, Chromium can hang both and the next page with them.
  if (!registration?.waiting) return;
  if (document.readyState !== "complete") await new Promise((done) => { addEventListener("load", done, { once: true }); });
  await new Promise((done) => { setTimeout(done, SETTLED_MS); });
  if (!typed()) registration.waiting?.postMessage("take over");
}

async function bring() {
  for (;;) {
    const notes = (await outbox.waiting(person)).slice(0, MOST);
    if (notes.length === 0) return;
    const body = new FormData();
    body.set("notes", JSON.stringify(notes.map(({ id, sealed }) => ({ id, sealed: btoa(String.fromCharCode(...sealed)) }))));
    const answer = await fetch("/outbox", { method: "POST", body, headers: { accept: "application/json" } });
    if (!answer.ok) return; // the session has ended, or the house is gone again: all of it stays
    const { here } = await answer.json();
    await outbox.drop(here);
    if (here.length === 0) return; // sealed to a key that is no more; kept, as nobody else can say so
  }
}

// Two tabs would bring the same; that does no harm, but it is no use either.
const alone = (work) => (navigator.locks ? navigator.locks.request("toward-outbox", work) : work());
const quietly = (promise) => promise.catch(() => undefined);

if (!inside && "serviceWorker" in navigator && "indexedDB" in window) {
  let held = null;
  if (person) {
    quietly(outbox.open().then((base) => { held = base; }));
    quietly(outbox.know(person, key).then(() => alone(bring)));
    quietly(letIn());
    addEventListener("online", () => quietly(alone(bring)));
  }
  addEventListener("submit", ({ target }) => {
    if (ENDS.has(pathOf(target))) quietly(outbox.forget(held));
  });
}

// A form that is sent into nowhere would be lost with the page. The check-in is safe: the worker takes it. Of any other the
// browser knows at once that there is no line, or the worker says a little later that nobody answered.
const note = document.querySelector("[data-not-sent]");
let sending = null;
const hold = (form, submitter) => {
  note.hidden = false;
  (submitter ?? form.lastElementChild).before(note);
};
addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  if (form.getAttribute("method") !== "post" || !note || inside) return;
  note.hidden = true;
  sending = [form, submitter];
  if (navigator.onLine || (pathOf(form) === CHECK_IN && navigator.serviceWorker?.controller)) return;
  event.preventDefault();
  hold(form, submitter);
}, { capture: true });
navigator.serviceWorker?.addEventListener("message", ({ data }) => {
  if (data !== "not sent" || !sending) return;
  hold(...sending);
  sending = null;
  dispatchEvent(new Event("offline:not-sent")); // for those who mind that a form is sent once
});
addEventListener("online", () => note?.setAttribute("hidden", ""));
