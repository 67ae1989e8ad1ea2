// The way into the live room, kept open: live/messages.py says what goes over it.
//
//   const room = new Room("/live", { state(now, fresh) {}, line(up) {}, hearts(news) {}, refused(message) {}, ended(code) {} });
//   room.say({ is: "breathe", in_s: 4, out_s: 6, minutes: 3 });      sent now, or with the next connection
//   room.keep("thumb", { is: "thumb", down: true });                  sent now and with every new connection; null forgets it
//   room.now()                                                        the room's time in milliseconds (once room.clock.known)
//   room.unsay("breathe");                                            what waits for a connection is no longer meant
//   room.leave();
//
// A state is told once the clock has its first window of probes: a breath drawn on half a clock would jump. While nobody looks
// there are no timers: the other's phone says that this one is away, and a page that comes back asks at once.

import { Clock, PROBES } from "./clock.js";

const PROBE_EVERY_MS = 2000;
const SECOND_WINDOW_MS = 1500;
const SILENT_MS = 12000;
const ANSWER_MS = 3000;
const LONGEST_WAIT_MS = 8000;
const WAITING = 8;
const FINAL = new Set([1000, 4401, 4403, 4409]);

export class Room {
  clock = new Clock();
  #url;
  #on;
  #socket = null;
  #up = false;
  #tries = 0;
  #rev = 0;
  #state = null;
  #fresh = false;
  #heard = 0;
  #trip = 0;
  #kept = new Map();
  #waiting = [];
  #retry = 0;
  #beat = 0;
  #hiddenAt = 0;
  #over = false;

  constructor(path, on) {
    this.#url = new URL(path, location.href);
    this.#url.protocol = this.#url.protocol.replace("http", "ws");
    this.#on = on;
    document.addEventListener("visibilitychange", this.#look);
    for (const name of ["online", "offline"]) addEventListener(name, this.#look);
    addEventListener("pageshow", this.#look);
    navigator.connection?.addEventListener?.("change", this.#look);
    this.#connect();
  }

  get up() { return this.#up; }

  now() { return this.clock.room(); }

  say(message) {
    if (this.#up) this.#send(message);
    else this.#waiting = [...this.#waiting.filter(({ is }) => is !== message.is), message].slice(-WAITING);
  }

  unsay(is) { this.#waiting = this.#waiting.filter((message) => message.is !== is); }

  keep(name, message) {
    if (message) this.#kept.set(name, message);
    else this.#kept.delete(name);
    if (message && this.#up) this.#send(message);
  }

  leave(code = 1000) {
    if (this.#up) this.#send({ is: "leave" });
    this.#end(code);
  }

  #send(message) { this.#socket.send(JSON.stringify(message)); }

  #probe() { this.#send({ is: "probe", sent: performance.now() }); }

  #connect() {
    clearTimeout(this.#retry);
    if (this.#over || this.#socket) return;
    const socket = new WebSocket(this.#url);
    const mine = (handle) => (event) => { if (socket === this.#socket) handle(event); };
    this.#socket = socket;
    this.#heard = performance.now();
    this.#rev = -1;
    this.#state = null;
    socket.onmessage = mine(({ data }) => this.#hear(JSON.parse(data)));
    socket.onclose = mine(({ code }) => (FINAL.has(code) ? this.#end(code) : this.#lost()));
    // Twice: while a page is still loading it answers late, and a window of late answers is a wrong clock.
    const window = (after) => {
      for (let i = 0; i < PROBES; i += 1) {
        setTimeout(mine(() => socket.readyState === 1 && this.#probe()), after + i * 25);
      }
    };
    socket.onopen = mine(() => [0, SECOND_WINDOW_MS].forEach(window));
    this.#watch();
  }

  #watch() {
    clearInterval(this.#beat);
    if (document.hidden) return;
    const socket = this.#socket;
    this.#beat = setInterval(() => {
      if (performance.now() - this.#heard > SILENT_MS) this.#lost();
      else if (socket.readyState === 1) this.#probe();
    }, PROBE_EVERY_MS);
  }

  #hear(message) {
    const received = performance.now();
    this.#heard = received;
    if (message.is === "echo") {
      this.#trip = received - message.sent;
      this.clock.take({ sent: message.sent, room: message.room, received });
      this.#tell();
    } else if (message.is === "hearts") this.#on.hearts?.(message);
    else if (message.is === "refused") this.#on.refused?.(message);
    else if (message.rev >= this.#rev) {
      this.#rev = message.rev;
      this.#state = message;
      if (!this.#up) this.#arrive();
      this.#tell();
    }
  }

  #tell() {
    if (!this.#state || !this.clock.settled) return;
    const [state, fresh] = [this.#state, this.#fresh];
    this.#state = null;
    this.#fresh = false;
    this.#on.state?.(state, fresh);
  }

  #arrive() {
    this.#up = true;
    this.#fresh = true;
    this.#tries = 0;
    for (const message of [...this.#kept.values(), ...this.#waiting]) this.#send(message);
    this.#waiting = [];
    this.#on.line?.(true);
  }

  /** The connection is gone, or so silent that it is as good as gone. The breath does not need it. */
  #lost() {
    this.#drop();
    if (document.hidden) return; // whoever comes back connects
    const wait = Math.min(LONGEST_WAIT_MS, 250 * 2 ** this.#tries) * (0.5 + Math.random());
    this.#tries += 1;
    this.#retry = setTimeout(() => this.#connect(), wait);
  }

  #drop() {
    const socket = this.#socket;
    this.#socket = null;
    clearInterval(this.#beat);
    socket?.close();
    if (this.#up) this.#on.line?.(false);
    this.#up = false;
  }

  /** The page is looked at again, or the network went or came: whatever the socket says, it may be dead. */
  #look = () => {
    if (document.hidden) {
      this.#hiddenAt = performance.now();
      clearInterval(this.#beat);
      clearTimeout(this.#retry);
      return;
    }
    if (this.#hiddenAt && performance.now() - this.#hiddenAt > SILENT_MS) this.clock.restart();
    this.#hiddenAt = 0;
    if (this.#socket?.readyState === 0) return; // on its way, as it is when a page has just loaded
    if (this.#socket?.readyState !== 1) {
      this.#tries = 0;
      this.#drop();
      this.#connect();
      return;
    }
    this.#watch();
    const asked = performance.now();
    const socket = this.#socket;
    this.#probe();
    setTimeout(() => { if (socket === this.#socket && this.#heard < asked) this.#lost(); }, ANSWER_MS + 2 * this.#trip);
  };

  #end(code) {
    if (this.#over) return;
    this.#over = true;
    this.#drop();
    clearTimeout(this.#retry);
    document.removeEventListener("visibilitychange", this.#look);
    for (const name of ["online", "offline"]) removeEventListener(name, this.#look);
    removeEventListener("pageshow", this.#look);
    navigator.connection?.removeEventListener?.("change", this.#look);
    this.#on.ended?.(code);
  }
}
