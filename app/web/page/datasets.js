// The datasets of the service, each under its name, and a place to drop another.
import { read } from "./api.js";
import { bytes, count, counted, NOTHING } from "./format.js";
import { usePolled } from "./polled.js";
import { Shown } from "./states.js";
import { html } from "./ui.js";
import { UploadForm } from "./upload_form.js";

const MOST = 100;

/** Newest version first; a name's older versions count behind it. */
function byName(datasets) {
  const groups = new Map();
  for (const dataset of datasets) groups.set(dataset.name, [...(groups.get(dataset.name) || []), dataset]);
  return [...groups.values()];
}

export const readDatasets = () => read(`datasets?limit=${MOST}`);

export const isUnderWay = ({ status }) => status === "validating";

export function Datasets() {
  const loaded = usePolled(readDatasets, [], ({ data }) => data.some(isUnderWay));
  return html`<div class="title"><h1>Datasets</h1></div>
    <${Shown} loaded=${loaded} what="Loading datasets">
      ${(listing) => html`<${Table} groups=${byName(listing.data)} />
        ${listing.has_more && html`<p class="help">Only the newest ${MOST} are shown.</p>`}`}
    <//>
    <section><h2>Your own pictures</h2><${UploadForm} changed=${loaded.reload} /></section>`;
}

const Table = ({ groups }) =>
  html`<table class="rows" role="table">
    <caption class="unseen">Datasets</caption>
    <thead role="rowgroup"><tr role="row">
      <th role="columnheader" scope="col">Dataset</th><th role="columnheader" scope="col">Status</th>
      <th role="columnheader" scope="col">Classes</th>
      <th role="columnheader" scope="col" class="number">To learn from</th><th role="columnheader" scope="col" class="number">To test with</th>
      <th role="columnheader" scope="col" class="number">Size</th><th role="columnheader" scope="col"><span class="unseen">Use</span></th>
    </tr></thead>
    <tbody role="rowgroup">${groups.map(([newest, ...older]) => html`<${Row} key=${newest.name} dataset=${newest} older=${older.length} />`)}</tbody>
  </table>`;

export const DatasetStatus = ({ status }) =>
  html`<span class="status ${{ ready: "succeeded", validating: "running", failed: "failed" }[status]}">${
    { ready: "Ready", validating: "Being read", failed: "Unusable" }[status] || status
  }</span>`;

const orNothing = (value, say) => (value === null ? NOTHING : say(value));

function Row({ dataset, older }) {
  const { id, name, class_names: classes } = dataset;
  const notes = [
    dataset.version ? `version ${dataset.version}${older ? `, ${older} older` : ""}` : "built in",
    dataset.warnings.length && counted(dataset.warnings.length, "warning"),
  ];
  return html`<tr role="row">
    <th role="rowheader" scope="row"><a href="#/datasets/${id}">${name}</a><small>${notes.filter(Boolean).join(", ")}</small></th>
    <td role="cell" data-label="Status"><${DatasetStatus} status=${dataset.status} /></td>
    <td role="cell" data-label="Classes" class="names">${orNothing(classes, (names) => html`${names.length}<small title=${names.join(", ")}>${names.join(", ")}</small>`)}</td>
    <td role="cell" data-label="To learn from" class="number">${orNothing(dataset.train_images, count)}</td>
    <td role="cell" data-label="To test with" class="number">${orNothing(dataset.test_images, count)}</td>
    <td role="cell" data-label="Size" class="number">${orNothing(dataset.stored_bytes, bytes)}</td>
    <td role="cell" class="last"><div class="actions">
      ${dataset.status === "ready" && html`<a class="button small" href="#/new?dataset=${name}" aria-label="Train on it: ${name}">Train on it</a>`}
    </div></td>
  </tr>`;
}
