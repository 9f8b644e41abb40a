// Where a job stands: its status, its bar, its curve in small.
import { read } from "./api.js";
import { clock, duration, sentence, words } from "./format.js";
import { useLoaded } from "./states.js";
import { html } from "./ui.js";

export const Status = ({ job }) =>
  html`<span class="status ${job.status}">${sentence(job.status)}</span>`;

/** @param {any} job its share of all epochs that is done */
export function shareOf(job) {
  if (job.status === "succeeded") return 1;
  const within = job.progress && job.progress.epoch > job.epoch ? job.progress.fraction : null;
  return within ?? job.epoch / job.spec.epochs;
}

export function Progress({ job }) {
  const share = shareOf(job);
  return html`<div class="progress">
    <progress max="1" value=${share} aria-label="Progress of ${job.name || job.id}"></progress>
    <small>${standing(job)}</small>
  </div>`;
}

function standing(job) {
  if (job.is_terminal && job.stop_reason && job.stop_reason !== "completed")
    return `${words(job.stop_reason)}, epoch ${job.epoch} of ${job.spec.epochs}`;
  if (job.status === "queued") return job.queue ? placeInQueue(job.queue) : "in the queue";
  const left = job.status === "running" && job.progress?.seconds_left;
  const epochs = `epoch ${job.epoch} of ${job.spec.epochs}`;
  return left ? `${epochs}, ${duration(left)} left` : epochs;
}

export function placeInQueue(queue) {
  const place = queue.position === 1 ? "next in the queue" : `${queue.position}. in the queue`;
  return queue.estimated_start_at ? `${place}, about ${clock(queue.estimated_start_at)}` : place;
}

const WIDTH = 88;
const HEIGHT = 24;

/** The validation accuracy of each epoch as a line. */
export function Spark({ job }) {
  const load = () => (job.epoch > 1 ? read(`jobs/${job.id}/metrics`) : { data: [] });
  const { data } = useLoaded(load, [job.id, job.epoch]);
  const values = (data?.data || []).map((row) => row.val_accuracy);
  if (values.length < 2) return html`<svg class="spark" width=${WIDTH} height=${HEIGHT} aria-hidden="true"></svg>`;
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const x = (place) => 2 + ((WIDTH - 6) * place) / (values.length - 1);
  const y = (value) => HEIGHT - 3 - ((HEIGHT - 6) * (value - low)) / (high - low || 1);
  const points = values.map((value, place) => `${x(place).toFixed(1)},${y(value).toFixed(1)}`);
  const [endX, endY] = points.at(-1).split(",");
  return html`<svg class="spark" width=${WIDTH} height=${HEIGHT} aria-hidden="true">
    <polyline points=${points.join(" ")} /><circle cx=${endX} cy=${endY} r="2.5" />
  </svg>`;
}
