// The live 100 % meter of the weightings form. The server judges; this only tells while one types.
// Percentages are counted in whole millionths of a percent, so that 33.3 + 33.3 + 33.4 is 100.
const WHOLE = 100_000_000;
const SVG = "http://www.w3.org/2000/svg";

function read(input) {
  const text = input.value.replace("%", "").trim();
  if (!/^\d{1,3}(\.\d{1,6})?$/.test(text)) return null;
  const [whole, part = ""] = text.split(".");
  return Number(whole) * 1_000_000 + Number(part.padEnd(6, "0"));
}

function show(millionths) {
  const text = (millionths / 1_000_000).toFixed(6).replace(/\.?0+$/, "");
  return `${text}\u202f%`;
}

// One bar for each field, with a gap between them; what is calculated elsewhere comes last.
function draw(svg, values, isTooMuch) {
  let start = 0;
  const bars = values.filter((value) => value > 0).map((value, place) => {
    const bar = document.createElementNS(SVG, "rect");
    const width = value / 1_000_000;
    bar.setAttribute("x", start);
    bar.setAttribute("width", Math.max(width - 0.4, 0.2));
    bar.setAttribute("height", 10);
    bar.setAttribute("class", isTooMuch ? "less" : place % 2 ? "more" : "whole");
    start += width;
    return bar;
  });
  svg.replaceChildren(...bars);
}

function connect(group) {
  const inputs = [...group.querySelectorAll("input")];
  const meter = group.querySelector("[data-meter]");
  const [svg, total, spread] = ["svg", "output", "button"].map((name) => meter.querySelector(name));
  const elsewhere = Math.round(parseFloat(meter.dataset.rest) * 1_000_000) || 0;

  function update() {
    const values = inputs.map(read);
    if (values.includes(null)) {
      total.textContent = "Type percentages such as 40 or 12.5";
      spread.hidden = true;
      return;
    }
    const now = values.reduce((a, b) => a + b, elsewhere);
    const rest = WHOLE - now;
    draw(svg, [...values, elsewhere], rest < 0);
    total.textContent = rest === 0 ? "Total 100\u202f%" : `Total ${show(now)}, ${show(Math.abs(rest))} ${rest > 0 ? "left" : "too much"}`;
    total.className = rest === 0 ? "tag good" : "tag warn";
    spread.hidden = rest === 0 || now === elsewhere;
  }

  // Scales all fields to what is left for them, by largest remainder in thousandths of a percent.
  function spreadRest() {
    const values = inputs.map(read);
    const present = values.reduce((a, b) => a + b, 0);
    const units = Math.round((WHOLE - elsewhere) / 1_000);
    const exact = values.map((value) => (value * units) / present);
    const whole = exact.map(Math.floor);
    const order = exact.map((value, i) => [value - whole[i], i]).sort((a, b) => b[0] - a[0] || a[1] - b[1]);
    const missing = units - whole.reduce((a, b) => a + b, 0);
    order.slice(0, missing).forEach(([, i]) => { whole[i] += 1; });
    inputs.forEach((input, i) => { input.value = show(whole[i] * 1_000).replace("\u202f%", ""); });
    update();
  }

  inputs.forEach((input) => input.addEventListener("input", update));
  spread.addEventListener("click", spreadRest);
  meter.hidden = false;
  update();
}

document.querySelectorAll("[data-group]").forEach(connect);
