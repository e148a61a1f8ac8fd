// A team's review by keyboard, and what the selected rows come to. Nothing is confirmed here: forms are sent, and the
// server judges. Amounts are added up as whole minor units, as the page showed them.
const team = document.querySelector("[data-review]");
const panel = document.getElementById("panel");
const bar = team?.querySelector("[data-selected]");
const OFF = "single-keys-off";

const rows = () => [...team.querySelectorAll("tr[data-row]")];
const boxes = () => [...team.querySelectorAll("input[name=e]")];
const inHand = () => document.activeElement?.closest("tr[data-row]") ?? team.querySelector("tr.in-hand[data-row]");

function written(minor, decimals) {
  const digits = minor.toString().replace("-", "").padStart(decimals + 1, "0");
  const whole = (decimals ? digits.slice(0, -decimals) : digits).replace(/\B(?=(\d{3})+$)/g, team.dataset.group);
  return `${minor < 0n ? "\u2212" : ""}${whole}${decimals ? team.dataset.decimal + digits.slice(-decimals) : ""}`;
}

function tell() {
  const chosen = boxes().filter((box) => box.checked);
  const sums = new Map();
  for (const { dataset } of chosen) {
    const { minor } = sums.get(dataset.currency) ?? { minor: 0n };
    sums.set(dataset.currency, { minor: minor + BigInt(dataset.minor), decimals: Number(dataset.decimals) });
  }
  const amounts = [...sums].map(([currency, { minor, decimals }]) => `${written(minor, decimals)} ${currency}`);
  bar.querySelector("[data-told]").textContent = chosen.length
    ? `${chosen.length} selected · ${amounts.join(" · ")}`
    : "Select rows to confirm them together.";
  bar.classList.toggle("on", chosen.length > 0);
}

function hold(row) {
  if (!row) return;
  rows().forEach((each) => each.classList.toggle("in-hand", each === row));
  row.querySelector("th a").focus();
}

function step(by) {
  const all = rows();
  const at = all.indexOf(inHand());
  hold(all[Math.min(Math.max(at + by, 0), all.length - 1)]);
}

// Sending back takes words: the row is opened, and its field gets the focus once it is there.
let sendsBack = false;

function openSendBack() {
  const details = panel.querySelector("[data-send-back]");
  if (!details) return;
  details.open = true;
  details.querySelector("textarea").focus();
}

function sendBack(row) {
  sendsBack = true;
  row.querySelector("th a").click();
}

const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  x: () => inHand()?.querySelector("input[name=e]")?.click(),
  a: () => inHand()?.querySelector("[data-confirm]")?.click(),
  b: () => inHand() && sendBack(inHand()),
  "?": () => document.getElementById("keys").showModal(),
};

function isTyping(target) {
  return target.closest("input:not([type=checkbox]), textarea, select, dialog[open]");
}

function keep(isOff) {
  try { localStorage.setItem(OFF, isOff ? "yes" : ""); } catch { /* a browser that keeps nothing forgets it */ }
}

function isKeptOff() {
  try { return localStorage.getItem(OFF) === "yes"; } catch { return false; }
}

if (bar) {
  const label = bar.querySelector("[data-keys]");
  const keys = label.querySelector("input");
  const help = bar.querySelector("[data-help]");
  label.hidden = help.hidden = false;
  keys.checked = !isKeptOff();
  keys.addEventListener("change", () => keep(!keys.checked));
  help.addEventListener("click", KEYS["?"]);
  team.addEventListener("click", (event) => {
    const row = event.target.closest("tr[data-row] th a") && event.target.closest("tr");
    if (row) rows().forEach((each) => each.classList.toggle("in-hand", each === row));
  });
  team.addEventListener("change", (event) => event.target.matches("input[name=e]") && tell());
  document.addEventListener("keydown", (event) => {
    if (!keys.checked || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const act = KEYS[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  document.addEventListener("htmx:after:swap", () => {
    if (sendsBack) openSendBack();
    sendsBack = false;
  });
  tell();
  const id = decodeURIComponent(location.hash.slice(1));
  hold(rows().find((row) => row.id === id));
}

// What comes into the panel is read from its start.
if (team) {
  document.addEventListener("htmx:after:swap", () => {
    team.closest(".review").classList.add("with-panel");
    if (!panel.contains(document.activeElement)) panel.focus({ preventScroll: false });
  });
}
