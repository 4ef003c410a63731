// The first view: where to start, and the comparisons that were saved.
import { el } from "./html.js";

const LARGEST_FILE = 1000000;
const LARGEST_WORKBOOK = 14000000;

// A file as text in base64, as questions carry bytes.
function asBase64(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(",") + 1));
    reader.onerror = () => reject(new Error("The file cannot be read."));
    reader.readAsDataURL(file);
  });
}

function radio(name, value, label, hint, panel, chosen) {
  const id = name + "-" + value;
  const input = el("input", { class: "govuk-radios__input", type: "radio", name, id, value, checked: chosen, "aria-describedby": id + "-hint" });
  const hold = el("div", { class: "govuk-radios__conditional", id: id + "-panel" }, panel);
  hold.hidden = !chosen;
  return { input, hold, nodes: [
    el("div", { class: "govuk-radios__item" }, input, el("label", { class: "govuk-label govuk-radios__label", for: id }, label),
      el("div", { class: "govuk-hint govuk-radios__hint", id: id + "-hint" }, hint)), hold] };
}

function field(id, label, hint, input) {
  input.id = id;
  if (hint) { input.setAttribute("aria-describedby", id + "-hint"); }
  return el("div", { class: "govuk-form-group" }, el("label", { class: "govuk-label", for: id }, label),
    hint ? el("div", { class: "govuk-hint", id: id + "-hint" }, hint) : null, input);
}

function numberInput(min, max, step) { return el("input", { class: "govuk-input govuk-input--width-10", type: "number", min, max, step: step || 1, inputmode: "decimal" }); }

// Returns the form; `started(start)` is called with what was chosen, `refuse(error)` with what is wrong, `ask` asks Python.
export function startForm(catalogue, started, refuse, ask) {
  const places = [...new Set(catalogue.shipped.map((each) => each.place))];
  const shipped = el("select", { class: "govuk-select" }, places.map((place) => el("optgroup", { label: place },
    catalogue.shipped.filter((each) => each.place === place).map((each) => el("option", { value: each.name }, each.title)))));
  const asked = el("p", { class: "govuk-body-s", id: "shipped-question" });
  const tell = () => { asked.textContent = (catalogue.shipped.find((each) => each.name === shipped.value) || {}).question || ""; };
  shipped.addEventListener("change", tell);
  if (catalogue.shipped.some((each) => each.name === "croydon-2017")) { shipped.value = "croydon-2017"; }
  tell();
  const given = el("select", { class: "govuk-select" }, catalogue.given.map((name) => el("option", { value: name }, name)));
  const file = el("input", { class: "govuk-file-upload", type: "file", accept: ".yaml,.yml" });
  const workbook = el("input", { class: "govuk-file-upload", type: "file", accept: ".xlsx,.xlsm" });
  const extract = el("input", { class: "govuk-input govuk-input--width-10", type: "text", inputmode: "numeric" });
  const council = el("select", { class: "govuk-select" }, catalogue.councils.map((name) =>
    el("option", { value: name }, name === "england" ? "An average council of England" : name[0].toUpperCase() + name.slice(1))));
  const answers = { referrals: numberInput(1, 1000000), workers: numberInput(1, 20000), newly_qualified: numberInput(0, 20000), cap: numberInput(1, 100), surge: numberInput(-80, 200, 5) };
  const kinds = [
    radio("start", "shipped", "A scenario that comes with Front Door", "Councils made from published statistics, and what was done there.",
      [field("shipped", "Scenario", "", shipped), asked], true),
    catalogue.given.length ? radio("start", "given", "A file named when the page was started", "From the command line.", [field("given", "File", "", given)], false) : null,
    radio("start", "file", "A file of your own", "A scenario in YAML, such as a council’s baseline made with frontdoor baseline.",
      [field("file", "Scenario file", "At most 1 MB. It is read here and not sent anywhere else.", file)], false),
    radio("start", "returns", "Your council’s own caseload", "The Annex A workbook that Ofsted asks for: start from today’s open cases, with your own rates, lengths and workers.",
      [field("returns", "Annex A workbook", "xlsx, at most 14 MB. It is read here and not kept; no name, number or date of a child is taken over.", workbook),
        field("extract", "Day of the extract, if its ages do not tell it", "For example 2026-03-31", extract)], false),
    radio("start", "new", "Six questions", "What you leave empty stays as the council has it.", [
      field("q-council", "Which council is it like?", "", council),
      field("q-referrals", "Children referred in a year", "", answers.referrals),
      field("q-workers", "Social workers who hold cases", "Heads, newly qualified and agency workers included.", answers.workers),
      field("q-newly", "How many of them newly qualified", "", answers.newly_qualified),
      field("q-cap", "Children a worker may hold at once", "", answers.cap),
      field("q-surge", "Surge of referrals after six months, in per cent", "40 is a rise of 40%.", answers.surge)], false),
  ].filter(Boolean);
  for (const kind of kinds) { kind.input.addEventListener("change", () => kinds.forEach((other) => { other.hold.hidden = !other.input.checked; })); }

  async function fromReturns() {
    const chosen = workbook.files[0];
    if (!chosen) { refuse(new Error("Choose an Annex A workbook.")); return; }
    if (chosen.size > LARGEST_WORKBOOK) { refuse(new Error("The workbook is larger than 14 MB. Use frontdoor from-returns on the command line.")); return; }
    const button = document.getElementById("start-button");
    button.disabled = true;
    try {
      const made = await ask("returns", { data: await asBase64(chosen), as_at: extract.value.trim() });
      started({ kind: "file", name: "my-council.yaml", text: made.text }, made.notes);
    } catch (error) { refuse(error); } finally { button.disabled = false; }
  }

  async function submit(event) {
    event.preventDefault();
    const kind = kinds.find((each) => each.input.checked).input.value;
    if (kind === "shipped") { started({ kind, name: shipped.value }); return; }
    if (kind === "given") { started({ kind, name: given.value }); return; }
    if (kind === "file") {
      const chosen = file.files[0];
      if (!chosen) { refuse(new Error("Choose a scenario file.")); return; }
      if (chosen.size > LARGEST_FILE) { refuse(new Error("The file is larger than 1 MB. A scenario is a few hundred lines, so leave bulk data out.")); return; }
      started({ kind, name: chosen.name, text: await chosen.text() });
      return;
    }
    if (kind === "returns") { await fromReturns(); return; }
    const said = { council: council.value };
    for (const [key, input] of Object.entries(answers)) {
      if (input.value !== "") { said[key] = key === "surge" ? Number(input.value) / 100 : Number(input.value); }
    }
    started({ kind, name: "my service", answers: said });
  }

  return el("form", { id: "start-form", novalidate: true, onsubmit: submit },
    el("fieldset", { class: "govuk-fieldset" }, el("legend", { class: "govuk-fieldset__legend govuk-fieldset__legend--m" }, "Where do you want to start?"),
      el("div", { class: "govuk-radios" }, kinds.flatMap((kind) => kind.nodes))),
    el("button", { class: "govuk-button", type: "submit", id: "start-button" }, "Start"));
}
