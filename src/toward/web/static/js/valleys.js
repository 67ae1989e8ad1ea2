// The dance, to play with: web/valleys.py again, for the page's own clock (held to it by generated cases), and its picture.

export const STEP_DAYS = 0.02;
export const FAR = [2.16, 2.07];
export const CLOSE = [4.85, 4.73];
const DAYS_A_SECOND = 1.5;
const GRID = Array.from({ length: 61 }, (_, i) => 1.2 + 0.08 * i);

export const start = ([one, other]) => (
  { one, other, shield: 0, inner: 0, hand: 0, reaches: 0, sits: 0, reach_days: 0, sit_days: 0 });
const bend = (z) => 1 / (1 + Math.exp(z));
const threat = (x) => bend((x - 3.5) / 0.4);
const hears = (x) => bend((2.8 - x) / 0.35);
const meets = (x) => bend(-(0.95 + 0.9 * (x - 4)));
const within = (x) => Math.min(7, Math.max(1, x));

export const drift = ({ one, other, shield, hand, inner }) => {
  const guard = (1 - shield) * (1 - hand);
  return [
    1 * (5 - one) + 0.35 * (other - one) - 2.9 * guard * (1 - inner) * threat(other),
    0.95 * (4.8 - other) + 0.35 * (one - other) - 2.7 * guard * threat(one),
  ];
};

export const step = (two) => {
  let [one, other] = drift(two);
  const reaches = two.reach_days > 0 ? two.reaches : 0;
  const sits = two.sit_days > 0 ? two.sits : 0;
  const met = meets(two.other);
  one += reaches * (met * 0.35 * hears(two.one) - (1 - met) * 0.35);
  other += reaches * met * 0.35 / 2 * hears(two.other);
  return {
    ...two,
    one: within(two.one + one * STEP_DAYS),
    other: within(two.other + other * STEP_DAYS),
    shield: two.shield * Math.exp(-STEP_DAYS / 3),
    inner: Math.min(0.7, two.inner + sits * 0.035 * STEP_DAYS) * Math.exp(-STEP_DAYS / 30),
    hand: two.hand * Math.exp(-STEP_DAYS / 0.5),
    reach_days: Math.max(0, two.reach_days - STEP_DAYS),
    sit_days: Math.max(0, two.sit_days - STEP_DAYS),
  };
};

export const ACTS = {
  press: (two) => ({ ...two, reaches: 3, reach_days: 7 }),
  soften: (two) => (
    { ...two, one: within(two.one + 0.6), other: within(two.other + 0.6), shield: two.shield + 0.55 * (1 - two.shield) }),
  hold: (two) => ({ ...two, hand: Math.max(two.hand, 0.4) }),
  practise: (two) => ({ ...two, sits: 1, sit_days: 21 }),
  shake: (two) => {
    const blow = 1 - two.hand;
    return { ...two, one: Math.max(1, two.one - blow), other: Math.max(1, two.other - blow) };
  },
  far: () => start(FAR),
  close: () => start(CLOSE),
};

export const heights = (two) => {
  const slopes = GRID.map((x) => drift({ ...two, one: x, other: x }).reduce((sum, side) => sum + side) / 2);
  let total = 0;
  const found = slopes.map((slope, i) => {
    total -= (slopes[Math.max(0, i - 1)] + slope) / 2 * 0.08;
    return total;
  });
  const lowest = Math.min(...found);
  return found.map((height) => height - lowest);
};

/** Where the two are, for the words: a valley only once they have come down into it. */
export const place = ({ one, other }) => {
  const mean = (one + other) / 2;
  if (mean < 2.7) return "far";
  return mean > 4.3 ? "close" : "between";
};

const across = (x) => (20 + (x - 1.2) * 320 / 4.8).toFixed(1);
const up = (height) => (180 - 150 * (1 - Math.exp(-height / 0.9))).toFixed(1);

const play = (section) => {
  const find = (name) => section.querySelector(`[data-${name}]`);
  const { dataset } = section;
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  let two = start(FAR);
  let told = "";
  let frame = 0;
  let last = 0;

  const draw = () => {
    const found = heights(two);
    const points = GRID.map((x, i) => `${across(x)} ${up(found[i])}`);
    find("land").setAttribute("d", `M20 190L${points.join("L")}L340 190z`);
    find("ridge").setAttribute("d", `M${points.join("L")}`);
    for (const who of ["one", "other"]) {
      const x = Math.min(6, Math.max(1.2, two[who]));
      const i = Math.min(59, Math.floor((x - 1.2) / 0.08));
      const part = (x - GRID[i]) / 0.08;
      const y = Number(up(found[i] * (1 - part) + found[i + 1] * part));
      find(who).setAttribute("transform", `translate(${across(x)} ${(y - 9).toFixed(1)})`);
    }
  };

  const key = (...parts) => parts.map((part, i) => (i ? part[0].toUpperCase() + part.slice(1) : part)).join("");

  const tell = (act) => {
    const here = place(two);
    if (act) find("why").textContent = dataset[key("say", act, here)] ?? dataset[key("say", act)] ?? "";
    if (here !== told) find("where").textContent = dataset[key("in", here)];
    told = here;
  };

  const run = (days) => { for (let i = 0; i < days / STEP_DAYS; i += 1) two = step(two); };

  const tick = (at) => {
    run(Math.min(0.2, (at - last) / 1000 * DAYS_A_SECOND));
    last = at;
    draw();
    tell();
    frame = requestAnimationFrame(tick);
  };

  const look = () => {
    cancelAnimationFrame(frame);
    if (document.hidden || still.matches) return;
    last = performance.now();
    frame = requestAnimationFrame(tick);
  };

  for (const button of section.querySelectorAll("[data-act]")) {
    button.addEventListener("click", () => {
      const { act } = button.dataset;
      two = ACTS[act](two);
      tell(act);
      // Without motion a press shows what a week makes of it.
      if (still.matches) run(act === "practise" ? 28 : 7);
      draw();
      tell();
    });
  }
  section.hidden = false;
  draw();
  tell();
  look();
  still.addEventListener("change", look);
  document.addEventListener("visibilitychange", look);
  section.state = () => two;
};

const section = document.querySelector("[data-valleys]");
if (section) play(section);
