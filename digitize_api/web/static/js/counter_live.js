// Keeps the part of the page that changes as the server draws it: whenever something happened to the dossier (its own scans and a
// station's), htmx fetches it anew and morphs it, so that focus, pointer and pictures stay where they are. The browser reconnects by itself.

const PAUSE_MS = 300;
const TYPING_MS = 1000; // while somebody types into the part, it waits
const part = document.getElementById("live");
const lost = document.getElementById("connection");
let timer = 0;

export const refresh = () => {
  if (timer) return;
  const look = () => {
    timer = part.querySelector("input:focus") ? setTimeout(look, TYPING_MS) : 0;
    if (!timer) part.dispatchEvent(new CustomEvent("look"));
  };
  timer = setTimeout(look, PAUSE_MS);
};

const source = new EventSource(part.dataset.events);
source.addEventListener("changed", refresh); // the first word too: something may have come since the page was drawn
source.addEventListener("open", () => { lost.hidden = true; });
source.addEventListener("error", () => {
  lost.hidden = false;
  if (source.readyState === EventSource.CLOSED) setTimeout(() => location.reload(), 5000); // signed out, or a proxy's refusal
});
