// The review page: the image follows the fields, one key accepts and the next paper is there at once; the paper stays held while
// the page is open. Without this script the same form is sent the plain way.

import { imageOf } from "./review-image.js";
import { kindBox } from "./review-kind.js";
import { pagesOf } from "./review-pages.js";

const RENEW_MS = 30_000;
const token = () => document.querySelector('meta[name="csrf-token"]').content;
const touch = matchMedia("(pointer: coarse)").matches;
let ahead = null; // the next paper's image, fetched while this one is looked at: { url, blob: Promise of an object URL }
let unmount = () => {};

const fetchAhead = (url) => {
  if (!url || ahead?.url === url) return;
  const blob = fetch(url).then((response) => (response.ok ? response.blob() : null)).then((bytes) => bytes && URL.createObjectURL(bytes));
  ahead = { url, blob: blob.catch(() => null) };
};

// The image that is there already takes the place of the one that would have to be fetched: in the parsed page, which fetches nothing.
const useAhead = async (bench) => {
  const image = bench.querySelector(".layer img");
  if (!ahead || image?.getAttribute("src") !== ahead.url) return null;
  const url = await ahead.blob;
  ahead = null;
  if (url) image.setAttribute("src", url);
  return url;
};

const swap = async (html, url) => {
  const page = new DOMParser().parseFromString(html, "text/html");
  const bench = page.getElementById("bench");
  if (!bench) { // the sign-in page, an error, the end of the queue
    location.assign(url);
    return;
  }
  const there = await useAhead(bench);
  const fresh = document.importNode(bench, true);
  if (there) {
    await fresh.querySelector(".layer img").decode().catch(() => {});
    URL.revokeObjectURL(there);
  }
  unmount();
  document.getElementById("bench").replaceWith(fresh);
  document.title = page.title;
  const { pathname } = new URL(url);
  if (pathname === location.pathname) history.replaceState(null, "", pathname);
  else history.pushState(null, "", pathname);
  mount(fresh);
};

const mount = (bench) => {
  const stop = new AbortController();
  const listen = (target, kind, handler, options = {}) => target.addEventListener(kind, handler, { ...options, signal: stop.signal });
  const form = bench.querySelector("form.facts");
  const stage = bench.querySelector(".stage");
  const id = bench.dataset.component;
  let until = bench.dataset.until;
  let busy = false;

  bench.classList.add("ready");
  bench.querySelector(".zoom").hidden = false;
  const image = imageOf(stage, listen);

  const pages = pagesOf(bench, stage, image, (number) => `/kiem-tra/${id}/trang/${number}`);

  const showField = async (edit) => {
    const page = Number(edit.dataset.page || 0);
    if (page) await pages.turnTo(page);
    const box = edit.dataset.box?.split(" ").map(Number);
    if (box && page === pages.number()) image.show(edit.dataset.name, box);
    else image.show(edit.dataset.name, null);
  };

  // ---- fields
  const edits = () => [...form.querySelectorAll(".edit")];
  const entryOf = (edit) => edit.querySelector("input:not([type=checkbox]), textarea");
  const tickOf = (edit) => edit.querySelector("input[type=checkbox]");
  const last = () => form.querySelector("#accept") ?? form.querySelector("#save");
  // To the next place that somebody has to look at; behind the last one to the button that accepts.
  const goOn = (from) => {
    const behind = (place) => !from || (!from.contains(place) && from.compareDocumentPosition(place) & Node.DOCUMENT_POSITION_FOLLOWING);
    const next = [...form.querySelectorAll(".look")].find(behind);
    const target = next ? entryOf(next) ?? next.querySelector("input") : last();
    target.focus();
    target.select?.();
  };
  const refresh = (edit) => {
    const entry = entryOf(edit);
    edit.querySelector(".entry").classList.toggle("typed", entry.value !== entry.defaultValue);
    edit.classList.toggle("empty", entry.value === "");
    if (entry.value !== "") tickOf(edit).checked = false;
    for (const button of edit.querySelectorAll(".offer-one")) button.setAttribute("aria-pressed", String(button.dataset.value === entry.value));
  };
  const put = (edit, value) => {
    const entry = entryOf(edit);
    if (entry.readOnly) return;
    entry.value = value;
    refresh(edit);
  };
  // What stands there and its alternatives, round and round.
  const other = (edit, step) => {
    const offers = [...edit.querySelectorAll(".offer-one")].map((button) => button.dataset.value);
    if (!offers.length) return false;
    const round = [entryOf(edit).defaultValue, ...offers];
    const index = round.indexOf(entryOf(edit).value);
    put(edit, round[(Math.max(0, index) + step + round.length) % round.length]);
    return true;
  };
  const absent = (edit) => {
    const tick = tickOf(edit);
    if (tick.disabled) return;
    const on = !tick.checked;
    put(edit, on ? "" : entryOf(edit).defaultValue);
    tick.checked = on;
  };
  for (const edit of edits()) refresh(edit);

  const select = form.querySelector("select");
  kindBox(select, listen, (changed) => {
    if (changed) form.requestSubmit(form.querySelector("#save"));
    else goOn(null);
  });

  listen(form, "focusin", (event) => {
    const edit = event.target.closest(".edit");
    if (edit) showField(edit).catch(() => {});
  });
  listen(form, "input", (event) => {
    const edit = event.target.closest(".edit");
    if (!edit) return;
    if (event.target === entryOf(edit)) refresh(edit);
    else if (event.target.checked) {
      put(edit, "");
      event.target.checked = true;
    }
  });
  listen(form, "click", (event) => {
    const offer = event.target.closest(".offer-one");
    if (!offer) return;
    put(offer.closest(".edit"), offer.dataset.value);
    entryOf(offer.closest(".edit")).focus();
  });
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

  // ---- keys
  const PAN = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] };
  const onStage = (event) => {
    if (event.key === "+" || event.key === "=") image.zoom(1.4);
    else if (event.key === "-") image.zoom(1 / 1.4);
    else if (event.key === "0") image.fit();
    else if (PAN[event.key]) image.pan(...PAN[event.key]);
    else if (event.key === "Enter") goOn(null);
    else return false;
    return true;
  };
  const anywhere = (event) => {
    const control = event.ctrlKey || event.metaKey;
    const edit = event.target.closest?.(".edit");
    if (control && event.key === "Enter") last().click();
    else if (control && event.key.toLowerCase() === "s") form.querySelector("#save").click();
    else if (control || event.altKey) return false;
    else if (event.key === "F7") bench.querySelector('.tools a[href^="/ban-quet/"]').click();
    else if (event.key === "F2") form.querySelector("#kind").focus();
    else if (event.key === "F4" && edit) absent(edit);
    else if (event.key === "F8") image.toggle();
    else if (event.key === "F9") form.querySelector("#skip").click();
    else if (pages.count < 2) return false;
    else if (event.key === "PageDown") pages.turn(1);
    else if (event.key === "PageUp") pages.turn(-1);
    else return false;
    return true;
  };
  const inField = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return false;
    if (event.key === "Enter" && event.target.matches("input[type=checkbox]")) {
      goOn(event.target.closest(".edit") ?? event.target);
      return true;
    }
    const edit = event.target.closest?.(".edit");
    if (!edit || event.target !== entryOf(edit)) return false;
    const { selectionStart, selectionEnd, value } = event.target;
    // In a box of several lines the arrows move between them, until its end or beginning.
    if (event.key === "Enter") goOn(edit);
    else if (event.key === "ArrowDown") return selectionEnd === value.length && other(edit, 1);
    else if (event.key === "ArrowUp") return (selectionStart === 0 || selectionEnd === value.length) && other(edit, -1);
    else if (event.key === "Escape") stage.focus();
    else return false;
    return true;
  };
  listen(document, "keydown", (event) => {
    if (event.defaultPrevented) return;
    const done = anywhere(event) || inField(event) || (event.target === stage && !event.ctrlKey && !event.metaKey && onStage(event));
    if (done) event.preventDefault();
  });

  // ---- sending
  const news = (text) => { form.querySelector(".news").textContent = text; };
  listen(form, "submit", async (event) => {
    event.preventDefault();
    if (busy) return;
    busy = true;
    form.setAttribute("aria-busy", "true");
    const data = new URLSearchParams(new FormData(form, event.submitter));
    try {
      const response = await fetch(form.action, { method: "POST", body: data, headers: { Accept: "text/html" } });
      await swap(await response.text(), response.url);
    } catch {
      news(bench.dataset.ended);
    } finally {
      busy = false;
      form.removeAttribute("aria-busy");
    }
  });

  // ---- the lease
  const lose = (reason) => {
    const lost = form.querySelector(".lost");
    lost.querySelector(".who-has").textContent = reason;
    lost.querySelector(".kept").hidden = !edits().some((edit) => edit.querySelector(".typed"));
    lost.hidden = false;
    bench.dataset.held = "other";
    for (const button of form.querySelectorAll("#accept, #save, button.hidden")) button.disabled = true;
    for (const entry of form.querySelectorAll(".edit input:not([type=checkbox]), .edit textarea")) entry.readOnly = true;
    lost.scrollIntoView({ block: "nearest" });
  };
  const renew = async () => {
    if (bench.dataset.held === "other") return;
    const response = await fetch(`/api/v1/components/${id}/lease`, {
      method: "PUT",
      body: "{}",
      headers: { "Content-Type": "application/json", "X-CSRF-Token": token(), "Accept-Language": document.documentElement.lang },
    });
    const said = await response.json();
    if (response.ok) until = said.until;
    else if (response.status === 401) location.assign(`/login?next=${encodeURIComponent(location.pathname)}`);
    else if (response.status === 409) lose(said.reasons?.map((reason) => reason[document.documentElement.lang] ?? reason.vi).join(" ") ?? said.title);
  };
  const timer = setInterval(() => renew().catch(() => {}), RENEW_MS);
  listen(document, "visibilitychange", () => { if (!document.hidden) renew().catch(() => {}); });
  listen(window, "pageshow", (event) => { if (event.persisted) renew().catch(() => {}); });
  listen(window, "pagehide", () => {
    if (bench.dataset.held === "other" || !until) return;
    navigator.sendBeacon(`/kiem-tra/${id}/tha`, new URLSearchParams({ csrf_token: token(), until }));
  });

  // ---- begin
  image.show(null, null, false);
  const start = form.querySelector("[autofocus]:not(:disabled)");
  if (start && !(touch && start.matches("input, textarea"))) {
    start.focus({ preventScroll: start.id === "accept" });
    const inView = () => {
      if (start === document.activeElement) start.closest(".edit")?.scrollIntoView({ block: "nearest" });
    };
    inView();
    document.fonts.ready.then(inView); // and again when what is above has grown
    listen(window, "load", inView);
  }
  const edit = start?.closest(".edit");
  if (edit) showField(edit).catch(() => {});
  bench.querySelector(".queue a[aria-current]")?.scrollIntoView({ block: "nearest" });
  if (bench.dataset.ahead) (window.requestIdleCallback ?? setTimeout)(() => fetchAhead(bench.dataset.ahead));

  unmount = () => {
    stop.abort();
    clearInterval(timer);
  };
};

window.addEventListener("popstate", () => location.reload());
mount(document.getElementById("bench"));
