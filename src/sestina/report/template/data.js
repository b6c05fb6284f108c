// The document as the page carries it: units by id, the parts folded into their wholes, tracks decoded when asked for.

import { firstAfter, makeClock } from "./clock.js";
import { withUnit } from "./numbers.js";

export const doc = JSON.parse(document.getElementById("data").textContent);
export const clock = makeClock(doc.time, doc.media.video?.rate, doc.media.span);
export const byId = new Map(doc.units.map((unit) => [unit.id, unit]));
export const order = doc.dimensions.map((dimension) => dimension.id);
export const colours = Object.fromEntries(doc.dimensions.map((dimension) => [dimension.id, dimension.colour]));
export const shots = doc.units.filter((unit) => unit.facet === "edit.shot");
const EDGES = new Set(["start", "end"]);
export const cuts = doc.units.filter(
  (unit) => unit.facet === "edit.transition" && unit.status !== "abstain" && !EDGES.has(unit.label),
);
export const beats = doc.units.filter((unit) => unit.facet === "narr.beat" && unit.status !== "abstain");

doc.units.forEach((unit, number) => {
  unit.number = number;
  [unit.start, unit.end] = unit.span;
  unit.parts = [];
});
for (const unit of doc.units) byId.get(unit.in)?.parts.push(unit);

export function facetOf(unit) {
  return doc.facets[unit.facet] ?? { name: unit.facet, definition: "", labels: {} };
}

export function isInstant(unit) {
  return unit.start === unit.end;
}

export function holdsAt(unit, time) {
  return unit.start === time || (unit.start <= time && time < unit.end);
}

export function plain(label) {
  return String(label).replaceAll("_", " ");
}

const ANSWERS = { true: "yes", false: "no" };

export function claimOf(unit) {
  if (unit.status === "abstain") return "no decision";
  if (unit.value !== undefined) return withUnit(unit.value, unit.unit);
  return unit.label !== undefined ? (ANSWERS[unit.label] ?? plain(unit.label)) : unit.claim;
}

// What stands in the bar: an overlay says its text, everything else its claim.
export function titleOf(unit) {
  const written = unit.parts.find((part) => part.facet === `${unit.facet}.text`);
  if (written) return `“${written.text}”`;
  return unit.facet === "edit.shot" ? `shot ${shots.indexOf(unit) + 1}` : claimOf(unit);
}

const HEX = /^#[0-9a-f]{6}$/i;

export function swatchOf(unit) {
  const said = [unit, ...unit.parts.filter((part) => part.facet.endsWith(".swatch"))].find((item) =>
    HEX.test(item.text ?? ""),
  );
  return said ? said.text : null;
}

function bytesOf(text) {
  const raw = atob(text);
  const bytes = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i++) bytes[i] = raw.charCodeAt(i);
  return bytes;
}

export function blobOf(text, type) {
  return new Blob([bytesOf(text)], { type });
}

const decoded = new Map();

export function trackOf(name) {
  if (!decoded.has(name)) decoded.set(name, doc.tracks[name] ? unpack(doc.tracks[name]) : null);
  return decoded.get(name);
}

function unpack(packed) {
  const codes = new DataView(bytesOf(packed.v).buffer);
  const count = codes.byteLength / 2;
  const values = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const code = codes.getInt16(2 * i, true);
    values[i] = code === -32768 ? NaN : packed.lo + ((code + 32767) / 65534) * (packed.hi - packed.lo);
  }
  return { ...packed, times: timesOf(packed.t, count), values };
}

function timesOf(packed, count) {
  if (Array.isArray(packed)) return Float64Array.from({ length: count }, (_, i) => packed[0] + i * packed[1]);
  const view = new DataView(bytesOf(packed).buffer);
  return Float64Array.from({ length: count }, (_, i) => doc.media.span[0] + view.getFloat32(4 * i, true));
}

export function valueAt(track, time) {
  const place = firstAfter(track.times, time + 1e-6) - 1;
  return place < 0 ? NaN : track.values[place];
}
