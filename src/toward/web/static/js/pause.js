// A pause on the screen turns into its end when the time has come, and shows a time that was moved when somebody looks again.

const shown = document.querySelector("[data-until]");
const LONGEST_TIMER_MS = 2 ** 31 - 1;

if (shown) {
  const left = Number(shown.dataset.until) - Date.now();
  setTimeout(() => location.reload(), Math.min(Math.max(left, 0) + 1500, LONGEST_TIMER_MS));
  let hiddenAt = 0;
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) hiddenAt = Date.now();
    else if (hiddenAt && Date.now() - hiddenAt > 2000) location.reload();
  });
}
