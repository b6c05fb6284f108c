// The player: the video where the browser can play it, else the stills in its place; one clock for both.

import { drawBoxes } from "./boxes.js";
import { blobOf, clock, cuts, doc } from "./data.js";
import { button, byIdIn, el, icon } from "./dom.js";
import { clockText } from "./format.js";
import { drawStill, hasStills } from "./pictures.js";
import { on, state, tell } from "./state.js";

const ui = {};
const film = el("video", { playsinline: true, preload: "auto", tabindex: "-1", "aria-label": doc.media.name });
let plays = false;
let last = 0;
let offset = 0;
const PATIENCE_MS = 800;

export function buildMonitor() {
  const video = doc.media.video;
  const shape = video ? `${video.width} / ${video.height}` : "16 / 3";
  byIdIn("monitor").classList.add(video && video.width < video.height ? "tall" : "wide");
  document.documentElement.style.setProperty("--aspect", video ? String(video.width / video.height) : "1.778");
  ui.still = el("canvas", { class: "still-layer", "aria-hidden": "true" });
  ui.boxes = el("canvas", { class: "box-layer", "aria-hidden": "true" });
  ui.message = el("p", { class: "message", hidden: true });
  ui.screen = el("div", { class: "screen", style: { "aspect-ratio": shape } }, ui.still, film, ui.boxes, ui.message);
  ui.play = button("Play", { glyph: "play", press: toggle, kind: "round", keys: "space" });
  ui.time = el("span", { class: "time" });
  ui.code = el("span", { class: "code" });
  ui.slider = el("input", {
    type: "range",
    class: "scrub",
    min: clock.start,
    max: clock.end,
    step: "any",
    "aria-label": "Time",
  });
  ui.slider.addEventListener("input", () => (pause(), seek(Number(ui.slider.value))));
  ui.sound = button("Mute", { glyph: "sound", press: toggleSound, keys: "m" });
  ui.sound.hidden = !doc.media.audio;
  byIdIn("monitor").append(el("div", { class: "stage" }, ui.screen), transport());
  new ResizeObserver(paintScreen).observe(ui.screen);
  on("time select pictures", paintScreen);
  on("time", showTime);
  attach();
  showTime();
}

function transport() {
  return el(
    "div",
    { class: "transport" },
    ui.slider,
    el(
      "div",
      { class: "buttons" },
      ui.play,
      button("Previous shot", { glyph: "previousShot", press: () => toCut(-1), keys: "↑" }),
      button("One frame back", { glyph: "back", press: () => step(-1), keys: "←" }),
      button("One frame on", { glyph: "next", press: () => step(1), keys: "→" }),
      button("Next shot", { glyph: "nextShot", press: () => toCut(1), keys: "↓" }),
      ui.sound,
      el("div", { class: "readout" }, ui.time, ui.code),
    ),
  );
}

function attach() {
  const carried = byIdIn("film").textContent;
  const cannot = "This browser cannot play the video here; stills stand in for it.";
  // A browser may play the sound of a file whose picture it does not know.
  film.addEventListener("loadeddata", () =>
    !doc.media.video || film.videoWidth > 0 ? setClock() : setPlays(false, cannot),
  );
  film.addEventListener("error", () => setPlays(false, cannot));
  film.addEventListener("pause", onPause);
  film.addEventListener("play", () => setPlaying(true));
  film.addEventListener("seeked", () => tell("pictures"));
  if (carried) film.src = URL.createObjectURL(blobOf(carried, doc.film.mime));
  else if (doc.film.source) film.src = doc.film.source;
  else setPlays(false, hasStills ? "" : "The video is not at hand, so there is no picture.");
  if (!doc.media.video) setPlays(plays, "Sound only.");
}

// Some browsers count from the file's own zero, others from its first frame: the first frame shown tells which.
function setClock() {
  if (clock.start < 0.001 || !film.requestVideoFrameCallback) {
    setPlays(true);
    return;
  }
  film.requestVideoFrameCallback((_, shown) => {
    const apart = clock.start - shown.mediaTime;
    if (!plays) offset = Math.abs(apart) < 0.001 ? 0 : apart;
    setPlays(true);
  });
  setTimeout(() => plays || setPlays(true), PATIENCE_MS);
}

function setPlays(can, why = "") {
  plays = can;
  ui.screen.classList.toggle("plays", can);
  ui.message.textContent = why;
  ui.message.hidden = !why || can;
  if (can) seek(state.time);
  paintScreen();
}

// Draw what is on screen, wherever it comes from.
export function drawFrame(context, width, height, later) {
  if (plays) context.drawImage(film, 0, 0, width, height);
  else drawStill(context, state.time, width, height, later);
}

function filmTime(frame, time) {
  // Inside the frame and not on its edge, where rounding could show its neighbour.
  return Math.max(0, time - offset) + (clock.count ? Math.min(0.5 * clock.gap(frame), 0.02) : 0);
}

// Go to the frame on screen at `time`; the time becomes that frame's own.
export function seek(time) {
  const inside = Math.max(clock.start, Math.min(clock.end, time));
  const frame = clock.at(inside);
  state.time = clock.count ? clock.times[frame] : inside;
  if (plays) film.currentTime = filmTime(frame, state.time);
  tell("time");
}

export function step(frames) {
  pause();
  const frame = Math.max(0, Math.min(clock.count - 1, clock.at(state.time) + frames));
  if (clock.count) seek(clock.times[frame]);
}

export function skip(seconds) {
  pause();
  seek(state.time + seconds);
}

export function toCut(direction) {
  pause();
  const stops = [clock.start, ...cuts.map((cut) => cut.end), ...(clock.count ? [clock.times[clock.count - 1]] : [])];
  const found =
    direction > 0 ? stops.find((stop) => stop > state.time + 1e-6) : stops.findLast((stop) => stop < state.time - 1e-6);
  if (found !== undefined) seek(found);
}

export function toggle() {
  if (state.playing) pause();
  else play();
}

function play() {
  if (state.time >= clock.end - 0.05) seek(clock.start);
  if (plays) {
    film.play().catch(() => setPlaying(false));
    return;
  }
  setPlaying(true);
}

export function pause() {
  if (plays && !film.paused) film.pause();
  if (state.playing) onPause();
}

function onPause() {
  setPlaying(false);
  seek(state.time);
}

function setPlaying(playing) {
  if (state.playing === playing) return;
  state.playing = playing;
  ui.play.replaceChildren(icon(playing ? "pause" : "play"));
  ui.play.setAttribute("aria-label", playing ? "Pause" : "Play");
  tell("playing");
  if (playing) follow();
}

// While it plays, the frame that is really on screen says what time it is.
function follow() {
  if (!state.playing) return;
  if (plays && film.requestVideoFrameCallback) {
    film.requestVideoFrameCallback((_, shown) => (advance(shown.mediaTime + offset), follow()));
    return;
  }
  requestAnimationFrame((now) => {
    const passed = last ? (now - last) / 1000 : 0;
    last = state.playing ? now : 0;
    advance(plays ? film.currentTime + offset : state.time + Math.min(passed, 0.25));
    follow();
  });
}

function advance(time) {
  if (!state.playing) return;
  state.time = Math.min(time, clock.end);
  tell("time");
  if (!plays && state.time >= clock.end) {
    last = 0;
    setPlaying(false);
  }
}

export function toggleSound() {
  film.muted = !film.muted;
  ui.sound.replaceChildren(icon(film.muted ? "mute" : "sound"));
  ui.sound.setAttribute("aria-label", film.muted ? "Sound on" : "Mute");
}

function showTime() {
  const frame = clock.at(state.time + 1e-4);
  ui.time.textContent = clockText(state.time, 3);
  ui.code.textContent = clock.count ? `${clock.code(frame)}  #${frame}` : "";
  if (document.activeElement !== ui.slider || state.playing) ui.slider.value = String(state.time);
  ui.slider.setAttribute("aria-valuetext", clockText(state.time, 2));
  ui.slider.style.setProperty("--done", `${(100 * (state.time - clock.start)) / (clock.end - clock.start || 1)}%`);
}

function fitCanvas(canvas) {
  const ratio = Math.min(2, window.devicePixelRatio || 1);
  const size = [Math.round(ui.screen.clientWidth * ratio), Math.round(ui.screen.clientHeight * ratio)];
  if (canvas.width !== size[0] || canvas.height !== size[1]) [canvas.width, canvas.height] = size;
  return canvas.getContext("2d");
}

function paintScreen() {
  if (!plays) drawStill(fitCanvas(ui.still), state.time, ui.still.width, ui.still.height, paintScreen);
  drawBoxes(fitCanvas(ui.boxes), state.selected, state.time);
}
