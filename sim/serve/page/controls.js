// The levers of an option: a labelled number with a slider, a date or a choice, with source and meaning.
import { el } from "./html.js";

function shownValue(control, value) {
  if (control.kind === "choice") { return (control.choices.find((pair) => pair[0] === value) || ["", value])[1]; }
  if (control.kind === "date") {
    return new Date(value + "T12:00:00").toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" });
  }
  const text = Number(value).toLocaleString("en-GB", { maximumFractionDigits: 2 });
  return control.kind === "percent" ? text + "%" : text + (control.unit ? " " + control.unit : "");
}

function current(control, changes) { return control.id in changes ? changes[control.id] : control.value; }

function needed(control, all, changes) {
  if (!control.needs) { return true; }
  const other = all.get(control.needs);
  return !other || Number(current(other, changes)) !== 0;
}

// One control. `set(id, value, done)` is called with each new value; `done` when the user has let go of it.
function controlRow(control, changes, set) {
  const id = "control-" + control.id.replaceAll(".", "-");
  const value = current(control, changes);
  const changed = control.id in changes && changes[control.id] !== control.value;
  const entry = el("div", { class: "fd-entry" });
  const about = `${id}-hint ${id}-source`;
  if (control.kind === "choice") {
    const select = el("select", { class: "govuk-select", id, "aria-describedby": about, onchange: () => set(control.id, select.value, true) },
      control.choices.map(([key, text]) => el("option", { value: key, selected: key === value }, text)));
    select.value = value;
    entry.append(select);
  } else if (control.kind === "date") {
    const day = el("input", { class: "govuk-input govuk-input--day", type: "date", id, min: control.first, max: control.last, value, "aria-describedby": about });
    day.addEventListener("change", () => { if (day.value) { set(control.id, day.value, true); } });
    entry.append(day);
  } else {
    const number = el("input", { class: "govuk-input", type: "number", id, min: control.low, max: control.high, step: "any", value, inputmode: "decimal", "aria-describedby": about });
    const slider = el("input", { type: "range", min: control.low, max: control.high, step: control.step, value, "aria-label": control.label + ", slider", id: id + "-slider" });
    slider.addEventListener("input", () => { number.value = slider.value; set(control.id, Number(slider.value), false); });
    slider.addEventListener("change", () => set(control.id, Number(slider.value), true));
    number.addEventListener("change", () => {
      let given = number.value === "" ? control.value : Number(number.value);
      given = Math.min(control.high, Math.max(control.low, given));
      number.value = given;
      slider.value = given;
      set(control.id, given, true);
    });
    entry.append(number, el("span", {}, control.kind === "percent" ? "%" : control.unit), slider);
  }
  return el("div", { class: "fd-control" + (changed ? " is-changed" : ""), "data-control": control.id },
    el("label", { for: id }, control.label),
    el("p", { class: "fd-hint", id: id + "-hint" }, control.hint),
    entry,
    el("p", { class: "fd-source", id: id + "-source" },
      changed ? el("span", { class: "fd-changed" }, "Changed. Before: " + shownValue(control, control.value) + ". ") : "At the start: " + shownValue(control, control.value) + ". ",
      control.source));
}

// All groups of controls. Returns the element; `open` holds the ids of groups that stand open.
export function controlsForm(groups, changes, open, set) {
  const all = new Map(groups.flatMap((group) => group.controls).map((control) => [control.id, control]));
  return el("div", { id: "controls" }, groups.map((group) => {
    const count = group.controls.filter((control) => control.id in changes && changes[control.id] !== control.value).length;
    const fold = el("details", { class: "fd-group", "data-group": group.id },
      el("summary", {}, group.title, " ", el("span", {}, count ? `(${count} changed)` : "")),
      el("p", { class: "govuk-body-s" }, group.hint),
      group.controls.filter((control) => needed(control, all, changes)).map((control) => controlRow(control, changes, set)));
    fold.open = open.has(group.id);
    fold.addEventListener("toggle", () => { if (fold.open) { open.add(group.id); } else { open.delete(group.id); } });
    return fold;
  }));
}

// Names an option after what it changes, in a few words.
export function nameOf(groups, changes) {
  const said = [];
  for (const group of groups) {
    for (const control of group.controls) {
      if (!(control.id in changes) || changes[control.id] === control.value || control.needs) { continue; }
      const value = changes[control.id];
      const number = Number(value).toLocaleString("en-GB", { maximumFractionDigits: 1 });
      const short = { "surge.size": `surge ${value > 0 ? "+" : ""}${number}%`, "extra.size": `surge team of ${number}`, "support.hours": "business support",
        "early_help.share": "early help", "standard.target": "practice standard", solicitors: `${number} solicitors`, referrals: `${number} referrals` }[control.id];
      const part = control.id.split(".").pop();
      said.push(short || { workers: `${number} in ${group.title.toLowerCase()}`, newly: `${number} newly qualified`, cap: `cap ${number}`, span: `span ${number}` }[part] || "changed");
    }
  }
  const text = [...new Set(said)].join(", ");
  const whole = text ? text[0].toUpperCase() + text.slice(1) : "";
  return whole.length > 36 ? whole.slice(0, 35).trimEnd() + "…" : whole;
}
