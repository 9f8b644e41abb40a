// Aliases of a model: each moved only from where the page shows it to be.
import { request, send } from "./api.js";
import { Line } from "./line.js";
import { tell } from "./notices.js";
import { html, useState } from "./ui.js";

/** Point an alias from one version (0: from none) at another; throws a Problem. */
async function move({ name }, alias, from, to) {
  const path = `models/${name}/aliases/${alias}`;
  if (to) await send(path, { version: to, if_version: from }, "PUT");
  else await request(`${path}?if_version=${from}`, { method: "DELETE" });
}

export function Aliases({ model, changed }) {
  const [conflict, setConflict] = useState(null);
  const [message, setMessage] = useState("");
  const point = async (alias, from, to) => {
    setConflict(null);
    setMessage("");
    try {
      await move(model, alias, from, to);
      const back = { label: "Undo", act: () => point(alias, to, from) };
      tell(to ? `${alias} is version ${to} now.` : `${alias} is removed.`, back);
    } catch (error) {
      if (error.code === "alias_moved") setConflict({ alias, to });
      else setMessage(error.message);
    }
    changed();
  };
  const numbers = model.versions.map(({ number }) => number);
  return html`<section><h2>Aliases</h2>
    ${conflict && html`<${Conflict} ...${conflict} model=${model} point=${point} drop=${() => setConflict(null)} />`}
    ${message && html`<p class="wrong" role="alert">${message}</p>`}
    ${
      model.aliases.length > 0 &&
      html`<ul class="aliases">${model.aliases.map(
        ({ alias, version }) => html`<${Alias} key="${alias}/${version}" alias=${alias} version=${version} numbers=${numbers} point=${point} />`,
      )}</ul>`
    }
    <${NewAlias} numbers=${numbers} point=${point} />
  </section>`;
}

const VersionChoice = ({ label, numbers, value, change }) =>
  html`<select aria-label=${label} value=${String(value)} onChange=${(event) => change(Number(event.target.value))}>
    ${numbers.map((number) => html`<option key=${number} value=${String(number)}>version ${number}</option>`)}
  </select>`;

function Alias({ alias, version, numbers, point }) {
  const [to, setTo] = useState(version);
  return html`<li>
    <strong>${alias}</strong>
    <${VersionChoice} label="Version of ${alias}" numbers=${numbers} value=${to} change=${setTo} />
    <button type="button" class="small" disabled=${to === version} aria-label="Move ${alias}" onClick=${() => point(alias, version, to)}>Move</button>
    <button type="button" class="small" aria-label="Remove ${alias}" onClick=${() => point(alias, version, 0)}>Remove</button>
  </li>`;
}

/** Somebody else was faster: say so, and let one decide again, knowing it. */
function Conflict({ alias, to, model, point, drop }) {
  const now = model.aliases.find((one) => one.alias === alias)?.version || 0;
  return html`<div class="warning conflict" role="alert">
    <p><strong>${alias} was moved meanwhile.</strong> It points at ${now ? `version ${now}` : "nothing"} now, and was left there.</p>
    <div class="actions">
      ${now !== to && html`<button type="button" class="small" onClick=${() => point(alias, now, to)}>${to ? `Point it at version ${to} all the same` : "Remove it all the same"}</button>`}
      <button type="button" class="small" onClick=${drop}>Leave it</button>
    </div>
  </div>`;
}

function NewAlias({ numbers, point }) {
  const [alias, setAlias] = useState("");
  const [version, setVersion] = useState(numbers[0]);
  const submit = (event) => {
    event.preventDefault();
    point(alias, 0, version);
    setAlias("");
  };
  return html`<form class="aliases new" onSubmit=${submit} aria-label="New alias">
    <${Line} id="alias" label="New alias" value=${alias} change=${setAlias} placeholder="champion" required pattern="[a-z][a-z0-9_\\-]*" maxlength="64" />
    <${VersionChoice} label="Version of the new alias" numbers=${numbers} value=${version} change=${setVersion} />
    <button>Set</button>
  </form>`;
}
