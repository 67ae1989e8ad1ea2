// Between this browser and the house: shows one page that holds nothing of anybody where the house can't be reached,
// takes a check-in that can't be sent, and leaves the page of any other form that can't be sent as it is. It keeps the
// files of an allow-list and that page. What a person sees of their own is never kept: it goes to the network and past this.
//
// The server puts `self.kept = {cache, page, files, scripts, reminder, icon}` in front of this (web/pages/worker.py).

importScripts(...self.kept.scripts);

const { cache: CACHE, page: PAGE, files: FILES } = self.kept;
const PATIENCE_MS = 8000; // a house that is asleep does not say no, it says nothing
const CHECK_IN = "/check-in";
const ENDS = new Set(["/lock/now", "/settings/sign-out", "/settings/erase"]); // whoever goes wants nothing left to see
const FORM = "application/x-www-form-urlencoded"; // files are not carried through here

addEventListener("install", (event) => {
  // Without cookies: the page must be everybody's, even if somebody is signed in or has just left quickly.
  const asked = [PAGE, ...FILES].map((path) => new Request(path, { credentials: "omit" }));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(asked)));
});

addEventListener("activate", (event) => {
  const drop = (names) => Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name)));
  event.waitUntil(caches.keys().then(drop));
});

// A new worker waits until a page in which nothing is typed says that it may take over (offline.js). No page is ever
// loaded anew by this.
addEventListener("message", (event) => {
  if (event.data === "take over") skipWaiting();
});

addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin || url.pathname.startsWith("/look/")) return;
  if (request.mode === "navigate" && request.method === "GET") event.respondWith(visit(request, url));
  else if (request.mode === "navigate" && url.pathname === CHECK_IN) event.respondWith(checkIn(request));
  else if (request.mode === "navigate" && isForm(request, url)) event.respondWith(send(request));
  else if (request.method === "GET" && FILES.includes(url.pathname)) event.respondWith(file(request));
});

const kept = async (path) => (await caches.open(CACHE)).match(path);
const file = async (request) => (await kept(request.url)) ?? fetch(request);

async function visit(request, url) {
  if (url.pathname === PAGE) return (await kept(PAGE)) ?? fetch(request);
  let timer = 0;
  const late = new Promise((_, reject) => { timer = setTimeout(reject, PATIENCE_MS, new Error("no answer")); });
  try {
    return await Promise.race([fetch(request), late]);
  } catch (error) {
    const page = await kept(PAGE);
    if (page) return page;
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

// Sent if it can be; else sealed to its writer and kept. What can't be kept either is the browser's to explain: it still
// has the form.
async function checkIn(request) {
  const copy = request.clone();
  try {
    return await fetch(request);
  } catch (error) {
    const form = Object.fromEntries(await copy.formData());
    delete form.share; // a sealed exchange needs the other's side of it; what is offered is offered in the house
    if (form.felt && await self.outbox.put(form)) return Response.redirect(`${PAGE}?kept`, 303);
    throw error;
  }
}

const isForm = ({ method, headers }, { pathname }) =>
  method === "POST" && !ENDS.has(pathname) && (headers.get("content-type") ?? "").startsWith(FORM);

// A house that is just being started again, or out of reach, answers nothing. The browser's own page for that would take
// the place of the form, and what was typed with it. No content leaves the form where it is, and it is told (offline.js).
async function send(request) {
  try {
    return await fetch(request);
  } catch {
    for (const client of await clients.matchAll({ type: "window" })) client.postMessage("not sent");
    return new Response(null, { status: 204 });
  }
}

// A reminder says the same whatever it is for, under an icon that says nothing; a second one takes the place of the first.
addEventListener("push", (event) => {
  const { reminder, icon } = self.kept;
  event.waitUntil(registration.showNotification(reminder, { tag: "reminder", icon }));
});

addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil((async () => {
    const open = await clients.matchAll({ type: "window" });
    const here = open.find((one) => !new URL(one.url).pathname.startsWith("/look/"));
    return here ? here.focus() : clients.openWindow("/"); // what is open may hold something half written
  })());
});
