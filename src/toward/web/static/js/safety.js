// Nothing typed or ticked is left behind: not in the self-check, not on the browser's disk; and sending says nothing by its size.

const STEP = 8192; // a form of this family is sent as so many bytes, or as a multiple

// A browser writes what stands in a form to its disk, so as to bring it back some day. A field that names itself for a
// password manager keeps its name.
for (const form of document.forms) form.autocomplete = "off";

function empty() {
  document.getElementById("own-check")?.reset();
}

// Closing the menu or leaving the page empties what was ticked and written: the next one to open it finds a blank check.
document.querySelector("[data-menu]")?.addEventListener("toggle", (event) => {
  if (!event.target.open) empty();
});
addEventListener("pagehide", empty);

// On the wire, an answer before a door and a kept check are as long as each other.
function sizeOf(data) {
  const pairs = [...data].map(([name, value]) => [name, String(value).replace(/\r?\n/g, "\r\n")]);
  return new URLSearchParams(pairs).toString().length;
}
for (const form of document.querySelectorAll("form[data-even]")) {
  form.addEventListener("formdata", ({ formData }) => {
    formData.set("even", "");
    const size = sizeOf(formData);
    formData.set("even", "-".repeat(Math.ceil(size / STEP) * STEP - size));
  });
}
