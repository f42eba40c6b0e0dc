// Keys of every page: "/" goes to the search, and what carries data-key is pressed by that key.

const typing = (element) => element.matches("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
// Enter on what has a meaning of its own is its own.
const acting = (element) => element.matches("a, button, summary, input, [role=button]");

// A hand scanner types a whole code in a few milliseconds a letter, and where nothing has the focus its letters are nobody's keys.
const BURST_MS = 60;
let last = -Infinity;
let waiting = 0;

const press = (key) => {
  const open = document.querySelector("dialog[open]");
  if (key === "/" && !open) {
    const box = document.querySelector("#q");
    if (box) box.focus();
    else if (document.querySelector('a[href="/tra-cuu"]')) location.assign("/tra-cuu");
    return;
  }
  (open ?? document).querySelector(`[data-key="${CSS.escape(key)}"]:not([hidden])`)?.click();
};

const known = (key) => key === "/" || Boolean(document.querySelector(`[data-key="${CSS.escape(key)}"]`));

document.addEventListener("keydown", (event) => {
  const letter = event.key.length === 1;
  const burst = (letter || event.key === "Enter") && event.timeStamp - last < BURST_MS;
  if (letter) last = event.timeStamp;
  clearTimeout(waiting);
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || typing(event.target)) return;
  if (burst || (event.key === "Enter" && acting(event.target)) || !known(event.key)) return;
  event.preventDefault();
  if (letter) waiting = setTimeout(press, BURST_MS, event.key);
  else press(event.key);
});
