// The order of the pages in the form: moved, left out, undone. What is sent are its fields, so that nothing but them is state.

const cut = (leaf) => leaf.querySelector(".cut input");
const out = (leaf) => leaf.querySelector(".aside input");
const place = (leaf) => leaf.querySelector("[type=number]");
const turn = (leaf) => leaf.querySelector("select");

// `show(leaf)` draws a page as its fields say.
export const ordering = (form, list, show) => {
  const told = document.getElementById("told");
  const back = document.getElementById("undo");
  const leaves = () => [...list.children];
  const movable = (leaf) => !leaf.classList.contains("fixed");

  const exact = document.createElement("input"); // marks move along with the pages here
  exact.type = "hidden";
  exact.name = "exact";
  exact.value = "1";
  form.append(exact);

  // The papers as rows of pages. The mark of a page that is left out goes to the next one.
  const papers = () => {
    const found = [];
    let begins = true;
    for (const leaf of leaves()) {
      begins ||= cut(leaf).checked;
      if (out(leaf).checked) continue;
      if (begins) found.push([]);
      found.at(-1).push(leaf);
      begins = false;
    }
    return found;
  };
  const paperOf = (leaf) => papers().find((paper) => paper.includes(leaf));
  const walls = () => JSON.stringify(
    papers().filter((paper) => !paper.every(movable)).map((paper) => paper.map((leaf) => [leaf.id, leaves().indexOf(leaf)])),
  );

  const snapshot = () => leaves().map((leaf) => [leaf, cut(leaf).checked, out(leaf).checked, turn(leaf)?.value]);
  const draw = (state) => {
    const focused = document.activeElement;
    list.append(...state.map(([leaf]) => leaf));
    for (const [leaf, begins, aside, way] of state) {
      cut(leaf).checked = begins;
      out(leaf).checked = aside;
      if (turn(leaf)) turn(leaf).value = way;
      show(leaf);
    }
    if (list.contains(focused)) focused.focus();
    number();
  };
  const number = () => {
    for (const [at, leaf] of leaves().entries()) place(leaf).value = at + 1;
    const first = leaves().find((leaf) => !out(leaf).checked);
    if (first) cut(first).checked = true; // always; its box is not disabled, for it may move
  };

  let last = snapshot();
  const before = [];
  const say = (words, leaf) => {
    const at = papers().findIndex((paper) => paper.includes(leaf)) + 1;
    told.textContent = words
      .replace("#", leaf?.dataset.number)
      .replace("@", leaves().indexOf(leaf) + 1)
      .replace("%", at);
  };
  const changed = (words, leaf) => {
    number();
    before.push(last);
    last = snapshot();
    say(words, leaf);
  };
  const refuse = (words, leaf) => {
    draw(last);
    say(words, leaf);
  };

  // The page that stays beside which `leaf` lies now, and whether it lies behind that one; of a page that is in no paper, the one before it counts.
  const beside = (leaf, target, behind) => {
    if (!out(target).checked) return [target, behind];
    const kept = leaves().filter((each) => !out(each).checked);
    const at = kept.indexOf(leaf);
    return at > 0 ? [kept[at - 1], true] : [kept[1], false];
  };

  // Puts the page in front of or behind another one, into that one's paper. A page that is a paper alone stays one at a paper's edge.
  const put = (leaf, target, behind) => {
    if (leaf === target) return;
    if (!movable(leaf)) return refuse(list.dataset.wall, leaf);
    const focused = document.activeElement;
    const fixed = walls();
    const whole = papers();
    const own = whole.find((paper) => paper.includes(leaf));
    target[behind ? "after" : "before"](leaf);
    const [near, side] = own ? beside(leaf, target, behind) : [];
    const into = near && whole.find((paper) => paper.includes(near));
    const alone = into !== own && own?.length === 1 && into?.at(side ? -1 : 0) === near;
    if (into && !alone) {
      own.splice(own.indexOf(leaf), 1);
      into.splice(into.indexOf(near) + (side ? 1 : 0), 0, leaf);
    }
    for (const each of leaves()) cut(each).checked = whole.some((paper) => paper[0] === each);
    if (walls() !== fixed) return refuse(list.dataset.wall, leaf);
    if (list.contains(focused)) focused.focus();
    changed(out(leaf).checked ? list.dataset.movedOut : list.dataset.moved, leaf);
  };

  // One place on; from the end of its paper into the next one; past it, when it is a paper alone.
  const step = (leaf, by) => {
    const on = by > 0;
    if (out(leaf).checked) {
      const next = on ? leaf.nextElementSibling : leaf.previousElementSibling;
      return next && put(leaf, next, on);
    }
    const whole = papers();
    const own = paperOf(leaf);
    const mine = whole.findIndex((paper) => paper.includes(leaf));
    const within = whole[mine][whole[mine].indexOf(leaf) + by];
    if (within) return put(leaf, within, on);
    const next = whole[mine + by];
    if (!next) return;
    if (own.length === 1) put(leaf, next.at(on ? -1 : 0), on);
    else put(leaf, next.at(on ? 0 : -1), !on);
  };

  const to = (leaf, wanted) => {
    const others = leaves().filter((each) => each !== leaf);
    const at = Math.min(Math.max(wanted, 1), leaves().length) - 1;
    if (!others.length || Number.isNaN(at) || leaves()[at] === leaf) return number();
    const behind = others[at];
    if (behind && (at === 0 || paperOf(leaf)?.includes(behind))) put(leaf, behind, false);
    else put(leaf, others[at - 1], true);
  };

  const aside = (leaf) => {
    if (!papers().length) return refuse(list.dataset.last, leaf);
    if (!out(leaf).checked && !paperOf(leaf).every(movable)) cut(leaf).checked = true; // a confirmed paper takes no page
    changed(out(leaf).checked ? list.dataset.out : list.dataset.back, leaf);
  };

  const undo = () => {
    if (before.length) {
      last = before.pop();
      draw(last);
      told.textContent = list.dataset.undone;
    } else told.textContent = list.dataset.nothing;
  };

  back.hidden = false;
  back.addEventListener("click", undo);
  for (const button of form.querySelectorAll("[data-step]")) button.hidden = leaves().length < 2;
  return { put, step, place: to, aside, changed, undo, movable };
};
