// The breath: what a plan says at any time (mirrors practices/breath.py, held to it by generated cases), and its picture.
//
// The picture is <svg class="breath"> as parts/marks.html draws it: one or two circles and their overlap. They grow and shrink
// together; under reduced motion they stand still and a ring fills and empties instead.

const RECOIL = 0.8;
const SVG = "http://www.w3.org/2000/svg";
const SMALLEST = 0.66;

/** A plan's number of whole breaths. */
export const breaths = ({ in_s, out_s, minutes }) => Math.max(1, Math.floor(minutes * 60 / (in_s + out_s) + 0.5));

/** When a plan ends, in its own time. */
export const ends = (plan) => plan.started_ms + breaths(plan) * (plan.in_s + plan.out_s) * 1000;

/** Where in a plan a time lies: {part: "before" | "in" | "out" | "done", fraction, breath, left_s}. */
export const phase = (plan, at) => {
  const { in_s, out_s } = plan;
  const cycle = in_s + out_s;
  const since = (at - plan.started_ms) / 1000;
  const left_s = breaths(plan) * cycle - since;
  if (since < 0) return { part: "before", fraction: 0, breath: 0, left_s };
  if (left_s <= 0) return { part: "done", fraction: 1, breath: breaths(plan), left_s: 0 };
  const whole = Math.min(Math.floor(since / cycle), breaths(plan) - 1);
  const within = since - whole * cycle;
  return within < in_s
    ? { part: "in", fraction: Math.max(0, within / in_s), breath: whole + 1, left_s }
    : { part: "out", fraction: Math.min(1, (within - in_s) / out_s), breath: whole + 1, left_s };
};

/** How full the lungs are, 0 to 1. */
export const fullness = ({ part, fraction }) => {
  if (part === "in") return (1 - Math.cos(Math.PI * fraction)) / 2;
  return part === "out" ? (1 + Math.cos(Math.PI * fraction ** RECOIL)) / 2 : 0;
};

/** Return a function that draws a phase into the picture. */
export const picture = (svg) => {
  const find = (name) => svg.querySelector(`.breath-${name}`);
  const circles = [find("you"), find("them")].filter(Boolean);
  const both = find("both");
  const full = Number(circles[0].getAttribute("r"));
  const [x1, x2] = circles.map((circle) => Number(circle.getAttribute("cx")));
  const y = Number(circles[0].getAttribute("cy"));
  svg.querySelector(".breath-idle")?.classList.remove("breath-idle");

  const grow = (level) => {
    const r = full * (SMALLEST + (1 - SMALLEST) * level);
    for (const circle of circles) circle.setAttribute("r", r.toFixed(2));
    if (!both) return;
    const half = Math.sqrt(Math.max(0, r * r - ((x2 - x1) / 2) ** 2));
    const arc = `a${r} ${r} 0 0 1 0 `;
    both.setAttribute("d", `M${(x1 + x2) / 2} ${y - half}${arc}${2 * half}${arc}${-2 * half}z`);
  };

  let ring = null;
  const fill = (level) => {
    if (!ring) {
      ring = document.createElementNS(SVG, "circle");
      const x = (x1 + (x2 ?? x1)) / 2;
      const turned = `rotate(-90 ${x} ${y})`; // it fills from the top
      const to = { class: "breath-ring", cx: x, cy: y, r: full * 0.5, pathLength: 100, transform: turned };
      for (const [name, value] of Object.entries(to)) ring.setAttribute(name, value);
      circles[0].parentNode.append(ring);
    }
    ring.setAttribute("stroke-dasharray", `${(100 * level).toFixed(1)} 100`);
  };

  const still = matchMedia("(prefers-reduced-motion: reduce)");
  return (now) => {
    if (still.matches) {
      fill(now.part === "in" ? now.fraction : now.part === "out" ? 1 - now.fraction : 0);
    } else {
      ring?.remove();
      ring = null;
      grow(fullness(now));
    }
  };
};
