// The network of a new job: a name, or layers of one's own, by fields or as JSON.
import { LayerEditor } from "./layer_editor.js";
import { plain, said } from "./schema.js";
import { html, useState } from "./ui.js";

const OWN = "own";
const WAYS = ["Layers", "JSON"];

export function ArchitectureField({ id, value, usual, change, form, describedBy }) {
  const [way, setWay] = useState("Layers");
  const isOwn = typeof value === "object";
  const pick = (name) => {
    if (name !== OWN) return change(name || undefined);
    const start = form.networks.find((network) => network.name === value) || usual;
    return change({ layers: start.layers, initial_weights: start.initial_weights });
  };
  const setLayers = (layers) => change({ layers, initial_weights: value.initial_weights });
  return html`<select id=${id} aria-describedby=${describedBy || null} value=${isOwn ? OWN : value ?? ""}
      onChange=${(event) => pick(event.target.value)}>
      <option value="">${said(usual)} (preset)</option>
      ${form.networks.map(({ name }) => html`<option value=${name}>${name}</option>`)}
      <option value=${OWN}>own layers</option>
    </select>
    ${
      isOwn &&
      html`<div class="own-layers">
        <div class="choices" role="group" aria-label="Edit the layers as">
          ${WAYS.map((name) => html`<button type="button" key=${name} class="small" aria-pressed=${String(name === way)} onClick=${() => setWay(name)}>${name}</button>`)}
        </div>
        ${
          way === "JSON"
            ? html`<${LayersAsJson} id=${id} layers=${value.layers} change=${setLayers} errors=${errorsOf(form, id)} />`
            : html`<${LayerEditor} id="${id}/layers" pointer="/layers" layers=${value.layers} schema=${layersSchema(form.root)} form=${form} change=${setLayers} />
                <${Faults} id=${id} errors=${errorsOf(form, id).filter(([at]) => !/^layers\/\d/.test(at))} />`
        }
      </div>`
    }`;
}

const layersSchema = (root) =>
  root.properties.architecture.anyOf.map((choice) => plain(choice, root)).find((choice) => choice.properties).properties.layers;

/** What is wrong within it, by the place: [["layers/0/conv/kernel", message]]. */
const errorsOf = ({ errors }, id) =>
  [...errors].filter(([at]) => at.startsWith(`${id}/`)).map(([at, message]) => [at.slice(id.length + 1), message]);

const Faults = ({ id, errors }) =>
  errors.length > 0 && html`<ul class="wrong" id="${id}-faults">${errors.map(([at, message]) => html`<li key=${at}>${at}: ${message}</li>`)}</ul>`;

function LayersAsJson({ id, layers, change, errors }) {
  const [text, setText] = useState(layerLines(layers));
  const [isBroken, setBroken] = useState(false);
  const edit = (next) => {
    setText(next);
    try {
      const parsed = JSON.parse(next);
      setBroken(!isListOfLayers(parsed));
      if (isListOfLayers(parsed)) change(parsed);
    } catch {
      setBroken(true); // Half-typed: the last layers that could be read stay.
    }
  };
  return html`<label class="unseen" for="${id}-layers">Layers as JSON</label>
    <textarea id="${id}-layers" class="code" rows="14" spellcheck="false" aria-invalid=${isBroken || errors.length ? "true" : null}
      aria-describedby="${id}-faults" value=${text} onInput=${(event) => edit(event.target.value)}></textarea>
    ${isBroken && html`<p class="wrong">This is no list of layers yet; the last one that was stays.</p>`}
    <${Faults} id=${id} errors=${errors} />`;
}

const isListOfLayers = (value) =>
  Array.isArray(value) && value.length > 0 && value.every((layer) => layer && typeof layer === "object" && Object.keys(layer).length === 1);

/** A line for each layer. */
const layerLines = (layers) => `[\n${layers.map((layer) => `  ${JSON.stringify(layer)}`).join(",\n")}\n]`;
