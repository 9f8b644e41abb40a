// What the service says of a job that is being put together, a moment after each change.
import { send } from "./api.js";
import { controlOf, plain } from "./schema.js";
import { useEffect, useState } from "./ui.js";

const PAUSE = 350;
const LAYER = /^\/body\/architecture\/layers\/(\d+)\//;

/**
 * Ask what the job would be; `table` has its layers, or those before the first wrong one.
 *
 * @returns {[{errors: any[], dryRun: any, table: any}, (errors: any[]) => void]}
 */
export function useCheck(values) {
  const [check, setCheck] = useState({ errors: [], dryRun: null, table: null });
  useEffect(() => {
    let isWanted = true;
    const put = (part) => isWanted && setCheck((before) => ({ ...before, ...part }));
    const timer = setTimeout(async () => {
      try {
        const dryRun = await (await send("jobs?dry_run=true", values)).json();
        put({ dryRun, table: dryRun.network, errors: [] });
      } catch (error) {
        put({ errors: error.errors?.length ? error.errors : [{ pointer: "", message: error.message }] });
        tableOf(values).then((table) => put({ table }), () => {});
      }
    }, PAUSE);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [JSON.stringify(values)]);
  return [check, (errors) => setCheck((before) => ({ ...before, errors }))];
}

const describe = async (asked) => (await send("architectures/describe", asked)).json();

/** The layers can be shown even while another field is wrong, and up to a wrong layer. */
async function tableOf({ architecture = "tutorial", dataset }) {
  const about = dataset ? { dataset } : {};
  try {
    return await describe({ architecture, ...about });
  } catch (error) {
    return describeUpTo(error.errors, architecture.layers, about);
  }
}

/** Ends the good layers as a network has to end, and leaves that end out of the table. */
async function describeUpTo(errors, layers, about) {
  const wrong = errors.map(({ pointer }) => LAYER.exec(pointer)?.[1]).filter(Boolean);
  const good = layers.slice(0, Math.min(...wrong.map(Number), layers.length));
  const isFlat = good.some((layer) => layer.flatten);
  const end = isFlat ? [{ linear: "classes" }] : [{ flatten: {} }, { linear: "classes" }];
  const table = await describe({ architecture: { layers: [...good, ...end] }, ...about });
  const isGood = ({ pointer }) => Number(pointer.split("/")[2]) < good.length;
  return { ...table, layers: table.layers.filter(isGood), totals: null };
}

/** Errors by the field that shows them: its own, or those of what it holds as a whole. */
export function byField(errors, root) {
  const found = new Map();
  for (const { pointer, message } of errors) {
    const [name, ...rest] = pointer.replace("/body/", "").split("/");
    const isWhole = name !== "architecture" && isShownWhole(name, root);
    const id = isWhole ? name : [name, ...rest].join("/");
    const where = isWhole && rest.length ? `${rest.join("/")}: ` : "";
    found.set(id, [found.get(id), where + message].filter(Boolean).join(" "));
  }
  return found;
}

function isShownWhole(name, root) {
  const schema = root.properties[name] && plain(root.properties[name], root);
  return !schema || ["json", "words", "mixed"].includes(controlOf(schema));
}
