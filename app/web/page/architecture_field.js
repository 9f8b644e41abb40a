// The network of a new job: a name, or its layers as JSON.
import { said } from "./schema.js";
import { html, useState } from "./ui.js";

const OWN = "own";

export function ArchitectureField({ id, value, usual, change, form, describedBy, isWrong }) {
  const [text, setText] = useState("");
  const isOwn = typeof value === "object" || (text !== "" && typeof value !== "string");
  const pick = (name) => {
    if (name !== OWN) {
      setText("");
      return change(name || undefined);
    }
    const start = form.networks.find((network) => network.name === value) || usual;
    setText(layerLines(start.layers));
    return change(start);
  };
  const edit = (next) => {
    setText(next);
    try {
      change({ layers: JSON.parse(next), initial_weights: (value || usual).initial_weights });
    } catch {
      // Half-typed JSON: the last layers that could be read stay.
    }
  };
  return html`<select id=${id} aria-describedby=${describedBy} value=${isOwn ? OWN : value ?? ""}
      onChange=${(event) => pick(event.target.value)}>
      <option value="">${said(usual)} (preset)</option>
      ${form.networks.map(({ name }) => html`<option value=${name}>${name}</option>`)}
      <option value=${OWN}>own layers</option>
    </select>
    ${
      isOwn &&
      html`<label class="unseen" for="${id}-layers">Layers as JSON</label>
        <textarea id="${id}-layers" class="code" rows="12" spellcheck="false" aria-invalid=${isWrong ? "true" : null}
          value=${text || layerLines(value.layers)} onInput=${(event) => edit(event.target.value)}></textarea>`
    }`;
}

/** A line for each layer. */
const layerLines = (layers) => `[\n${layers.map((layer) => `  ${JSON.stringify(layer)}`).join(",\n")}\n]`;
