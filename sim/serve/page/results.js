// The first screen of the answer, and its charts, drawn anew with each picture of a run.
import { el, scrolling, svgLine } from "./html.js";

const COLOURS = ["#12436D", "#28A197", "#801650", "#F46A25"];
const DASHES = ["none", "12 4", "3 3", "14 4 3 4"];
const NARROW = 600;

function swatchOf(place) { return svgLine(COLOURS[place % 4], DASHES[place % 4]); }

function worded(cell, running) {
  const word = running && cell.word === "too few runs to tell" ? "too early to tell" : cell.word;
  if (!word) { return null; }
  const joint = cell.verdict === "unknown" || cell.verdict === "unclear" ? " " : ", ";
  return el("small", {}, cell.arrow ? el("span", { "aria-hidden": "true" }, cell.arrow + " ") : null,
    word, cell.difference ? joint + cell.difference : "", cell.also ? "; " + cell.also : "");
}

function decisionTable(picture, running) {
  return el("table", { class: "fd-decision", id: "decision" },
    el("caption", {}, picture.caption),
    el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "Measure"), picture.columns.map((column, place) =>
      el("th", { scope: "col" }, swatchOf(place), column.letter + " " + column.short, column.against ? el("small", {}, "against " + column.against) : null)))),
    el("tbody", {}, picture.rows.map((row) => el("tr", {},
      el("th", { scope: "row" }, row.label, row.note ? el("small", {}, row.note) : null),
      row.cells.map((cell) => el("td", { class: cell.verdict || null }, el("b", {}, cell.figure), worded(cell, running)))))));
}

function figuresTable(table) {
  return el("table", { class: "fd-figures" }, el("caption", {}, table.caption),
    el("thead", {}, el("tr", {}, el("th", { scope: "col" }, table.corner), table.columns.map((column) => el("th", { scope: "col" }, column)))),
    el("tbody", {}, table.rows.map(([head, cells]) => el("tr", {}, el("th", { scope: "row" }, head), cells.map((cell) => el("td", {}, cell))))));
}

// Lay one layout over another; lists replace, objects merge.
function laidOver(base, extra) {
  if (extra === null || typeof extra !== "object" || Array.isArray(extra)) { return extra; }
  const merged = { ...(base || {}) };
  for (const [key, value] of Object.entries(extra)) {
    const deep = merged[key] && typeof merged[key] === "object" && !Array.isArray(merged[key]);
    merged[key] = deep ? laidOver(merged[key], value) : value;
  }
  return merged;
}

export function drawChart(Plotly, box, drawing) {
  const width = box.clientWidth;
  if (!width) { return; }
  const copy = JSON.parse(JSON.stringify(drawing));
  const layout = width < NARROW ? laidOver(copy.layout, copy.narrow) : copy.layout;
  layout.width = width;
  layout.height = Math.min(layout.height || 400, 360);
  Plotly.react(box, copy.data, layout, copy.config);
}

export class ResultsPanel {
  constructor(chartScript, refuse) {
    this.chartScript = chartScript;
    this.refuse = refuse;
    this.charts = new Map();
    this.opened = new Set();
    this.head = el("div", {});
    this.figures = el("div", { class: "fd-charts", id: "charts" });
    this.key = el("ul", { class: "fd-key", "aria-label": "Key to the lines" });
    this.element = el("div", { id: "results" }, this.head, this.key, this.figures);
    window.addEventListener("resize", () => { clearTimeout(this.again); this.again = setTimeout(() => this.redraw(), 150); });
  }

  // Show a picture; `running` says that more runs are to come.
  show(picture, running) {
    this.picture = picture;
    this.head.replaceChildren(
      el("h2", { class: "govuk-heading-m fd-result-title", id: "answer", tabindex: "-1" }, running ? picture.title.replace("Too few runs to tell", "Too early to tell") : picture.title),
      picture.lead ? el("p", { class: "govuk-body" }, picture.lead) : "",
      scrolling("The options side by side", decisionTable(picture, running)),
      el("p", { class: "govuk-body" }, el("strong", {}, "How sure. "), running && picture.runs < 10 ? `It is early: ${picture.runs} ${picture.runs === 1 ? "run" : "runs"} so far. ` : "", picture.sure));
    this.key.replaceChildren(...picture.columns.map((column, place) => el("li", {}, swatchOf(place), el("b", {}, column.letter), " " + column.short)));
    const wanted = new Set(picture.charts.map((chart) => chart.id));
    for (const [id, held] of this.charts) { if (!wanted.has(id)) { held.figure.remove(); this.charts.delete(id); } }
    for (const chart of picture.charts) { this.figureOf(chart); }
    this.redraw();
  }

  figureOf(chart) {
    let held = this.charts.get(chart.id);
    if (!held) {
      held = { caption: el("figcaption", {}), box: el("div", { class: "fd-chart", role: "img", "data-chart": chart.id }), fold: el("details", { class: "govuk-details" }) };
      held.body = el("div", { class: "govuk-details__text" });
      held.name = el("span", { class: "govuk-visually-hidden" });
      held.fold.append(el("summary", { class: "govuk-details__summary" }, el("span", { class: "govuk-details__summary-text" }, "The same figures as a table", held.name)), held.body);
      held.figure = el("figure", {}, held.caption, held.box, held.fold);
      this.charts.set(chart.id, held);
      this.figures.append(held.figure);
    }
    held.chart = chart;
    held.caption.replaceChildren(el("h3", {}, chart.title), el("p", {}, chart.subtitle));
    held.name.textContent = ": " + chart.title;
    held.box.setAttribute("aria-label", chart.title + ". " + chart.subtitle + ". The same figures are in the table below.");
    held.body.replaceChildren(scrolling("Figures of the chart: " + chart.title, figuresTable(chart.table)));
  }

  async redraw() {
    if (!this.picture) { return; }
    try {
      const Plotly = await this.chartScript();
      for (const held of this.charts.values()) { drawChart(Plotly, held.box, held.chart.drawing); }
    } catch (error) { this.refuse(error); }
  }
}
