// Which checkpoint: a job and one of its epochs; by default the best of the newest.
import { read } from "./api.js";
import { nameOf, percent } from "./format.js";
import { useLoaded } from "./states.js";
import { html } from "./ui.js";

/** Jobs that have a checkpoint, newest first; `error` says why there are none. */
export function useTrained() {
  const { data, error, reload } = useLoaded(() => read("jobs?limit=100"), []);
  return { data: data && data.data.filter((job) => job.best_epoch), error, reload };
}

/** Aliases that point at a version, as predictions name them. */
export function useReferences() {
  const { data } = useLoaded(() => read("models"), []);
  return (data?.data || []).flatMap(({ name, aliases }) => aliases.map(({ alias }) => `${name}@${alias}`));
}

/**
 * @param {{jobs: any[], references: string[], network: {job?: any, model?: string}, epoch: string,
 *   label: string, change: (network: string, epoch: string) => void}} props
 */
export function Chooser({ jobs, references, network: { job, model }, epoch, label, change }) {
  const id = label.toLowerCase().replaceAll(" ", "-");
  const models = [...new Set([...(model ? [model] : []), ...references])];
  return html`<div class="chooser">
    <label for=${id}>${label}</label>
    <select id=${id} value=${model || job.id} onChange=${(event) => change(event.target.value, "")}>
      <optgroup label="Jobs">${jobs.map((one) => html`<option key=${one.id} value=${one.id}>${nameOf(one)}</option>`)}</optgroup>
      ${models.length > 0 && html`<optgroup label="Models">${models.map((name) => html`<option key=${name} value=${name}>${name}</option>`)}</optgroup>`}
    </select>
    ${job && html`<${EpochChoice} id="${id}-epoch" job=${job} epoch=${epoch} label=${label} change=${(next) => change(job.id, next)} />`}
  </div>`;
}

function EpochChoice({ id, job, epoch, label, change }) {
  const { data } = useLoaded(() => read(`jobs/${job.id}/checkpoints`), [job.id, job.epoch]);
  return html`<label class="unseen" for=${id}>Epoch of ${label}</label>
    <select id=${id} value=${epoch || "best"} onChange=${(event) => change(event.target.value)}>
      <option value="best">best epoch (${job.best_epoch})</option>
      ${(data?.data || []).map((row) => html`<option key=${row.epoch} value=${String(row.epoch)}>epoch ${row.epoch}, ${percent(row.val_accuracy, 1)}</option>`)}
    </select>`;
}

/** The job that the address names, or the newest that succeeded. */
export const pick = (jobs, id) =>
  jobs.find((job) => job.id === id) || jobs.find((job) => job.status === "succeeded") || jobs[0];
