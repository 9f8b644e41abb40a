// The network as it was after each epoch: to draw with, to look into, to download.
import { download, read } from "./api.js";
import { bytes, decimal, percent } from "./format.js";
import { tell } from "./notices.js";
import { useLoaded } from "./states.js";
import { html, useState } from "./ui.js";
import { VersionForm } from "./version_form.js";

export function Checkpoints({ job }) {
  const { data } = useLoaded(() => read(`jobs/${job.id}/checkpoints`), [job.id, job.epoch]);
  const [versioned, setVersioned] = useState(null);
  const rows = [...(data?.data || [])].reverse();
  if (!rows.length) return null;
  return html`<section><h2>Checkpoints</h2>
    <table class="rows" role="table">
      <caption class="unseen">Checkpoints</caption>
      <thead role="rowgroup"><tr role="row">
        <th role="columnheader" scope="col">Epoch</th><th role="columnheader" scope="col" class="number">Validation accuracy</th>
        <th role="columnheader" scope="col" class="number">Validation loss</th><th role="columnheader" scope="col" class="number">Size</th>
        <th role="columnheader" scope="col"><span class="unseen">Use</span></th>
      </tr></thead>
      <tbody role="rowgroup">${rows.map((row) => html`<${Row} key=${row.id} row=${row} isBest=${row.epoch === job.best_epoch} make=${() => setVersioned(row)} />`)}</tbody>
    </table>
    ${versioned && html`<${VersionForm} checkpoint=${versioned} done=${() => setVersioned(null)} />`}
  </section>`;
}

function Row({ row, isBest, make }) {
  const name = `modelmill-${row.job_id}-epoch-${row.epoch}.safetensors`;
  const save = () =>
    download(`jobs/${row.job_id}/checkpoints/${row.epoch}/download`, name).catch((error) => tell(error.message));
  return html`<tr role="row">
    <th role="rowheader" scope="row"><span class="unseen">Epoch </span>${row.epoch}${isBest && html` <span class="badge">best</span>`}</th>
    <td role="cell" data-label="Accuracy" class="number">${percent(row.val_accuracy)}</td>
    <td role="cell" data-label="Loss" class="number">${decimal(row.val_loss)}</td>
    <td role="cell" data-label="Size" class="number">${bytes(row.size_bytes)}</td>
    <td role="cell" class="last"><div class="actions">
      <a class="button small" href="#/draw?job=${row.job_id}&epoch=${row.epoch}" aria-label="Draw with epoch ${row.epoch}">Draw</a>
      <a class="button small" href="#/inside?job=${row.job_id}&epoch=${row.epoch}" aria-label="Look inside epoch ${row.epoch}">Inside</a>
      <button type="button" class="small" aria-label="Download epoch ${row.epoch}" onClick=${save}>Download</button>
      <button type="button" class="small" aria-label="Use for predictions: epoch ${row.epoch}" onClick=${make}>Use for predictions</button>
    </div></td>
  </tr>`;
}
