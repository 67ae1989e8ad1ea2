// What works in this browser. It looks, shows, and tells nobody: nothing here is sent or kept.

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

// The first seconds of a breath: a soft tone that rises, then falls.
function tone() {
  const context = new AudioContext();
  const gain = new GainNode(context, { gain: 0 });
  const voice = new OscillatorNode(context, { type: "sine", frequency: 220 });
  const now = context.currentTime;
  voice.frequency.linearRampToValueAtTime(294, now + 1);
  voice.frequency.linearRampToValueAtTime(196, now + 2.5);
  gain.gain.linearRampToValueAtTime(0.25, now + 0.4);
  gain.gain.linearRampToValueAtTime(0, now + 2.5);
  voice.connect(gain).connect(context.destination);
  voice.start();
  voice.stop(now + 2.6);
  voice.addEventListener("ended", () => context.close());
}

const TRIES = { sound: tone, vibration: () => navigator.vibrate([200, 150, 200]) };

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
