// Name and facts of the video, notes about the page, light and dark.

import { clock, colours, cuts, doc, order, shots } from "./data.js";
import { button, byIdIn, el, icon, svg } from "./dom.js";
import { clockText, rateText } from "./format.js";
import { plural, sizeText } from "./numbers.js";
import { showHelp } from "./keys.js";
import { tell } from "./state.js";

const REMEMBERED = "sestina-theme";
let themeButton;

export function buildHeader() {
  const { media } = doc;
  document.title = `${media.name} · storyboard`;
  themeButton = button("Light or dark", { glyph: "moon", press: switchTheme });
  byIdIn("header").append(
    mark(),
    el(
      "div",
      { class: "names" },
      el("h1", { dir: "auto", title: media.path }, media.name),
      el("p", { class: "media-facts" }, facts()),
    ),
    el("div", { class: "counts" }, counts()),
    el("div", { class: "tools" }, themeButton, button("Keys", { glyph: "keys", press: showHelp, keys: "?" })),
  );
  buildFooter();
  showTheme();
}

// Six bars, one a dimension: the sixfold form the program is named after.
function mark() {
  const bars = order.map((dimension, i) =>
    svg("rect", {
      x: i * 4.4,
      y: [6, 2, 9, 0, 4, 8][i],
      width: 3,
      height: [12, 18, 8, 22, 14, 10][i],
      rx: 1.5,
      fill: colours[dimension],
    }),
  );
  return el(
    "span",
    { class: "logo", title: "Sestina" },
    svg("svg", { viewBox: "0 0 25 22", "aria-hidden": "true" }, bars),
  );
}

function facts() {
  const { video, audio, span, size_bytes: size } = doc.media;
  const said = [clockText(span[1] - span[0], 2)];
  if (video) said.push(`${video.width} × ${video.height}`, rateText(), video.codec.toUpperCase());
  said.push(audio ? `${audio.codec.toUpperCase()} ${audio.rate_hz / 1000} kHz` : "no sound", sizeText(size));
  return said.map((text) => el("span", {}, text));
}

function counts() {
  const open = doc.units.filter((unit) => unit.status === "abstain").length;
  const rows = [
    [shots.length, shots.length === 1 ? "shot" : "shots"],
    [cuts.length, cuts.length === 1 ? "cut" : "cuts"],
    [doc.units.length - open, "findings"],
    [open, "undecided"],
  ];
  return rows.map(([count, name]) => el("span", {}, el("b", {}, String(count)), name));
}

function buildFooter() {
  const { made, notes, stills } = doc;
  const lines = [...notes];
  if (stills.left_out)
    lines.push(
      `${plural(stills.left_out, "cited frame")} left out to keep the page small; the nearest kept one stands in, and says so.`,
    );
  const total = made.stages.reduce((sum, stage) => sum + stage[1], 0);
  byIdIn("footer").append(
    lines.length > 0 &&
      el(
        "details",
        { class: "notes", open: lines.length < 4 },
        el("summary", {}, plural(lines.length, "note")),
        el(
          "ul",
          {},
          lines.map((line) => el("li", {}, line)),
        ),
      ),
    el(
      "p",
      {},
      `Made by ${made.by} · SV6D ${made.sv6d}${total ? ` · analyzed in ${total.toFixed(1)} s` : ""} · ${doc.media.sha256.slice(0, 12)} · ends at ${clockText(clock.end, 3)}`,
    ),
  );
}

function remembered() {
  try {
    return localStorage.getItem(REMEMBERED);
  } catch {
    return null; // storage may be off for local files
  }
}

function isDark() {
  return getComputedStyle(document.documentElement).getPropertyValue("--dark").trim() === "1";
}

export function applyTheme() {
  const theme = remembered();
  if (theme) document.documentElement.dataset.theme = theme;
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => (showTheme(), tell("theme")));
}

function switchTheme() {
  const theme = isDark() ? "light" : "dark";
  document.documentElement.dataset.theme = theme;
  try {
    localStorage.setItem(REMEMBERED, theme);
  } catch {
    // not remembered, then
  }
  showTheme();
  tell("theme");
}

function showTheme() {
  const dark = isDark();
  themeButton.replaceChildren(icon(dark ? "sun" : "moon"));
  themeButton.setAttribute("aria-label", dark ? "Light theme" : "Dark theme");
  themeButton.title = dark ? "Light theme" : "Dark theme";
}
