// Drawing on the timeline's canvas: bars, marks, curves, the filmstrip.

import { claimOf, clock, colours, cuts, doc, facetOf, shots, swatchOf, titleOf, trackOf } from "./data.js";
import { clockText } from "./format.js";
import { sheet, stripCell } from "./pictures.js";
import { columnsOf } from "./plot.js";

export const FONT = '11px "Inter", "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", Arial, sans-serif';

function channels(colour) {
  return [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
}

export function mixed(one, other, share) {
  const [a, b] = [channels(one), channels(other)];
  return `rgb(${a.map((value, i) => Math.round(value * share + b[i] * (1 - share))).join(" ")})`;
}

export function inkOn(colour) {
  const [r, g, b] = channels(colour).map((value) => (value / 255) ** 2.2);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.2 ? "#111317" : "#ffffff";
}

// Write text that is cut off with an ellipsis where there is no room; a halo keeps it readable over a pattern.
export function fitText(context, text, x, y, room, halo) {
  if (room < 14) return;
  const whole = context.measureText(text).width;
  const letters = whole <= room ? text.length : Math.floor((text.length * (room - 8)) / whole);
  if (letters < 2 && whole > room) return;
  const said = whole <= room ? text : `${[...text].slice(0, letters).join("").trimEnd()}…`;
  if (halo) {
    context.strokeStyle = halo;
    context.lineWidth = 5;
    context.lineJoin = "round";
    context.strokeText(said, x, y);
  }
  context.fillText(said, x, y);
}

function hatch(context, x, y, w, h, colour) {
  context.save();
  context.beginPath();
  context.rect(x, y, w, h);
  context.clip();
  context.strokeStyle = colour;
  context.globalAlpha = 0.55;
  context.lineWidth = 1;
  context.beginPath();
  for (let at = Math.floor(x / 6) * 6 - h; at < x + w; at += 6) {
    context.moveTo(at, y + h);
    context.lineTo(at + h, y);
  }
  context.stroke();
  context.restore();
}

export function drawBar(context, unit, place, look) {
  const { x, y, w, h, selected, hovered, dim } = place;
  const colour = colours[unit.dimension];
  const swatch = swatchOf(unit);
  context.globalAlpha = dim ? 0.3 : 1;
  context.beginPath();
  context.roundRect(x, y, Math.max(2, w), h, Math.min(3, w / 2));
  if (unit.status === "abstain") {
    context.fillStyle = look.panel;
    context.fill();
    hatch(context, Math.max(x, 0), y, Math.min(w, look.width), h, look.ink3);
  } else {
    const strength = 0.2 + (look.dark ? 0.18 : 0.22) * unit.confidence;
    context.fillStyle = selected ? colour : mixed(colour, look.panel, hovered ? strength + 0.14 : strength);
    context.fill();
    if (w > 5) {
      context.fillStyle = swatch ?? colour;
      context.fillRect(x, y, swatch ? 12 : 2.5, h);
    }
  }
  if (selected || (unit.status === "inferred" && w > 8)) {
    context.strokeStyle = selected ? look.ink : colour;
    context.lineWidth = selected ? 1.5 : 1;
    context.setLineDash(selected ? [] : [3, 2]);
    context.stroke();
    context.setLineDash([]);
  }
  if (w < 26 && place.room > w + 34 && unit.status !== "abstain") {
    context.fillStyle = look.ink;
    fitText(context, titleOf(unit), x + w + 5, y + h / 2 + 0.5, place.room - w - 9);
    context.globalAlpha = 1;
    return;
  }
  const left = Math.max(x, 0) + (swatch ? 17 : 7);
  const open = unit.status === "abstain";
  context.fillStyle = open ? look.ink3 : selected ? inkOn(colour) : look.ink;
  fitText(context, titleOf(unit), left, y + h / 2 + 0.5, Math.min(x + w, look.width) - left - 4, open && look.panel);
  context.globalAlpha = 1;
}

// An instant: a diamond with its name beside it as far as the next one leaves room.
export function drawMark(context, unit, place, look) {
  const { x, y, h, room, selected, hovered, dim } = place;
  const size = selected || hovered ? 6 : 4.5;
  const middle = y + h / 2;
  context.globalAlpha = dim ? 0.3 : 1;
  context.beginPath();
  context.moveTo(x, middle - size);
  context.lineTo(x + size, middle);
  context.lineTo(x, middle + size);
  context.lineTo(x - size, middle);
  context.closePath();
  context.fillStyle = unit.status === "abstain" ? look.panel : colours[unit.dimension];
  context.fill();
  context.lineWidth = selected ? 1.5 : 1;
  context.strokeStyle = selected ? look.ink : unit.status === "abstain" ? look.ink3 : look.panel;
  context.stroke();
  if (room > 30 && !place.quiet) {
    context.fillStyle = unit.status === "abstain" ? look.ink3 : look.ink;
    fitText(context, titleOf(unit), x + 8, middle + 0.5, room - 12);
  }
  context.globalAlpha = 1;
}

export function drawBundle(context, units, y, h, look, selected) {
  const colour = colours[units[0].dimension];
  context.fillStyle = mixed(colour, look.panel, selected ? 0.34 : 0.1);
  context.beginPath();
  context.roundRect(0, y, look.width, h, 3);
  context.fill();
  context.fillStyle = look.ink2;
  const said = units.filter((unit) => unit.status !== "abstain");
  const words = (said.length ? said : units).map((unit) => `${facetOf(unit).name.toLowerCase()}: ${claimOf(unit)}`);
  fitText(context, words.join("     "), 7, y + h / 2 + 0.5, look.width - 16);
}

export function drawStrip(context, y, h, view, look) {
  const { strip, cell } = doc.stills;
  context.fillStyle = look.stage;
  context.fillRect(0, y, look.width, h);
  if (strip.length && sheet.complete && sheet.naturalWidth) {
    const size = { y, h, w: (h * cell[0]) / cell[1] };
    const times = strip.map((frame) => clock.times[frame]);
    const runs = shots.length ? shots.map((shot) => shot.span) : [[clock.start, clock.end]];
    for (const run of runs) drawRun(context, run, times, size, view, look);
  }
  drawShots(context, y, h, view, look);
}

// The filmstrip of one shot: cells from its first frame on, all of its own frames, the last one cut off.
function drawRun(context, [start, end], times, size, view, look) {
  const [from, to] = [view.x(start), Math.min(look.width, view.x(end))];
  const own = times.map((time, place) => ({ time, place })).filter(({ time }) => time >= start && time < end);
  const choice = own.length ? own : times.map((time, place) => ({ time, place }));
  const first = from + Math.max(0, Math.floor(-from / size.w)) * size.w;
  for (let x = first; x < to; x += size.w) {
    const time = view.time(x + size.w / 2);
    const best = choice.reduce((one, other) => (Math.abs(other.time - time) < Math.abs(one.time - time) ? other : one));
    const part = stripCell(best.place);
    const share = Math.min(1, (to - x) / size.w);
    context.drawImage(sheet, part.x, part.y, part.w * share, part.h, x, size.y, size.w * share, size.h);
  }
}

function drawShots(context, y, h, view, look) {
  for (const cut of cuts) {
    const [left, right] = [view.x(cut.start), view.x(cut.end)];
    if (right < -4 || left > look.width + 4) continue;
    if (right - left > 1) {
      context.fillStyle = `${colours.editing}99`;
      context.fillRect(left, y, right - left, h);
      context.fillStyle = "#fff";
      context.fillRect(right - 1, y, 2, h);
    }
    context.fillStyle = "#fff";
    context.fillRect(left - 1, y, 2, h);
  }
  shots.forEach((shot, number) => {
    const [left, right] = [Math.max(0, view.x(shot.start)), view.x(shot.end)];
    if (right < 0 || left > look.width || right - left < 20) return;
    const name = String(number + 1);
    context.fillStyle = "rgb(8 9 11 / 0.78)";
    context.fillRect(left + 4, y + 4, context.measureText(name).width + 8, 15);
    context.fillStyle = "#fff";
    context.fillText(name, left + 8, y + 12);
  });
}

export function drawCurve(context, curve, y, h, view, look) {
  const track = trackOf(curve.track);
  if (!track) return;
  const colour = colours[curve.dimension];
  const low = track.lo >= 0 && track.lo < track.hi * 0.6 ? 0 : track.lo;
  const level = (value) => y + h - 3 - ((value - low) / (track.hi - low || 1)) * (h - 8);
  const points = columnsOf(track, view.start, view.end, Math.ceil(look.width)).filter(
    ([, value]) => !Number.isNaN(value),
  );
  if (!points.length) return;
  context.beginPath();
  points.forEach(([time, value], i) => context[i ? "lineTo" : "moveTo"](view.x(time), level(value)));
  context.strokeStyle = colour;
  context.lineWidth = 1.5;
  context.lineJoin = "round";
  context.stroke();
  context.lineTo(view.x(points[points.length - 1][0]), y + h);
  context.lineTo(view.x(points[0][0]), y + h);
  context.closePath();
  context.fillStyle = mixed(colour, look.panel, 0.14);
  context.globalCompositeOperation = "destination-over";
  context.fill();
  context.globalCompositeOperation = "source-over";
}

export function drawRuler(context, y, h, view, look) {
  const steps = [0.04, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600];
  const step = steps.find((size) => size * view.scale > 64) ?? 1200;
  context.fillStyle = look.ink3;
  context.strokeStyle = look.line2;
  context.lineWidth = 1;
  context.beginPath();
  for (let time = Math.ceil(view.start / step) * step; time <= view.end + 1e-9; time += step) {
    const x = Math.round(view.x(time)) + 0.5;
    context.moveTo(x, y + h - 6);
    context.lineTo(x, y + h);
    context.fillText(clockText(time, step < 1 ? (step < 0.1 ? 2 : 1) : 0), x + 4, y + h / 2 - 1);
  }
  context.stroke();
}

export function drawText(context, text, place, look, colour) {
  const { x, y, w, h } = place;
  if (w < 3) {
    context.fillStyle = look.line2;
    context.fillRect(x, y + 3, Math.max(1, w - 1), h - 6);
    return;
  }
  context.fillStyle = colour ?? look.panel2;
  context.beginPath();
  context.roundRect(x + 0.5, y, Math.max(1.5, w - 1), h, 3);
  context.fill();
  context.fillStyle = look.ink;
  const left = Math.max(x, 0) + 5;
  fitText(context, text, left, y + h / 2 + 0.5, Math.min(x + w, look.width) - left - 3);
}
