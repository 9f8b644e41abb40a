// A field with few choices outside the form of a job.
import { html } from "./ui.js";

/** @param {{id: string, label: string, choices: [string, string][], value: string, change: (value: string) => void}} props */
export const Choices = ({ id, label, choices, value, change }) =>
  html`<div class="field">
    <label for=${id}>${label}</label>
    <select id=${id} value=${value} onChange=${(event) => change(event.target.value)}>
      ${choices.map(([name, said]) => html`<option key=${name} value=${name}>${said}</option>`)}
    </select>
  </div>`;
