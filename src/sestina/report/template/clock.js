// Time: the frames' own times, frame numbers, SMPTE time code. The same arithmetic as sestina.core.time.

const MICRO = 1e6;

function micro(seconds) {
  return Math.round(seconds * MICRO) / MICRO;
}

function tickTimes(table) {
  const [num, den] = table.base;
  const ticks = [table.first];
  for (const [step, count] of table.runs) {
    for (let i = 0; i < count; i++) ticks.push(ticks[ticks.length - 1] + step);
  }
  return Float64Array.from(ticks, (tick) => micro((tick * num) / den));
}

export function firstAfter(times, time) {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle] <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function makeClock(table, rate, span) {
  const times = table ? tickTimes(table) : new Float64Array(0);
  const end = table ? micro((table.end * table.base[0]) / table.base[1]) : span[1];
  const at = (time) => Math.max(0, firstAfter(times, micro(time)) - 1);
  return {
    times,
    count: times.length,
    start: span[0],
    end: Math.max(end, span[1]),
    at,
    snap: (time) => (times.length ? times[at(time)] : time),
    gap: (frame) => (frame + 1 < times.length ? times[frame + 1] : end) - times[frame],
    code: (frame) => (rate ? smpte(frame, rate) : ""),
  };
}

// SMPTE ST 12-1; drop-frame counting (with a semicolon) at 29.97 and 59.94.
export function smpte(frame, [num, den]) {
  const nominal = Math.max(1, Math.round(num / den));
  const drop = den === 1001 && (num === 30000 || num === 60000);
  let count = frame;
  if (drop) {
    const dropped = nominal / 15;
    const perMinute = nominal * 60 - dropped;
    const perTen = nominal * 600 - 9 * dropped;
    const tens = Math.floor(frame / perTen);
    const rest = frame % perTen;
    count += 9 * dropped * tens + (rest > dropped ? dropped * Math.floor((rest - dropped) / perMinute) : 0);
  }
  const whole = Math.floor(count / nominal);
  const two = (n) => String(n).padStart(2, "0");
  const hours = two(Math.floor(whole / 3600));
  return `${hours}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}${drop ? ";" : ":"}${two(count % nominal)}`;
}
