// Photographing papers: a live picture with the sheet outlined, take it, look, keep it or take it again.

import { hasCamera, start, stop } from "./camera.js";
import { findSheet } from "./outline.js";

const SEEK_MS = 200;
const SEEK_WIDTH = 160;
const STEADY = 3; // times in a row before the sheet is said to be seen
const QUALITY = 0.92;

// `add(file)` takes each picture that is kept; the camera stays open for the next sheet.
export const photograph = (add) => {
  const button = document.getElementById("photo");
  if (!hasCamera()) return;
  const box = document.getElementById("camera");
  const part = (name) => box.querySelector(name);
  const [video, outline, taken, shoot, keep, retake] = ["video", ".outline", ".taken", ".shoot", ".keep", ".retake"].map(part);
  const said = document.getElementById("camera-said");
  const small = document.createElement("canvas");
  const paper = small.getContext("2d", { willReadFrequently: true });
  let timer = 0;
  let steady = 0;
  let count = 0;
  let picture = null;

  const draw = (corners) => {
    outline.width = small.width;
    outline.height = small.height;
    if (!corners) return;
    const pen = outline.getContext("2d");
    pen.strokeStyle = getComputedStyle(outline).color;
    pen.lineWidth = 2;
    pen.beginPath();
    corners.forEach(([x, y], place) => (place ? pen.lineTo(x, y) : pen.moveTo(x, y)));
    pen.closePath();
    pen.stroke();
  };

  const seek = () => {
    if (!box.open || picture) return;
    if (video.videoWidth) {
      small.width = SEEK_WIDTH;
      small.height = Math.round((SEEK_WIDTH * video.videoHeight) / video.videoWidth);
      paper.drawImage(video, 0, 0, small.width, small.height);
      const corners = findSheet(paper.getImageData(0, 0, small.width, small.height));
      steady = corners ? steady + 1 : 0;
      draw(corners);
      const text = steady >= STEADY ? said.dataset.sees : said.dataset.hold;
      if (said.textContent !== text) said.textContent = text;
    }
    timer = setTimeout(seek, SEEK_MS);
  };

  const live = () => {
    if (picture) URL.revokeObjectURL(taken.src);
    picture = null;
    taken.hidden = keep.hidden = retake.hidden = true;
    video.hidden = outline.hidden = shoot.hidden = false;
    shoot.focus();
    seek();
  };

  shoot.addEventListener("click", () => {
    if (!video.videoWidth) return;
    const canvas = document.createElement("canvas");
    canvas.width = video.videoWidth;
    canvas.height = video.videoHeight;
    canvas.getContext("2d").drawImage(video, 0, 0);
    canvas.toBlob((blob) => {
      if (!blob || !box.open) return;
      picture = blob;
      clearTimeout(timer);
      taken.src = URL.createObjectURL(blob);
      taken.hidden = keep.hidden = retake.hidden = false;
      video.hidden = outline.hidden = shoot.hidden = true;
      keep.focus();
    }, "image/jpeg", QUALITY);
  });
  keep.addEventListener("click", () => {
    count += 1;
    add(new File([picture], `chup-${count}.jpg`, { type: "image/jpeg" }));
    live();
  });
  retake.addEventListener("click", live);
  box.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() === "r" && !retake.hidden) { event.preventDefault(); live(); }
  });
  button.addEventListener("click", async () => {
    part(".problem").hidden = true;
    said.textContent = said.dataset.hold;
    box.showModal();
    try {
      await start(video);
      if (box.open) live();
      else stop(video);
    } catch {
      part(".problem").hidden = false;
      shoot.hidden = true;
    }
  });
  part(".close").addEventListener("click", () => box.close());
  box.addEventListener("close", () => {
    clearTimeout(timer);
    if (picture) URL.revokeObjectURL(taken.src);
    picture = null;
    stop(video);
  });
  button.hidden = false;
};
