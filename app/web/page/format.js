// Numbers and times in words.

export const NOTHING = "–";

/** @param {number | null} value a share of 1 */
export const percent = (value, digits = 2) =>
  value === null || value === undefined ? NOTHING : `${(100 * value).toFixed(digits)}\u00a0%`;

export const decimal = (value, digits = 4) =>
  value === null || value === undefined ? NOTHING : value.toFixed(digits);

export const count = (value) => value.toLocaleString("en").replaceAll(",", "\u202f");

/** @param {number} seconds */
export function duration(seconds) {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.round(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

export function bytes(size) {
  if (size < 1000) return `${size} B`;
  if (size < 1e6) return `${(size / 1e3).toFixed(0)} kB`;
  return `${(size / 1e6).toFixed(1)} MB`;
}

export const moment = (iso) =>
  new Date(iso).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });

export const day = (iso) => new Date(iso).toLocaleDateString([], { dateStyle: "medium" });

export const clock = (iso) => new Date(iso).toLocaleTimeString([]);

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

/** Seconds that a job has trained for, or null before it starts. */
export function trainedFor(job) {
  if (!job.started_at) return null;
  const end = job.finished_at ? new Date(job.finished_at) : new Date();
  return Math.max(0, (end - new Date(job.started_at)) / 1000);
}
