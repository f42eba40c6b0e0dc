// Pages dragged with a mouse or a pen. A finger scrolls; it has the buttons and the number beside each page.

const FAR = 6; // pixels until a press is a drag
const EDGE = 60; // of the window, where the page scrolls along

// `order`: of arrange_order.js.
export const dragging = (list, order) => {
  list.classList.add("drags");
  let held = null; // {leaf, x, y, moving, target, behind}

  const mark = (target, behind) => {
    held.target?.classList.remove("before", "after");
    Object.assign(held, { target, behind });
    target?.classList.add(behind ? "after" : "before");
  };
  const over = (x, y) => {
    const leaf = document.elementFromPoint(x, y)?.closest(".leaf");
    if (!leaf || leaf === held.leaf || !list.contains(leaf)) return mark(null, false);
    const box = leaf.getBoundingClientRect();
    mark(leaf, x > box.left + box.width / 2);
  };
  const end = (drop) => {
    if (!held) return;
    const { leaf, moving, target, behind } = held;
    mark(null, false);
    held = null;
    leaf.classList.remove("taken");
    document.body.classList.remove("dragging");
    if (drop && moving && target) order.put(leaf, target, behind);
  };
  const scroll = () => {
    if (!held?.moving) return;
    const bottom = innerHeight - EDGE - (document.querySelector(".acts")?.offsetHeight ?? 0);
    const by = held.at < EDGE ? -12 : held.at > bottom ? 12 : 0;
    if (by) scrollBy(0, by);
    requestAnimationFrame(scroll);
  };

  list.addEventListener("pointerdown", (event) => {
    const leaf = event.target.closest(".picture")?.closest(".leaf");
    if (!leaf || event.button !== 0 || event.pointerType === "touch" || !order.movable(leaf)) return;
    held = { leaf, x: event.clientX, y: event.clientY, moving: false, target: null, behind: false };
  });
  addEventListener("pointermove", (event) => {
    if (!held) return;
    held.at = event.clientY;
    if (!held.moving) {
      if (Math.hypot(event.clientX - held.x, event.clientY - held.y) < FAR) return;
      held.moving = true;
      held.leaf.classList.add("taken");
      document.body.classList.add("dragging");
      requestAnimationFrame(scroll);
    }
    over(event.clientX, event.clientY);
  });
  addEventListener("pointerup", () => end(true));
  addEventListener("pointercancel", () => end(false));
  addEventListener("keydown", (event) => {
    if (event.key === "Escape") end(false);
  });
};
