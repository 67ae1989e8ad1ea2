// The page that a browser keeps: it offers the check-in where it knows to whom to seal it, and says when one is kept.

import "./outbox.js";

const { outbox } = self;
const show = (name) => { const part = document.querySelector(`[data-${name}]`); if (part) part.hidden = false; };

try {
  const known = await outbox.me();
  const kept = new URLSearchParams(location.search).has("kept");
  if (kept) show("kept");
  else if (known && navigator.serviceWorker?.controller) show("check-in");
  // An app on the home screen may ask to be spared when a phone tidies up; a browser's tab would bother somebody.
  if (kept && matchMedia("(display-mode: standalone)").matches) await navigator.storage?.persist?.();
} catch {
  // storage may be switched off; then this is a page that says "offline"
}
