// The page's frame: its head, the view that the address names, and the sign-in.
import { Compare } from "./compare.js";
import { Draw } from "./draw.js";
import { BLANK } from "./drawing.js";
import { Inside } from "./inside.js";
import { JobView } from "./job.js";
import { Jobs } from "./jobs.js";
import { NewJob } from "./new_job.js";
import { Notices } from "./notices.js";
import { usePlace } from "./router.js";
import { SignIn } from "./sign_in.js";
import { html, render, useEffect, useState } from "./ui.js";

const TABS = [
  ["jobs", "Jobs"],
  ["draw", "Draw"],
  ["inside", "Inside the network"],
];
const TITLES = { ...Object.fromEntries(TABS), compare: "Compare", new: "New job" };
const VIEWS = { compare: Compare, draw: Draw, inside: Inside, new: NewJob };

function viewOf({ parts, query }, drawing, change) {
  const [first, id] = parts;
  if (first === "jobs" && id) return html`<${JobView} key=${id} id=${id} />`;
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
    <a class="aside" href="docs">API</a>
  </header>`;

function skip(event) {
  event.preventDefault();
  document.getElementById("content").focus();
}

function Page() {
  const place = usePlace();
  const [isLocked, setLocked] = useState(false);
  const [drawing, setDrawing] = useState(BLANK);
  const view = place.parts[0] || "jobs";
  const tab = TABS.some(([name]) => name === view) ? view : "jobs";

  useEffect(() => {
    const lock = () => setLocked(true);
    window.addEventListener("key-needed", lock);
    return () => window.removeEventListener("key-needed", lock);
  }, []);

  useEffect(() => {
    document.title = `${TITLES[view] || "Jobs"} · Modelmill`;
  }, [view]);

  return html`<${Head} current=${tab} />
    <main id="content" tabindex="-1">
      ${isLocked ? html`<${SignIn} done=${() => setLocked(false)} />` : viewOf(place, drawing, setDrawing)}
    </main>
    <${Notices} />`;
}

const root = document.getElementById("page");
root.textContent = "";
render(html`<${Page} />`, root);
