// Checking and keying, one paper after the other: the image moves, keys decide, and the paper stays held while its page is open.
// Without this script the same forms are sent the plain way.

import { imageOf } from "./review-image.js";
import { pagesOf } from "./review-pages.js";

const RENEW_MS = 30_000;
const bench = document.getElementById("bench");
const form = bench.querySelector("form.facts");
const stage = bench.querySelector(".stage");
const id = bench.dataset.component;
const token = document.querySelector('meta[name="csrf-token"]').content;
const listen = (target, kind, handler, options) => target.addEventListener(kind, handler, options);
let until = bench.dataset.until;

bench.classList.add("ready");
bench.querySelector(".zoom").hidden = false;
const image = imageOf(stage, listen);

const pages = pagesOf(bench, stage, image, (number) => `${location.pathname}?trang=${number}`);

listen(bench, "click", (event) => {
  const zoom = event.target.closest("[data-zoom]")?.dataset.zoom;
  if (zoom === "fit") image.toggle();
  else if (zoom) image.zoom(zoom === "in" ? 1.4 : 1 / 1.4);
  const step = event.target.closest("[data-turn]");
  if (step) {
    event.preventDefault();
    pages.turn(Number(step.dataset.turn));
  }
});

// ---- checking: a reason that is chosen makes the way back the filled button
const accept = form.querySelector("#accept");
const back = form.querySelector("#return");
const faults = [...form.querySelectorAll("[data-fault]")];
const held = () => bench.dataset.held === "other";
const weigh = () => {
  if (!accept) return;
  const any = faults.some((fault) => fault.checked);
  accept.disabled = any || held();
  back.classList.toggle("returns", any);
};
for (const fault of faults) listen(fault, "change", weigh);

// ---- keying: Enter goes on, to the last field and then to the next paper
const edits = [...form.querySelectorAll(".edit")];
const entryOf = (edit) => edit.querySelector("input:not([type=checkbox], [type=radio])");
const nonesOf = (edit) => [...edit.querySelectorAll("[data-none]")];
const showField = async (edit) => {
  const page = Number(edit.dataset.page || 0);
  if (page) await pages.turnTo(page);
  const box = edit.dataset.box?.split(" ").map(Number);
  image.show(edit.dataset.name, box && page === pages.number() ? box : null);
};
const goOn = (edit) => {
  const next = edits[edits.indexOf(edit) + 1];
  if (!next) form.querySelector("#keep").click();
  else (next.querySelector("[type=radio]") ?? entryOf(next)).focus();
};
const none = (edit, key) => {
  const tick = nonesOf(edit).find((one) => one.dataset.none === key);
  if (!tick || tick.disabled) return;
  const on = !tick.checked;
  for (const one of nonesOf(edit)) one.checked = on && one === tick;
  if (on) entryOf(edit).value = "";
};
for (const edit of edits) {
  listen(edit, "focusin", () => showField(edit).catch(() => {}));
  listen(edit, "input", (event) => {
    if (event.target === entryOf(edit) && event.target.value) {
      for (const one of nonesOf(edit)) one.checked = false;
      const other = edit.querySelector('[data-choice="3"]');
      if (other) other.checked = true;
    } else if (event.target.dataset.none && event.target.checked) {
      for (const one of nonesOf(edit)) one.checked = one === event.target;
      entryOf(edit).value = "";
    }
  });
}

// ---- keys
const typing = (element) => element.matches("input:not([type=checkbox], [type=radio]), textarea, select");
const PAN = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] };
const checking = (event) => {
  if (event.key === "Enter" && !event.target.matches("a, button, summary")) (faults.some((one) => one.checked) ? back : accept).click();
  else if (typing(event.target)) return false;
  else if (event.key.toLowerCase() === "r") {
    if (faults.some((one) => one.checked)) back.click();
    else faults[0].focus();
  } else if (/^[1-9]$/.test(event.key)) {
    const fault = faults.find((one) => one.dataset.fault === event.key);
    if (!fault || fault.disabled) return false;
    fault.checked = !fault.checked;
    weigh();
  } else return false;
  return true;
};
const keying = (event) => {
  const edit = event.target.closest?.(".edit") ?? null;
  if (event.key === "Enter" && edit) goOn(edit);
  else if (edit && (event.key === "F3" || event.key === "F4")) none(edit, event.key);
  else if (edit && /^[1-5]$/.test(event.key) && !typing(event.target)) {
    const choice = edit.querySelector(`[data-choice="${event.key}"]`);
    if (!choice) return false;
    choice.checked = true;
    (event.key === "3" ? entryOf(edit) : choice).focus();
  } else return false;
  return true;
};
const anywhere = (event) => {
  if (event.key === "F2" && form.querySelector(".fix")) form.querySelector(".fix").click();
  else if (event.key === "F8") image.toggle();
  else if (event.key === "F9") form.querySelector("#skip").click();
  else if (pages.count > 1 && event.key === "PageDown") pages.turn(1);
  else if (pages.count > 1 && event.key === "PageUp") pages.turn(-1);
  else if (event.target === stage && PAN[event.key]) image.pan(...PAN[event.key]);
  else if (!typing(event.target) && (event.key === "+" || event.key === "=")) image.zoom(1.4);
  else if (!typing(event.target) && event.key === "-") image.zoom(1 / 1.4);
  else return false;
  return true;
};
listen(document, "keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
  if (anywhere(event) || (accept ? checking(event) : keying(event))) event.preventDefault();
});

// ---- the lease
const lose = (why) => {
  bench.dataset.held = "other";
  const lost = form.querySelector(".lost");
  lost.querySelector(".who-has").textContent = why;
  lost.hidden = false;
  for (const one of form.querySelectorAll("#accept, #return, #keep, button.hidden, [data-fault], [data-choice], [data-none]")) one.disabled = true;
  for (const edit of edits) entryOf(edit).readOnly = true;
};
const renew = async () => {
  if (held()) return;
  const response = await fetch(`/api/v1/components/${id}/lease`, {
    method: "PUT",
    body: "{}",
    headers: { "Content-Type": "application/json", "X-CSRF-Token": token, "Accept-Language": document.documentElement.lang },
  });
  const said = await response.json();
  if (response.ok) until = said.until;
  else if (response.status === 401) location.assign(`/login?next=${encodeURIComponent(location.pathname)}`);
  else if (response.status === 409) lose(said.reasons?.map((reason) => reason[document.documentElement.lang] ?? reason.vi).join(" ") ?? said.title);
};
setInterval(() => renew().catch(() => {}), RENEW_MS);
listen(document, "visibilitychange", () => { if (!document.hidden) renew().catch(() => {}); });
listen(window, "pageshow", (event) => { if (event.persisted) location.reload(); });
let sent = false;
listen(form, "submit", (event) => {
  if (sent) event.preventDefault(); // Enter that was held down
  sent = true;
  setTimeout(() => { sent = false; }, 5000);
});
listen(window, "pagehide", () => {
  if (held() || !until || sent) return;
  navigator.sendBeacon(`/kiem-tra/${id}/tha`, new URLSearchParams({ csrf_token: token, until }));
});

// ---- begin
image.show(null, null, false);
weigh();
const here = edits.find((edit) => entryOf(edit) === document.activeElement); // where the page began, or where somebody is by now
const refused = form.querySelector(".edit [aria-invalid=true]");
const start = here ? entryOf(here) : edits.length && (refused ?? edits[0].querySelector("[type=radio]:not(:disabled)") ?? entryOf(edits[0]));
if (start) {
  const edit = start.closest(".edit");
  start.focus();
  const inView = () => {
    if (edit.contains(document.activeElement)) edit.scrollIntoView({ block: "nearest" });
  };
  inView();
  document.fonts.ready.then(inView); // and again when what is above has grown
  listen(window, "load", inView);
  if (here) showField(edit).catch(() => {});
}
