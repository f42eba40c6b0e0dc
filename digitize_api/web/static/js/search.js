// Search as somebody types: the newest question wins, the address says what is shown, arrows walk through the hits.
// Without this script the form and every link work all the same.

const PAUSE_MS = 150;
const LOOK_MS = 350;
const PART = { Accept: "text/html", "HX-Request": "true", "HX-Request-Type": "partial" };

const form = document.getElementById("finder");
const box = document.getElementById("q");
const results = document.getElementById("results");
const beside = document.getElementById("beside");
const said = document.getElementById("said"); // aloud, for who can't see the list change
const wide = matchMedia("(min-width: 1100px)");
const hint = beside.firstElementChild;
let chosen = ""; // the id of the hit whose page stands beside
let asking = null;
let looking = null;
let asked = ""; // what the list shows, or is about to
let pause = 0;
let look = 0;

const address = () => {
  const given = [...new FormData(form)].filter(([, value]) => value.trim());
  const query = new URLSearchParams(given).toString();
  return query ? `${form.getAttribute("action")}?${query}` : form.getAttribute("action");
};
const here = () => location.pathname + location.search;
asked = address();

const part = async (url, signal) => {
  const response = await fetch(url, { headers: PART, signal });
  if (response.redirected) location.assign(url); // signed out meanwhile
  if (!response.ok) throw new Error(String(response.status));
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  return [...page.body.childNodes].map((node) => document.importNode(node, true));
};

// `how`: "push" for a search that "back" should return to, "replace" while it is being typed, null when the address stands already.
const show = async (url, how) => {
  asking?.abort();
  clearTimeout(pause);
  asked = url;
  const mine = asking = new AbortController();
  results.setAttribute("aria-busy", "true");
  try {
    const fresh = await part(url, mine.signal);
    if (how && url !== here()) history[`${how}State`](null, "", url);
    results.replaceChildren(...fresh);
    if (document.getElementById(chosen)) document.getElementById(chosen).classList.add("chosen");
    else {
      chosen = "";
      clearTimeout(look);
      looking?.abort();
      beside.replaceChildren(hint);
    }
    said.textContent = results.querySelector(".count, .empty strong")?.textContent ?? "";
    const clear = document.getElementById("clear");
    clear.hidden = ![...form.elements].some((one) => one.closest(".filters") && (one.type === "checkbox" ? one.checked : one.tagName !== "FIELDSET" && one.value));
  } catch (error) {
    if (error.name === "AbortError") return;
    asked = "";
    const problem = document.createElement("p");
    problem.className = "problem";
    problem.setAttribute("role", "alert");
    problem.textContent = form.dataset.failed;
    results.replaceChildren(problem);
  }
  if (mine === asking) results.removeAttribute("aria-busy");
};

const typed = (event) => {
  if (event.isComposing) return; // an input method is still at it
  clearTimeout(pause);
  pause = setTimeout(() => { if (address() !== asked) show(address(), "replace"); }, PAUSE_MS);
};
for (const field of form.querySelectorAll('input[type="search"], .short input')) {
  field.addEventListener("input", typed);
  field.addEventListener("compositionend", typed);
}
form.addEventListener("change", (event) => {
  if (event.target.matches('select, input[type="checkbox"]')) show(address(), "push");
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  show(address(), "push");
});
document.getElementById("clear").addEventListener("click", (event) => {
  event.preventDefault();
  for (const one of form.querySelectorAll(".filters select, .filters input")) {
    if (one.type === "checkbox") one.checked = false;
    else one.value = "";
  }
  show(address(), "push");
  box.focus();
});
addEventListener("popstate", () => {
  const given = new URLSearchParams(location.search);
  for (const one of form.elements) {
    if (!one.name) continue;
    if (one.type === "checkbox") one.checked = given.has(one.name);
    else one.value = given.get(one.name) ?? "";
  }
  show(here(), null);
});

// The page of a hit, beside the list where there is room. A look is on record, so it is only taken when somebody stays with the hit.
const seeBeside = (link, wait) => {
  clearTimeout(look);
  looking?.abort();
  look = setTimeout(async () => {
    const mine = looking = new AbortController();
    try {
      const fresh = await part(link.href, mine.signal);
      document.getElementById(chosen)?.classList.remove("chosen");
      const hit = link.closest("li");
      hit.classList.add("chosen");
      chosen = hit.id;
      beside.replaceChildren(...fresh);
      const first = beside.querySelector("rect");
      const image = beside.querySelector("img");
      const toFirst = () => { if (first) beside.scrollTop += first.getBoundingClientRect().top - beside.getBoundingClientRect().top - beside.clientHeight / 3; };
      if (image && !image.complete) image.addEventListener("load", toFirst, { once: true });
      toFirst();
    } catch (error) {
      if (error.name !== "AbortError") location.assign(link.href);
    }
  }, wait);
};
results.addEventListener("click", (event) => {
  const link = event.target.closest("a.see");
  if (!link || !wide.matches || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  link.closest("li").querySelector("a.hit").focus();
  seeBeside(link, 0);
});

const hits = () => [...results.querySelectorAll("a.hit")];
const walk = (event) => {
  const all = hits();
  const at = all.indexOf(event.target);
  const next = event.target === box ? (event.key === "ArrowDown" ? all[0] : null) : event.key === "ArrowDown" ? all[at + 1] : all[at - 1] ?? box;
  if (event.target !== box && at < 0) return;
  if (!next) return;
  event.preventDefault();
  next.focus();
  if (next !== box && wide.matches) seeBeside(next, LOOK_MS);
};
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") walk(event);
  else if (event.key.toLowerCase() === "d" && event.target.matches("a.hit")) {
    const again = event.target.closest("li").querySelector("[data-reuse]");
    if (!again) return;
    event.preventDefault();
    again.click();
    again.closest("details")?.querySelector("input[required]")?.focus();
  }
});
