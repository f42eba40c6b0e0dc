// The pages' form by key, turned pictures as they will be, and the wait for the worker. Without scripts all of it is a plain form.

const form = document.getElementById("arrange");
const leaves = [...form.querySelectorAll(".leaf")];

const show = (leaf) => {
  const turn = leaf.querySelector("select")?.value ?? "0";
  for (const each of ["90", "180", "270"]) leaf.querySelector(".picture").classList.toggle(`turned-${each}`, each === turn);
};

for (const [place, leaf] of leaves.entries()) {
  leaf.tabIndex = place === 0 ? 0 : -1; // one stop of the tab key for all pictures; arrows go on
  show(leaf);
}
form.querySelector(".keys").hidden = leaves.length < 2;

const focus = (leaf) => {
  for (const each of leaves) each.tabIndex = each === leaf ? 0 : -1;
  leaf.focus();
};

form.addEventListener("change", (event) => {
  if (event.target.matches("select")) show(event.target.closest(".leaf"));
});

form.addEventListener("keydown", (event) => {
  const leaf = event.target.closest(".leaf");
  if (!leaf || event.ctrlKey || event.metaKey || event.altKey || event.target.matches("select")) return;
  const place = leaves.indexOf(leaf);
  const key = event.key.toLowerCase();
  if (key === "arrowright" && leaves[place + 1]) focus(leaves[place + 1]);
  else if (key === "arrowleft" && leaves[place - 1]) focus(leaves[place - 1]);
  else if (key === "s") leaf.querySelector(".cut input[type=checkbox]:not(:disabled)")?.click();
  else if (key === "r") {
    const select = leaf.querySelector("select:not(:disabled)");
    if (!select) return;
    select.selectedIndex = (select.selectedIndex + 1) % select.options.length;
    show(leaf);
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
} else if (leaves.length > 1) leaves[0].focus({ preventScroll: true });
