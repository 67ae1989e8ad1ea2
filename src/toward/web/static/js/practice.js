// A practice, one step at a time, each as long as it lasts or until "Next". Time is counted by the clock and not by ticks, so a
// phone that slept comes back to the right step. Without this script the steps are a list, and the questions are there.

const form = document.querySelector("[data-practice]");

if (form) {
  const one = (name) => form.querySelector(`[data-${name}]`);
  const steps = [...form.querySelectorAll("[data-seconds]")];
  const ring = one("passing");
  let began = 0;
  let entered = 0;
  let at = -1;
  let timer = 0;

  const end = () => {
    clearInterval(timer);
    one("spent").value = ((Date.now() - began) / 60000).toFixed(1);
    form.dataset.state = "done";
    steps.forEach((step) => { step.hidden = true; });
    form.querySelector(".after input[type=radio]").focus({ preventScroll: true });
  };

  const enter = (next, since) => {
    at = next;
    entered = since;
    if (at >= steps.length) end();
    else steps.forEach((step, i) => { step.hidden = i !== at; });
  };

  const look = () => {
    let spent = (Date.now() - entered) / 1000;
    while (at < steps.length && spent >= Number(steps[at].dataset.seconds)) {
      enter(at + 1, entered + Number(steps[at].dataset.seconds) * 1000);
      spent = (Date.now() - entered) / 1000;
    }
    if (at < steps.length) ring.setAttribute("stroke-dasharray", `${(100 * spent) / Number(steps[at].dataset.seconds)} 100`);
  };

  form.dataset.state = "rest";
  one("start").addEventListener("click", () => {
    form.dataset.state = "running";
    began = Date.now();
    enter(0, began);
    timer = setInterval(look, 500);
    scrollTo(0, 0);
    one("stage").focus({ preventScroll: true });
  });
  one("next").addEventListener("click", () => {
    enter(at + 1, Date.now());
    if (at < steps.length) look();
  });
  one("stop").addEventListener("click", end);
  document.addEventListener("visibilitychange", () => { if (form.dataset.state === "running" && !document.hidden) look(); });
}
