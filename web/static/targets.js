// Lets a block of cells be pasted into the grid of targets: it fills the fields from there to the right and down.
// Nothing is sent: the button shows what would change, and the server judges.
const table = document.querySelector("[data-aims]");

function fields() {
  return [...table.tBodies[0].rows].map((row) => [...row.querySelectorAll("input:not([type=hidden])")]);
}

function fill(start, block) {
  const grid = fields();
  const top = grid.findIndex((row) => row.includes(start));
  const left = grid[top].indexOf(start);
  block.forEach((cells, down) => {
    cells.forEach((text, right) => {
      const field = grid[top + down]?.[left + right];
      if (field) field.value = text.trim();
    });
  });
}

table?.addEventListener("paste", (event) => {
  const text = event.clipboardData.getData("text/plain").replace(/\r?\n$/, "");
  if (!/[\t\n]/.test(text) || !event.target.matches("input")) return;
  event.preventDefault();
  fill(event.target, text.split(/\r?\n/).map((line) => line.split("\t")));
});
