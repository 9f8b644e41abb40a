// What can be asked of a job in each status, and how to take it back.
import { request, send } from "./api.js";
import { nameOf } from "./format.js";
import { tell } from "./notices.js";
import { html, useState } from "./ui.js";

const ACTIONS = {
  queued: ["pause", "cancel"],
  running: ["pause", "stop", "cancel"],
  pausing: ["stop", "cancel"],
  paused: ["resume", "stop", "cancel"],
  stopping: ["cancel"],
  cancelling: [],
  succeeded: ["retry", "delete"],
  failed: ["retry", "delete"],
  cancelled: ["retry", "delete"],
};
const LABELS = {
  pause: "Pause",
  resume: "Resume",
  stop: "Stop",
  cancel: "Cancel",
  retry: "Run again",
  delete: "Delete",
};
const HINTS = {
  pause: "Save its state and free the worker",
  resume: "Queue it again; it goes on where it stood",
  stop: "End here and keep the result",
  cancel: "End without a result; finished epochs stay",
  retry: "A new job with the same hyperparameters and seed",
  delete: "Remove the job with its checkpoints",
};
const DONE = {
  pause: "will pause",
  resume: "is queued again",
  stop: "stops and keeps its result",
  cancel: "is cancelled",
  retry: "runs again as a new job",
  delete: "is deleted",
};
const WAYS_BACK = { pause: "resume", resume: "pause", stop: "retry", cancel: "retry" };

/** Do it, say so, and offer the way back. */
async function perform(action, job, changed) {
  try {
    if (action === "delete") await request(`jobs/${job.id}`, { method: "DELETE" });
    else await send(`jobs/${job.id}/${action}`, action === "retry" ? {} : undefined);
    const back = WAYS_BACK[action];
    const way = back && { label: LABELS[back], act: () => perform(back, job, changed) };
    tell(`${nameOf(job)} ${DONE[action]}.`, way);
  } catch (error) {
    tell(error.message);
  }
  changed(action);
}

/** @param {{job: any, changed: (action: string) => void}} props */
export function Actions({ job, changed }) {
  const [asked, setAsked] = useState("");
  const press = (action) => async () => {
    if (action === "delete" && asked !== action) return setAsked(action);
    setAsked("");
    return perform(action, job, changed);
  };
  return html`<div class="actions">
    ${ACTIONS[job.status].map(
      (action) =>
        html`<button
          type="button" key=${action} title=${HINTS[action]}
          class=${action === asked ? "small danger" : "small"}
          aria-label="${action === asked ? "Really delete" : LABELS[action]} ${nameOf(job)}"
          onClick=${press(action)} onBlur=${() => setAsked("")}>
          ${action === asked ? "Really?" : LABELS[action]}
        </button>`,
    )}
  </div>`;
}
