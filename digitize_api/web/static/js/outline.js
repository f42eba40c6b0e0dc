// Where a sheet of paper lies in a camera's picture: the largest bright patch, if it is four-cornered and wholly inside. On a table as bright
// as the paper nothing is found, and nothing is claimed. The sheet itself is straightened later, from the full picture, by the reader.

const LEAST_SHARE = 0.15; // of the picture
const LEAST_FILL = 0.8; // of the four corners' area that is bright: print and shadows take the rest
const MARGIN = 2; // pixels: a corner at the edge is cut off

// Otsu's threshold: the grey that parts the two groups best.
const threshold = (grey) => {
  const counts = new Float64Array(256);
  for (const value of grey) counts[value] += 1;
  let sum = 0;
  counts.forEach((count, value) => { sum += count * value; });
  let below = 0;
  let sumBelow = 0;
  let best = 0;
  let found = 0;
  for (let value = 0; value < 256; value += 1) {
    below += counts[value];
    sumBelow += counts[value] * value;
    const above = grey.length - below;
    if (!below || !above) continue;
    const apart = below * above * (sumBelow / below - (sum - sumBelow) / above) ** 2;
    if (apart > best) { best = apart; found = value; }
  }
  return found;
};

// The pixels of the largest patch of `bright`, as indexes.
const largest = (bright, width, height) => {
  const seen = new Uint8Array(bright.length);
  let best = [];
  for (let start = 0; start < bright.length; start += 1) {
    if (!bright[start] || seen[start]) continue;
    const patch = [start];
    seen[start] = 1;
    for (let read = 0; read < patch.length; read += 1) {
      const at = patch[read];
      const x = at % width;
      const around = [x > 0 && at - 1, x < width - 1 && at + 1, at >= width && at - width, at < width * (height - 1) && at + width];
      for (const next of around) {
        if (next === false || seen[next] || !bright[next]) continue;
        seen[next] = 1;
        patch.push(next);
      }
    }
    if (patch.length > best.length) best = patch;
  }
  return best;
};

// The four corners, clockwise from the top left, in pixels of `data` (RGBA); null where no whole sheet is seen.
export const findSheet = ({ data, width, height }) => {
  const grey = new Uint8Array(width * height);
  for (let at = 0; at < grey.length; at += 1) grey[at] = (data[4 * at] * 77 + data[4 * at + 1] * 150 + data[4 * at + 2] * 29) >> 8;
  const level = threshold(grey);
  const patch = largest(grey.map((value) => (value > level ? 1 : 0)), width, height);
  if (patch.length < LEAST_SHARE * grey.length) return null;
  const farthest = (weigh) => {
    let best = -Infinity;
    let corner = null;
    for (const at of patch) {
      const x = at % width;
      const y = (at - x) / width;
      const far = weigh(x, y);
      if (far > best) { best = far; corner = [x, y]; }
    }
    return corner;
  };
  const corners = [farthest((x, y) => -x - y), farthest((x, y) => x - y), farthest((x, y) => x + y), farthest((x, y) => y - x)];
  const inside = ([x, y]) => x >= MARGIN && y >= MARGIN && x < width - MARGIN && y < height - MARGIN;
  if (!corners.every(inside)) return null;
  const area = Math.abs(corners.reduce((sum, [x, y], place) => {
    const [nextX, nextY] = corners[(place + 1) % 4];
    return sum + x * nextY - nextX * y;
  }, 0)) / 2;
  const fill = patch.length / area;
  return area >= LEAST_SHARE * grey.length && fill >= LEAST_FILL && fill <= 1 / LEAST_FILL ? corners : null;
};
