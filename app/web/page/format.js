// Numbers and times in words.

export const NOTHING = "–";

/** @param {number | null} value a share of 1 */
export const percent = (value, digits = 2) =>
  value === null || value === undefined ? NOTHING : `${(100 * value).toFixed(digits)}\u00a0%`;

export const decimal = (value, digits = 4) =>
  value === null || value === undefined ? NOTHING : value.toFixed(digits);

export const count = (value) => value.toLocaleString("en").replaceAll(",", "\u202f");

/** @param {number} exact seconds; said as finely as anybody wants to know */
export function duration(exact) {
  if (exact < 9.95) return `${exact.toFixed(1)} s`;
  const seconds = Math.round(exact);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

export function bytes(size) {
  if (size < 1000) return `${size} B`;
  if (size < 1e6) return `${(size / 1e3).toFixed(0)} kB`;
  return `${(size / 1e6).toFixed(1)} MB`;
}

export const moment = (iso) =>
  new Date(iso).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });

export const day = (iso) => new Date(iso).toLocaleDateString([], { dateStyle: "medium" });

/** The time of day, with its date unless that is today's. */
export function clock(iso, timeStyle = "short") {
  const time = new Date(iso);
  const isToday = time.toDateString() === new Date().toDateString();
  return isToday ? time.toLocaleTimeString([], { timeStyle }) : moment(iso);
}

/** Call a job by its name, or by the beginning of its id. */
export const nameOf = (job) => job.name || `Job ${job.id.slice(0, 8)}`;

/** @param {string} noun that takes an s */
export const counted = (number, noun) => `${count(number)} ${noun}${number === 1 ? "" : "s"}`;

export const words = (name) => name.replaceAll("_", " ");

export const sentence = (name) => {
  const text = words(name);
  return text.charAt(0).toUpperCase() + text.slice(1);
};

export const networkOf = (spec) => spec.architecture.name || "own layers";

/** Seconds from its start to its end or now; null before it, and while it rests. */
export function trainedFor(job) {
  if (!job.started_at || ["paused", "queued"].includes(job.status)) return null;
  const end = job.finished_at ? new Date(job.finished_at) : new Date();
  return Math.max(0, (end - new Date(job.started_at)) / 1000);
}
