// The page's frame: its head, the view that the address names, and the sign-in.
import { Compare } from "./compare.js";
import { DatasetView } from "./dataset.js";
import { Datasets } from "./datasets.js";
import { Draw } from "./draw.js";
import { BLANK } from "./drawing.js";
import { Inside } from "./inside.js";
import { JobView } from "./job.js";
import { Jobs } from "./jobs.js";
import { Keys } from "./keys.js";
import { ModelView } from "./model.js";
import { Models } from "./models.js";
import { NewJob } from "./new_job.js";
import { Notices } from "./notices.js";
import { usePlace } from "./router.js";
import { SignIn } from "./sign_in.js";
import { html, render, useEffect, useRef, useState } from "./ui.js";

const TABS = [
  ["jobs", "Jobs"],
  ["datasets", "Datasets"],
  ["models", "Models"],
  ["draw", "Draw"],
  ["inside", html`Inside<span class="rest"> the network</span>`],
];
// Views that are reached from the table of jobs.
const OF_JOBS = ["compare", "new"];
const TITLES = { ...Object.fromEntries(TABS), inside: "Inside the network", compare: "Compare", keys: "Keys", new: "New job" };
const VIEWS = { compare: Compare, datasets: Datasets, draw: Draw, inside: Inside, keys: Keys, models: Models, new: NewJob };

function viewOf({ parts, query }, drawing, change) {
  const [first, id] = parts;
  if (first === "jobs" && id) return html`<${JobView} key=${id} id=${id} />`;
  if (first === "datasets" && id) return html`<${DatasetView} key=${id} id=${id} />`;
  if (first === "models" && id) return html`<${ModelView} key=${id} name=${id} />`;
  return html`<${VIEWS[first] || Jobs} query=${query} drawing=${drawing} change=${change} />`;
}

const Head = ({ current }) =>
  html`<header class="head">
    <a class="skip" href="#content" onClick=${skip}>Skip to content</a>
    <a class="brand" href="#/jobs"><img src="static/page/icon.svg" alt="" width="24" height="24" />Modelmill</a>
    <nav aria-label="Views">
      ${TABS.map(
        ([name, label]) =>
          html`<a href="#/${name}" aria-current=${name === current ? "page" : null}>${label}</a>`,
      )}
    </nav>
    <div class="aside">
      <a href="#/keys" aria-current=${current === "keys" ? "page" : null}>Keys</a>
      <a href="docs">API</a>
    </div>
  </header>`;

function skip(event) {
  event.preventDefault();
  document.getElementById("content").focus();
}

/** Another view starts at its top, for eyes and for screen readers. */
function begin() {
  window.scrollTo(0, 0);
  document.getElementById("content").focus({ preventScroll: true });
}

function Page() {
  const place = usePlace();
  const [isLocked, setLocked] = useState(false);
  const [drawing, setDrawing] = useState(BLANK);
  const view = place.parts[0] || "jobs";
  const tab = TITLES[view] && !OF_JOBS.includes(view) ? view : "jobs";

  useEffect(() => {
    const lock = () => setLocked(true);
    window.addEventListener("key-needed", lock);
    return () => window.removeEventListener("key-needed", lock);
  }, []);

  const path = place.parts.join("/");
  const isFirst = useRef(true);
  useEffect(() => {
    document.title = `${TITLES[view] || "Jobs"} · Modelmill`;
    if (isFirst.current) isFirst.current = false;
    else begin();
  }, [path]);

  return html`<${Head} current=${tab} />
    <main id="content" tabindex="-1">
      ${isLocked ? html`<${SignIn} done=${() => setLocked(false)} />` : viewOf(place, drawing, setDrawing)}
    </main>
    <${Notices} />`;
}

const root = document.getElementById("page");
root.textContent = "";
render(html`<${Page} />`, root);
