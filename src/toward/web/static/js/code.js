// A code that came behind the # of an address: into the field, and out of the address bar and the history. It was never
// sent anywhere. A form marked data-go-on is then sent, since opening it uses nothing up.

import "./once.js";

const field = document.querySelector("[data-code]");

function take() {
  if (location.hash.length < 2) return;
  let words = "";
  try {
    words = decodeURIComponent(location.hash.slice(1));
  } catch {
    // not ours
  }
  history.replaceState(null, "", location.pathname + location.search);
  words = words.replace(/[^a-z]+/gi, " ").trim().toLowerCase();
  if (words === "") return;
  field.value = words;
  if (field.form.matches("[data-go-on]")) field.form.requestSubmit();
}

take();
addEventListener("hashchange", take); // the camera opens the same page again
