// Follows a scan by server-sent events and keeps its card as the server draws it. The browser reconnects by itself
// (Last-Event-ID); the card is fetched at most twice a second, and only what changed in it is touched.

const PAUSE_MS = 500;
const POLL_MS = 3000;
// A browser opens six connections to a server (HTTP/1.1), all its tabs together; the scans beyond these two are polled.
const MOST_STREAMS = 2;
const sources = new Map();
const waiting = new Set();

const redraw = async (id) => {
  const response = await fetch(`/scans/${id}/card`, { headers: { Accept: "text/html" } });
  if (!response.ok) return null;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const fresh = page.querySelector("article.scan");
  const old = document.getElementById(`scan-${id}`);
  if (fresh && old) patch(old, fresh);
  return fresh;
};

// What is there and what is missing: said anew when a scan has ended.
const redrawNeeded = async () => {
  const old = document.getElementById("needed");
  const response = old && await fetch(old.dataset.url, { headers: { Accept: "text/html" } });
  if (!response?.ok) return;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  patch(old, page.getElementById("needed"));
};

// Makes `old` like `fresh`, keeping every element that is the same, so that focus and pointer stay where they are.
const patch = (old, fresh) => {
  if (old.isEqualNode(fresh)) return;
  if (old.nodeName !== fresh.nodeName || old.id !== fresh.id || !old.children || (!old.children.length && !fresh.children.length)) {
    old.replaceWith(document.importNode(fresh, true));
    return;
  }
  for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name)) old.removeAttribute(name);
  const wanted = [...fresh.childNodes];
  wanted.forEach((node, index) => {
    const present = old.childNodes[index];
    if (!present) old.append(document.importNode(node, true));
    else if (present.nodeType !== node.nodeType || present.nodeName !== node.nodeName) {
      old.insertBefore(document.importNode(node, true), present);
    } else if (node.nodeType === Node.ELEMENT_NODE) patch(present, node);
    else if (present.nodeValue !== node.nodeValue) present.nodeValue = node.nodeValue;
  });
  while (old.childNodes.length > wanted.length) old.lastChild.remove();
};

const showConnection = () => {
  const lost = [...sources.values()].some((source) => source.lost);
  document.getElementById("connection")?.toggleAttribute("hidden", !lost);
};

export const follow = (id) => {
  if (sources.has(id)) return;
  if (sources.size >= MOST_STREAMS) {
    waiting.add(id);
    return;
  }
  waiting.delete(id);
  const source = new EventSource(`/api/v1/scans/${id}/events`);
  sources.set(id, source);
  let timer = 0;
  const soon = () => {
    if (!timer) timer = setTimeout(() => { timer = 0; redraw(id).catch(() => {}); }, PAUSE_MS);
  };
  const end = () => {
    source.close();
    sources.delete(id);
    clearTimeout(timer);
    redraw(id).catch(() => {});
    redrawNeeded().catch(() => {});
    showConnection();
    const [next] = waiting;
    if (next) follow(next);
  };
  for (const kind of ["state", "page", "warning"]) source.addEventListener(kind, soon);
  source.addEventListener("done", end);
  source.addEventListener("open", () => { source.lost = false; showConnection(); });
  source.addEventListener("error", () => {
    if (source.readyState === EventSource.CLOSED) { // 204: nothing left to hear; or a proxy's refusal: then poll
      end();
      if (document.getElementById(`scan-${id}`)?.dataset.finished === "no") waiting.add(id);
      return;
    }
    source.lost = true;
    showConnection();
  });
};

export const addCard = async (id) => {
  const response = await fetch(`/scans/${id}/card`, { headers: { Accept: "text/html" } });
  if (!response.ok) return;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const card = page.querySelector("article.scan");
  if (!card || document.getElementById(card.id)) return;
  document.getElementById("scans").prepend(document.importNode(card, true));
  document.getElementById("none").hidden = true;
  if (card.dataset.finished === "no") follow(id);
};

export const followAll = () => {
  setInterval(async () => {
    for (const id of [...waiting]) {
      const card = await redraw(id).catch(() => null);
      if (card?.dataset.finished !== "yes") continue;
      waiting.delete(id);
      redrawNeeded().catch(() => {});
    }
  }, POLL_MS);
  for (const card of document.querySelectorAll('article.scan[data-finished="no"]')) follow(card.dataset.scan);
};
