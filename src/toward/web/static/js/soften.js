// Looks along while a message is written: lines under what may land hard, reasons on a tap, a softer form of one's own. It
// asks when the hands rest, drops a question as soon as they move on, and is silent once the message is sent. Nothing is
// kept, here or there, and nothing waits for it. Words of a person only ever become text, never markup.

const RESTS_MS = 700;
const ROOM = 4096; // a question is filled up to a multiple of this, so that its length tells little
const HELD = ["threat", "fear", "self_harm", "self_harm_threat"];

const place = document.querySelector("[data-soften]");
const area = place && document.getElementById(place.dataset.soften);

if (area?.form) {
  const one = (name) => place.querySelector(`[data-${name}]`);
  const shown = one("place"), status = one("status"), back = one("back");
  const fields = place.dataset.beside.split(" ").filter(Boolean).map((name) => area.form.elements.namedItem(name));
  const mirror = document.createElement("div");
  let marks = [], seen = "", looked = null, kind = "nothing", asking = null, timer = 0, held = false, sent = false, before = null;

  // The same parts that a page without a script is given, made once and filled again and again.
  const parts = {};
  for (const from of place.querySelectorAll("template")) {
    const part = document.createElement("div");
    part.className = "soften-part";
    part.append(from.content.cloneNode(true));
    for (const slot of part.querySelectorAll("textarea")) slot.removeAttribute("name"); // what is in a slot is not sent
    parts[from.dataset.kind] = part;
  }
  parts.warm = document.createElement("div");
  parts.note = parts.warm;
  parts.warm.append(Object.assign(document.createElement("p"), { className: "soft soften-word" }));
  parts.warm.firstChild.dataset.say = "";
  const slots = [...parts.hard.querySelectorAll("textarea")];
  const hints = [...parts.hard.querySelectorAll(".hint")];
  const reasons = parts.hard.querySelector("[data-reasons]");

  shown.replaceChildren();
  document.querySelector("[data-look]").hidden = true;
  mirror.className = "soften-mirror";
  mirror.setAttribute("aria-hidden", "true");
  area.before(mirror);

  const lay = () => {
    const to = { left: area.offsetLeft, top: area.offsetTop, width: area.clientWidth + 2 * area.clientLeft, height: area.offsetHeight };
    for (const [side, px] of Object.entries(to)) mirror.style.setProperty(side, `${px}px`);
    mirror.scrollTop = area.scrollTop;
  };
  const draw = () => {
    const text = area.value, pieces = [];
    let at = 0;
    for (const [start, end] of marks) {
      const mark = document.createElement("mark");
      mark.textContent = text.slice(start, end);
      pieces.push(text.slice(at, start), mark);
      at = end;
    }
    mirror.replaceChildren(...pieces, marks.length ? text.slice(at) : "");
    lay();
  };

  // Lines stay under the words they belong to while somebody types elsewhere; words that change lose theirs.
  const follow = () => {
    const text = area.value, was = seen, shift = text.length - was.length;
    let head = 0, tail = 0;
    while (head < Math.min(text.length, was.length) && text[head] === was[head]) head++;
    while (tail < Math.min(text.length, was.length) - head && text.at(-1 - tail) === was.at(-1 - tail)) tail++;
    marks = marks.flatMap(([start, end, why]) => {
      if (end <= head) return [[start, end, why]];
      return start >= was.length - tail ? [[start + shift, end + shift, why]] : [];
    });
    seen = text;
  };

  const phrase = (start, end) => {
    const said = document.createElement("q");
    said.className = "said";
    said.dir = "auto";
    said.textContent = looked.slice(start, end);
    return said;
  };
  const show = (found) => {
    const part = parts[found.kind];
    if (HELD.includes(found.kind)) held = true;
    marks = found.marks;
    if (found.kind === "hard") {
      reasons.replaceChildren(...found.reasons.map((why, n) => {
        const item = document.createElement("li"), said = document.createElement("p"), because = document.createElement("p");
        for (const [start, end, reason] of marks) if (reason === n) said.append(phrase(start, end), " ");
        because.textContent = why;
        item.append(said, because);
        return item;
      }));
      hints.forEach((hint, n) => { hint.textContent = found.slots[n]; });
    }
    if (part) part.querySelector("[data-say]").textContent = found.say;
    if (shown.firstChild !== (part ?? null)) shown.replaceChildren(...(part ? [part] : []));
    if (found.kind !== kind) status.textContent = found.say; // read out when it changes, and not at every word
    kind = found.kind;
    draw();
  };
  const nothing = () => show({ kind: "nothing", say: "", reasons: [], marks: [], slots: [] });

  const ask = async () => {
    const text = area.value;
    if (sent || text === looked) return;
    looked = text;
    if (!text.trim()) { nothing(); return; }
    const body = new URLSearchParams({ text });
    for (const field of fields) if (field.value) body.append("beside", field.value);
    if (held) body.set("held", "1");
    body.set("pad", "");
    body.set("pad", "-".repeat(ROOM - (body.toString().length % ROOM)));
    const mine = asking = new AbortController();
    try {
      const answer = await fetch(place.dataset.at, { method: "POST", body, headers: { accept: "application/json" }, signal: mine.signal });
      if (!answer.ok) throw new Error(answer.status);
      const found = await answer.json();
      if (!mine.signal.aborted) show(found);
    } catch {
      if (asking === mine) looked = null; // no line, or signed out: writing goes on without
    }
  };
  const stop = () => {
    clearTimeout(timer);
    asking?.abort();
    asking = null;
  };
  const rest = () => {
    stop();
    if (looked !== area.value) looked = null;
    timer = setTimeout(ask, RESTS_MS);
  };

  area.addEventListener("input", () => {
    follow();
    draw();
    rest();
  });
  area.addEventListener("scroll", () => { mirror.scrollTop = area.scrollTop; });
  new ResizeObserver(lay).observe(area);

  // A tap on underlined words opens their reason.
  area.addEventListener("click", () => {
    const at = area.selectionStart;
    const hit = area.selectionEnd === at && marks.find(([start, end]) => start <= at && at <= end);
    if (!hit || kind !== "hard") return;
    parts.hard.querySelector("details").open = true;
    [...reasons.children].forEach((item, n) => item.classList.toggle("now", n === hit[2]));
    reasons.children[hit[2]]?.scrollIntoView({ block: "nearest" });
  });

  const put = (text) => {
    area.value = text;
    area.dispatchEvent(new Event("input", { bubbles: true }));
    area.focus();
  };
  const use = parts.hard.querySelector("[data-use]");
  use.type = "button";
  use.addEventListener("click", () => {
    const said = slots.map((slot) => slot.value.trim().replace(/\s+/gu, " ")).filter(Boolean);
    if (!said.length) { slots[0].focus(); return; }
    before = area.value;
    back.hidden = false;
    put(said.map((text) => (/[.?!…]$/u.test(text) ? text : `${text}.`)).join(" "));
  });
  const bring = back.querySelector("button");
  bring.type = "button";
  bring.addEventListener("click", () => {
    back.hidden = true;
    put(before ?? area.form.elements.namedItem("soften-was")?.value ?? area.value);
  });

  addEventListener("submit", (event) => {
    if (event.target !== area.form || event.defaultPrevented) return;
    sent = true;
    stop();
  });
  addEventListener("pageshow", (event) => { if (event.persisted) sent = false; });
  addEventListener("offline:not-sent", () => { sent = false; });
  addEventListener("pagehide", stop);

  seen = area.value;
  lay();
  if (area.value) rest();
}
