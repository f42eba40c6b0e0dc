// Before a dossier is opened: the procedure, the citizen, and what the warehouse holds of both.

import { hasCamera, start, stop } from "./camera.js";
import { combobox } from "./combobox.js";

const PAUSE_MS = 150;
const CARD_MS = 250;
const form = document.getElementById("new-dossier");
const number = document.getElementById("holder_id");
const said = document.getElementById("holder_said");
const name = document.getElementById("holder_name");
const birth = document.getElementById("birth_date");
const procedure = document.getElementById("procedure");
const hint = document.getElementById("procedure_hint");
const hintText = hint.dataset.chosen ? "" : hint.textContent;
let timer = 0;
let asked = 0;

const look = () => document.getElementById("held").dispatchEvent(new CustomEvent("known"));

// What the server says of the number; a card's text is taken apart there, and its parts put into their fields. Whether the number stands.
const check = async () => {
  const turn = asked += 1;
  const response = await fetch(number.dataset.url, {
    method: "POST", headers: { Accept: "text/html" }, body: new URLSearchParams(new FormData(form)),
  });
  if (!response.ok || turn !== asked) return false;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const fresh = page.querySelector(".said");
  if (!fresh || turn !== asked) return false;
  said.replaceChildren(document.importNode(fresh, true));
  if (fresh.dataset.number) {
    number.value = fresh.dataset.number;
    if (fresh.dataset.name) name.value = fresh.dataset.name;
    if (fresh.dataset.birth) birth.value = fresh.dataset.birth;
  }
  number.setAttribute("aria-invalid", String(fresh.classList.contains("wrong")));
  look();
  return fresh.dataset.ok === "yes";
};

const soon = () => {
  clearTimeout(timer);
  timer = setTimeout(() => check().catch(() => {}), PAUSE_MS);
};

// A card or number that is scanned while the procedure has the focus goes where it belongs.
const text = document.getElementById("procedure_text");
text.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !/^\s*\d{12}(\||\s*$)/.test(text.value)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  number.value = text.value;
  text.value = "";
  text.dispatchEvent(new Event("input"));
  check().catch(() => {});
});
combobox(text, (code) => {
  hint.textContent = code || hintText;
  look();
});
number.addEventListener("input", () => {
  // A card's text is asked for once, when the scanner has typed it all.
  if (number.value.includes("|")) clearTimeout(timer);
  else soon();
});
birth.addEventListener("change", soon);
number.addEventListener("keydown", async (event) => {
  if (event.key !== "Enter" || event.isComposing || !number.value.trim()) return;
  // A hand scanner ends with Enter; so does who types. Both see what the number says before the dossier is opened.
  event.preventDefault();
  clearTimeout(timer);
  if (await check().catch(() => false)) document.getElementById("open").focus();
});

// The card's code by the camera, where the browser reads codes itself.
const setUpCard = async () => {
  if (!hasCamera() || !("BarcodeDetector" in window)) return;
  if (!(await BarcodeDetector.getSupportedFormats()).includes("qr_code")) return;
  const detector = new BarcodeDetector({ formats: ["qr_code"] });
  const box = document.getElementById("card_box");
  const video = box.querySelector("video");
  const denied = box.querySelector(".problem");
  let seeking = 0;
  const seek = async () => {
    const [found] = await detector.detect(video).catch(() => []);
    if (!box.open) return;
    if (!found) { seeking = setTimeout(seek, CARD_MS); return; }
    number.value = found.rawValue;
    box.close();
    if (await check().catch(() => false)) document.getElementById("open").focus();
  };
  document.getElementById("card").hidden = false;
  document.getElementById("card_open").addEventListener("click", async () => {
    denied.hidden = true;
    box.showModal();
    try { await start(video); seek(); } catch { denied.hidden = false; }
  });
  box.querySelector(".close").addEventListener("click", () => box.close());
  box.addEventListener("close", () => { clearTimeout(seeking); stop(video); });
};
setUpCard().catch(() => {});
if (procedure.value && number.value) look();
