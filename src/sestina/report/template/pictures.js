// Stills: the frames that evidence cites, and the filmstrip. Where a frame was not kept, the nearest one, said as such.

import { blobOf, clock, doc } from "./data.js";
import { el, svg } from "./dom.js";
import { clockText } from "./format.js";
import { tell } from "./state.js";

const { strip, cell, columns } = doc.stills;
const kept = Object.keys(doc.stills.frames)
  .map(Number)
  .sort((a, b) => a - b);
export const hasStills = strip.length > 0;
export const sheet = new Image();
const sheetAddress = hasStills ? URL.createObjectURL(blobOf(doc.stills.sheet, "image/jpeg")) : "";
const rows = Math.ceil(strip.length / columns);
const across = Math.min(columns, strip.length);

if (hasStills) {
  sheet.onload = () => tell("pictures");
  sheet.src = sheetAddress;
}

function nearestIn(numbers, wanted) {
  let best = -1;
  for (const candidate of numbers) {
    if (best < 0 || Math.abs(candidate - wanted) < Math.abs(best - wanted)) best = candidate;
  }
  return best;
}

export function stripCell(place) {
  return { x: (place % columns) * cell[0], y: Math.floor(place / columns) * cell[1], w: cell[0], h: cell[1] };
}

// The still that shows `time` best: {frame, exact, place}, where `place` is set for filmstrip frames.
export function stillAt(time) {
  if (!clock.count || !hasStills) return null;
  const wanted = clock.at(time);
  const frame = nearestIn(kept, wanted);
  const fromStrip = nearestIn(strip, wanted);
  if (frame >= 0 && Math.abs(frame - wanted) <= Math.abs(fromStrip - wanted)) {
    return { frame, exact: frame === wanted, place: -1 };
  }
  return { frame: fromStrip, exact: fromStrip === wanted, place: strip.indexOf(fromStrip) };
}

function stillElement(still, alt) {
  if (still.place < 0) {
    return el("img", { src: `data:image/jpeg;base64,${doc.stills.frames[still.frame]}`, alt, loading: "lazy" });
  }
  const [row, column] = [Math.floor(still.place / columns), still.place % columns];
  const at = (part, whole) => (whole > 1 ? `${(100 * part) / (whole - 1)}%` : "0");
  return el("span", {
    class: "cell",
    role: "img",
    "aria-label": alt,
    style: {
      "background-image": `url("${sheetAddress}")`,
      "background-size": `${100 * across}% ${100 * rows}%`,
      "background-position": `${at(column, across)} ${at(row, rows)}`,
    },
  });
}

function boxShapes(boxes, colour) {
  return boxes.map((box) =>
    svg("rect", {
      x: box.x,
      y: box.y,
      width: box.w,
      height: box.h,
      fill: "none",
      stroke: colour,
      "stroke-width": 0.012,
    }),
  );
}

// A picture of the frame at `time`, as an element of the video's shape; `boxes` are drawn over it.
export function picture(time, { boxes = [], colour = "#fff", alt } = {}) {
  const still = stillAt(time);
  const shape = cell[0] && cell[1] ? `${cell[0]} / ${cell[1]}` : "16 / 9";
  const said = alt ?? `Frame at ${clockText(time, 3)}`;
  if (!still) return el("span", { class: "still none", style: { "aspect-ratio": shape } }, "no picture");
  return el(
    "span",
    { class: "still", style: { "aspect-ratio": shape } },
    stillElement(still, said),
    boxes.length > 0 &&
      svg("svg", { viewBox: "0 0 1 1", preserveAspectRatio: "none", "aria-hidden": "true" }, boxShapes(boxes, colour)),
    !still.exact && el("small", { class: "nearest" }, `nearest kept: ${clockText(clock.times[still.frame], 2)}`),
  );
}

const images = new Map();

// Draw the best still for `time` on a canvas; calls `later` once a picture that was still loading is there.
export function drawStill(context, time, width, height, later) {
  const still = stillAt(time);
  if (!still) return false;
  if (still.place >= 0) {
    const part = stripCell(still.place);
    if (sheet.complete) context.drawImage(sheet, part.x, part.y, part.w, part.h, 0, 0, width, height);
    return sheet.complete;
  }
  if (!images.has(still.frame)) {
    const image = new Image();
    image.onload = later;
    image.src = `data:image/jpeg;base64,${doc.stills.frames[still.frame]}`;
    images.set(still.frame, image);
  }
  const image = images.get(still.frame);
  if (image.complete) context.drawImage(image, 0, 0, width, height);
  return image.complete;
}
