// The dossier at the counter: pages come in from here and from the station, one of them is looked at.

import { photograph } from "./counter_camera.js";
import { refresh } from "./counter_live.js";
import { moving } from "./counter_move.js";
import { sending } from "./sending.js";

const part = document.getElementById("live");
const drop = document.getElementById("drop");
const view = { box: document.getElementById("view"), image: document.getElementById("view-image"), link: document.getElementById("view-link") };
const SHOWABLE = /^image\/(jpeg|png|webp|bmp)$/;
const KEPT_MS = 10_000; // a picture of ours, after the server's was asked for: it stays on screen until that has come
const mine = new Map(); // page id → a picture that this browser has, until the server's is there
let current = "";
const move = moving(refresh);

const tiles = () => [...part.querySelectorAll(".tile")];
const address = (tile) => (tile.dataset.ready === "yes" ? `/api/v1/scans/${tile.dataset.scan}/pages/${tile.dataset.number}.jpg?v=${tile.dataset.version}` : mine.get(tile.dataset.page));

// The page in the large view; the same page again when its picture or what is said of it has changed.
const show = (tile) => {
  current = tile.dataset.page;
  const source = address(tile);
  for (const each of tiles()) {
    if (each === tile) each.setAttribute("aria-current", "true");
    else each.removeAttribute("aria-current");
  }
  document.getElementById("view-name").textContent = tile.dataset.name;
  document.getElementById("view-said").replaceChildren(...[...tile.querySelectorAll(".say")].map((each) => each.cloneNode(true)));
  view.image.hidden = !source;
  if (source && view.image.getAttribute("src") !== source) view.image.src = source;
  view.image.alt = tile.dataset.name;
  if (source) view.link.href = source;
  else view.link.removeAttribute("href");
  move(tile);
  view.box.hidden = false;
  document.getElementById("view-empty").hidden = true;
};

// After every change: this browser's own picture stands in a tile until the server's is there (the morph leaves it alone so long); the first
// page to come is shown, nothing else moves.
const settle = () => {
  for (const tile of tiles()) {
    const own = mine.get(tile.dataset.page);
    if (!own) continue;
    const picture = tile.querySelector(".picture");
    const image = picture.firstElementChild ?? document.createElement("img");
    image.alt = "";
    if (tile.dataset.ready === "yes") {
      image.src = address(tile);
      picture.removeAttribute("hx-morph-skip");
      mine.delete(tile.dataset.page);
      setTimeout(() => URL.revokeObjectURL(own), KEPT_MS);
    } else if (!image.parentNode) {
      image.src = own;
      picture.setAttribute("hx-morph-skip", "");
    }
    if (!image.parentNode) picture.append(image);
  }
  const gone = current && !tiles().some((each) => each.dataset.page === current); // taken out of the dossier
  if (gone) current = "";
  const tile = tiles().find((each) => each.dataset.page === current) ?? (current ? null : tiles().find(address));
  if (tile) show(tile);
  else if (gone) { view.box.hidden = true; document.getElementById("view-empty").hidden = false; }
  const begun = part.querySelector(".list").dataset.begun === "yes";
  drop?.querySelector("label.button").classList.toggle("primary", !begun);
};

const step = (by) => {
  const all = tiles();
  const place = all.findIndex((tile) => tile.dataset.page === current);
  const next = all[Math.max(0, Math.min(all.length - 1, place + by))];
  if (next) { show(next); next.scrollIntoView({ block: "nearest", inline: "nearest" }); }
};

part.addEventListener("click", (event) => {
  const tile = event.target.closest(".tile");
  if (tile) { show(tile); return; }
  const link = event.target.closest("[data-show]");
  const shown = link && tiles().find((each) => each.dataset.page === link.dataset.show);
  if (shown && !event.ctrlKey && !event.metaKey && !event.shiftKey) { event.preventDefault(); show(shown); }
});
document.addEventListener("keydown", (event) => {
  if (event.target.matches("input, textarea") || document.querySelector("dialog[open]")) return;
  if (event.key === "ArrowLeft" || event.key === "ArrowRight") { event.preventDefault(); step(event.key === "ArrowLeft" ? -1 : 1); }
});
document.addEventListener("htmx:after:swap", settle);

if (drop) {
  const add = sending(drop, (scan, created, file) => {
    if (created && SHOWABLE.test(file.type)) mine.set(`${scan.id}-1`, URL.createObjectURL(file));
    refresh();
  });
  document.addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    files.forEach(add);
  });
  photograph(add);
}
settle();
