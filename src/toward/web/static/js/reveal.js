// "Show" beside what is typed in the dark: a button that names its fields (data-show="passphrase passphrase-again"). It is
// hidden by the page, since without this script it could do nothing. What is shown is dark again when the form goes off:
// no browser is to keep it among its remembered lines, and no page that comes back from memory is to show it.

const fields = (button) => button.dataset.show.split(" ").map((name) => button.form.elements.namedItem(name));

const isDark = (button) => fields(button)[0].type === "password";

/** Show what is in the fields of *button*, or hide it. */
export const reveal = (button, open) => {
  for (const field of fields(button)) field.type = open ? "text" : "password";
  button.textContent = open ? button.dataset.hideWords : button.dataset.showWords;
};

const buttons = document.querySelectorAll("[data-show]");
for (const button of buttons) {
  button.hidden = false;
  button.addEventListener("click", () => reveal(button, isDark(button)));
  button.form.addEventListener("submit", () => reveal(button, false));
}
addEventListener("pagehide", () => buttons.forEach((button) => reveal(button, false)));
