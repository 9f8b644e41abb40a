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

/**
 * @param {{jobs: any[], job: any, epoch: string, label: string,
 *   change: (job: string, epoch: string) => void}} props
 */
export function Chooser({ jobs, job, epoch, label, change }) {
  const id = label.toLowerCase().replaceAll(" ", "-");
  const { data } = useLoaded(() => read(`jobs/${job.id}/checkpoints`), [job.id, job.epoch]);
  return html`<div class="chooser">
    <label for=${id}>${label}</label>
    <select id=${id} value=${job.id} onChange=${(event) => change(event.target.value, "")}>
      ${jobs.map((one) => html`<option key=${one.id} value=${one.id}>${nameOf(one)}</option>`)}
    </select>
    <label class="unseen" for="${id}-epoch">Epoch of ${label}</label>
    <select id="${id}-epoch" value=${epoch || "best"} onChange=${(event) => change(job.id, event.target.value)}>
      <option value="best">best epoch (${job.best_epoch})</option>
      ${(data?.data || []).map((row) => html`<option key=${row.epoch} value=${String(row.epoch)}>epoch ${row.epoch}, ${percent(row.val_accuracy, 1)}</option>`)}
    </select>
  </div>`;
}

/** The job that the address names, or the newest that succeeded. */
export const pick = (jobs, id) =>
  jobs.find((job) => job.id === id) || jobs.find((job) => job.status === "succeeded") || jobs[0];
