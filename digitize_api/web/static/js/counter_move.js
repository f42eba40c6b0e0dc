// The page being looked at: turned, its scan arranged, or taken out of the dossier and put back.

const token = () => document.querySelector('meta[name="csrf-token"]').content;

const ask = async (path, method, body) => {
  const answer = await fetch(path, {
    method,
    body: body && JSON.stringify(body),
    headers: { "Content-Type": "application/json", "X-CSRF-Token": token(), "Accept-Language": document.documentElement.lang },
  });
  if (answer.ok) return "";
  if (answer.status === 401) location.assign(`/login?next=${encodeURIComponent(location.pathname)}`);
  const problem = await answer.json();
  const reasons = (problem.reasons ?? []).map((reason) => reason[document.documentElement.lang] ?? reason.vi).join(" ");
  return `${problem.title}. ${reasons || (problem.advice[document.documentElement.lang] ?? problem.advice.vi)}`;
};

// `refresh()` draws the changing part anew. Returns `move(tile)`, to be called for the tile that is looked at.
export const moving = (refresh) => {
  const box = document.getElementById("move");
  if (!box) return () => {};
  const said = document.getElementById("moved");
  const back = document.getElementById("put-back");
  let tile = null;
  let turning = "";
  let out = "";

  const tell = (text, undo = false) => {
    said.firstElementChild.textContent = text;
    said.hidden = !text;
    back.hidden = !undo;
  };
  const attempt = async (work) => {
    try {
      return await work();
    } catch {
      return document.getElementById("connection").textContent;
    } finally {
      refresh();
    }
  };

  document.getElementById("turn").addEventListener("click", async () => {
    if (!tile || tile.dataset.movable !== "yes" || tile.dataset.turns !== "yes") return;
    const { scan, number, page, version, asOf } = tile.dataset;
    tell(said.dataset.turning);
    turning = `${page}@${version}`;
    const wrong = await attempt(() => ask(`/api/v1/scans/${scan}/arrangement`, "PUT", { turned: { [number]: 90 }, as_of: Number(asOf) }));
    if (wrong) { turning = ""; tell(wrong); }
  });
  document.getElementById("withdraw").addEventListener("click", async () => {
    if (!tile || tile.dataset.movable !== "yes") return;
    const { scan, file } = tile.dataset;
    const wrong = await attempt(() => ask(`/api/v1/scans/${scan}/withdrawal`, "PUT"));
    out = wrong ? "" : scan;
    tell(wrong || said.dataset.withdrawn.replace("#", file), !wrong);
    if (!wrong) back.focus();
  });
  back.addEventListener("click", async () => {
    const wrong = await attempt(() => ask(`/api/v1/scans/${out}/withdrawal`, "DELETE"));
    tell(wrong);
  });

  return (shown) => {
    tile = shown;
    box.hidden = tile.dataset.movable !== "yes";
    document.getElementById("turn").hidden = tile.dataset.turns !== "yes";
    document.getElementById("arrange").href = `/ban-quet/${tile.dataset.scan}#leaf-${tile.dataset.number}`;
    if (turning && turning !== `${tile.dataset.page}@${tile.dataset.version}` && turning.startsWith(`${tile.dataset.page}@`)) {
      turning = "";
      tell("");
    }
  };
};
