// Jobs as they are now: news over streams, and a slow look for all the rest.
import { read } from "./api.js";
import { useLoaded } from "./states.js";
import { follow } from "./stream.js";
import { useEffect, useMemo, useState } from "./ui.js";

const SLOWLY = 4000;
// A browser opens six connections to one server; the page needs some for itself.
const MOST_STREAMS = 2;

/** @returns {{data: any, error: any, reload: () => void}} jobs, newest first */
export function useJobs(limit) {
  const loaded = useLoaded(() => readJobs(limit), [limit], SLOWLY);
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

async function readJobs(limit) {
  const listing = await read(`jobs?limit=${limit}`);
  const queued = listing.data.filter((job) => job.status === "queued").slice(-3);
  const details = await Promise.all(queued.map((job) => read(`jobs/${job.id}`)));
  const byId = new Map(details.map((job) => [job.id, job]));
  return { ...listing, data: listing.data.map((job) => byId.get(job.id) || job) };
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
