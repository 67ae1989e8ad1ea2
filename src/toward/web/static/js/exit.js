// Leave quickly: empties the page, then the window, then what Back would show. See web/pages/away.py for the other half.
//
// Escape twice within a second and a half, or the link that every page has in the same place. Nobody is signed out: it
// hides, it does not lock. It can't hide the browser's own history list, the address in the bar, other tabs, or what a watched phone
// reports.

const TWICE_MS = 1500;
const NAME = location.protocol === "https:" ? "__Host-toward-away" : "toward-away";
const SECURE = location.protocol === "https:" ? "; Secure" : "";

function isAway() {
  return document.cookie.split("; ").includes(`${NAME}=1`);
}

function empty(win) {
  win.document.documentElement.hidden = true; // at once, before anything has to be fetched
  win.document.title = "\u200b";
  win.document.body?.replaceChildren();
}

export function leave() {
  document.cookie = `${NAME}=1; Path=/; Max-Age=3600; SameSite=Lax${SECURE}`;
  const win = window.top; // the look-around is a page within a page of the same site
  empty(win);
  try {
    sessionStorage.clear();
  } catch {
    // storage may be switched off
  }
  win.location.replace(new URL("/", location.href)); // takes the place of this page in the history
}

let last = -Infinity;
addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.repeat) return;
  if (event.timeStamp - last < TWICE_MS) leave();
  last = event.timeStamp;
}, { capture: true });

addEventListener("click", (event) => {
  if (!(event.target instanceof Element) || !event.target.closest("[data-quick-exit]")) return;
  event.preventDefault();
  leave();
}, { capture: true });

// A page that comes back out of the browser's memory was never asked for again: look whether it may still be seen.
addEventListener("pageshow", (event) => {
  if (!event.persisted || !isAway()) return;
  empty(window);
  location.reload();
});
