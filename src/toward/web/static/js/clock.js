// One time for two phones: mirrors live/clock.py, which argues it, and is held to it by generated cases.

export const PROBES = 16;
const KEEP = 4;
const SLACK = 10;
const SLEW = 0.05;

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const trip = (sample) => sample.received - sample.sent;

/** The mean offset of the fastest of {sent, room, received}: a quarter, less those that were far slower. */
export const estimate = (samples) => {
  const sorted = [...samples].sort((one, other) => trip(one) - trip(other));
  const best = sorted.slice(0, Math.ceil(samples.length / KEEP)).filter((one) => trip(one) <= trip(sorted[0]) + SLACK);
  return mean(best.map((sample) => sample.room - (sample.sent + sample.received) / 2));
};

/** Room time from local time: the first window of probes is taken at once, later ones are slewed to. */
export class Clock {
  #samples = [];
  #target = null;
  #from = 0;
  #since = 0;
  #settled = false;

  get known() { return this.#target !== null; }

  /** Whether a whole window was seen: from then on it is slewed, and what is drawn on it does not jump. */
  get settled() { return this.#settled; }

  take(sample) {
    const at = sample.received;
    const held = this.known ? this.offset(at) : null;
    this.#samples = [...this.#samples, sample].slice(-PROBES);
    this.#target = estimate(this.#samples);
    this.#settled ||= this.#samples.length === PROBES;
    this.#since = at;
    this.#from = held === null || this.#samples.length < PROBES ? this.#target : held;
  }

  offset(at) {
    const reach = SLEW * Math.max(0, at - this.#since);
    return this.#from + Math.max(-reach, Math.min(reach, this.#target - this.#from));
  }

  room(at = performance.now()) { return at + this.offset(at); }

  /** New probes count at once: for a phone that slept, where nobody was watching. */
  restart() { this.#samples = []; }
}
