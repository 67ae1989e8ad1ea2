// Small manners of every page: what is open closes by Escape or a touch elsewhere; the server learns the clock's offset.

const SECURE = location.protocol === "https:" ? "; Secure" : "";
const NAME = location.protocol === "https:" ? "__Host-toward-tz" : "toward-tz";
document.cookie = `${NAME}=${-new Date().getTimezoneOffset()}; Path=/; SameSite=Lax${SECURE}`;

const menu = document.querySelector("[data-menu]");
if (menu) {
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary")?.focus();
  });
  addEventListener("pointerdown", (event) => {
    if (menu.open && !menu.contains(event.target)) menu.open = false;
  });
}
