// Answers to what changes faster than it can be answered: the newest question counts.
import { useEffect, useRef, useState } from "./ui.js";

/**
 * Ask again whenever the inputs change, one question at a time.
 *
 * @param {(() => Promise<any>) | null} ask null while there is nothing to ask
 * @param {any[]} inputs
 * @returns {{data: any, error: any}} the newest answer; an older one stays meanwhile
 */
export function useLatest(ask, inputs) {
  const [answer, setAnswer] = useState({ data: null, error: null });
  const next = useRef(null);
  const isBusy = useRef(false);
  const isGone = useRef(false);
  const isAsked = useRef(false);
  isAsked.current = ask !== null;
  useEffect(
    () => () => {
      isGone.current = true;
    },
    [],
  );
  useEffect(() => {
    next.current = ask;
    if (!ask) setAnswer({ data: null, error: null });
    else if (!isBusy.current) run();
  }, inputs);

  async function run() {
    isBusy.current = true;
    while (next.current && !isGone.current) {
      const asked = next.current;
      next.current = null;
      try {
        put({ data: await asked(), error: null });
      } catch (error) {
        put({ data: null, error });
      }
    }
    isBusy.current = false;
  }

  function put(found) {
    if (!isGone.current && isAsked.current) setAnswer(found);
  }
  return answer;
}
