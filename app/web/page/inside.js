// Inside a network: its filters, and what each layer makes of the drawing.
import { read, send, upload } from "./api.js";
import { pick, useTrained } from "./chooser.js";
import { EpochSlider } from "./epoch_slider.js";
import { DIGITS, drawn, fileOf, isBlank } from "./drawing.js";
import { nameOf } from "./format.js";
import { LayerView } from "./layer_view.js";
import { useLatest } from "./latest.js";
import { Pad } from "./pad.js";
import { adjust } from "./router.js";
import { Empty, Failure, Loading, Shown, useLoaded } from "./states.js";
import { html } from "./ui.js";

const SEVEN = drawn(DIGITS[7]);

export function Inside({ query, drawing, change }) {
  const trained = useTrained();
  return html`<div class="title"><h1>Inside the network</h1></div>
    <${Shown} loaded=${trained} what="Looking for networks">
      ${(jobs) =>
        jobs.length === 0
          ? html`<${Empty} title="No network yet"><p>Train one first: after its first epoch one can look into it.</p>
              <a class="button primary" href="#/new?epochs=2">Train a first network</a><//>`
          : html`<${Anatomy} jobs=${jobs} query=${query} drawing=${isBlank(drawing) ? SEVEN : drawing} change=${change} />`}
    <//>`;
}

function Anatomy({ jobs, query, drawing, change }) {
  const job = pick(jobs, query.get("job"));
  const loaded = useLoaded(() => readNetwork(job), [job.id, job.epoch]);
  const choose = (id) => adjust("inside", query, { job: id, epoch: "" });
  return html`<div class="anatomy">
    <div class="controls">
      <div class="chooser"><label for="network">Network</label>
        <select id="network" value=${job.id} onChange=${(event) => choose(event.target.value)}>
          ${jobs.map((one) => html`<option key=${one.id} value=${one.id}>${nameOf(one)}</option>`)}
        </select>
      </div>
      <${Pad} drawing=${drawing} change=${change} />
    </div>
    <${Shown} loaded=${loaded} what="Loading the network">
      ${(network) => html`<${Network} ...${network} job=${job} query=${query} drawing=${drawing} />`}
    <//>
  </div>`;
}

async function readNetwork(job) {
  const [layers, checkpoints] = await Promise.all([describe(job.spec), read(`jobs/${job.id}/checkpoints`)]);
  return { layers, checkpoints: checkpoints.data };
}

/** Only a dry run knows the shapes of one's own dataset, and nobody of a deleted one. */
async function describe({ architecture, dataset }) {
  const asked = { architecture, dataset };
  try {
    return (await (await send("architectures/describe", asked)).json()).layers;
  } catch {
    const dryRun = send("jobs?dry_run=true", asked).then((response) => response.json());
    return dryRun.then(({ network }) => network.layers, () => []);
  }
}

function Network({ layers, checkpoints, job, query, drawing }) {
  const asked = Number(query.get("epoch")) || job.best_epoch;
  const checkpoint = checkpoints.find(({ epoch }) => epoch === asked) || checkpoints.at(-1);
  const ask = checkpoint && (() => upload(`checkpoints/${checkpoint.id}/feature-maps`, fileOf(drawing)));
  const { data, error } = useLatest(ask, [drawing, checkpoint?.id]);
  if (!checkpoint) return html`<${Empty} title="No checkpoints"><p>The bytes of this job's checkpoints were freed.</p><//>`;
  const described = new Map(layers.map((layer) => [layer.name, layer]));
  return html`<section class="network" aria-label="Layers">
    <${EpochSlider} checkpoints=${checkpoints} current=${checkpoint} change=${(epoch) => adjust("inside", query, { epoch: String(epoch) })} />
    ${error && html`<${Failure} error=${error} />`}
    ${!data && !error && html`<${Loading} what="Looking inside" />`}
    ${data && html`<p class="help">From the drawing to the answer: black is 0, white above it, blue below. Point at a layer's name for its arithmetic.</p>`}
    ${data && html`<ol class="stages">${data.layers.map(
      (maps) => html`<${LayerView} key=${maps.name} maps=${maps} described=${described.get(maps.name)} checkpointId=${checkpoint.id} />`,
    )}</ol>`}
  </section>`;
}
