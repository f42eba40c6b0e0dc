// An editable combobox with a listbox (WAI-ARIA 1.2, list autocomplete with automatic selection): the options come from the server,
// which knows marks, initials and codes. The field keeps the focus; the option that Enter takes is aria-activedescendant.

const PAUSE_MS = 120;

// `chosen(code)` is called when an option is taken, and with "" when the text no longer is one.
export const combobox = (input, chosen) => {
  const list = document.getElementById(input.getAttribute("aria-controls"));
  const value = document.getElementById(input.dataset.value);
  let timer = 0;
  let asked = 0;
  let active = -1;
  let text = input.value;

  const options = () => [...list.querySelectorAll('[role="option"]')];

  const mark = (index) => {
    const all = options();
    active = all.length ? (index + all.length) % all.length : -1;
    all.forEach((option, place) => option.setAttribute("aria-selected", String(place === active)));
    if (active < 0) input.removeAttribute("aria-activedescendant");
    else {
      input.setAttribute("aria-activedescendant", all[active].id);
      all[active].scrollIntoView({ block: "nearest" });
    }
  };

  const show = (open) => {
    list.hidden = !open;
    input.setAttribute("aria-expanded", String(open));
    if (!open) { active = -1; input.removeAttribute("aria-activedescendant"); }
  };

  const ask = async () => {
    const turn = asked += 1;
    const response = await fetch(`${input.dataset.url}?q=${encodeURIComponent(input.value)}`, { headers: { Accept: "text/html" } });
    if (!response.ok || turn !== asked) return;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    if (turn !== asked || document.activeElement !== input) return;
    list.replaceChildren(...[...page.body.children].map((node) => document.importNode(node, true)));
    show(true);
    mark(0);
  };

  const take = (option) => {
    asked += 1;
    clearTimeout(timer);
    input.value = text = option.dataset.name;
    value.value = option.dataset.code;
    show(false);
    chosen(option.dataset.code);
  };

  input.addEventListener("input", () => {
    if (input.value === text) return;
    text = input.value;
    if (value.value) { value.value = ""; chosen(""); }
    clearTimeout(timer);
    if (text.trim()) timer = setTimeout(() => ask().catch(() => {}), PAUSE_MS);
    else { asked += 1; show(false); }
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) ask().catch(() => {});
      else mark(active + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter" && input.value.trim() && !value.value) {
      // Not the form's: either the option is taken, or the list is fetched so that one can be.
      event.preventDefault();
      const option = list.hidden ? null : options()[active];
      if (option) {
        take(option);
        document.getElementById(input.dataset.next)?.focus();
      } else ask().catch(() => {});
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      show(false);
    }
  });
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
  list.addEventListener("click", (event) => {
    const option = event.target.closest('[role="option"]');
    if (option) { take(option); document.getElementById(input.dataset.next)?.focus(); }
  });
  input.addEventListener("blur", () => { asked += 1; show(false); });
};
