// The form around a breath (settle.js): what was chosen, whether the other was there, and where the eyes go next.

const form = document.querySelector("[data-settle]");

if (form) {
  const one = (name) => form.querySelector(`[data-${name}]`);
  const pace = one("pace");

  const choose = () => {
    const [inS, outS] = pace.value.split("-");
    form.querySelector("[data-choose=in_s]").value = inS;
    form.querySelector("[data-choose=out_s]").value = outS;
  };
  if (pace) {
    pace.addEventListener("change", choose);
    choose(); // a browser may have kept an earlier choice
    one("chosen").value = "1";
  }

  let alone = true;
  form.addEventListener("settle:state", ({ detail }) => {
    const joins = detail.them && !detail.them_quiet;
    alone &&= !joins;
    if (!joins || !detail.plan) return;
    one("met").value = "1";
    const words = one("met-words");
    if (words) words.hidden = false;
  });

  // A breath that nobody joined ends with the one who began it; any other is the couple's, and goes on without this phone.
  form.addEventListener("click", ({ target }) => {
    if (alone && target.closest("[data-stop]")) form.settle.room?.say({ is: "stop", what: "breath" });
  }, true);

  let was = form.dataset.state;
  new MutationObserver(() => {
    const now = form.dataset.state;
    if (now === was) return;
    was = now;
    if (now === "running") {
      scrollTo(0, 0);
      one("stage").focus({ preventScroll: true });
    }
    if (now === "done") form.querySelector(".after input[type=radio], .after button")?.focus({ preventScroll: true });
  }).observe(form, { attributeFilter: ["data-state"] });
}
