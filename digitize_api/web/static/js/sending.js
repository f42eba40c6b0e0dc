// Files to a dossier: chosen, dropped or pasted, sent two at a time, each with its line.

import { send } from "./upload.js";

const AT_ONCE = 2;
const LONGEST_NAME = 255;

// `received(scan, created, file)` is called for each file that arrived. Returns `add(file)`.
export const sending = (drop, received) => {
  const waiting = [];
  let busy = 0;

  const next = () => {
    while (busy < AT_ONCE && waiting.length) {
      const start = waiting.shift();
      busy += 1;
      start().finally(() => { busy -= 1; next(); });
    }
  };

  const add = (file) => {
    const line = document.getElementById("upload").content.firstElementChild.cloneNode(true);
    line.querySelector(".file").textContent = file.name.slice(0, LONGEST_NAME);
    document.getElementById("uploads").append(line);
    const status = line.querySelector(".status");
    if (file.size > Number(drop.dataset.max)) {
      line.classList.add("wrong");
      line.querySelector("progress").remove();
      status.textContent = status.dataset.large;
      line.querySelector(".actions").hidden = false;
      line.querySelector(".again").remove();
    } else {
      const start = () => send(drop.dataset.url, file, line, (scan, created) => {
        received(scan, created, file);
        if (created) line.remove();
      });
      line.querySelector(".again").addEventListener("click", () => { waiting.push(start); next(); });
      waiting.push(start);
      next();
    }
    line.querySelector(".drop-line").addEventListener("click", () => line.remove());
  };

  const input = document.getElementById("files");
  input.addEventListener("change", () => { [...input.files].forEach(add); input.value = ""; });
  drop.addEventListener("submit", (event) => event.preventDefault());
  for (const kind of ["dragenter", "dragover"]) {
    drop.addEventListener(kind, (event) => { event.preventDefault(); drop.classList.add("over"); });
  }
  for (const kind of ["dragleave", "drop"]) drop.addEventListener(kind, () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => { event.preventDefault(); [...event.dataTransfer.files].forEach(add); });
  // A file that misses the target must not replace the page.
  for (const kind of ["dragover", "drop"]) window.addEventListener(kind, (event) => event.preventDefault());
  return add;
};
