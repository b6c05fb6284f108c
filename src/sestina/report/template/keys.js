// The keyboard, and the card that explains it.

import { clock } from "./data.js";
import { button, el } from "./dom.js";
import { focusSearch } from "./filters.js";
import { zoomBy } from "./gestures.js";
import { stepUnit } from "./inspector.js";
import { seek, skip, step, toCut, toggle, toggleSound } from "./monitor.js";
import { select, state } from "./state.js";
import { setZoom, showSpan } from "./timeline.js";

const HELP = [
  [["space"], "play or pause"],
  [["←", "→"], "one frame back or on"],
  [["shift", "←", "→"], "one second"],
  [["↑", "↓"], "previous or next cut"],
  [["home", "end"], "first or last frame"],
  [["[", "]"], "previous or next unit"],
  [["z"], "zoom to the unit"],
  [["+", "−", "0"], "zoom in, out, whole video"],
  [["m"], "sound on or off"],
  [["/"], "search"],
  [["esc"], "let go of the unit"],
  [["?"], "this card"],
];

const ACTIONS = {
  " ": toggle,
  ArrowLeft: () => step(-1),
  ArrowRight: () => step(1),
  "shift ArrowLeft": () => skip(-1),
  "shift ArrowRight": () => skip(1),
  ArrowUp: () => toCut(-1),
  ArrowDown: () => toCut(1),
  Home: () => seek(clock.start),
  End: () => seek(clock.end),
  "[": () => stepUnit(-1),
  "]": () => stepUnit(1),
  z: () => state.selected && showSpan(state.selected.start, state.selected.end),
  "+": () => zoomBy(1.6),
  "=": () => zoomBy(1.6),
  "-": () => zoomBy(1 / 1.6),
  0: () => setZoom(1),
  m: toggleSound,
  "/": focusSearch,
  "?": showHelp,
  Escape: () => select(null),
};

let card;

export function bindKeys() {
  document.addEventListener("keydown", onKey);
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  const target = event.target instanceof Element ? event.target : document.body;
  const writes = target.matches("input[type=search], textarea");
  if (writes && event.key !== "Escape") return;
  if (writes) target.blur();
  if (card?.open) return;
  const presses = target.matches("button, summary, a, [role=button], input[type=checkbox]");
  if (presses && (event.key === " " || event.key === "Enter")) return;
  if (target.matches(".table-box") && /^(Arrow(Up|Down)|Home|End| )$/.test(event.key)) return;
  const shifted = event.shiftKey && event.key.startsWith("Arrow");
  const action = ACTIONS[shifted ? `shift ${event.key}` : event.key];
  if (!action) return;
  event.preventDefault();
  if (target.matches("input[type=range]")) target.blur();
  action();
}

export function showHelp() {
  if (!card) {
    const rows = HELP.map(([keys, text]) => [
      el(
        "dt",
        {},
        keys.map((key) => el("kbd", {}, key)),
      ),
      el("dd", {}, text),
    ]);
    const close = button("Close", { glyph: "close", press: () => card.close(), keys: "Esc" });
    card = el(
      "dialog",
      { class: "help", "aria-label": "Keys" },
      el("div", { class: "section-head" }, el("h2", {}, "Keys"), close),
      el("dl", {}, rows),
      el(
        "p",
        { class: "quiet" },
        "On the timeline: click selects, double-click zooms to a unit, drag pans, ctrl + wheel or pinch zooms.",
      ),
    );
    card.addEventListener("click", (event) => event.target === card && card.close());
    document.body.append(card);
  }
  if (card.open) card.close();
  else card.showModal();
}
