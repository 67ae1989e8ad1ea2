// The last step of Reach without leaving the page: the ask as the other would read it. Without this script the server
// shows it; nothing is sent or kept here either way.

const form = document.querySelector("[data-reach]");
const last = form?.querySelector("#step-8");
const echo = last?.querySelector("[data-echo]");
const ask = form?.elements.namedItem("ask");

if (last && echo && ask) {
  last.hidden = false;
  form.addEventListener("submit", (event) => {
    if (event.submitter?.value !== "read" || !ask.value.trim()) return; // the server says what is missing
    event.preventDefault();
    location.hash = "step-8";
  });
  const show = () => {
    echo.textContent = ask.value.trim();
    if (location.hash === "#step-8" && !ask.value.trim()) location.replace("#step-7");
  };
  addEventListener("hashchange", show);
  show();
}
