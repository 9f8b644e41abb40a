// One layer: its arithmetic, its filters, and its feature maps for the drawing.
import { count } from "./format.js";
import { Arithmetic, shapeOf } from "./layers.js";
import { usePicture } from "./picture.js";
import { html, useState } from "./ui.js";

const WIDEST = 384;
const LARGEST_PIXEL = 24;

/** @param {{maps: any, described: any, checkpointId: string}} props described may be missing */
export function LayerView({ maps, described, checkpointId }) {
  const layer = described || { ...maps, formulas: [], parameters: 0, input_shape: [] };
  const values = `from ${maps.low.toPrecision(3)} to ${maps.high.toPrecision(3)}`;
  return html`<li>
    <h2><${Arithmetic} layer=${layer} /> <small>${described && `${shapeOf(layer.input_shape)} → `}${shapeOf(layer.output_shape)}${
      layer.parameters > 0 && `, ${count(layer.parameters)} parameters`
    }</small></h2>
    <div class="sheets">
      ${layer.kind === "conv" && html`<${Filters} checkpointId=${checkpointId} layer=${layer} />`}
      <figure>
        <${Sheet} address="data:image/png;base64,${maps.png}" alt="What the ${layer.kind} layer ${layer.name} puts out, ${values}" />
        <figcaption>Puts out ${values}</figcaption>
      </figure>
    </div>
  </li>`;
}

function Filters({ checkpointId, layer }) {
  const address = usePicture(`checkpoints/${checkpointId}/filters.png?layer=${layer.name}`);
  const hint = layer.input_shape[0] === 1 ? "Filters" : "Filters: one a row, a column for each channel";
  return html`<figure>
    ${address && html`<${Sheet} address=${address} alt="The filters of layer ${layer.name}" />`}
    <figcaption>${hint}</figcaption>
  </figure>`;
}

/** A picture of few pixels, enlarged by a whole number so that each is a square. */
function Sheet({ address, alt }) {
  const [size, setSize] = useState([undefined, undefined]);
  const fit = ({ target }) => {
    const { naturalWidth: width, naturalHeight: height } = target;
    const room = Math.min(WIDEST, target.closest("figure").clientWidth);
    const scale = Math.max(1, Math.min(LARGEST_PIXEL, Math.floor(room / width), Math.floor(WIDEST / height)));
    setSize([width * scale, height * scale]);
  };
  return html`<img class="pixels" src=${address} alt=${alt} width=${size[0]} height=${size[1]} onLoad=${fit} />`;
}
