// A form is sent once. A second tap while the first is on its way would ask again for what can only be done once, and
// the answer to the first (it leads on to what was made) would be lost.

let sent = false;
addEventListener("submit", (event) => {
  if (!(event.target instanceof HTMLFormElement) || !event.target.matches("[data-once]") || event.defaultPrevented) return;
  if (sent) event.preventDefault();
  sent = true;
});
for (const again of ["pageshow", "offline:not-sent"]) addEventListener(again, () => { sent = false; });
