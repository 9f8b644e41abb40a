// One layer in the editor: what it is, what comes out of it, its fields, its errors.
import { Field } from "./field.js";
import { count, sentence, words } from "./format.js";
import { contentOf, fieldsOf, kindOfLayer, summaryOf } from "./layer_schema.js";
import { shapeOf } from "./layers.js";
import { html, useState } from "./ui.js";

export function LayerRow({ id, pointer, layer, place, count: number, kinds, form, Editor, change, remove, move }) {
  const [isOpen, setOpen] = useState(false);
  const kind = kindOfLayer(layer);
  const known = kinds.get(kind);
  const content = contentOf(layer, known);
  const errors = [...form.errors].filter(([at]) => at === id || at.startsWith(`${id}/`));
  const name = `layer ${place + 1}, ${words(kind)}`;
  return html`<li class=${errors.length ? "wrong-layer" : null}>
    <div class="layer-head">
      <details open=${isOpen} onToggle=${(event) => setOpen(event.target.open)}>
        <summary><strong>${sentence(kind)}</strong> <small>${known && summaryOf(content, known)}</small></summary>
      </details>
      <${Result} form=${form} pointer="${pointer}/${kind}" />
      <div class="layer-actions">
        <button type="button" class="small" data-move="up" aria-label="Move ${name}, up" disabled=${place === 0} onClick=${() => move(-1)}>↑</button>
        <button type="button" class="small" data-move="down" aria-label="Move ${name}, down" disabled=${place === number - 1} onClick=${() => move(1)}>↓</button>
        <button type="button" class="small" aria-label="Remove ${name}" disabled=${number === 1} onClick=${remove}>×</button>
      </div>
    </div>
    ${errors.map(([at, message]) => html`<p class="wrong" key=${at}>${message}</p>`)}
    ${
      isOpen &&
      known &&
      html`<div class="layer-fields">
        <p class="help">${known.about?.replaceAll("`", "")}</p>
        <${Fields} id="${id}/${kind}" known=${known} content=${content} form=${form} change=${(next) => change({ [kind]: next })} />
        ${known.inner && html`<${Editor} id="${id}/${kind}/layers" pointer="${pointer}/${kind}/layers" layers=${content.layers} schema=${known.inner} form=${form}
          change=${(layers) => change({ [kind]: { ...content, layers } })} />`}
      </div>`
    }
  </li>`;
}

/** Its output and parameters as the service reckons them, once it can. */
function Result({ form, pointer }) {
  const found = form.table?.layers.filter((layer) => layer.pointer === pointer || layer.pointer.startsWith(`${pointer}/`)) || [];
  if (!found.length) return html`<span class="layer-result">–</span>`;
  const parameters = found.reduce((sum, layer) => sum + layer.parameters, 0);
  return html`<span class="layer-result">${shapeOf(found.at(-1).output_shape)}${parameters > 0 && html`<small>${count(parameters)} parameters</small>`}</span>`;
}

function Fields({ id, known, content, form, change }) {
  const fields = fieldsOf(known, content);
  const set = (name) => (value) => {
    const next = { ...content, [name]: value };
    if (value === undefined) delete next[name];
    change(next);
  };
  return html`<div class="fields">
    ${
      known.variants.length > 0 &&
      html`<div class="field"><label for="${id}/kind">Kind</label>
        <select id="${id}/kind" value=${content.kind} onChange=${(event) => change({ kind: event.target.value, ...kept(content, known, event.target.value) })}>
          ${known.variants.map(({ kind }) => html`<option key=${kind} value=${kind}>${words(kind)}</option>`)}
        </select></div>`
    }
    ${fields.map(
      ([name, schema]) => html`<${Field} key=${name} id="${id}/${name}" name=${name} schema=${schema} form=${form} isQuiet
        value=${content[name]} usual=${schema.default} change=${set(name)} />`,
    )}
  </div>`;
}

/** Values that the next kind has fields for, and a first size for a window. */
function kept(content, known, kind) {
  const names = known.variants.find((one) => one.kind === kind).fields.map(([name]) => name);
  const values = names.filter((name) => name in content).map((name) => [name, content[name]]);
  return { ...(names.includes("size") && { size: 2 }), ...Object.fromEntries(values) };
}
