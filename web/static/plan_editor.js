// The plan editor with scripts: rows come and go at once, curves are drawn as one types, and nothing typed is lost unseen.
// Without this file the same buttons ask the server, which gives the page back with what was typed.
const SVG = "http://www.w3.org/2000/svg";
const form = document.getElementById("plan");
const { decimal, groups } = form.dataset;
const lower = new Set(form.dataset.lower.split(" ").filter(Boolean));
let isChanged = document.getElementById("errors") !== null;

// Every attribute of a new row names its list and its id by placeholders.
function named(row, kind, list, id) {
  for (const element of [row, ...row.querySelectorAll("*")]) {
    for (const attribute of [...element.attributes]) {
      if (attribute.value.includes("@")) attribute.value = attribute.value.replaceAll(`@${kind}@`, list).replaceAll("@id@", id);
    }
  }
}

function change() {
  isChanged = true;
  document.dispatchEvent(new Event("rows-changed"));
}

function add(button) {
  const kind = button.dataset.add;
  const rows = button.closest("[data-rows]");
  const list = rows.querySelector(":scope > [data-list]");
  const taken = [...list.children].map((row) => Number((row.dataset.row ?? "r0").slice(1)));
  const made = document.querySelector(`template[data-new="${kind}"]`).content.cloneNode(true);
  const row = made.querySelector("[data-row]");
  named(row, kind, rows.dataset.rows, `r${Math.max(0, ...taken) + 1}`);
  list.append(made);
  row.querySelectorAll("[data-curve]").forEach(draw);
  change();
  row.querySelector("input:not([type=hidden]), select")?.focus();
}

function remove(button) {
  const row = button.closest("[data-row]");
  const rows = row.closest("[data-rows]");
  const next = row.nextElementSibling ?? row.previousElementSibling;
  const curve = row.closest("[data-curve]");
  row.remove();
  if (curve) draw(curve);
  change();
  (next?.querySelector("input:not([type=hidden]), select") ?? rows.querySelector(":scope > .row-end [data-add]")).focus();
}

// A number for drawing; null for what is none. Drawing pays nobody, so floating point will do.
function number(text) {
  const typed = text.replace("%", "").trim().replace("\u2212", "-");
  const [whole, part, more] = typed.split(decimal);
  const bare = [...groups].reduce((left, sign) => left.replaceAll(sign, ""), whole);
  if (more !== undefined || !/^-?\d+$/.test(bare) || (part !== undefined && !/^\d+$/.test(part))) return null;
  return Number(part === undefined ? bare : `${bare}.${part}`);
}

function field(box, name) {
  return [...box.querySelectorAll("input, select")].find((each) => each.name.endsWith(`.${name}`))?.value ?? "";
}

function part(name, attributes, text) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

function label(value) {
  return String(Math.round(value * 1e6) / 1e6).replace(".", decimal).replace("-", "\u2212");
}

// As web.charts does it, from the worse end to the better.
function draw(box) {
  const svg = box.querySelector("svg.chart");
  const typed = [...box.querySelectorAll("[data-row]")].map((row) => [field(row, "x"), field(row, "pays")]);
  const stated = typed.filter(([x, pays]) => x.trim() || (pays.trim() && typed.length === 1));
  const points = stated.map((pair) => pair.map(number));
  const lowers = lower.has(field(box.closest("fieldset.measure"), "metric"));
  const below = field(box, "below").trim() ? number(field(box, "below")) : 0;
  const xs = points.map(([x]) => x);
  const isSound = points.length && !points.flat().includes(null) && below !== null && new Set(xs).size === xs.length;
  svg.classList.toggle("stale", !isSound);
  if (!isSound) return;
  box.querySelector(".picture > p")?.remove();
  points.sort((a, b) => (lowers ? b[0] - a[0] : a[0] - b[0]));
  const way = lowers ? -1 : 1, first = points[0], last = points[points.length - 1];
  const room = (Math.abs(last[0] - first[0]) || 10) / 4;
  const ends = [first[0] - way * room, last[0] + way * room];
  const isStep = field(box, "shape") === "step";
  const before = points[points.length - 2];
  const goesOn = field(box, "above") === "extend" && before && !isStep;
  const beyond = goesOn ? Math.max(0, last[1] + ((last[1] - before[1]) / (last[0] - before[0])) * (ends[1] - last[0])) : last[1];
  const top = Math.max(100, below, beyond, ...points.map(([, pays]) => pays));
  const place = (x, y) => [52 + ((x - ends[0]) / (ends[1] - ends[0])) * 258, 150 - (y / top) * 118].map((each) => Math.round(each * 10) / 10);
  const line = [[ends[0], below], [first[0], below]];
  points.forEach(([x, pays], i) => {
    if (i && isStep) line.push([x, points[i - 1][1]]);
    line.push([x, pays]);
  });
  line.push([ends[1], beyond]);
  const marks = [...new Set([0, 50, 100, top])].sort((a, b) => a - b);
  svg.replaceChildren(
    ...marks.flatMap((mark) => {
      const [, y] = place(ends[0], mark);
      return [part("line", { x1: 52, x2: 310, y1: y, y2: y, class: "grid" }), part("text", { x: 46, y: y + 4, "text-anchor": "end" }, `${label(mark)}\u202f%`)];
    }),
    part("polyline", { points: line.map((each) => place(...each).join(",")).join(" "), class: "curve" }),
    ...points.map((each) => { const [cx, cy] = place(...each); return part("circle", { cx, cy, r: 4.5, class: "point" }); }),
    ...points.map(([x]) => part("text", { x: place(x, 0)[0], y: 168, "text-anchor": "middle" }, label(x))),
  );
}

form.addEventListener("click", (event) => {
  const button = event.target.closest("[data-add], [data-remove]");
  if (!button) return;
  event.preventDefault();
  (button.dataset.add ? add : remove)(button);
});

form.addEventListener("input", (event) => {
  isChanged = true;
  const measure = event.target.closest("fieldset.measure");
  measure?.querySelectorAll("[data-curve]").forEach(draw);
});

// Whoever leaves with something typed is asked; whoever sends the form is not.
form.addEventListener("submit", () => { isChanged = false; });
addEventListener("beforeunload", (event) => {
  if (isChanged) event.preventDefault();
});
