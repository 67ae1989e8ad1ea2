// What a practice may sound like: a soft bell when a step ends, so that eyes can stay closed, and a low note to hum along.
// Both are made here; nothing is loaded.

const BELL = [[523.25, 0.09], [784.88, 0.05], [1318.5, 0.02]];
const NOTE = 146.83;

export class Bell {
  #context = null;
  #note = null;

  /** Must be called from a tap or key: browsers allow sound only then. */
  wake() {
    const Context = window.AudioContext ?? window.webkitAudioContext;
    if (!this.#context && Context) this.#context = new Context();
    this.#context?.resume();
  }

  ring() {
    if (this.#context?.state !== "running") return;
    const now = this.#context.currentTime;
    for (const [pitch, loud] of BELL) {
      const tone = this.#context.createOscillator();
      const swell = this.#context.createGain();
      tone.frequency.value = pitch;
      swell.gain.setValueAtTime(0, now);
      swell.gain.linearRampToValueAtTime(loud, now + 0.03);
      swell.gain.exponentialRampToValueAtTime(0.0001, now + 2.6);
      tone.connect(swell).connect(this.#context.destination);
      tone.start(now);
      tone.stop(now + 2.7);
    }
  }

  /** A low note that comes and goes like a breath, until hush. */
  hum() {
    if (!this.#context || this.#note) return;
    const tone = this.#context.createOscillator();
    const slow = this.#context.createOscillator();
    const depth = this.#context.createGain();
    const loud = this.#context.createGain();
    tone.frequency.value = NOTE;
    slow.frequency.value = 0.1;
    depth.gain.value = 0.03;
    loud.gain.setValueAtTime(0, this.#context.currentTime);
    loud.gain.linearRampToValueAtTime(0.05, this.#context.currentTime + 3);
    slow.connect(depth).connect(loud.gain);
    tone.connect(loud).connect(this.#context.destination);
    tone.start();
    slow.start();
    this.#note = { tone, slow, loud };
  }

  hush() {
    const note = this.#note;
    this.#note = null;
    if (!note) return;
    note.loud.gain.cancelScheduledValues(this.#context.currentTime);
    note.loud.gain.setTargetAtTime(0, this.#context.currentTime, 0.3);
    note.slow.disconnect();
    setTimeout(() => note.tone.stop(), 1500);
  }
}
