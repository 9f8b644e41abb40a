// A new job: a form made of the service's own schema, checked as it is filled in.
import { Problem, read, send } from "./api.js";
import { ArchitectureField } from "./architecture_field.js";
import { DatasetField } from "./dataset_field.js";
import { Field } from "./field.js";
import { clock, duration } from "./format.js";
import { byField, useCheck } from "./job_check.js";
import { Layers } from "./layers.js";
import { tell } from "./notices.js";
import { PresetChoice } from "./preset_choice.js";
import { go } from "./router.js";
import { plain } from "./schema.js";
import { Shown, useLoaded } from "./states.js";
import { html, useMemo, useState } from "./ui.js";

const CONTROLS = { architecture: ArchitectureField, dataset: DatasetField };
// The service fills it in, whatever a request says.
const FILLED_IN = ["dataset_pin"];
const BASICS = ["dataset", "architecture", "epochs", "name"];
const GROUPS = {
  Learning: ["batch_size", "learning_rate", "schedule", "optimizer", "max_gradient_norm", "label_smoothing", "ema_decay", "dropout_conv", "dropout_hidden"],
  Images: ["train_images", "augmentation", "shuffle", "validation_size", "validation_fold"],
  "When to end": ["early_stopping", "target_metric", "max_run_seconds"],
};

export const NewJob = ({ query }) => {
  const loaded = useLoaded(() => readForm(query), []);
  return html`<${Shown} loaded=${loaded} what="Loading the form">${(form) => html`<${JobForm} ...${form} />`}<//>`;
};

async function readForm(query) {
  const paths = ["schemas/training-spec", "presets", "architectures", "datasets?limit=100"];
  const [root, presets, networks, datasets] = await Promise.all(paths.map((path) => read(path)));
  const old = query.get("from") && (await read(`jobs/${query.get("from")}`));
  const start = old ? differences(old, presets.data) : numbersIn(query, root);
  const lists = { presets: presets.data, networks: networks.data, datasets: datasets.data };
  return { root, ...lists, start };
}

/** What an old job says itself, since its preset does not. */
function differences({ spec, name }, presets) {
  const preset = presets.find((one) => one.name === spec.preset);
  const own = Object.entries(spec).filter(
    ([key, value]) => key !== "seed" && !FILLED_IN.includes(key) && JSON.stringify(value) !== JSON.stringify(preset.spec[key]),
  );
  return { ...Object.fromEntries(own), preset: spec.preset, ...(name && { name }) };
}

function numbersIn(query, root) {
  const known = [...query].filter(([name]) => root.properties[name]);
  const isNumber = (name) => ["integer", "number"].includes(plain(root.properties[name], root).type);
  const value = (name, text) => (isNumber(name) ? Number(text) : text);
  return Object.fromEntries(known.map(([name, text]) => [name, value(name, text)]));
}

/** What a preset sets instead for a dataset, or for pictures that are not 28x28. */
function suited(preset, dataset, datasets) {
  const [name, version] = (dataset ?? "").split("@");
  const one = datasets.find((each) => each.name === name && (!version || each.version === Number(version)));
  const isOther = one?.shape && `${one.shape.slice(1)}` !== "28,28";
  return isOther ? preset.values_for_other_sizes : preset.values_by_dataset[dataset];
}

function JobForm({ root, presets, networks, datasets, start }) {
  const [values, setValues] = useState(start);
  const [check, setErrors] = useCheck(values);
  const errors = useMemo(() => byField(check.errors, root), [check.errors]);
  const preset = presets.find(({ name }) => name === (values.preset || "tutorial"));
  const usual = { ...preset.spec, ...suited(preset, values.dataset, datasets), seed: "drawn" };
  const form = { root, errors, networks, datasets, table: check.table };
  const set = (name) => (value) => setValues((before) => without({ ...before, [name]: value }));
  const field = (name) =>
    html`<${Field} key=${name} id=${name} name=${name} schema=${root.properties[name]} form=${form}
      control=${CONTROLS[name]}
      value=${values[name]} usual=${usual[name] ?? root.properties[name].default} change=${set(name)} />`;
  const grouped = ["preset", ...FILLED_IN, ...BASICS, ...Object.values(GROUPS).flat()];
  const others = Object.keys(root.properties).filter((name) => !grouped.includes(name));
  const submit = async (event) => {
    event.preventDefault();
    try {
      const job = await (await send("jobs", values)).json();
      tell("The job is submitted.");
      go(`/jobs/${job.id}`);
    } catch (error) {
      setErrors(error instanceof Problem && error.errors.length ? error.errors : [{ pointer: "", message: error.message }]);
      document.querySelector('[aria-invalid="true"]')?.focus();
    }
  };
  return html`<form class="new-job" noValidate onSubmit=${submit}>
    <div class="title"><h1>New job</h1></div>
    <div class="form">
      <${PresetChoice} presets=${presets} value=${preset.name} change=${set("preset")} />
      <div class="fields">${BASICS.map(field)}</div>
      ${Object.entries({ ...GROUPS, "Everything else": others }).map(
        ([title, names]) => html`<details key=${title} open=${names.some((name) => values[name] !== undefined) || null}>
          <summary>${title}</summary><div class="fields">${names.map(field)}</div>
        </details>`,
      )}
    </div>
    <aside class="card" aria-label="What the job would be">
      <h2>The network</h2>
      ${check.table ? html`<${Layers} table=${check.table} />` : html`<p class="help">Its layers appear here.</p>`}
      <${Outlook} check=${check} />
      <button class="primary wide">Start training</button>
    </aside>
  </form>`;
}

function without(values) {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

function Outlook({ check: { errors, dryRun } }) {
  if (errors.length === 1) return html`<p class="wrong" role="status">${errors[0].message}</p>`;
  if (errors.length) return html`<p class="wrong" role="status">${errors.length} values cannot be as they are.</p>`;
  if (!dryRun) return null;
  const { position, estimated_seconds: seconds, estimated_start_at: at } = dryRun;
  const when = position === 1 ? "Starts at once" : at ? `Starts about ${clock(at)}` : `${position}. in the queue`;
  return html`<p class="help" role="status">${when}${seconds && `, takes about ${duration(seconds)}`}.</p>`;
}
