// What is looked at often while the service works on it, and seldom else.
import { useLoaded } from "./states.js";
import { useEffect, useState } from "./ui.js";

const OFTEN = 2000;
const SELDOM = 15_000;

/** @param {(data: any) => boolean} isUnderWay @returns as useLoaded does */
export function usePolled(load, inputs, isUnderWay) {
  const [every, setEvery] = useState(SELDOM);
  const loaded = useLoaded(load, inputs, every);
  const wanted = loaded.data && isUnderWay(loaded.data) ? OFTEN : SELDOM;
  useEffect(() => setEvery(wanted), [wanted]);
  return loaded;
}
