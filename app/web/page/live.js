// Jobs as they are now: news over streams, and a slow look for all the rest.
import { read } from "./api.js";
import { useLoaded } from "./states.js";
import { follow } from "./stream.js";
import { useEffect, useMemo, useState } from "./ui.js";

const SLOWLY = 4000;
// A browser opens six connections to one server; the page needs some for itself.
const MOST_STREAMS = 2;
// Their places in the queue are asked one by one: those of the next few.
const MOST_PLACES = 8;
const PAGE = 100;

/**
 * @param {number} limit of each status
 * @param {string[]} statuses none are all
 * @returns {{data: any, error: any, reload: () => void}} jobs, newest first
 */
export function useJobs(limit, statuses) {
  const loaded = useLoaded(() => readJobs(limit, statuses), [], SLOWLY, [limit, statuses.join()]);
  const [progress, setProgress] = useState({});
  const jobs = loaded.data?.data || [];
  const running = jobs.filter((job) => job.status === "running").slice(0, MOST_STREAMS);
  useEffect(() => {
    const hear = (id) => (kind, data) => {
      if (kind === "progress") setProgress((before) => ({ ...before, [id]: data }));
      else if (Date.now() - new Date(data.created_at) < SLOWLY) loaded.reload();
    };
    const ends = running.map((job) => follow(job.id, hear(job.id)));
    return () => ends.forEach((end) => end());
  }, [running.map((job) => job.id).join()]);
  const data = useMemo(() => loaded.data && merge(loaded.data, progress), [loaded.data, progress]);
  return { ...loaded, data };
}

async function readJobs(limit, statuses) {
  const listings = await Promise.all((statuses.length ? statuses : [""]).map((status) => readPages(limit, status)));
  const jobs = listings.flatMap(({ data }) => data).sort((a, b) => (a.created_at < b.created_at ? 1 : -1));
  const queued = jobs.filter((job) => job.status === "queued").slice(-MOST_PLACES);
  const details = await Promise.all(queued.map((job) => read(`jobs/${job.id}`)));
  const byId = new Map(details.map((job) => [job.id, job]));
  return { data: jobs.map((job) => byId.get(job.id) || job), has_more: listings.some((listing) => listing.has_more) };
}

async function readPages(limit, status) {
  const jobs = [];
  for (;;) {
    const query = new URLSearchParams({ limit: String(Math.min(PAGE, limit - jobs.length)) });
    if (status) query.set("status", status);
    if (jobs.length) query.set("after", jobs.at(-1).id);
    const page = await read(`jobs?${query}`);
    jobs.push(...page.data);
    if (!page.has_more || jobs.length >= limit) return { data: jobs, has_more: page.has_more };
  }
}

function merge(listing, progress) {
  const data = listing.data.map((job) =>
    job.status === "running" && progress[job.id] ? { ...job, progress: progress[job.id] } : job,
  );
  return { ...listing, data };
}

/** One job with its metrics, by its stream; `isLive` tells whether that stands. */
export function useJob(id) {
  const loaded = useLoaded(() => read(`jobs/${id}`), [id], SLOWLY);
  const metrics = useLoaded(() => read(`jobs/${id}/metrics`), [id]);
  const [progress, setProgress] = useState(null);
  const [isLive, setLive] = useState(true);
  const isOver = loaded.data?.is_terminal;
  useEffect(() => {
    if (isOver !== false) return undefined;
    return follow(
      id,
      (kind, data) => {
        if (kind === "progress") setProgress(data);
        else loaded.reload();
        if (kind === "epoch") metrics.reload();
      },
      setLive,
    );
  }, [id, isOver]);
  const job = loaded.data && !isOver && progress ? { ...loaded.data, progress } : loaded.data;
  return { ...loaded, data: job, metrics: metrics.data?.data || [], isLive: isOver || isLive };
}
