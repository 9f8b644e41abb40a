// A new key: for whom, for what, until when; then the key itself, this once.
import { Choices } from "./choices.js";
import { send } from "./api.js";
import { Line } from "./line.js";
import { html, useEffect, useRef, useState } from "./ui.js";

const SCOPES = {
  predict: "classify pictures",
  read: "look at jobs, datasets and models",
  train: "submit jobs, upload datasets, change models",
  admin: "everything, keys too",
};
const DAY = 24 * 3600 * 1000;
const ENDS = [
  ["", "never"],
  ["1", "in a day"],
  ["30", "in 30 days"],
  ["90", "in 90 days"],
  ["365", "in a year"],
];

export function KeyForm({ changed }) {
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState(["predict", "read"]);
  const [days, setDays] = useState("90");
  const [message, setMessage] = useState("");
  const [made, setMade] = useState(null);
  const turn = (scope) => () => setScopes(scopes.includes(scope) ? scopes.filter((other) => other !== scope) : [...scopes, scope]);
  const submit = async (event) => {
    event.preventDefault();
    const end = days ? new Date(Date.now() + Number(days) * DAY).toISOString() : null;
    try {
      setMade(await (await send("keys", { name, scopes, expires_at: end })).json());
      setName("");
      setMessage("");
      changed();
    } catch (error) {
      setMessage(error.message);
    }
  };
  if (made) return html`<${Made} made=${made} done=${() => setMade(null)} />`;
  return html`<form class="card" onSubmit=${submit} aria-label="New key">
    <h2>New key</h2>
    <div class="fields">
      <${Line} id="key-name" label="Who will use it" value=${name} change=${setName} required maxlength="200" />
      <${Choices} id="key-end" label="It ends" choices=${ENDS} value=${days} change=${setDays} />
    </div>
    <fieldset class="scopes"><legend>What it is good for</legend>
      ${Object.entries(SCOPES).map(
        ([scope, meaning]) => html`<label key=${scope}><input type="checkbox" checked=${scopes.includes(scope)} onChange=${turn(scope)} />
          <span>${scope}<small>${meaning}</small></span></label>`,
      )}
    </fieldset>
    ${message && html`<p class="wrong" role="alert">${message}</p>`}
    <button class="primary" disabled=${!scopes.length}>Make the key</button>
  </form>`;
}

function Made({ made, done }) {
  const [isCopied, setCopied] = useState(false);
  const field = useRef(null);
  useEffect(() => field.current.select(), []);
  const copy = async () => {
    field.current.select();
    await navigator.clipboard?.writeText(made.key).then(() => setCopied(true), () => {});
  };
  return html`<div class="card made" role="group" aria-label="The new key">
    <h2>The key of ${made.name}</h2>
    <p>It is shown this once: the service keeps only a hash of it. Hand it over now.</p>
    <div class="secret">
      <input ref=${field} class="code" readonly aria-label="The key" value=${made.key} />
      <button type="button" onClick=${copy}>${isCopied ? "Copied" : "Copy"}</button>
    </div>
    <p class="help">Send it as <code>Authorization: Bearer KEY</code>.</p>
    <div class="actions"><button type="button" class="primary" onClick=${done}>I have it</button></div>
  </div>`;
}
