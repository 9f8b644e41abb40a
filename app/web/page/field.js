// One field of the form, made from its schema: label, control, help, bounds, error.
import { sentence } from "./format.js";
import { boundsOf, controlOf, kindsOf, namesIn, plain, said } from "./schema.js";
import { html } from "./ui.js";

/**
 * What every control is given: `usual` is the value if this one stays undefined,
 * `change` takes the next one, `describedBy` names help and error.
 * @typedef {{id: string, schema: any, value: any, usual: any, change: (value: any) => void,
 *   describedBy: string, isWrong: boolean, form: {root: any, errors: Map<string, string>}}} Props
 */

const shared = ({ id, describedBy, isWrong }) => ({
  id,
  "aria-describedby": describedBy || null,
  "aria-invalid": isWrong ? "true" : null,
});

const Choice = (props) =>
  html`<select ...${shared(props)} value=${props.value ?? ""} onChange=${(event) => props.change(event.target.value || undefined)}>
    <option value="">${said(props.usual)} (preset)</option>
    ${props.schema.enum.map((value) => html`<option value=${value}>${value}</option>`)}
  </select>`;

const Yes = (props) =>
  html`<input type="checkbox" ...${shared(props)} checked=${props.value ?? props.usual ?? false}
    onChange=${(event) => props.change(event.target.checked)} />`;

const hint = (usual) => (usual === null || usual === undefined ? "not set" : said(usual));

const Numeral = (props) =>
  html`<input type="number" step="any" ...${shared(props)} value=${props.value ?? ""} placeholder=${hint(props.usual)}
    onInput=${(event) => props.change(event.target.value === "" ? undefined : Number(event.target.value))} />`;

const Text = (props) =>
  html`<input type="text" ...${shared(props)} value=${props.value ?? ""}
    onInput=${(event) => props.change(event.target.value || undefined)} />`;

function Mixed(props) {
  const names = namesIn(props.schema);
  const take = (text) => props.change(text === "" ? undefined : /^\d+$/.test(text) ? Number(text) : text);
  return html`<input type="text" list="${props.id}-names" ...${shared(props)} value=${props.value ?? ""} placeholder=${said(props.usual)}
      onInput=${(event) => take(event.target.value.trim())} />
    <datalist id="${props.id}-names">${names.map((name) => html`<option value=${name} />`)}</datalist>`;
}

const Words = (props) =>
  html`<input type="text" ...${shared(props)} value=${(props.value || []).join(", ")} placeholder="separated by commas"
    onChange=${(event) => props.change(wordsIn(event.target.value))} />`;

function wordsIn(text) {
  const words = text.split(",").map((word) => word.trim()).filter(Boolean);
  return words.length ? words : undefined;
}

const Json = (props) =>
  html`<textarea rows="3" spellcheck="false" ...${shared(props)} placeholder="JSON" value=${props.value === undefined ? "" : JSON.stringify(props.value)}
    onChange=${(event) => props.change(parsed(event.target.value))}></textarea>`;

/** What cannot be parsed goes to the service as it is, which says what is wrong. */
function parsed(text) {
  try {
    return text.trim() ? JSON.parse(text) : undefined;
  } catch {
    return text;
  }
}

function Kinds(props) {
  const kinds = kindsOf(props.schema, props.form.root);
  const current = kinds.find(({ kind }) => kind === props.value?.kind);
  const pick = (kind) => props.change(kind ? { kind } : undefined);
  return html`<select ...${shared(props)} value=${props.value?.kind ?? ""} onChange=${(event) => pick(event.target.value)}>
      <option value="">${said(props.usual)} (preset)</option>
      ${kinds.map(({ kind }) => html`<option value=${kind}>${kind}</option>`)}
    </select>
    ${current && html`<${Parts} ...${props} fields=${current.fields} />`}`;
}

/** The fields of an object, below its own control. */
const Parts = ({ id, value, change, form, fields }) =>
  html`<div class="parts">
    ${fields.map(
      ([name, schema]) =>
        html`<${Field} key=${name} id="${id}/${name}" name=${name} schema=${schema} form=${form}
          value=${value?.[name]} usual=${schema.default} change=${(part) => change(changed(value, name, part))} />`,
    )}
  </div>`;

function changed(whole, name, part) {
  const next = { ...whole, [name]: part };
  if (part === undefined) delete next[name];
  return next;
}

function Optional(props) {
  const isUsed = props.value !== undefined && props.value !== null;
  return html`<input type="checkbox" ...${shared(props)} checked=${isUsed || (props.value === undefined && Boolean(props.usual))}
      onChange=${(event) => props.change(event.target.checked ? {} : props.usual ? null : undefined)} />
    ${!isUsed && props.usual && props.value === undefined && html`<small class="usual">${said(props.usual)} (preset)</small>`}
    ${isUsed && html`<${Parts} ...${props} fields=${Object.entries(props.schema.properties)} />`}`;
}

const CONTROLS = {
  choice: Choice,
  yes: Yes,
  number: Numeral,
  kinds: Kinds,
  parts: Optional,
  words: Words,
  mixed: Mixed,
  json: Json,
  text: Text,
};

/** Quiet, it leaves its error to whoever shows it. */
export function Field({ id, name, schema, value, usual, change, form, control, isQuiet }) {
  const simple = plain(schema, form.root);
  const kind = controlOf(simple);
  const Control = control || CONTROLS[kind];
  const error = form.errors.get(id);
  const help = [simple.description?.split("\n")[0].replaceAll("`", "").replaceAll("null", "empty"), boundsOf(simple)].filter(Boolean).join(" ");
  const isSaid = error && !isQuiet;
  const describedBy = [help && `${id}-help`, isSaid && `${id}-error`].filter(Boolean).join(" ");
  const isTick = kind === "yes" || kind === "parts";
  return html`<div class=${isTick ? "field tick" : "field"}>
    <label for=${id}>${sentence(name)}</label>
    <${Control} id=${id} schema=${simple} value=${value} usual=${usual} change=${change} form=${form}
      describedBy=${describedBy} isWrong=${Boolean(error)} />
    ${help && html`<small class="help" id="${id}-help">${help}</small>`}
    ${isSaid && html`<small class="wrong" id="${id}-error">${error}</small>`}
  </div>`;
}
