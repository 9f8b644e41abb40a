// Models: names under which checkpoints are used, whatever job they came from.
import { read, send } from "./api.js";
import { day } from "./format.js";
import { Line } from "./line.js";
import { tell } from "./notices.js";
import { go } from "./router.js";
import { Empty, Shown, useLoaded } from "./states.js";
import { html, useState } from "./ui.js";

const EVERY = 10_000;
export const NAME_HELP = "Small letters, digits, dots, hyphens and underscores.";

export function Models() {
  const loaded = useLoaded(() => read("models"), [], EVERY);
  return html`<div class="title"><h1>Models</h1></div>
    <${Shown} loaded=${loaded} what="Loading models">
      ${({ data }) =>
        data.length === 0
          ? html`<${Empty} title="No model yet">
              <p>A model is a name for checkpoints that do the same work: versions count them, and an alias such as <code>champion</code> says which one is in use. Whoever asks for <code>digits@champion</code> need not know from which job it came.</p>
              <p>Register a name here, or press “Use for predictions” beside a checkpoint of a <a href="#/jobs?status=succeeded">job</a>.</p><//>`
          : html`<${Table} models=${data} />`}
    <//>
    <section><h2>New model</h2><${NewModel} /></section>`;
}

const Table = ({ models }) =>
  html`<table class="rows" role="table">
    <caption class="unseen">Models</caption>
    <thead role="rowgroup"><tr role="row">
      <th role="columnheader" scope="col">Model</th><th role="columnheader" scope="col">Aliases</th><th role="columnheader" scope="col" class="number">Since</th>
    </tr></thead>
    <tbody role="rowgroup">${models.map(
      ({ name, description, aliases, created_at: at }) => html`<tr role="row" key=${name}>
        <th role="rowheader" scope="row"><a href="#/models/${name}">${name}</a><small>${description}</small></th>
        <td role="cell" data-label="Aliases"><span class="badges">${aliases.length ? aliases.map((one) => html`<span class="badge" key=${one.alias}>${one.alias} → ${one.version}</span>`) : "none"}</span></td>
        <td role="cell" data-label="Since" class="number">${day(at)}</td>
      </tr>`,
    )}</tbody>
  </table>`;

function NewModel() {
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const [message, setMessage] = useState("");
  const submit = async (event) => {
    event.preventDefault();
    try {
      await send("models", { name, description: description || null });
      tell(`${name} is registered.`);
      go(`/models/${name}`);
    } catch (error) {
      setMessage(error.message);
    }
  };
  return html`<form class="card" onSubmit=${submit} aria-label="New model">
    <div class="fields">
      <${Line} id="model-name" label="Name" value=${name} change=${setName} help=${NAME_HELP} error=${message} required maxlength="64" />
      <${Line} id="model-description" label="What it is for" value=${description} change=${setDescription} maxlength="500" />
    </div>
    <button class="primary">Register</button>
  </form>`;
}
