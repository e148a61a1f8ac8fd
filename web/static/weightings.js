// The live 100 % meter of the weightings form. The server judges; this only tells while one types.
// Percentages are counted in whole millionths of a percent, so that 33.3 + 33.3 + 33.4 is 100.
const WHOLE = 100_000_000;

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

function connect(group) {
  const inputs = [...group.querySelectorAll("input")];
  const meter = group.querySelector("[data-meter]");
  const total = meter.querySelector("[data-total]");
  const bar = meter.querySelector("[data-bar]");
  const spread = meter.querySelector("[data-spread]");
  const elsewhere = Math.round(parseFloat(meter.dataset.rest) * 1_000_000) || 0;

  function sum() {
    const values = inputs.map(read);
    return values.includes(null) ? null : values.reduce((a, b) => a + b, elsewhere);
  }

  function update() {
    const now = sum();
    if (now === null) {
      total.textContent = "Type percentages such as 40 or 12.5";
      spread.hidden = true;
      return;
    }
    const rest = WHOLE - now;
    bar.setAttribute("width", Math.min(100, now / 1_000_000));
    bar.setAttribute("class", rest < 0 ? "less" : "whole");
    total.textContent = rest === 0 ? "Total 100\u202f%" : `Total ${show(now)}, ${show(Math.abs(rest))} ${rest > 0 ? "left" : "too much"}`;
    spread.hidden = rest === 0 || now - elsewhere === 0;
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
  update();
}

document.querySelectorAll("[data-group]").forEach(connect);
document.getElementById("errors")?.focus();
