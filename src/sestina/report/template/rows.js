// What stands where: units packed in rows, one run of rows a facet, one lane a dimension.

import { doc, facetOf, isInstant } from "./data.js";
import { plural } from "./numbers.js";

export function narrow() {
  return window.innerWidth < 700;
}

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
  const name = narrow() ? facetOf(unit).name.split(" · ").pop() : facetOf(unit).name;
  return /^.[A-Z]/.test(name) ? name : name.charAt(0).toLowerCase() + name.slice(1);
}

const FIRST = [
  "camera.movement",
  "camera.scale",
  "edit.transition",
  "edit.cut_rationale",
  "edit.cut_function",
  "narr.hook",
  "narr.tension.peak",
  "diss.overlay",
  "diss.cta",
  "subject.kind",
  "subject.action",
];

// Where a facet's rows stand: what changes over time first, abstentions last, else the vocabulary's order.
function weight(units) {
  const first = FIRST.indexOf(units[0].facet);
  const said = units.filter((unit) => unit.status !== "abstain");
  const kinds = new Set(said.map((unit) => unit.claim)).size;
  const place = first < 0 ? (facetOf(units[0]).order ?? 999) : first - 100;
  return place + (said.length ? 0 : 4000) + (kinds > 1 || said.length > 1 ? 0 : 2000);
}

function facetRows(units) {
  const groups = new Map();
  for (const unit of units) groups.set(unit.facet, [...(groups.get(unit.facet) ?? []), unit]);
  return [...groups.values()]
    .sort((one, other) => weight(one) - weight(other))
    .map((group) => ({ name: shortName(group[0]), rows: packed(group) }));
}

// Rows of one lane, {name, units} each, and beside them what is said about the video as a whole.
export function laneRows(units, most) {
  const standing = units.filter((unit) => !isFolded(unit, units) && !ELSEWHERE.has(unit.facet));
  const whole = standing.filter((unit) => unit.level === "video");
  const timed = standing.filter((unit) => unit.level !== "video");
  const rows = [];
  for (const group of facetRows(timed)) {
    group.rows.forEach((row, number) => rows.push({ name: number ? "" : group.name, units: row }));
  }
  const shown = rows.slice(0, rows.length <= most + 1 ? rows.length : most);
  return {
    rows: shown,
    whole,
    hidden: rows.length - shown.length,
    more: plural(rows.length - shown.length, "more row"),
  };
}

const known = new WeakMap();

// Whether a unit is shown as part of another one among these.
function isFolded(unit, among) {
  if (unit.in === undefined) return false;
  if (!known.has(among)) known.set(among, new Set(among.map((other) => other.id)));
  return known.get(among).has(unit.in);
}

const WORD_PIXELS = 46;
const PAUSE_S = 0.6;

// What is said, word by word where there is room for words, else joined to phrases.
export function spokenAt(scale) {
  const words = doc.words.map(([text, start, end]) => ({ text, start, end }));
  const spoken = words.reduce((sum, word) => sum + word.end - word.start, 0);
  if ((spoken / (words.length || 1)) * scale >= WORD_PIXELS) return words;
  return phrases;
}

const phrases = joinWords();

function joinWords() {
  const joined = [];
  for (const [text, start, end] of doc.words) {
    const last = joined[joined.length - 1];
    const runsOn = last && start - last.end < PAUSE_S && !/[.!?…。！？]$/.test(last.text) && end - last.start < 6;
    if (last && (runsOn || /^\p{P}+$/u.test(text))) [last.text, last.end] = [`${last.text} ${text}`, end];
    else joined.push({ text, start, end });
  }
  return joined;
}
