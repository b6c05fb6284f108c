// Small drawings of a track: the line, the span that is cited, the threshold, the value.

import { firstAfter } from "./clock.js";
import { clock } from "./data.js";
import { svg } from "./dom.js";
import { clockText } from "./format.js";
import { number } from "./numbers.js";

const ON_SCALE = /^(mean|median|min|max|first|last|p\d\d)$/;

// Points of the track between two times, at most two a column: the least and the greatest.
export function columnsOf(track, start, end, columns) {
  const first = Math.max(0, firstAfter(track.times, start) - 1);
  const last = Math.min(track.times.length, firstAfter(track.times, end) + 1);
  if (last - first <= columns * 2) {
    return Array.from({ length: last - first }, (_, i) => [track.times[first + i], track.values[first + i]]);
  }
  const points = [];
  for (let column = 0; column < columns; column++) {
    const from = first + Math.floor(((last - first) * column) / columns);
    const to = first + Math.floor(((last - first) * (column + 1)) / columns);
    let [low, high] = [-1, -1];
    for (let i = from; i < to; i++) {
      if (Number.isNaN(track.values[i])) continue;
      if (low < 0 || track.values[i] < track.values[low]) low = i;
      if (high < 0 || track.values[i] > track.values[high]) high = i;
    }
    for (const i of [...new Set([low, high])].sort((a, b) => a - b)) {
      if (i >= 0) points.push([track.times[i], track.values[i]]);
    }
  }
  return points;
}

export function pathOf(points, x, y) {
  let path = "";
  let broken = true;
  for (const [time, value] of points) {
    if (Number.isNaN(value)) {
      broken = true;
      continue;
    }
    path += `${broken ? "M" : "L"}${x(time).toFixed(2)} ${y(value).toFixed(2)}`;
    broken = false;
  }
  return path;
}

function frameOf(track, item) {
  const length = item.span.end_s - item.span.start_s;
  const around = Math.max(0.6, length * 0.4);
  const start = Math.max(clock.start, item.span.start_s - around);
  const end = Math.min(clock.end, item.span.end_s + around);
  const points = columnsOf(track, start, end, 220).filter(([time]) => time >= start - around && time <= end + around);
  const levels = points.map((point) => point[1]).filter((value) => !Number.isNaN(value));
  if (ON_SCALE.test(item.reduce)) levels.push(item.threshold, item.value);
  const [low, high] = [Math.min(...levels), Math.max(...levels)];
  const room = (high - low || Math.abs(high) || 1) * 0.12;
  return { start, end, points, low: low - room, high: high + room };
}

// Evidence of type `metric` as a drawing: the track around the cited span, its threshold dashed, its value solid.
export function metricPlot(track, item, colour) {
  const [width, height] = [320, 92];
  const { start, end, points, low, high } = frameOf(track, item);
  const x = (time) => ((time - start) / (end - start || 1)) * width;
  const y = (value) => height - 16 - ((value - low) / (high - low)) * (height - 22);
  const [left, right] = [x(item.span.start_s), x(item.span.end_s)];
  const shown = ON_SCALE.test(item.reduce);
  const level = y(item.threshold);
  const label = `${item.signal}: ${number(item.value)} ${item.op} ${number(item.threshold)}`;
  return svg(
    "svg",
    { class: "plot", viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label },
    svg("rect", {
      x: left,
      y: 0,
      width: Math.max(1.5, right - left),
      height: height - 14,
      fill: colour,
      opacity: 0.16,
    }),
    svg("path", { d: pathOf(points, x, y), class: "curve" }),
    points.length < 60 && dots(points, x, y),
    shown && item.op !== "==" && svg("line", { x1: 0, x2: width, y1: level, y2: level, class: "limit" }),
    shown && valueMark(left, right, y(item.value), colour, width),
    svg("text", { x: 0, y: height - 2, class: "tick" }, clockText(start)),
    svg("text", { x: width, y: height - 2, class: "tick end" }, clockText(end)),
  );
}

function dots(points, x, y) {
  const good = points.filter((point) => !Number.isNaN(point[1]));
  return good.map(([time, value]) => svg("circle", { cx: x(time), cy: y(value), r: 1.6, class: "dot" }));
}

function valueMark(left, right, level, colour, width) {
  const from = Math.max(0, Math.min(left, width - 6));
  const to = Math.min(width, Math.max(right, from + 6));
  return svg("line", { x1: from, x2: to, y1: level, y2: level, stroke: colour, "stroke-width": 2.5 });
}
