// Begins: asks for the catalogue, shows the first view, and goes between the two views.
import { download, el, showProblem } from "./html.js";
import { saveForm, savedList } from "./saved.js";
import { startForm } from "./start.js";
import { ask, begin, CAN_EXPORT_LIBRARY, chartScript, exported, library, run, SAVED_WHERE, WHERE } from "./transport-server.js";
import { Workbench } from "./workbench.js";

const desk = { ask, run, exported, library, chartScript, download, saveForm };
const view = document.getElementById("view");
let catalogue = null;
let workbench = null;

function focusHeading() {
  const heading = view.querySelector("h1");
  heading.setAttribute("tabindex", "-1");
  heading.focus();
  window.scrollTo(0, 0);
}

// What a start's own returns do not tell, under its heading.
function toldNotes(notes) {
  return el("details", { class: "govuk-details", id: "notes" },
    el("summary", { class: "govuk-details__summary" }, el("span", { class: "govuk-details__summary-text" }, `What the returns do not tell (${notes.length})`)),
    el("div", { class: "govuk-details__text" }, el("ul", { class: "govuk-list govuk-list--bullet" }, notes.map((note) => el("li", {}, note)))));
}

async function openStart(start, saved, notes) {
  showProblem(null);
  try {
    const service = await ask("open", start);
    workbench = new Workbench(desk, service, start, catalogue, () => showStart(true), showProblem);
    view.replaceChildren(workbench.element);
    if (notes && notes.length) { view.prepend(toldNotes(notes)); }
    if (saved) { workbench.restore(saved); }
    document.title = `${service.short} – What if – Front Door`;
    focusHeading();
  } catch (error) { showProblem(error); }
}

async function openSaved(id) {
  try {
    const saved = await library("get", { id });
    await openStart(saved.comparison.start, saved);
  } catch (error) { showProblem(error); }
}

async function keepSaved(id) {
  const saved = await library("get", { id });
  download(`${saved.name.replace(/[^A-Za-z0-9 _-]/g, "")}.frontdoor.json`, new Blob([JSON.stringify(saved)], { type: "application/json" }));
}

function importForm(refreshed) {
  const input = el("input", { class: "govuk-file-upload", type: "file", accept: ".json", id: "import" });
  input.addEventListener("change", async () => {
    try { await library("save", JSON.parse(await input.files[0].text())); await refreshed(); } catch (error) { showProblem(error instanceof SyntaxError ? new Error("This is not an exported comparison.") : error); }
  });
  return el("div", { class: "govuk-form-group" }, el("label", { class: "govuk-label", for: "import" }, "Bring in an exported comparison"), input);
}

async function showStart(moved) {
  workbench = null;
  document.title = "What if – Front Door";
  const list = el("div", { id: "library" });
  async function refreshed() {
    try {
      const entries = await library("list");
      list.replaceChildren(savedList(entries, SAVED_WHERE, openSaved, async (id) => {
        try { await library("delete", { id }); await refreshed(); document.getElementById("library-h").focus(); } catch (error) { showProblem(error); }
      }, CAN_EXPORT_LIBRARY ? keepSaved : null));
    } catch (error) { showProblem(error); }
  }
  view.replaceChildren(
    el("h1", { class: "govuk-heading-l" }, "What if, on one page"),
    el("p", { class: "govuk-body-l" }, "Choose a children’s service, move its levers, and watch what happens to waiting, delay and cost."),
    el("div", { class: "fd-columns" },
      el("div", {}, startForm(catalogue, (start, notes) => openStart(start, null, notes), showProblem, ask)),
      el("section", { class: "fd-panel", "aria-labelledby": "library-h" }, el("h2", { class: "govuk-heading-m", id: "library-h", tabindex: "-1" }, "Saved comparisons"), list, CAN_EXPORT_LIBRARY ? importForm(refreshed) : null)));
  if (moved) { focusHeading(); }
  await refreshed();
}

async function beginPage() {
  document.getElementById("where").textContent = WHERE;
  try {
    await begin();
    catalogue = await ask("catalogue", {});
    document.getElementById("version").textContent = catalogue.version;
    await showStart(false);
  } catch (error) { showProblem(error); }
}

beginPage();
