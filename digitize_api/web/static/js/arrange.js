// The pages' form by key and by drag, pictures as they will lie, and the wait for the worker. Without scripts all of it is a plain form.

import { dragging } from "./arrange_drag.js";
import { ordering } from "./arrange_order.js";

const form = document.getElementById("arrange");
const list = form.querySelector(".leaves");
const leaves = () => [...list.children];
const ready = !form.querySelector(".primary").disabled;

const show = (leaf) => {
  const turn = leaf.querySelector("select")?.value ?? "0";
  for (const each of ["90", "180", "270"]) leaf.querySelector(".picture").classList.toggle(`turned-${each}`, each === turn);
};

for (const [place, leaf] of leaves().entries()) {
  leaf.tabIndex = place === 0 ? 0 : -1; // one stop of the tab key for all pictures; arrows go on
  show(leaf);
}
form.querySelector(".keys").hidden = leaves().length < 2;

const focus = (leaf) => {
  for (const each of leaves()) each.tabIndex = each === leaf ? 0 : -1;
  leaf.focus();
};

const order = ready ? ordering(form, list, show) : null;
if (order && leaves().length > 1) dragging(list, order);

form.addEventListener("change", (event) => {
  const leaf = event.target.closest(".leaf");
  if (!leaf || !order) return;
  if (event.target.matches("select")) show(leaf);
  if (event.target.matches("[type=number]")) order.place(leaf, Number.parseInt(event.target.value, 10));
  else if (event.target.closest(".aside")) order.aside(leaf);
  else order.changed("");
});

form.addEventListener("click", (event) => {
  const step = event.target.closest("[data-step]");
  if (step && order) order.step(step.closest(".leaf"), Number(step.dataset.step));
});

form.addEventListener("keydown", (event) => {
  const leaf = event.target.closest(".leaf");
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("select, [type=number]")) return;
  const key = event.key.toLowerCase();
  if (key === "u") order?.undo();
  else if (!leaf) return;
  else if (key === "arrowright" || key === "arrowleft") {
    const step = key === "arrowright" ? 1 : -1;
    const next = leaves()[leaves().indexOf(leaf) + step];
    if (event.shiftKey) order?.step(leaf, step);
    else if (next) focus(next);
  } else if (key === "s") leaf.querySelector(".cut input:not(:disabled)")?.click();
  else if (key === "x" || key === "delete") leaf.querySelector(".aside input:not(:disabled)")?.click();
  else if (key === "r") {
    const select = leaf.querySelector("select:not(:disabled)");
    if (!select) return;
    select.selectedIndex = (select.selectedIndex + 1) % select.options.length;
    show(leaf);
    order?.changed("");
  } else if (key === "enter" && event.target === leaf) form.requestSubmit();
  else return;
  event.preventDefault();
});

const waiting = document.querySelector("[data-arranging]");
if (waiting) {
  const ask = async () => {
    const answer = await fetch(`/api/v1/scans/${waiting.dataset.arranging}`, { headers: { Accept: "application/json" } });
    if (answer.ok && !(await answer.json()).arranging) location.replace(location.pathname);
  };
  setInterval(() => ask().catch(() => {}), 1500);
} else if (leaves().length > 1) leaves()[0].focus({ preventScroll: true });
