// A small monitor in the inspector for as long as the player is scrolled out of sight.

import { drawBoxes } from "./boxes.js";
import { button, byIdIn, el, icon } from "./dom.js";
import { drawFrame, toggle } from "./monitor.js";
import { on, state } from "./state.js";

const WIDE_ENOUGH = 1180;
const ui = {};
let away = false;

export function buildMini() {
  ui.picture = el("canvas", { "aria-hidden": "true" });
  ui.boxes = document.createElement("canvas");
  ui.play = button("Play", { glyph: "play", press: (event) => (event.stopPropagation(), toggle()), keys: "space" });
  byIdIn("mini").append(ui.picture, ui.play);
  byIdIn("mini").addEventListener("click", () => byIdIn("monitor").scrollIntoView({ block: "end" }));
  new IntersectionObserver(([seen]) => show(!seen.isIntersecting), { threshold: 0.15 }).observe(byIdIn("monitor"));
  on("time select pictures", paint);
  on("playing", () => {
    ui.play.replaceChildren(icon(state.playing ? "pause" : "play"));
    ui.play.setAttribute("aria-label", state.playing ? "Pause" : "Play");
  });
}

function show(isAway) {
  away = isAway;
  byIdIn("mini").hidden = !away || window.innerWidth < WIDE_ENOUGH;
  paint();
}

function paint() {
  if (!away || byIdIn("mini").hidden) return;
  const [width, height] = [ui.picture.clientWidth * 2, ui.picture.clientHeight * 2];
  for (const canvas of [ui.picture, ui.boxes]) [canvas.width, canvas.height] = [width, height];
  const context = ui.picture.getContext("2d");
  drawFrame(context, width, height, paint);
  drawBoxes(ui.boxes.getContext("2d"), state.selected, state.time, 2);
  context.drawImage(ui.boxes, 0, 0);
}
