// What an option asks of the teams before anything is simulated.
import { el, hidden, scrolling } from "./html.js";

export function loadPanel(look) {
  const { quarters, teams, words } = look.load;
  const table = el("table", { class: "fd-load" },
    el("caption", {}, "Hours asked of each team, as a share of the hours it has. More than 100% cannot be kept up."),
    el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "Team"), quarters.map((quarter) => el("th", { scope: "col" }, quarter)))),
    el("tbody", {}, teams.map((team) => el("tr", {}, el("th", { scope: "row" }, team.name),
      team.loads.map((load, place) => {
        if (load === null) { return el("td", {}, "–"); }
        const was = team.was[place];
        return el("td", { class: load > 100 ? "over" : null }, load > 100 ? el("span", { "aria-hidden": "true" }, "▲ ") : null, load + "%",
          load > 100 ? hidden(", more than there is") : null, was !== null && was !== load ? el("small", {}, "was " + was + "%") : null);
      })))));
  return [
    el("ul", { class: "fd-words" }, words.map((line) => el("li", {}, line))),
    look.doubts.length ? el("div", { class: "govuk-inset-text" }, look.doubts.map((line) => el("p", {}, "Is this meant? " + line + "."))) : null,
    el("details", { class: "govuk-details" },
      el("summary", { class: "govuk-details__summary" }, el("span", { class: "govuk-details__summary-text" }, "Load by quarter")),
      el("div", { class: "govuk-details__text" }, scrolling("Load by quarter", table),
        el("p", { class: "govuk-body-s" }, "A rough forecast: it leaves out absence beyond its mean, vacancies and the caseload of the first day. Q1 is April to June."))),
  ].filter(Boolean);
}
