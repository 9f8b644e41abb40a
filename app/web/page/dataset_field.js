// The dataset of a new job: one of those that the service has ready.
import { html } from "./ui.js";

export const DatasetField = ({ id, value, usual, change, form, describedBy, isWrong }) =>
  html`<select id=${id} aria-describedby=${describedBy} aria-invalid=${isWrong ? "true" : null} value=${value ?? ""}
    onChange=${(event) => change(event.target.value || undefined)}>
    <option value="">${usual} (preset)</option>
    ${choices(form.datasets, value).map((name) => html`<option key=${name} value=${name}>${name}</option>`)}
  </select>`;

/** Each name once, for its newest version; and what an older job names, as it is. */
function choices(datasets, value) {
  const ready = datasets.filter(({ status }) => status === "ready");
  return [...new Set([...ready.map(({ name }) => name), ...(value ? [value] : [])])];
}
