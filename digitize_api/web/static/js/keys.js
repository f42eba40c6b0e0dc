// Keys of every page: "/" goes to the search, and what carries data-key is pressed by that key.

const typing = (element) => element.matches("input, textarea, select, [contenteditable]");

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (event.key === "/") {
    event.preventDefault();
    const box = document.querySelector("#q");
    if (box) box.focus();
    else if (document.querySelector('a[href="/search"]')) location.assign("/search");
    return;
  }
  const pressed = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (pressed) {
    event.preventDefault();
    pressed.click();
  }
});
