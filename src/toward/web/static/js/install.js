// Where the browser itself can put the app on the home screen, one button does it; elsewhere the page says how.

const part = document.querySelector("[data-install]");
const done = document.querySelector("[data-installed]");
let asked = null;

addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault(); // asked for by the person, on this page, and at no other time
  asked = event;
  part.hidden = false;
});

part?.querySelector("button").addEventListener("click", async () => {
  part.hidden = true;
  await asked?.prompt();
});

addEventListener("appinstalled", () => { done.hidden = false; });

// The button would put there what the page was loaded with: another name is kept first.
document.querySelector("[data-choose]")?.addEventListener("change", ({ currentTarget }) => currentTarget.requestSubmit());
