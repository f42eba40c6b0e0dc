// The pages of a paper beside its form: one is shown, the others are fetched when they are turned to and kept.

// `addressOf(number)`: where the page's part is fetched. Rejects when it can't be had; the page that is shown stays.
export const pagesOf = (bench, stage, image, addressOf) => {
  const leaves = new Map();
  const leaf = () => stage.querySelector(".leaf");
  const where = bench.querySelector(".where");
  const count = Number(where?.dataset.count ?? 1);
  let turning = 0;

  const number = () => Number(leaf().dataset.number);
  const turnTo = async (wanted) => {
    turning += 1;
    const mine = turning;
    if (wanted < 1 || wanted > count || wanted === number()) return;
    leaves.set(number(), leaf());
    if (!leaves.has(wanted)) {
      const response = await fetch(addressOf(wanted), { headers: { Accept: "text/html" } });
      if (!response.ok || mine !== turning) return; // another page was asked for meanwhile
      const part = new DOMParser().parseFromString(await response.text(), "text/html");
      leaves.set(wanted, document.importNode(part.querySelector(".leaf"), true));
    }
    leaf().replaceWith(leaves.get(wanted));
    where.textContent = where.dataset.said.replace("#", wanted);
    for (const link of bench.querySelectorAll("[data-turn]")) {
      const target = wanted + Number(link.dataset.turn);
      const there = target >= 1 && target <= count;
      link.classList.toggle("off", !there);
      if (there) link.href = `?trang=${target}`;
      else link.removeAttribute("href");
    }
    image.show(null, null, false);
  };
  // By a key or a button: what can't be had is no reason to stop.
  const turn = (step) => turnTo(number() + step).catch(() => {});
  return { count, number, turnTo, turn };
};
