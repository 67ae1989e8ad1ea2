// A page that waits for the other person looks now and then, while it is looked at, whether there is news for it.

import "./once.js";

const EVERY_MS = 2500;
const LONGEST_MS = 20000;
const place = document.querySelector("[data-wait]");

if (place) {
  place.querySelector("[data-waiting]").hidden = false;
  place.querySelector("[data-look-again]").hidden = true;
  let wait = EVERY_MS;
  let timer = 0;
  const look = async () => {
    clearTimeout(timer);
    if (document.hidden) return;
    try {
      const answer = await fetch(place.dataset.wait, { headers: { accept: "application/json" } });
      if (!answer.ok || (await answer.json()).state !== place.dataset.state) {
        location.reload();
        return;
      }
      wait = EVERY_MS;
    } catch {
      wait = Math.min(wait * 2, LONGEST_MS); // the line is down
    }
    timer = setTimeout(look, wait);
  };
  document.addEventListener("visibilitychange", look);
  timer = setTimeout(look, wait);
}
