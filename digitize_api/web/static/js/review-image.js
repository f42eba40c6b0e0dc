// The page's image: zoom, pan, and a flight to where a field stands. Positions are in page space (pixels of the page).

const MOST = 6; // times the size at which the page's width fills the stage

export const imageOf = (stage, listen) => {
  let at = { scale: 1, x: 0, y: 0 };
  let whole = false; // the reviewer wants to see the whole page, also while going through the fields
  let box = null;

  const leaf = () => stage.querySelector(".leaf");
  const layer = () => stage.querySelector(".layer");
  const size = () => ({ width: Number(leaf().dataset.width), height: Number(leaf().dataset.height) });
  const toWidth = () => stage.clientWidth / size().width;
  const toPage = () => Math.min(toWidth(), stage.clientHeight / size().height);
  const within = (offset, room, length) => (length <= room ? (room - length) / 2 : Math.min(0, Math.max(room - length, offset)));

  const put = (next, flies = false) => {
    const element = layer();
    if (!element) return;
    const { width, height } = size();
    const scale = Math.min(Math.max(next.scale, toPage()), toWidth() * MOST);
    at = {
      scale,
      x: within(next.x, stage.clientWidth, width * scale),
      y: within(next.y, stage.clientHeight, height * scale),
    };
    element.classList.toggle("flies", flies);
    element.style.width = `${width}px`;
    element.style.height = `${height}px`;
    element.style.transform = `translate(${at.x}px, ${at.y}px) scale(${at.scale})`;
  };

  const fit = (flies = true) => put({ scale: toPage(), x: 0, y: 0 }, flies);

  const fly = (flies = true) => {
    if (!box || whole) return fit(flies);
    const [x0, y0, x1, y1] = box;
    const closest = Math.min((0.7 * stage.clientWidth) / (x1 - x0), (0.2 * stage.clientHeight) / (y1 - y0));
    const scale = Math.min(Math.max(closest, toWidth()), toWidth() * 2);
    return put({
      scale,
      x: stage.clientWidth / 2 - (scale * (x0 + x1)) / 2,
      y: stage.clientHeight / 2 - (scale * (y0 + y1)) / 2,
    }, flies);
  };

  const zoom = (factor, x = stage.clientWidth / 2, y = stage.clientHeight / 2) => {
    const scale = Math.min(Math.max(at.scale * factor, toPage()), toWidth() * MOST);
    const grown = scale / at.scale;
    put({ scale, x: x - (x - at.x) * grown, y: y - (y - at.y) * grown });
  };
  const pan = (dx, dy) => put({ ...at, x: at.x + dx, y: at.y + dy });

  listen(stage, "wheel", (event) => {
    event.preventDefault();
    const { left, top } = stage.getBoundingClientRect();
    zoom(event.deltaY < 0 ? 1.2 : 1 / 1.2, event.clientX - left, event.clientY - top);
  }, { passive: false });

  // One finger or the mouse pulls, two fingers zoom.
  const fingers = new Map();
  listen(stage, "pointerdown", (event) => {
    if (event.button > 0) return;
    fingers.set(event.pointerId, event);
    stage.setPointerCapture(event.pointerId);
    stage.classList.add("pulled");
  });
  listen(stage, "pointermove", (event) => {
    const before = fingers.get(event.pointerId);
    if (!before) return;
    if (fingers.size === 1) pan(event.clientX - before.clientX, event.clientY - before.clientY);
    else {
      const [other] = [...fingers.values()].filter((one) => one.pointerId !== event.pointerId);
      const apart = (one) => Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
      const { left, top } = stage.getBoundingClientRect();
      zoom(apart(event) / Math.max(1, apart(before)), (event.clientX + other.clientX) / 2 - left, (event.clientY + other.clientY) / 2 - top);
    }
    fingers.set(event.pointerId, event);
  });
  for (const kind of ["pointerup", "pointercancel"]) {
    listen(stage, kind, (event) => {
      fingers.delete(event.pointerId);
      if (!fingers.size) stage.classList.remove("pulled");
    });
  }
  listen(window, "resize", () => fly(false));

  return {
    fit,
    zoom,
    pan,
    /** Fly to the field's place on this page; without one the whole page stays. */
    show: (name, place, flies = true) => {
      box = place;
      for (const each of stage.querySelectorAll("rect")) each.classList.toggle("on", each.dataset.field === name);
      fly(flies);
    },
    /** The whole page, or the field's place again. */
    toggle: () => {
      whole = !whole;
      fly();
    },
  };
};
