// What stands where: units packed in rows, one run of rows a facet, one lane a dimension.

import { doc, facetOf, isInstant } from "./data.js";
import { plural } from "./format.js";

const ELSEWHERE = new Set(["edit.shot", "narr.beat"]);

// Greedy first fit: the fewest rows for spans sorted by their start.
export function packed(units) {
  const rows = [];
  const ends = [];
  for (const unit of units) {
    let row = ends.findIndex((end) => end <= unit.start + 1e-6);
    if (row < 0) row = ends.push(0) - 1;
    (rows[row] ??= []).push(unit);
    ends[row] = isInstant(unit) ? unit.end + 1e-6 : unit.end;
  }
  return rows;
}

function shortName(unit) {
  const name = facetOf(unit).name;
  return name.charAt(0).toLowerCase() + name.slice(1);
}

// How much there is to see in a facet's rows: what changes over time first, abstentions last, else the vocabulary's order.
function weight(units) {
  const said = units.filter((unit) => unit.status !== "abstain");
  const kinds = new Set(said.map((unit) => unit.claim)).size;
  return (said.length ? 0 : 4000) + (kinds > 1 || said.length > 1 ? 0 : 2000) + (facetOf(units[0]).order ?? 999);
}

function facetRows(units) {
  const groups = new Map();
  for (const unit of units) groups.set(unit.facet, [...(groups.get(unit.facet) ?? []), unit]);
  return [...groups.values()]
    .sort((one, other) => weight(one) - weight(other))
    .map((group) => ({ name: shortName(group[0]), rows: packed(group) }));
}

// Rows of one lane: {name, units} each, and one `bundle` of what is said about the video as a whole.
export function laneRows(units, most) {
  const standing = units.filter((unit) => !isFolded(unit, units) && !ELSEWHERE.has(unit.facet));
  const whole = standing.filter((unit) => unit.level === "video");
  const timed = standing.filter((unit) => unit.level !== "video");
  const rows = [];
  for (const group of facetRows(timed)) {
    group.rows.forEach((row, number) => rows.push({ name: number ? "" : group.name, units: row }));
  }
  const room = Math.max(1, most - (whole.length ? 1 : 0));
  const shown = rows.length <= room + 1 ? rows : rows.slice(0, room);
  if (whole.length) shown.push({ name: "whole video", units: [], bundle: whole });
  const all = rows.length + (whole.length ? 1 : 0);
  return { rows: shown, hidden: all - shown.length, more: plural(all - shown.length, "more row") };
}

function isFolded(unit, among) {
  return unit.in !== undefined && doc.units.length === among.length ? true : unit.in !== undefined && hasWhole(unit, among);
}

const wholes = new WeakMap();

function hasWhole(unit, among) {
  if (!wholes.has(among)) wholes.set(among, new Set(among.map((other) => other.id)));
  return wholes.get(among).has(unit.in);
}
