// Passkeys: asks the server what to prove, the device for the proof, and sends it with the form that was pressed.
const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));

const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

function asked(options) {
  const known = (each) => ({ ...each, id: bytes(each.id) });
  const user = options.user && { ...options.user, id: bytes(options.user.id) };
  return {
    ...options,
    challenge: bytes(options.challenge),
    ...(user && { user }),
    excludeCredentials: options.excludeCredentials?.map(known),
    allowCredentials: options.allowCredentials?.map(known),
  };
}

function answered(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = text(credential.response[name]);
  }
  return JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, response });
}

async function prove(form) {
  const body = new URLSearchParams({ csrf_token: form.elements.csrf_token.value });
  const reply = await fetch(form.dataset.options, { method: "POST", body });
  if (reply.redirected) return window.location.assign(reply.url);
  if (!reply.ok) throw new Error(reply.statusText);
  const publicKey = asked(await reply.json());
  const makes = form.dataset.passkey === "make";
  const credential = await (makes ? navigator.credentials.create({ publicKey }) : navigator.credentials.get({ publicKey }));
  form.elements.credential.value = answered(credential);
  form.submit();
}

for (const form of window.PublicKeyCredential ? document.querySelectorAll("form[data-passkey]") : []) {
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    prove(form).catch(() => {
      form.querySelector("[aria-live]").textContent = "That did not work. Try it again, or use your password.";
    });
  });
}
