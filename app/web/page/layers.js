// A network layer by layer: shapes, parameters, and the arithmetic on hover.
import { count } from "./format.js";
import { html } from "./ui.js";

export const shapeOf = (shape) => shape.join(" × ");

/** A word that shows the layer's formulas while it is pointed at or focused. */
export function Arithmetic({ layer }) {
  const id = `formulas-${layer.name}`;
  if (!layer.formulas.length) return html`<span>${layer.kind}</span>`;
  return html`<span class="tip">
    <button type="button" class="plain" aria-describedby=${id}>${layer.kind}</button>
    <span role="tooltip" id=${id}>${layer.formulas.map((line) => html`<span>${line}</span>`)}</span>
  </span>`;
}

export const Layers = ({ table }) =>
  html`<div class="scroll" tabindex="0" role="region" aria-label="Layers">
    <table class="layers">
      <caption class="unseen">Layers of the network</caption>
      <thead><tr>
        <th scope="col">Layer</th><th scope="col" class="number">Output</th><th scope="col" class="number">Parameters</th>
      </tr></thead>
      <tbody>
        <tr><th scope="row">picture</th><td class="number">${shapeOf(table.input_shape)}</td><td></td></tr>
        ${table.layers.map(
          (layer) => html`<tr key=${layer.name}>
            <th scope="row"><${Arithmetic} layer=${layer} /></th>
            <td class="number">${shapeOf(layer.output_shape)}</td>
            <td class="number">${layer.parameters ? count(layer.parameters) : ""}</td>
          </tr>`,
        )}
      </tbody>
      <tfoot><tr>
        <th scope="row">All</th><td></td><td class="number">${table.totals ? count(table.totals.parameters) : "–"}</td>
      </tr></tfoot>
    </table>
  </div>`;
