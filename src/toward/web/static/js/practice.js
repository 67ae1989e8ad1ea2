// A practice, one step at a time, each as long as it lasts or until "Next". Time is counted by the clock and not by ticks, so a
// phone that slept comes back to the right step. A step that waits stays when its time is over. Without this script the steps
// are a list, and the questions are there. A practice may be done in a second way: a start button and steps that name it. The form
// is told the way, and sends "practice:begin" and "practice:end".

import { Bell } from "./bell.js";
import { stayAwake } from "./sound.js";

const form = document.querySelector("[data-practice]");

if (form) {
  const one = (name) => form.querySelector(`[data-${name}]`);
  const every = [...form.querySelectorAll("[data-seconds]")];
  const ring = one("passing");
  const waiting = one("waiting");
  const sound = one("sound");
  const bell = new Bell();
  let steps = every;
  let began = 0;
  let entered = 0;
  let at = -1;
  let timer = 0;
  let rung = false;
  let mayDim = () => {};

  const wantsBell = () => sound?.checked && sound.dataset.sound === "bell";
  const lasts = (step) => Number(step.dataset.seconds);

  const sing = () => {
    if (sound?.dataset.sound !== "hum") return;
    if (sound.checked && form.dataset.state === "running") bell.hum();
    else bell.hush();
  };

  const end = () => {
    clearInterval(timer);
    bell.hush();
    mayDim();
    one("spent").value = ((Date.now() - began) / 60000).toFixed(1);
    form.dataset.state = "done";
    steps.forEach((step) => { step.hidden = true; });
    form.dispatchEvent(new Event("practice:end"));
    (form.querySelector(".after input[type=radio]") ?? form.querySelector(".after button")).focus({ preventScroll: true });
  };

  const enter = (next, since) => {
    at = next;
    entered = since;
    rung = false;
    waiting.hidden = !steps[at]?.hasAttribute("data-waits");
    if (at >= steps.length) end();
    else steps.forEach((step, i) => { step.hidden = i !== at; });
  };

  const look = () => {
    let spent = (Date.now() - entered) / 1000;
    while (at < steps.length && spent >= lasts(steps[at])) {
      if (wantsBell() && !rung) bell.ring();
      rung = true;
      if (steps[at].hasAttribute("data-waits")) break;
      enter(at + 1, entered + lasts(steps[at]) * 1000);
      spent = (Date.now() - entered) / 1000;
    }
    if (at < steps.length) ring.setAttribute("stroke-dasharray", `${Math.min(100, (100 * spent) / lasts(steps[at]))} 100`);
  };

  form.dataset.state = "rest";
  const start = (way) => {
    steps = every.filter((step) => (step.dataset.way ?? "") === way);
    every.forEach((step) => { step.hidden = true; });
    form.dataset.way = way;
    form.dataset.state = "running";
    form.dispatchEvent(new Event("practice:begin"));
    bell.wake();
    mayDim = stayAwake();
    began = Date.now();
    enter(0, began);
    sing();
    timer = setInterval(look, 500);
    scrollTo(0, 0);
    one("stage").focus({ preventScroll: true });
  };

  form.querySelectorAll("[data-start]").forEach((button) => {
    button.addEventListener("click", () => start(button.dataset.start === "apart" ? "apart" : ""));
  });
  one("next").addEventListener("click", () => {
    enter(at + 1, Date.now());
    if (at < steps.length) look();
  });
  one("stop").addEventListener("click", end);
  sound?.addEventListener("change", () => { bell.wake(); sing(); });
  document.addEventListener("visibilitychange", () => { if (form.dataset.state === "running" && !document.hidden) look(); });
}
