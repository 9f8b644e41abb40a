// A line chart; uPlot draws it, in the page's colours, and a table says the same.
import { html, useEffect, useLayoutEffect, useRef, useState } from "./ui.js";

const HEIGHT = 220;
const DARKNESS = matchMedia("(prefers-color-scheme: dark)");

/**
 * @typedef {{label: string, color: string, isFaint?: boolean, points: [number, number][]}} Line
 * @param {{title: string, lines: Line[], unit: string, say: (value: number) => string, range?: [number | null, number | null]}} props
 */
export function Curves({ title, lines, unit, say, range = [null, null] }) {
  const place = useRef(null);
  const chart = useRef(null);
  const isDark = useDarkness();
  const drawn = lines.filter((line) => line.points.length);
  const shape = JSON.stringify([drawn.map(({ label, color }) => [label, color]), unit, isDark]);
  const data = aligned(drawn);

  useLayoutEffect(() => {
    if (!drawn.length) return undefined;
    const options = optionsOf(drawn, unit, say, range, place.current);
    chart.current = new uPlot(options, data, place.current);
    const watch = new ResizeObserver(() => chart.current?.setSize({ width: place.current.clientWidth, height: HEIGHT }));
    watch.observe(place.current);
    return () => {
      watch.disconnect();
      chart.current.destroy();
      chart.current = null;
    };
  }, [shape]);
  useEffect(() => chart.current?.setData(data), [JSON.stringify(data)]);

  return html`<figure class="chart">
    <figcaption>${title}</figcaption>
    <div class="plot" ref=${place} aria-hidden="true"></div>
    ${drawn.length === 0 && html`<p class="help">The first point comes with the first epoch.</p>`}
    ${drawn.length > 0 && html`<${Numbers} title=${title} lines=${drawn} unit=${unit} say=${say} data=${data} />`}
  </figure>`;
}

const Numbers = ({ title, lines, unit, say, data: [xs, ...columns] }) =>
  html`<details class="numbers"><summary>Numbers<span class="unseen"> of ${title}</span></summary>
    <div class="scroll" tabindex="0" role="region" aria-label="${title} in numbers"><table>
      <thead><tr><th scope="col">${unit}</th>${lines.map(({ label }) => html`<th scope="col" class="number">${label}</th>`)}</tr></thead>
      <tbody>${xs.map(
        (x, row) => html`<tr><th scope="row">${unit === "Epoch" ? x : x.toFixed(1)}</th>
          ${columns.map((column) => html`<td class="number">${column[row] === null ? "" : say(column[row])}</td>`)}</tr>`,
      )}</tbody>
    </table></div>
  </details>`;

function useDarkness() {
  const [isDark, setDark] = useState(DARKNESS.matches);
  useEffect(() => {
    const follow = () => setDark(DARKNESS.matches);
    DARKNESS.addEventListener("change", follow);
    return () => DARKNESS.removeEventListener("change", follow);
  }, []);
  return isDark;
}

/** One column of x for all lines; null where a line has no point. */
function aligned(lines) {
  const xs = [...new Set(lines.flatMap(({ points }) => points.map(([x]) => x)))].sort((a, b) => a - b);
  const columns = lines.map(({ points }) => {
    const known = new Map(points);
    return xs.map((x) => known.get(x) ?? null);
  });
  return [xs, ...columns];
}

function optionsOf(lines, unit, say, [low, high], element) {
  const style = getComputedStyle(element);
  const color = (name) => style.getPropertyValue(name).trim();
  const font = `12px ${style.fontFamily}`;
  const axis = {
    font,
    stroke: color("--muted"),
    grid: { stroke: color("--line"), width: 1 },
    ticks: { show: false },
  };
  const whole = unit === "Epoch";
  return {
    width: element.clientWidth,
    height: HEIGHT,
    padding: [10, 12, 0, 0],
    legend: { markers: { width: 0, fill: (_, place) => color(lines[place - 1]?.color || "--muted") } },
    cursor: { y: false, points: { size: 7 }, drag: { x: false } },
    scales: {
      x: { time: false, range: (_, from, to) => (from === to ? [from - 0.5, to + 0.5] : [from, to]) },
      y: { range: (_, from, to) => spread(low ?? from, high ?? to) },
    },
    axes: [
      { ...axis, size: 30, incrs: whole ? [1, 2, 5, 10, 20, 50, 100, 200] : undefined, grid: { show: false } },
      { ...axis, size: 52, values: (_, ticks) => ticks.map(say) },
    ],
    series: [
      { label: unit, value: (_, x) => (x === null ? "" : whole ? x : x.toFixed(1)) },
      ...lines.map((line) => ({
        label: line.label,
        stroke: color(line.color),
        width: line.isFaint ? 1.5 : 2,
        dash: line.isFaint ? [4, 4] : undefined,
        points: { show: line.points.length < 30, size: 5, fill: color(line.color) },
        spanGaps: true,
        value: (_, value) => (value === null || value === undefined ? "" : say(value)),
      })),
    ],
  };
}

/** Some air above and below; a flat line is not a line on the edge. */
function spread(low, high) {
  const air = (high - low || 0.1) * 0.08;
  return [low === 0 ? 0 : low - air, high === 1 ? 1 : high + air];
}
