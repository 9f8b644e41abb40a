// The layers of a network, one below the other: added, changed, moved, removed.
import { sentence, words } from "./format.js";
import { LayerRow } from "./layer_row.js";
import { kindOfLayer, layerKinds, newLayer } from "./layer_schema.js";
import { tell } from "./notices.js";
import { html, useMemo, useRef, useState } from "./ui.js";

/**
 * @param {{id: string, pointer: string, layers: any[], schema: any, form: any,
 *   change: (layers: any[]) => void}} props `id` names the list in errors, `pointer` in tables
 */
export function LayerEditor({ id, pointer, layers, schema, form, change }) {
  const kinds = useMemo(() => layerKinds(schema, form.root), [schema]);
  const keyOf = useKeys();
  const list = useRef(null);
  const focus = (place, what) => requestAnimationFrame(() => focusRow(list.current, place, what));
  const put = (place, layer) => {
    keyOf.pass(layers[place], layer);
    change(layers.with(place, layer));
  };
  const remove = (place) => {
    change(layers.toSpliced(place, 1));
    tell(`${sentence(kindOfLayer(layers[place]))} is removed.`, { label: "Undo", act: () => change(layers) });
    focus(Math.min(place, layers.length - 2), "summary");
  };
  const move = (place, step) => {
    change(layers.toSpliced(place, 1).toSpliced(place + step, 0, layers[place]));
    focus(place + step, step < 0 ? "[data-move=up]" : "[data-move=down]");
  };
  return html`<div class="layer-editor">
    <ol ref=${list}>${layers.map(
      (layer, place) => html`<${LayerRow} key=${keyOf(layer)} id="${id}/${place}" pointer="${pointer}/${place}" layer=${layer} place=${place} count=${layers.length}
        kinds=${kinds} form=${form} Editor=${LayerEditor}
        change=${(next) => put(place, next)} remove=${() => remove(place)} move=${(step) => move(place, step)} />`,
    )}</ol>
    <${Addition} id=${id} kinds=${kinds} count=${layers.length} add=${(layer, place) => change(layers.toSpliced(place, 0, layer))} />
  </div>`;
}

/** At its end or disabled, a button cannot have the focus: its row has it instead. */
function focusRow(list, place, what) {
  const row = list?.children[place];
  const wanted = row?.querySelector(what);
  (wanted?.disabled ? row.querySelector("summary") : wanted)?.focus();
}

/** A layer keeps its row, open or not, while it is changed and moved. */
function useKeys() {
  const known = useRef(null);
  if (!known.current) known.current = { keys: new WeakMap(), next: 0 };
  const state = known.current;
  const keyOf = (layer) => {
    if (!state.keys.has(layer)) state.keys.set(layer, (state.next += 1));
    return state.keys.get(layer);
  };
  keyOf.pass = (before, after) => state.keys.set(after, keyOf(before));
  return keyOf;
}

function Addition({ id, kinds, count, add }) {
  const [kind, setKind] = useState([...kinds.keys()][0]);
  const [place, setPlace] = useState("");
  const at = place === "" ? count : Math.min(Number(place), count);
  return html`<div class="addition">
    <select aria-label="Kind of the new layer" id="${id}/new" value=${kind} onChange=${(event) => setKind(event.target.value)}>
      ${[...kinds.keys()].map((one) => html`<option key=${one} value=${one}>${words(one)}</option>`)}
    </select>
    <select aria-label="Place of the new layer" value=${place} onChange=${(event) => setPlace(event.target.value)}>
      <option value="">at the end</option>
      ${Array.from({ length: count }, (_, before) => html`<option key=${before} value=${String(before)}>before ${before + 1}</option>`)}
    </select>
    <button type="button" class="small" onClick=${() => add(newLayer(kinds.get(kind)), at)}>Add layer</button>
  </div>`;
}
