// The library: comparisons that were saved, by name, description and date.
import { el, hidden } from "./html.js";

function when(date) { return new Date(date).toLocaleString("en-GB", { day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit" }); }

// The list of saved comparisons; `open(id)`, `remove(id)` and, where there is one, `keep(id)` (export) are called.
export function savedList(entries, where, open, remove, keep) {
  if (!entries.length) { return el("p", { class: "govuk-body" }, "Nothing is saved yet. " + where); }
  return el("div", {}, el("p", { class: "govuk-body-s" }, where), el("ul", { class: "fd-saved", id: "saved" }, entries.map((entry) => {
    const ask = el("span", {});
    const sure = () => {
      ask.replaceChildren("Delete it for good? ",
        el("button", { type: "button", class: "fd-link", onclick: () => remove(entry.id) }, "Yes, delete", hidden(" " + entry.name)), " ",
        el("button", { type: "button", class: "fd-link", onclick: () => { ask.replaceChildren(button); button.focus(); } }, "No, keep it"));
      ask.querySelector("button").focus();
    };
    const button = el("button", { type: "button", class: "fd-link", onclick: sure }, "Delete", hidden(" " + entry.name));
    ask.append(button);
    return el("li", {}, el("p", {}, el("button", { type: "button", class: "fd-link", onclick: () => open(entry.id) }, el("strong", {}, entry.name))),
      entry.description ? el("p", {}, entry.description) : null,
      el("div", { class: "fd-tools" }, el("span", { class: "govuk-body-s", style: "margin:0" }, "Saved " + when(entry.date)),
        keep ? el("button", { type: "button", class: "fd-link", onclick: () => keep(entry.id) }, "Export", hidden(" " + entry.name)) : null, ask));
  })));
}

// The form under the results that saves them; `save(name, description)` returns a promise.
export function saveForm(suggested, save) {
  const name = el("input", { class: "govuk-input", id: "save-name", maxlength: 80, value: suggested });
  const description = el("textarea", { class: "govuk-textarea", id: "save-description", rows: 2, maxlength: 2000 });
  return el("form", { class: "fd-save", onsubmit: (event) => { event.preventDefault(); save(name.value, description.value); } },
    el("div", { class: "govuk-form-group" }, el("label", { class: "govuk-label", for: "save-name" }, "Name"), name),
    el("div", { class: "govuk-form-group" }, el("label", { class: "govuk-label", for: "save-description" }, "Description (optional)"), description),
    el("button", { class: "govuk-button govuk-button--secondary", type: "submit", id: "save-button" }, "Save this comparison"));
}
