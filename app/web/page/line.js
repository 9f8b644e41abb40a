// A field for a line of text outside the form of a job.
import { html } from "./ui.js";

/** @param {{id: string, label: string, value: string, change: (value: string) => void, help?: any, error?: string}} props */
export function Line({ id, label, value, change, help, error, ...rest }) {
  const describedBy = [help && `${id}-help`, error && `${id}-error`].filter(Boolean).join(" ");
  return html`<div class="field">
    <label for=${id}>${label}</label>
    <input id=${id} type="text" autocomplete="off" value=${value} ...${rest}
      aria-describedby=${describedBy || null} aria-invalid=${error ? "true" : null}
      onInput=${(event) => change(event.target.value)} />
    ${help && html`<small class="help" id="${id}-help">${help}</small>`}
    ${error && html`<small class="wrong" id="${id}-error">${error}</small>`}
  </div>`;
}
