// One model: its versions, where its aliases point, and where they pointed before.
import { Aliases } from "./aliases.js";
import { addressOf, download, read } from "./api.js";
import { Deletion } from "./deletion.js";
import { moment, NOTHING } from "./format.js";
import { tell } from "./notices.js";
import { go } from "./router.js";
import { Shown, useLoaded } from "./states.js";
import { html } from "./ui.js";

const EVERY = 10_000;
const FORMATS = { onnx: "ONNX", safetensors: "Safetensors" };

export function ModelView({ name }) {
  const loaded = useLoaded(() => read(`models/${name}`), [name], EVERY);
  return html`<${Shown} loaded=${loaded} what="Loading the model">
    ${(model) => html`
      <p class="crumb"><a href="#/models">Models</a></p>
      <div class="title"><h1>${model.name}</h1></div>
      <p class="lead">${[model.description, `since ${moment(model.created_at)}`].filter(Boolean).join(", ")}</p>
      ${model.versions.length > 0 && html`<${Aliases} model=${model} changed=${loaded.reload} />`}
      <${Versions} model=${model} changed=${loaded.reload} />
      ${model.versions.length > 0 && html`<${Asking} model=${model} />`}
      ${model.history.length > 0 && html`<${History} history=${model.history} />`}
      <${Deletion} name=${model.name} path="models/${model.name}" describe=${() => consequences(model)} done=${leave(model)} />
    `}
  <//>`;
}

const leave = (model) => () => {
  tell(`${model.name} is deleted.`);
  go("/models");
};

async function consequences({ aliases }) {
  const inUse = aliases.length > 0;
  return {
    isAllowed: !inUse,
    lines: [inUse ? "Aliases point at its versions; remove them first." : "Its versions go with it; their checkpoints stay with their jobs. It cannot be undone."],
  };
}

function Versions({ model, changed }) {
  if (!model.versions.length)
    return html`<section><h2>Versions</h2><p class="help">None yet. Open a <a href="#/jobs?status=succeeded">job</a> and press “Use for predictions” beside one of its checkpoints.</p></section>`;
  return html`<section><h2>Versions</h2>
    <table class="rows" role="table">
      <caption class="unseen">Versions</caption>
      <thead role="rowgroup"><tr role="row">
        <th role="columnheader" scope="col">Version</th><th role="columnheader" scope="col">From</th><th role="columnheader" scope="col">Aliases</th>
        <th role="columnheader" scope="col">Made</th><th role="columnheader" scope="col"><span class="unseen">Use</span></th>
      </tr></thead>
      <tbody role="rowgroup">${model.versions.map((version) => html`<${Version} key=${version.number} version=${version} model=${model} changed=${changed} />`)}</tbody>
    </table>
  </section>`;
}

function Version({ version, model }) {
  const { number, created_at: at, checkpoint_id: id } = version;
  const reference = `${model.name}@${number}`;
  const aliases = model.aliases.filter(({ version }) => version === number);
  const save = (format) => () =>
    download(`checkpoints/${id}/export?format=${format}`, `${model.name}-${number}-${format}.zip`).catch((error) => tell(error.message));
  return html`<tr role="row">
    <th role="rowheader" scope="row"><span class="unseen">Version </span>${number}</th>
    <td role="cell" data-label="From"><${Origin} ...${version} /></td>
    <td role="cell" data-label="Aliases">${aliases.length ? html`<span class="badges">${aliases.map(({ alias }) => html`<span class="badge" key=${alias}>${alias}</span>`)}</span>` : NOTHING}</td>
    <td role="cell" data-label="Made" class="moment">${moment(at)}</td>
    <td role="cell" class="last"><div class="actions">
      <a class="button small" href="#/draw?job=${reference}" aria-label="Draw with version ${number}">Draw</a>
      ${Object.entries(FORMATS).map(
        ([format, label]) =>
          html`<button type="button" class="small" key=${format} aria-label="Export version ${number} as ${label}" onClick=${save(format)}>${label}</button>`,
      )}
    </div></td>
  </tr>`;
}

/** What made it: a job and its epoch, or a file from elsewhere. */
const Origin = ({ job_id: id, epoch, imported }) =>
  id
    ? html`<a href="#/jobs/${id}">job ${id.slice(0, 8)}</a>, epoch ${epoch}`
    : html`imported<small title=${imported.files.join(", ")}>${imported.files.join(", ")}</small>`;

/** How a program asks it, by an alias where there is one. */
function Asking({ model: { name, aliases, versions } }) {
  const reference = `${name}@${aliases[0]?.alias ?? versions[0].number}`;
  const line = `curl -H "Authorization: Bearer KEY" -F image=@picture.png "${addressOf(`predict?model=${reference}`)}"`;
  return html`<section><h2>Ask it</h2><pre class="command" tabindex="0" role="region" aria-label="A command">${line}</pre></section>`;
}

const pointedAt = (version) => (version === null ? "nothing" : `version ${version}`);

const History = ({ history }) =>
  html`<section><h2>History of aliases</h2>
    <ol class="history">${history.map(
      ({ alias, version, number, created_at: at }) => html`<li key="${alias}/${number}">
        <strong>${alias}</strong><span>→ ${pointedAt(version)}</span><time datetime=${at}>${moment(at)}</time>
      </li>`,
    )}</ol>
  </section>`;
