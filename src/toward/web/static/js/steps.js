// A practice, one step at a time. Without this script its steps are a list, and "Done" is there from the start.

const stage = document.querySelector("[data-steps]");
const begin = document.querySelector("[data-steps-begin]");
const done = document.querySelector("[data-steps-done]");

if (stage && begin && done) {
  const steps = [...stage.querySelectorAll("[data-seconds]")];
  const show = (shown) => steps.forEach((step) => { step.hidden = step !== shown; });
  const pause = (seconds) => new Promise((resolve) => { setTimeout(resolve, seconds * 1000); });

  stage.classList.add("by-steps");
  begin.hidden = false;
  done.hidden = true;
  show(null);

  begin.addEventListener("click", async () => {
    begin.hidden = true;
    document.querySelectorAll("[data-steps-before]").forEach((part) => { part.hidden = true; });
    stage.querySelector("ol").setAttribute("aria-live", "polite");
    for (const step of steps) {
      show(step);
      await pause(Number(step.dataset.seconds));
    }
    done.hidden = false;
    done.querySelector("button").focus();
  });
}
