// One heart or two as lines: the rate of the last minute about its own middle, no numbers. A dot at the end of each swells with
// the beat, as long after it as the slowest news of late took, so that the rhythm is the heart's own.
//
//   const lines = new HeartLines(svg);
//   lines.add("you", { at, rate }, now);  lines.show("them", true);  lines.start(() => room.now());  lines.stop();

const LONG_MS = 60_000;
const WIDE = 320;
const MIDDLE = 36;
const SPAN = 12; // beats a minute from the middle to the edge
const GAP_MS = 2600;
const SWELL_MS = 260;
const EVERY_MS = 50;

const middle = (values) => [...values].sort((one, other) => one - other)[values.length >> 1];

class Line {
  constructor(group) {
    this.group = group;
    this.path = group.querySelector("path");
    this.dot = group.querySelector("circle");
    this.name = group.querySelector("text");
    this.points = [];
    this.late = 0;
  }

  add({ at, rate }, now) {
    at.forEach((ms, i) => this.points.push({ at: ms, rate: rate[i] ?? null }));
    this.points = this.points.filter((point) => point.at > now - LONG_MS);
    if (at.length) this.late = Math.max(0.98 * this.late, Math.min(6000, now - at[0]));
  }

  draw(now, still) {
    const known = this.points.filter((point) => point.rate !== null && point.at > now - LONG_MS);
    this.group.classList.toggle("empty", !known.length);
    if (!known.length) return;
    const level = middle(known.map((point) => point.rate));
    const x = (point) => WIDE - 8 - ((now - point.at) / LONG_MS) * WIDE;
    const y = (point) => MIDDLE - (Math.max(-SPAN, Math.min(SPAN, point.rate - level)) / SPAN) * (MIDDLE - 8);
    let path = "";
    known.forEach((point, i) => {
      const jump = !i || point.at - known[i - 1].at > GAP_MS;
      path += `${jump ? "M" : "L"}${x(point).toFixed(1)} ${y(point).toFixed(1)}`;
    });
    this.path.setAttribute("d", path);
    const last = known.at(-1);
    const beat = this.points.findLast((point) => point.at + this.late <= now);
    const swell = still || !beat ? 0 : Math.exp(-(now - beat.at - this.late) / SWELL_MS);
    this.dot.setAttribute("cx", x(last).toFixed(1));
    this.dot.setAttribute("cy", y(last).toFixed(1));
    this.dot.setAttribute("r", (4 + 3 * swell).toFixed(1));
    if (this.newest !== last.at) this.group.dataset.newest = this.newest = last.at;
  }
}

export class HeartLines {
  #lines = {};
  #frame = 0;
  #drawn = -Infinity;
  #now = null;
  #still = matchMedia("(prefers-reduced-motion: reduce)");

  constructor(svg) {
    for (const who of ["you", "them"]) {
      const group = svg.querySelector(`.heart-${who}`);
      if (group) this.#lines[who] = new Line(group);
    }
  }

  show(who, on) {
    const line = this.#lines[who];
    if (!line) return;
    line.group.toggleAttribute("hidden", !on);
    if (!on) line.points = [];
  }

  add(who, news, now) {
    this.#lines[who]?.add(news, now);
    this.#draw(now); // at once: what a heart did is on the screen with the next frame
  }

  #draw(now) { for (const line of Object.values(this.#lines)) line.draw(now, this.#still.matches); }

  start(now) {
    this.#now = now;
    cancelAnimationFrame(this.#frame);
    const tick = (at) => {
      if (!this.#now) return;
      if (!this.#still.matches && at - this.#drawn >= EVERY_MS) {
        this.#drawn = at;
        this.#draw(this.#now());
      }
      this.#frame = requestAnimationFrame(tick);
    };
    this.#frame = requestAnimationFrame(tick);
  }

  stop() {
    this.#now = null;
    cancelAnimationFrame(this.#frame);
  }
}
