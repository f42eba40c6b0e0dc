// The type of paper by a few letters, marks or not. Stands before the select, which stays the one that is sent.

const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/gi, "d").toLowerCase();

export const kindBox = (select, listen, chosen) => {
  const options = [...select.querySelectorAll("option")].filter((option) => option.value);
  const input = document.createElement("input");
  const list = document.createElement("ul");
  const box = document.createElement("div");
  const now = () => select.selectedOptions[0]?.textContent ?? "";
  let shown = [];
  let marked = 0;

  box.className = "combo";
  list.className = "choices";
  list.id = "kinds";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  for (const [name, value] of Object.entries({
    id: "kind", role: "combobox", "aria-controls": "kinds", "aria-expanded": "false", "aria-autocomplete": "list",
    autocomplete: "off", spellcheck: "false", placeholder: select.dataset.hint, value: now(),
  })) input.setAttribute(name, value);
  input.disabled = select.disabled;
  input.autofocus = select.autofocus;
  select.id = "kind-sent";
  select.hidden = true;
  box.append(input, list);
  select.before(box);

  const close = () => {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const mark = (index) => {
    marked = (index + shown.length) % Math.max(1, shown.length);
    [...list.children].forEach((item, place) => item.setAttribute("aria-selected", String(place === marked)));
    if (!shown.length) return;
    list.children[marked].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", list.children[marked].id);
  };
  const open = () => {
    const asked = input.value === now() ? [] : fold(input.value).split(/\s+/).filter(Boolean);
    // A type that is likely stands twice in the select; here once, first.
    const seen = new Set();
    shown = options.filter((option) => {
      const fits = !seen.has(option.value) && asked.every((word) => fold(option.textContent).includes(word));
      if (fits) seen.add(option.value);
      return fits;
    });
    list.replaceChildren(...shown.map((option, index) => {
      const item = document.createElement("li");
      item.id = `kind-${index}`;
      item.setAttribute("role", "option");
      item.textContent = option.textContent;
      return item;
    }));
    list.hidden = !shown.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    mark(asked.length ? 0 : Math.max(0, shown.findIndex((option) => option.value === select.value)));
  };
  const pick = (index) => {
    const option = shown[index];
    if (!option) return;
    const changed = option.value !== select.value;
    select.value = option.value;
    input.value = option.textContent;
    close();
    chosen(changed);
  };

  listen(input, "focus", () => { input.select(); });
  listen(input, "input", open);
  listen(input, "blur", () => { input.value = now(); close(); });
  listen(input, "keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) open();
      else mark(marked + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      event.stopPropagation();
      if (list.hidden) chosen(false);
      else pick(marked);
    } else if (event.key === "Escape" && !list.hidden) {
      event.stopPropagation();
      input.value = now();
      close();
    }
  });
  listen(list, "pointerdown", (event) => {
    event.preventDefault(); // the focus stays in the box
    const item = event.target.closest("li");
    if (item) pick([...list.children].indexOf(item));
  });
};
