// What every page does once it is there: puts the reader at the problems, and keeps a form from being sent twice.
document.getElementById("errors")?.focus();

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  event.submitter?.setAttribute("aria-busy", "true");
});

// A page that the browser kept for the way back starts afresh.
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
  document.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
});

// Where rows are exchanged in place, says what came, and what to do where nothing came.
const told = document.getElementById("told");

function tell(look, text) {
  told.className = look;
  told.textContent = text;
}

if (told) {
  document.addEventListener("htmx:after:swap", (event) => {
    if (event.detail.ctx.response.status >= 400) return;
    tell("visually-hidden", document.querySelector("#rows caption, #rows .empty p")?.textContent ?? "");
  });
  for (const failure of ["htmx:error", "htmx:response:error"]) {
    document.addEventListener(failure, () => {
      tell("note bad mt-3", "The list could not be fetched. Look at your connection, then press Find.");
    });
  }
}
