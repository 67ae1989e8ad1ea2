// Asks the browser whether it takes reminders for us, and fills in where. The rest is a form like any other.

const form = document.querySelector("[data-push]");
const show = (name) => { document.querySelector(`[data-${name}]`).hidden = false; };
const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));
const can = form.dataset.key && "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

show("begin");
if (!can) {
  show("cannot");
  for (const button of form.querySelectorAll("[value=keep]")) button.disabled = true;
}

async function subscribe() {
  if (await Notification.requestPermission() !== "granted") return null;
  await navigator.serviceWorker.register("/worker.js", { updateViaCache: "none" });
  const { pushManager } = await navigator.serviceWorker.ready;
  const wish = { userVisibleOnly: true, applicationServerKey: bytes(form.dataset.key) };
  try {
    return await pushManager.subscribe(wish);
  } catch {
    await (await pushManager.getSubscription())?.unsubscribe(); // one that was made for another house, or an older key
    return pushManager.subscribe(wish);
  }
}

async function unsubscribe() {
  const registration = await navigator.serviceWorker.getRegistration();
  await (await registration?.pushManager.getSubscription())?.unsubscribe();
}

let asked = false;
form.addEventListener("submit", async (event) => {
  if (asked || !can) return;
  event.preventDefault();
  const { submitter } = event;
  try {
    if (submitter?.value === "stop") {
      await unsubscribe();
    } else {
      const made = await subscribe();
      if (!made) {
        show("denied");
        return;
      }
      const { endpoint, keys } = made.toJSON();
      form.elements.place.value = endpoint;
      form.elements.p256dh.value = keys.p256dh;
      form.elements.auth.value = keys.auth;
    }
  } catch {
    if (submitter?.value !== "stop") {
      show("denied");
      return;
    }
  }
  asked = true;
  form.requestSubmit(submitter);
});
