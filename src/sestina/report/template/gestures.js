// Hands on the timeline: click selects, dragging the ruler or the filmstrip scrubs, wheel and pinch zoom.

import { facetOf, titleOf } from "./data.js";
import { byIdIn, el } from "./dom.js";
import { spanText } from "./format.js";
import { percent } from "./numbers.js";
import { pause, seek } from "./monitor.js";
import { listUnits, select, state } from "./state.js";
import { draw, hit, hover, parts, setZoom, showSpan, view } from "./timeline.js";

const SCRUBBED = new Set(["ruler", "strip", "curve", "words", "screen", "lane", "pad", "none"]);

function place(event) {
  const box = parts.canvas.getBoundingClientRect();
  return [event.clientX - box.left, event.clientY - box.top];
}

export function choose(unit) {
  pause();
  select(unit);
  seek(unit.start);
}

export function bindGestures() {
  const canvas = parts.canvas;
  canvas.addEventListener("click", onClick);
  canvas.addEventListener("dblclick", (event) => {
    const { unit } = hit(...place(event));
    if (unit) showSpan(unit.start, unit.end);
  });
  canvas.addEventListener("pointerdown", onDown);
  canvas.addEventListener("pointermove", onMove);
  canvas.addEventListener("pointerup", onUp);
  canvas.addEventListener("pointercancel", onUp);
  canvas.addEventListener("pointerleave", () => hoverOver(null));
  parts.scroller.addEventListener("wheel", onWheel, { passive: false });
  parts.scroller.addEventListener("touchstart", onTouch, { passive: true });
  parts.scroller.addEventListener("touchmove", onPinch, { passive: false });
}

let drag = null;
let moved = false;

function onDown(event) {
  moved = false;
  if (event.pointerType === "touch" || event.button !== 0) return;
  const [x, y] = place(event);
  const { row, unit } = hit(x, y);
  const scrubs = row && (row.kind === "ruler" || (SCRUBBED.has(row.kind) && !unit));
  drag = { x, from: parts.scroller.scrollLeft, scrubs };
  parts.canvas.setPointerCapture(event.pointerId);
  if (scrubs) {
    pause();
    seek(view.time(x));
  }
}

function onMove(event) {
  const [x, y] = place(event);
  if (!drag) {
    if (event.pointerType !== "touch") hoverOver(hit(x, y), event);
    return;
  }
  if (Math.abs(x - drag.x) > 3) moved = true;
  if (drag.scrubs) seek(view.time(x));
  else if (moved) parts.scroller.scrollLeft = drag.from - (x - drag.x);
}

function onUp() {
  drag = null;
}

function onClick(event) {
  if (moved) return;
  const [x, y] = place(event);
  const { unit, bundle, row } = hit(x, y);
  if (unit) choose(unit);
  else if (bundle) listUnits(`${row.dimension}: the whole video`, bundle);
  else {
    pause();
    seek(view.time(x));
  }
}

function onWheel(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) {
    event.preventDefault();
    setZoom(view.zoom * Math.exp(-event.deltaY * 0.0035), view.time(place(event)[0]));
  } else if (event.shiftKey && !event.deltaX) {
    event.preventDefault();
    parts.scroller.scrollLeft += event.deltaY;
  }
}

let pinch = null;

function spread(touches) {
  return Math.max(12, Math.abs(touches[0].clientX - touches[1].clientX));
}

function onTouch(event) {
  if (event.touches.length !== 2) return;
  const middle = (event.touches[0].clientX + event.touches[1].clientX) / 2 - parts.canvas.getBoundingClientRect().left;
  pinch = { spread: spread(event.touches), zoom: view.zoom, time: view.time(middle) };
}

function onPinch(event) {
  if (event.touches.length !== 2 || !pinch) return;
  event.preventDefault();
  setZoom((pinch.zoom * spread(event.touches)) / pinch.spread, pinch.time);
}

function hoverOver(found, event) {
  const unit = found?.unit ?? null;
  const tip = byIdIn("tip");
  if (unit !== hover.unit) {
    hover.unit = unit;
    parts.canvas.style.setProperty("cursor", unit || found?.bundle ? "pointer" : "");
    draw();
    tip.replaceChildren(...(unit ? tipContent(unit) : []));
  }
  tip.hidden = !unit;
  if (unit && event) placeTip(tip, event.clientX, event.clientY);
}

function tipContent(unit) {
  const sure = unit.status === "abstain" ? "no decision" : `${unit.status}, ${percent(unit.confidence)}`;
  return [
    el("b", {}, titleOf(unit)),
    el("span", {}, facetOf(unit).name),
    el("span", { class: "quiet" }, `${spanText(unit)} · ${sure}`),
    ...(unit.reason ? [el("span", {}, unit.reason)] : []),
  ];
}

function placeTip(tip, x, y) {
  const box = tip.getBoundingClientRect();
  const left = Math.min(x + 14, window.innerWidth - box.width - 8);
  const top = y + 18 + box.height > window.innerHeight ? y - box.height - 10 : y + 18;
  tip.style.setProperty("transform", `translate(${Math.max(8, left)}px, ${Math.max(8, top)}px)`);
}

export function zoomBy(factor) {
  setZoom(view.zoom * factor, state.time);
}
