// Small manners of every page: what is open closes by Escape or a touch elsewhere; a hand that trembles sends once; the
// server learns the clock's offset.

const SECURE = location.protocol === "https:" ? "; Secure" : "";
const NAME = location.protocol === "https:" ? "__Host-toward-tz" : "toward-tz";
document.cookie = `${NAME}=${-new Date().getTimezoneOffset()}; Path=/; SameSite=Lax${SECURE}`;

const menu = document.querySelector("[data-menu]");
if (menu) {
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary")?.focus();
  });
  addEventListener("pointerdown", (event) => {
    if (menu.open && !menu.contains(event.target)) menu.open = false;
  });
}

// Two taps in a row are one wish. Later a second press goes out: the first may have led to a file, or to nothing.
const TREMBLE_MS = 2000;
let sent = null, at = -Infinity;
addEventListener("submit", (event) => {
  const { submitter, target, timeStamp } = event;
  if (event.defaultPrevented) return;
  const pressed = submitter ?? target;
  if (pressed === sent && timeStamp - at < TREMBLE_MS) {
    event.preventDefault();
    return;
  }
  sent = pressed;
  at = timeStamp;
});
for (const again of ["pageshow", "offline:not-sent"]) addEventListener(again, () => { sent = null; });
