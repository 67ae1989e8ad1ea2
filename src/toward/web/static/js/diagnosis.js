// What works in this browser. It looks, shows, and tells nobody: nothing here is sent or kept.

import { FALL, RISE, tone } from "./sound.js";

const installed = () => matchMedia("(display-mode: standalone)").matches || navigator.standalone === true;

async function staysAwake() {
  const lock = await navigator.wakeLock.request("screen"); // refused with low battery, in some browsers
  await lock.release();
  return true;
}

const CHECKS = {
  secure: () => isSecureContext,
  install: () => (installed() ? "yes" : isSecureContext && "serviceWorker" in navigator ? "can" : "no"),
  wake: () => "wakeLock" in navigator && staysAwake(),
  sound: () => "AudioContext" in window,
  vibration: () => "vibrate" in navigator,
  camera: () => Boolean(navigator.mediaDevices?.getUserMedia),
  bluetooth: () => "bluetooth" in navigator,
  push: () => "PushManager" in window && "Notification" in window,
};

// The breath's own tones, hurried: in, then out.
function hear() {
  const context = new AudioContext();
  tone(context.destination, context.currentTime + 0.1, 1.2, ...RISE);
  tone(context.destination, context.currentTime + 1.3, 1.6, ...FALL);
  setTimeout(() => context.close(), 3500);
}

const TRIES = { sound: hear, vibration: () => navigator.vibrate([200, 150, 200]) };

document.querySelector("[data-without-script]").hidden = true; // older browsers don't know the style that does it

for (const row of document.querySelectorAll("[data-check]")) {
  const state = (found) => (typeof found === "string" ? found : found ? "yes" : "no");
  Promise.resolve()
    .then(CHECKS[row.dataset.check])
    .then(state, () => "no")
    .then((found) => {
      for (const part of row.querySelectorAll("[data-state]")) part.hidden = part.dataset.state !== found;
    });
}

for (const button of document.querySelectorAll("[data-try]")) {
  button.addEventListener("click", TRIES[button.dataset.try]);
}
