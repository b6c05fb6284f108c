// The timeline: which row stands at which height, and one canvas that draws them all.

import { beats, claimOf, clock, colours, cuts, doc, isInstant, order, plain, shots, trackOf, valueAt } from "./data.js";
import { button, byIdIn, el } from "./dom.js";
import { clockText } from "./format.js";
import { withUnit } from "./numbers.js";
import * as paint from "./paint.js";
import { laneRows, narrow, packed, spokenAt } from "./rows.js";
import { on, state } from "./state.js";

const ROW = 20;
const GAP = 3;
const LANE_PAD = 7;
const MOST_ROWS = 6;
const MOST_ROWS_NARROW = 4;
const MOST_ROWS_OPEN = 80;
const MOST_CANVAS = 16000;

export const parts = {};
export const view = { start: clock.start, end: clock.end, scale: 1, width: 1, zoom: 1 };
view.x = (time) => (time - view.start) * view.scale;
view.time = (x) => view.start + x / view.scale;
let rows = [];
let height = 0;
let look = {};
let asked = false;
export const hover = { unit: null };
const open = new Set();

export function buildTimeline() {
  parts.canvas = el("canvas", {
    role: "img",
    "aria-label": "Timeline of all units; the list below holds the same units as a table",
  });
  parts.spacer = el("div", { class: "spacer" }, parts.canvas);
  parts.scroller = el("div", { class: "scroller" }, parts.spacer);
  parts.gutter = el("div", { class: "gutter" });
  parts.flag = el("span", { class: "flag" });
  parts.playhead = el("div", { class: "playhead", "aria-hidden": "true" }, parts.flag);
  parts.field = el("div", { class: "field" }, parts.scroller, parts.playhead);
  parts.frame = el("div", { class: "tracks" }, parts.gutter, parts.field);
  byIdIn("timeline").append(parts.frame);
  parts.scroller.addEventListener("scroll", () => readScroll());
  new ResizeObserver(() => measure()).observe(parts.field);
  on("filter", layout);
  on("select pictures", draw);
  on("theme", () => (readLook(), draw()));
  on("time", movePlayhead);
  readLook();
  layout();
}

function readLook() {
  const style = getComputedStyle(document.documentElement);
  const get = (name) => style.getPropertyValue(name).trim();
  look = {
    panel: get("--panel"),
    panel2: get("--panel-2"),
    ink: get("--ink"),
    ink2: get("--ink-2"),
    ink3: get("--ink-3"),
  };
  Object.assign(look, {
    line: get("--line"),
    line2: get("--line-2"),
    stage: get("--stage"),
    dark: get("--dark") === "1",
  });
}

// Lay out every row from top to bottom, then the labels beside them.
function layout() {
  rows = [];
  height = 0;
  const add = (row) => {
    rows.push({ ...row, y: height });
    height += row.h + (row.gap ?? 0);
  };
  add({ kind: "ruler", h: 24, name: "" });
  add({ kind: "strip", h: narrow() ? 46 : 60, name: "shots", gap: 6 });
  if (beats.length) add({ kind: "beats", h: 22, name: "chapters", gap: 4 });
  if (doc.words.length) add({ kind: "words", h: 18, name: "said", gap: 3 });
  packed(doc.screen.map(([text, start, end], number) => ({ text, start, end, number })))
    .slice(0, 3)
    .forEach((units, i) => add({ kind: "screen", h: 18, name: i ? "" : "on screen", gap: i < 2 ? 3 : 8, units }));
  for (const dimension of order) addLane(dimension, add);
  addCurves(add);
  height += 8;
  measure();
  labels();
}

function addLane(dimension, add) {
  const units = state.units.filter((unit) => unit.dimension === dimension);
  const most = open.has(dimension) ? MOST_ROWS_OPEN : narrow() ? MOST_ROWS_NARROW : MOST_ROWS;
  const lane = laneRows(units, most);
  const empty = lane.rows.length === 0 && lane.whole.length === 0;
  add({ kind: "lane", dimension, h: LANE_PAD, empty });
  add({
    kind: lane.whole.length ? "bundle" : "none",
    dimension,
    h: ROW,
    gap: GAP,
    bundle: lane.whole,
    empty,
    title: dimension,
  });
  for (const row of lane.rows) add({ kind: "units", dimension, h: ROW, gap: GAP, ...row });
  if (lane.hidden || open.has(dimension))
    add({ kind: "more", dimension, h: 18, text: open.has(dimension) ? "fewer rows" : lane.more });
  add({ kind: "pad", h: LANE_PAD });
}

function addCurves(add) {
  doc.curves.forEach((curve, i) => add({ kind: "curve", curve, h: 46, name: curve.name, gap: 6, first: !i }));
}

function labels() {
  parts.gutter.replaceChildren(...rows.map(labelOf).filter(Boolean));
  parts.gutter.style.setProperty("height", `${height}px`);
  parts.values = [...parts.gutter.querySelectorAll("[data-track]")];
  showValues();
}

function labelOf(row) {
  const at = (node, top = row.y, tall = row.h) => {
    node.style.setProperty("top", `${top}px`);
    node.style.setProperty("height", `${tall}px`);
    return node;
  };
  if (row.kind === "lane") {
    const lane = rows.filter((other) => other.dimension === row.dimension);
    const last = lane[lane.length - 1];
    const node = el("div", { class: `lane${row.empty ? " empty" : ""}`, style: { "--hue": colours[row.dimension] } });
    return at(node, row.y, last.y + last.h + LANE_PAD - row.y);
  }
  if (row.kind === "more") {
    const node = button(row.text, { text: row.text, kind: "more", press: () => toggleLane(row.dimension) });
    node.setAttribute("aria-label", `${row.dimension}: ${row.text}`);
    return at(node);
  }
  if (row.kind === "curve") {
    const value = el("output", { "data-track": row.curve.track });
    return at(el("div", { class: "row-name curve-name" }, el("b", {}, row.name), value));
  }
  if (row.title) return at(el("div", { class: "row-name title" }, el("b", {}, row.title)));
  return row.name ? at(el("div", { class: "row-name", title: row.name }, el("span", {}, row.name))) : null;
}

function toggleLane(dimension) {
  if (!open.delete(dimension)) open.add(dimension);
  layout();
}

function showValues() {
  for (const node of parts.values ?? []) {
    const track = trackOf(node.dataset.track);
    node.textContent = track ? withUnit(valueAt(track, state.time), track.unit) : "";
  }
}

function measure() {
  const width = parts.field.clientWidth;
  if (!width) return;
  view.width = width;
  const ratio = Math.min(2, window.devicePixelRatio || 1, MOST_CANVAS / height);
  const size = [Math.round(width * ratio), Math.round(height * ratio)];
  if (parts.canvas.width !== size[0] || parts.canvas.height !== size[1])
    [parts.canvas.width, parts.canvas.height] = size;
  parts.canvas.style.setProperty("width", `${width}px`);
  parts.canvas.style.setProperty("height", `${height}px`);
  setZoom(view.zoom);
}

function mostZoom() {
  return Math.max(1, ((clock.end - clock.start) * 1800) / view.width);
}

// Zoom so that the whole video is `zoom` times as wide as the window, keeping `anchor` (seconds) where it is.
export function setZoom(zoom, anchor = state.time) {
  const length = Math.max(1e-6, clock.end - clock.start);
  const before = Math.max(0, Math.min(1, (anchor - view.start) / Math.max(1e-9, view.end - view.start)));
  view.zoom = Math.max(1, Math.min(mostZoom(), zoom));
  view.scale = (view.width * view.zoom) / length;
  parts.spacer.style.setProperty("width", `${Math.round(view.width * view.zoom)}px`);
  parts.scroller.scrollLeft = (anchor - clock.start) * view.scale - before * view.width;
  readScroll();
}

export function showSpan(start, end) {
  const room = Math.max(0.4, (end - start) * 0.35);
  setZoom((clock.end - clock.start) / (end - start + 2 * room));
  parts.scroller.scrollLeft = (start - room - clock.start) * view.scale;
  readScroll();
}

function readScroll() {
  view.start = clock.start + parts.scroller.scrollLeft / view.scale;
  view.end = view.start + view.width / view.scale;
  draw();
  movePlayhead();
}

export function reveal(time) {
  if (time >= view.start && time <= view.end) return;
  parts.scroller.scrollLeft = (time - clock.start) * view.scale - view.width * 0.2;
}

export function draw() {
  if (asked) return;
  asked = true;
  requestAnimationFrame(() => {
    asked = false;
    drawNow();
  });
}

function drawNow() {
  const ratio = parts.canvas.width / view.width;
  const context = parts.canvas.getContext("2d");
  look.width = view.width;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, view.width, height);
  context.font = paint.FONT;
  context.textBaseline = "middle";
  for (const row of rows) PAINTERS[row.kind]?.(context, row);
  drawCutLines(context);
}

function drawCutLines(context) {
  const from = rows.find((row) => row.kind === "lane");
  if (!from) return;
  context.globalCompositeOperation = "destination-over";
  context.fillStyle = look.line;
  for (const shot of shots) {
    const x = Math.round(view.x(shot.start));
    if (shot.start > clock.start && x >= 0 && x <= view.width) context.fillRect(x, from.y, 1, height - from.y);
  }
  context.globalCompositeOperation = "source-over";
}

function rule(context, y) {
  context.fillStyle = look.line;
  context.fillRect(0, Math.round(y), view.width, 1);
}

const PAINTERS = {
  ruler: (context, row) => paint.drawRuler(context, row.y, row.h, view, look),
  strip: (context, row) => paint.drawStrip(context, row.y, row.h, view, look),
  lane: (context, row) => rule(context, row.y),
  beats: (context, row) => beats.forEach((beat) => drawBox(context, row, beat, plain(claimOf(beat)))),
  words: (context, row) => spokenAt(view.scale).forEach((item) => drawBox(context, row, item, item.text)),
  screen: (context, row) => row.units.forEach((item) => drawBox(context, row, item, item.text)),
  units: drawUnits,
  bundle: (context, row) =>
    paint.drawBundle(context, row.bundle, row.y, row.h, look, state.listed?.units === row.bundle),
  curve: (context, row) => (
    row.first && rule(context, row.y - 3),
    paint.drawCurve(context, row.curve, row.y, row.h, view, look)
  ),
  none: (context, row) => {
    if (!row.empty) return;
    context.fillStyle = look.ink3;
    context.fillText(
      state.units.length === doc.units.length ? "nothing found" : "nothing passes the filters",
      7,
      row.y + row.h / 2,
    );
  },
};

function drawBox(context, row, item, text) {
  const [x, end] = [view.x(item.start), view.x(item.end)];
  if (end < 0 || x > view.width) return;
  const beat = row.kind === "beats";
  const strength = item === state.selected ? 0.75 : item === hover.unit ? 0.45 : 0.26;
  const colour = beat ? paint.mixed(colours.narrative, look.panel, strength) : undefined;
  paint.drawText(context, text, { x, y: row.y, w: end - x, h: row.h }, look, colour);
}

function drawUnits(context, row) {
  // A row of instants that all say the same needs no words: its name says them.
  const quiet = row.units.length > 3 && new Set(row.units.map(claimOf)).size === 1;
  row.units.forEach((unit, i) => {
    const [x, end] = [view.x(unit.start), view.x(unit.end)];
    const next = row.units[i + 1] ? view.x(row.units[i + 1].start) : view.width;
    if (Math.max(end, next) < 0 || x > view.width + 8) return;
    const place = { x, y: row.y, w: end - x, h: row.h, room: next - x, quiet };
    Object.assign(place, { selected: unit === state.selected, hovered: unit === hover.unit });
    (isInstant(unit) ? paint.drawMark : paint.drawBar)(context, unit, place, look);
  });
}

function movePlayhead() {
  const x = view.x(state.time);
  const visible = x >= -1 && x <= view.width + 1;
  parts.playhead.hidden = !visible;
  parts.playhead.style.setProperty("transform", `translateX(${x.toFixed(2)}px)`);
  parts.playhead.style.setProperty("height", `${height}px`);
  parts.playhead.classList.toggle("late", x > view.width - 70);
  parts.flag.textContent = clockText(state.time, 2);
  if (state.playing && view.zoom > 1 && (x > view.width * 0.9 || x < 0)) {
    parts.scroller.scrollLeft += x - view.width * 0.15;
  }
  showValues();
}

// What lies under a point of the canvas: {row, unit or bundle or nothing}.
export function hit(x, y) {
  const row = rows.find((candidate) => y >= candidate.y && y < candidate.y + candidate.h + (candidate.gap ?? 0));
  if (!row) return {};
  if (row.kind === "bundle") return { row, bundle: row.bundle };
  return { row, unit: UNDER[row.kind]?.(row, x) };
}

const UNDER = {
  strip: (row, x) => nearestOf(cuts, x, 4) ?? inside(shots, x),
  beats: (row, x) => inside(beats, x),
  units: (row, x) => {
    const spans = row.units.filter((unit) => !isInstant(unit));
    return nearestOf(row.units.filter(isInstant), x, 8) ?? nearestOf(spans, x, 2);
  },
};

function inside(units, x) {
  const time = view.time(x);
  return units.find((unit) => unit.start <= time && time < unit.end);
}

function nearestOf(units, x, slack) {
  let best;
  let least = slack;
  for (const unit of units) {
    const [left, right] = [view.x(unit.start), view.x(unit.end)];
    const away = x < left ? left - x : x > right ? x - right : 0;
    if (away < least || (away === 0 && least === 0)) [best, least] = [unit, away];
  }
  return best;
}
