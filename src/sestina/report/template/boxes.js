// Where in the picture: the boxes of a unit at a time, drawn over the player and over stills.

import { colours, holdsAt, titleOf } from "./data.js";
import { FONT, fitText, inkOn } from "./paint.js";

const NEAR_S = 0.05;

function between(one, other, share) {
  const blend = (name) => one[name] * (1 - share) + other[name] * share;
  return { x: blend("x"), y: blend("y"), w: blend("w"), h: blend("h") };
}

// A region's box at `time`, interpolated along its track and held at both ends.
export function boxAt(region, time) {
  const track = region?.track ?? [];
  if (!track.length) return region?.box ?? null;
  const after = track.findIndex((item) => item.at_s > time);
  if (after === 0) return track[0].box;
  if (after < 0) return track[track.length - 1].box;
  const [one, other] = [track[after - 1], track[after]];
  return between(one.box, other.box, (time - one.at_s) / (other.at_s - one.at_s || 1));
}

// All boxes that a unit shows at `time`: its region first, then what its evidence marks there.
export function boxesOf(unit, time) {
  const boxes = [];
  const within = holdsAt(unit, time) || Math.abs(unit.start - time) < NEAR_S;
  if (unit.region && within) boxes.push(boxAt(unit.region, time));
  for (const item of unit.evidence ?? []) {
    if (item.box && item.at_s !== undefined && (within || Math.abs(item.at_s - time) < NEAR_S)) boxes.push(item.box);
  }
  const seen = new Set();
  return boxes.filter((box) => box && !seen.has(JSON.stringify(box)) && seen.add(JSON.stringify(box)));
}

export function drawBoxes(context, unit, time, ratio) {
  const { width, height } = context.canvas;
  context.clearRect(0, 0, width, height);
  if (!unit || !width) return;
  const scale = ratio ?? width / context.canvas.clientWidth;
  const colour = colours[unit.dimension];
  boxesOf(unit, time).forEach((box, number) => {
    const [x, y, w, h] = [box.x * width, box.y * height, box.w * width, box.h * height];
    context.lineJoin = "round";
    context.strokeStyle = "rgb(0 0 0 / 0.65)";
    context.lineWidth = 4 * scale;
    context.strokeRect(x, y, w, h);
    context.strokeStyle = colour;
    context.lineWidth = 2 * scale;
    context.strokeRect(x, y, w, h);
    if (!number && !ratio) drawName(context, titleOf(unit), x, y, scale, colour);
  });
}

function drawName(context, text, x, y, scale, colour) {
  context.save();
  context.scale(scale, scale);
  context.font = `600 ${FONT}`;
  context.textBaseline = "middle";
  const room = context.canvas.width / scale - x / scale - 4;
  const wide = Math.min(context.measureText(text).width + 10, Math.max(40, room));
  const top = Math.max(0, y / scale - 18);
  context.fillStyle = colour;
  context.fillRect(x / scale - 1, top, wide, 17);
  context.fillStyle = inkOn(colour);
  fitText(context, text, x / scale + 4, top + 9, wide - 8);
  context.restore();
}
