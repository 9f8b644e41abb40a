// The presets as cards, each with what it is for and what it reached.
import { sentence } from "./format.js";
import { html } from "./ui.js";

export const PresetChoice = ({ presets, value, change }) =>
  html`<fieldset class="presets">
    <legend>Preset</legend>
    ${presets.map(
      ({ name, purpose, measured }) => html`<label key=${name} class=${name === value ? "preset chosen" : "preset"}>
        <input type="radio" name="preset" value=${name} checked=${name === value} onChange=${() => change(name)} />
        <strong>${sentence(name)}</strong><span>${purpose}</span><small>${measured}</small>
      </label>`,
    )}
  </fieldset>`;
