// A soft tone that rises with the in-breath and falls with the out-breath, so that eyes can close. Tones are laid on the audio
// clock some breaths ahead: a page that is busy, or hidden, stays in time. Also the phone's buzz, and a screen that stays on.
//
// A phone's loudspeaker gives little below 400 Hz, where a calm tone lies. Overtones carry it there: the ear hears the low tone
// from them (the missing fundamental). Each is softer than the one below, so that nothing sounds sharp.

import { breaths } from "./breath.js";

/** In hertz: from where to where, a fifth up and an octave down. */
export const RISE = [196, 294];
export const FALL = [294, 147];
const OVERTONES = [1, 0.5, 0.28, 0.14, 0.07];
const LOUDNESS = 0.12;
const AHEAD_MS = 25000;

/** One tone into *out*: *length* seconds from *at* on, gliding, swelling and fading. */
export const tone = (out, at, length, from, to) => {
  const { context } = out;
  const voice = context.createOscillator();
  const swell = context.createGain();
  const real = Float32Array.from([0, ...OVERTONES]);
  voice.setPeriodicWave(context.createPeriodicWave(real.map(() => 0), real, { disableNormalization: true }));
  voice.frequency.setValueAtTime(from, at);
  voice.frequency.exponentialRampToValueAtTime(to, at + length);
  swell.gain.setValueAtTime(0, at);
  swell.gain.linearRampToValueAtTime(LOUDNESS, at + length * 0.35);
  swell.gain.linearRampToValueAtTime(0, at + length * 0.97);
  voice.connect(swell).connect(out);
  voice.start(at);
  voice.stop(at + length);
};

export class Sound {
  #context = null;
  #out = null;
  #plan = null;
  #until = 0;

  /** Must be called from a tap or key: browsers allow sound only then. */
  wake() {
    const Context = window.AudioContext ?? window.webkitAudioContext;
    if (!this.#context && Context) this.#context = new Context();
    this.#context?.resume();
  }

  /** Lay the tones of the coming breaths, as far as they are not laid yet: a few, or the whole plan. None before *from*. */
  play(plan, now, { from = now, whole = false } = {}) {
    const until = whole ? Infinity : now + AHEAD_MS;
    if (this.#context?.state !== "running") return;
    if (JSON.stringify(plan) !== this.#plan) {
      this.hush();
      this.#plan = JSON.stringify(plan);
      this.#until = Math.max(now, from);
      this.#out = this.#context.createGain();
      this.#out.connect(this.#context.destination);
    }
    const delay = this.#context.outputLatency || 0;
    for (let i = 0; i < breaths(plan); i += 1) {
      const starts = plan.started_ms + i * (plan.in_s + plan.out_s) * 1000;
      for (const [at, length, from, to] of [
        [starts, plan.in_s, ...RISE],
        [starts + plan.in_s * 1000, plan.out_s, ...FALL],
      ]) {
        if (at >= this.#until && at < until) {
          tone(this.#out, Math.max(0, this.#context.currentTime + (at - now) / 1000 - delay), length, from, to);
        }
      }
    }
    this.#until = Math.max(this.#until, until);
  }

  /** Silence, softly. */
  hush() {
    const out = this.#out;
    this.#plan = null;
    this.#out = null;
    if (!out) return;
    out.gain.setTargetAtTime(0, this.#context.currentTime, 0.08);
    setTimeout(() => out.disconnect(), 600);
  }
}

/** One buzz for in, two for out; nothing where a phone can't, or may not before its person has touched the page. */
export const buzz = (part) => {
  if (navigator.userActivation?.hasBeenActive ?? true) navigator.vibrate?.(part === "in" ? 60 : [35, 90, 35]);
};

/** Keep the screen on until the returned function is called; asked for again when the page comes back. */
export const stayAwake = () => {
  let lock = null;
  let wanted = true;
  const ask = async () => {
    if (document.hidden || !wanted) return;
    lock = await navigator.wakeLock?.request("screen").catch(() => null);
    if (!wanted) lock?.release();
  };
  document.addEventListener("visibilitychange", ask);
  ask();
  return () => {
    wanted = false;
    document.removeEventListener("visibilitychange", ask);
    lock?.release();
  };
};
