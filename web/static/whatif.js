// The two halves of each slider of a what-if: the range follows the number, and the number the range.
// Only the number is sent; without scripts the ranges are not there, and the button asks for the estimate.
function join(range) {
  const number = document.getElementById(range.dataset.twin);
  range.hidden = false;
  range.addEventListener("input", () => { number.value = range.value; });
  number.addEventListener("input", () => { if (number.value !== "") range.value = number.value; });
}

document.querySelectorAll("[data-twin]").forEach(join);

const shown = document.getElementById("estimate");
const told = document.getElementById("told");

// What came is said to those who do not see it; what did not come is said to everybody.
document.getElementById("sliders")?.addEventListener("htmx:before:request", () => shown.setAttribute("aria-busy", "true"));
document.addEventListener("htmx:after:swap", () => {
  shown.removeAttribute("aria-busy");
  told.className = "visually-hidden";
  told.textContent = document.getElementById("in-short")?.textContent ?? "";
});
for (const failure of ["htmx:error", "htmx:response:error"]) {
  document.addEventListener(failure, () => {
    shown.removeAttribute("aria-busy");
    told.className = "note bad";
    told.textContent = "The estimate could not be fetched. Look at your connection, then press Estimate.";
  });
}
