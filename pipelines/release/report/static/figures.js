// Charts: a Vega-Lite specification of the report filled with rows, its caption, and the numbers as a table.

"use strict";

const CHART_STYLE = {
  background: null,
  font: "system-ui, sans-serif",
  view: { stroke: null },
  axis: {
    labelColor: "currentColor",
    titleColor: "currentColor",
    domainColor: "#8888",
    tickColor: "#8888",
    gridColor: "#8883",
    labelFontSize: 12,
    titleFontSize: 12,
    titleFontWeight: "normal",
  },
  legend: { labelColor: "currentColor", titleColor: "currentColor", labelFontSize: 12, titleFontSize: 12 },
  text: { color: "currentColor" },
};

/** Describe a chart in a sentence with its largest numbers. */
function describeRows(figure, rows) {
  const [label] = Object.keys(figure.columns);
  const largest = rows
    .filter((row) => row.kind !== "edge")
    .sort((a, b) => b.n - a.n)
    .slice(0, 5);
  const named = largest.map((row) => `${cellText(row[label])}: ${cellText(row.n)}`).join("; ");
  return `${figure.title}. ${plural(rows.length, "value")}; the largest are ${named}. All are in the table after the chart.`;
}

/** The figure of this name with these rows. It draws itself when it is in the page. */
function figureOf(name, rows, { note = null, title = null, unit = null } = {}) {
  const figure = structuredClone(report.figures[name]);
  if (unit !== null) figure.spec.encoding.x.title = unit;
  const heading = title ?? figure.title;
  if (!rows.length) return h("figure", {}, h("h3", {}, heading), h("p", { class: "empty" }, "Nothing to show here."));
  const chart = h("div", { class: "chart", role: "img", "aria-label": describeRows(figure, rows) });
  const caption = h("figcaption", {}, figure.caption, note && h("span", {}, " ", note));
  const numbers = h("details", {}, h("summary", {}, "Numbers"));
  // The table may be long, so it is made when it is opened.
  numbers.addEventListener("toggle", () => {
    if (numbers.open && numbers.childElementCount === 1) numbers.append(dataTable(rows, figure.columns, heading));
  });
  const save = h(
    "button",
    {
      type: "button",
      class: "plain",
      onclick: async () => {
        download(`${name}.svg`, await chart.view.toSVG(), "image/svg+xml");
      },
    },
    "Save as SVG",
  );
  queueMicrotask(() => drawChart(chart, figure.spec, rows));
  return h("figure", { id: `figure-${name}` }, h("h3", {}, heading), chart, caption, numbers, save);
}

/** The specification with its rows. Its list of colours keeps only the names that occur, so that the legend does too. */
function withRows(spec, rows) {
  const filled = { ...spec, datasets: { rows }, autosize: { type: "fit-x", contains: "padding" } };
  const colour = filled.encoding?.color;
  if (colour?.scale?.domain) {
    const found = new Set(rows.map((row) => row[colour.field]));
    const kept = colour.scale.domain
      .map((name, place) => [name, colour.scale.range[place]])
      .filter(([name]) => found.has(name));
    colour.scale = { domain: kept.map(([name]) => name), range: kept.map(([, value]) => value) };
  }
  return filled;
}

/** Fit what a specification cannot fit itself: its height, and on a narrow page one column of the legend and narrow bars. */
function fitToWidth(spec, rows, width) {
  if (spec.height?.step) spec.height = spec.height.step * new Set(rows.map((row) => row[spec.encoding.y.field])).size;
  if (spec.encoding?.color?.legend && width < 560) spec.encoding.color.legend.columns = 1;
  const { field, type } = spec.encoding?.x ?? {};
  if (spec.mark?.type === "bar" && type === "quantitative" && spec.mark.size) {
    const values = rows.map((row) => row[field]);
    const span = Math.max(...values) - Math.min(...values) + 1;
    spec.mark.size = Math.max(1, Math.min(14, (0.7 * (width - 80)) / span));
  }
  return spec;
}

async function drawChart(chart, spec, rows) {
  const width = chart.clientWidth || 600;
  const labels = Math.max(90, Math.min(320, Math.round(width * 0.42)));
  const style = {
    ...CHART_STYLE,
    axisY: { labelLimit: labels },
    axisX: { labelLimit: 160, labelOverlap: "greedy", labelSeparation: 10 },
  };
  // The interpreter of expressions needs no eval, which the content security policy forbids.
  const options = { renderer: "svg", actions: false, ast: true, config: style, tooltip: { theme: "custom" } };
  const drawn = await vegaEmbed(chart, fitToWidth(withRows(spec, rows), rows, width), options);
  chart.view = drawn.view;
  // The label of the chart says what it shows; its hundreds of marks would each be read out.
  chart.querySelector("svg").setAttribute("aria-hidden", "true");
  chart.dataset.drawn = "yes";
}
