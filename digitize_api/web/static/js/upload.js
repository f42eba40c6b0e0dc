// Sends one file with a bar. The key is the file's own for as long as its line stands: sending again can't double it.

const token = () => document.querySelector('meta[name="csrf-token"]').content;

const newKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

const advice = (request) => {
  try {
    const problem = JSON.parse(request.responseText);
    return `${problem.title}. ${problem.advice[document.documentElement.lang] ?? problem.advice.vi}`;
  } catch {
    return `HTTP ${request.status}`;
  }
};

// Resolves when the attempt is over, well or not.
export const send = (url, file, line, received) => new Promise((over) => {
  const bar = line.querySelector("progress");
  const status = line.querySelector(".status");
  const actions = line.querySelector(".actions");
  const key = line.dataset.key ?? (line.dataset.key = newKey());
  const wrong = (text) => {
    line.classList.add("wrong");
    status.textContent = text;
    actions.hidden = false;
  };
  line.classList.remove("wrong");
  actions.hidden = true;
  bar.value = 0;
  status.textContent = status.dataset.sending;

  const request = new XMLHttpRequest();
  request.open("POST", url);
  request.setRequestHeader("Accept", "application/json");
  request.setRequestHeader("Accept-Language", document.documentElement.lang);
  request.setRequestHeader("Idempotency-Key", key);
  request.setRequestHeader("X-CSRF-Token", token());
  request.upload.addEventListener("progress", (event) => {
    if (!event.lengthComputable) return;
    bar.value = event.loaded / event.total;
    status.textContent = `${status.dataset.sending} ${Math.round((100 * event.loaded) / event.total)} %`;
  });
  request.addEventListener("error", () => wrong(status.dataset.network));
  request.addEventListener("loadend", over);
  request.addEventListener("load", () => {
    if (request.status === 401) location.assign(`/login?next=${encodeURIComponent(location.pathname)}`);
    else if (request.status === 202 || request.status === 200) {
      bar.value = 1;
      const scan = JSON.parse(request.responseText);
      // An earlier try of this line arrived whole and only its answer was lost: that is no file sent twice.
      const ours = request.status === 202 || request.getResponseHeader("Idempotent-Replayed") === "true";
      if (!ours) status.textContent = status.dataset.already;
      received(scan, ours);
    } else wrong(advice(request));
  });
  const form = new FormData();
  form.append("file", file);
  request.send(form);
});
