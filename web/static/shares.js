// The live 100 % meter of every form in which parts make a whole. The server judges; this only tells while one types.
// Percentages are counted in whole steps of 10⁻²⁰ percent, so that 33.3 + 33.3 + 33.4 is 100 and nothing is rounded.
const PLACES = 20;
const UNIT = 10n ** BigInt(PLACES);
const WHOLE = 100n * UNIT;
const SVG = "http://www.w3.org/2000/svg";
const FEWEST = 2, MOST = 6;

// A number as the reader types it, in steps; null for anything else. An empty field is nothing yet.
export function read(text, decimal, groups) {
  const typed = text.replace("%", "").trim().replace("\u2212", "-");
  if (typed === "") return 0n;
  const [whole, part = "", more] = typed.split(decimal);
  const spaced = new RegExp(`^-?(\\d{1,20}|\\d{1,3}([${groups.replace(/[\]\\^-]/g, "\\$&")}]\\d{3})+)$`);
  if (more !== undefined || !spaced.test(whole) || !/^\d{0,20}$/.test(part) || (typed.includes(decimal) && !part)) return null;
  const digits = whole.replace(/\D/g, "");
  const steps = BigInt(digits) * UNIT + BigInt(part.padEnd(PLACES, "0"));
  return whole.startsWith("-") ? -steps : steps;
}

export function write(steps, decimal) {
  const digits = (steps < 0n ? -steps : steps).toString().padStart(PLACES + 1, "0");
  const part = digits.slice(-PLACES).replace(/0+$/, "");
  return `${steps < 0n ? "\u2212" : ""}${digits.slice(0, -PLACES)}${part ? decimal + part : ""}`;
}

// As comp.shares does it: largest remainder, in steps as fine as what was typed, ties by order.
function cut(whole, weights, stated) {
  let places = FEWEST;
  while (places < MOST && stated.some((value) => value % 10n ** BigInt(PLACES - places))) places += 1;
  const step = 10n ** BigInt(PLACES - places);
  const units = whole / step;
  const total = weights.reduce((a, b) => a + b, 0n);
  const parts = weights.map((weight) => (weight * units) / total);
  const rest = weights.map((weight, i) => [(weight * units) % total, i]).sort((a, b) => (a[0] > b[0] ? -1 : a[0] < b[0] ? 1 : a[1] - b[1]));
  const missing = Number(units - parts.reduce((a, b) => a + b, 0n));
  rest.slice(0, missing).forEach(([, i]) => { parts[i] += 1n; });
  const cutUp = parts.map((part) => part * step);
  cutUp[0] += whole - units * step;
  return cutUp;
}

function spread(values, fixed) {
  const left = WHOLE - fixed - values.reduce((a, b) => a + b, 0n);
  if (left <= 0n || !values.length) return values;
  const empty = values.flatMap((value, i) => (value === 0n ? [i] : []));
  const takers = empty.length ? empty : values.map((_, i) => i);
  const given = cut(left, takers.map(() => 1n), [...values, left]);
  return values.map((value, i) => value + (takers.includes(i) ? given[takers.indexOf(i)] : 0n));
}

function scale(values, fixed) {
  const whole = WHOLE - fixed;
  return whole <= 0n || values.every((value) => value === 0n) ? values : cut(whole, values, [...values, whole]);
}

// One bar for each part, with a gap between them; what is fixed comes last.
function draw(svg, values, isTooMuch) {
  let start = 0;
  const bars = values.filter((value) => value > 0n).map((value, place) => {
    const bar = document.createElementNS(SVG, "rect");
    const width = Number(value) / Number(UNIT);
    bar.setAttribute("x", start);
    bar.setAttribute("width", Math.max(width - 0.4, 0.2));
    bar.setAttribute("height", 10);
    bar.setAttribute("class", isTooMuch ? "less" : place % 2 ? "more" : "whole");
    start += width;
    return bar;
  });
  svg.replaceChildren(...bars);
}

const within = (group, selector) => [...group.querySelectorAll(selector)].filter((each) => each.closest("[data-group]") === group);

// The parts of a group, with how its form writes numbers.
function look(group) {
  const { decimal, groups } = group.closest("form").dataset;
  const [meter] = within(group, "[data-meter]");
  const inputs = within(group, "input[data-part]");
  const parts = inputs.filter((each) => each.dataset.part !== "fixed");
  const values = parts.map((each) => read(each.value, decimal, groups));
  const fixed = inputs.filter((each) => each.dataset.part === "fixed").map((each) => read(each.value, decimal, groups));
  if (meter?.dataset.fixed) fixed.push(read(meter.dataset.fixed, ".", ","));
  return { decimal, meter, parts, values, fixed };
}

function update(group) {
  const { decimal, meter, values, fixed } = look(group);
  if (!meter) return;
  const [svg, total] = ["svg", "output"].map((name) => meter.querySelector(name));
  const [toSpread, toScale] = ["spread", "scale"].map((name) => meter.querySelector(`[data-share="${name}"]`));
  meter.hidden = !values.length;
  const all = [...values, ...fixed];
  if (all.some((value) => value === null || value < 0n)) {
    total.textContent = `Type percentages such as 40 or 12${decimal}5`;
    total.className = "tag warn";
    toSpread.hidden = toScale.hidden = true;
    return;
  }
  const now = all.reduce((a, b) => a + b, 0n);
  const rest = WHOLE - now;
  const shown = (steps) => `${write(steps, decimal)}\u202f%`;
  draw(svg, all, rest < 0n);
  total.textContent = rest === 0n ? "Total 100\u202f%" : `Total ${shown(now)}, ${rest > 0n ? `${shown(rest)} left` : `${shown(-rest)} too much`}`;
  total.className = rest === 0n ? "tag good" : "tag warn";
  toSpread.hidden = rest <= 0n;
  toScale.hidden = rest === 0n || values.every((value) => value === 0n);
}

export const updateAll = () => document.querySelectorAll("[data-group]").forEach(update);

document.addEventListener("input", (event) => {
  const group = event.target.closest("[data-group]");
  if (group) update(group);
});

document.addEventListener("rows-changed", updateAll);

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-share]");
  if (!button) return;
  event.preventDefault();
  const { decimal, parts, values, fixed } = look(button.closest("[data-group]"));
  const shared = (button.dataset.share === "scale" ? scale : spread)(values, fixed.reduce((a, b) => a + b, 0n));
  parts.forEach((input, i) => { input.value = write(shared[i], decimal); });
  parts[0]?.dispatchEvent(new Event("input", { bubbles: true }));
  parts[0]?.focus();
});

updateAll();
