// The second view: options, their levers, what they ask of the teams, the run and what comes out.
import { controlsForm, nameOf } from "./controls.js";
import { el, speak } from "./html.js";
import { loadPanel } from "./load.js";
import { ResultsPanel } from "./results.js";

const AWAY = [["report", "The report", "Every chart and measure, for a browser"], ["page", "This comparison as a page", "One file without links, to mail"],
  ["xlsx", "The workbook", "Every figure, for Excel"], ["docx", "The Word page", "The decision, for a committee"]];
const LETTERS = "ABCD";

function copyOf(value) { return JSON.parse(JSON.stringify(value)); }

function minutes(seconds) {
  if (seconds === null || seconds === undefined) { return ""; }
  if (seconds < 5) { return ", a few seconds left"; }
  if (seconds < 90) { return `, about ${Math.round(seconds / 5) * 5} seconds left`; }
  return `, about ${Math.round(seconds / 60)} minutes left`;
}

export class Workbench {
  // `desk` asks, runs and exports; `leave()` goes back to the first view; `refuse(error)` shows what is wrong.
  constructor(desk, service, start, catalogue, leave, refuse) {
    Object.assign(this, { desk, service, start, catalogue, leave, refuse });
    this.options = [{ name: "As it is", changes: {} }, { name: "Option B", changes: {} }];
    this.selected = 1;
    this.against = null;
    this.runs = catalogue.runs;
    this.past = [];
    this.future = [];
    this.earlier = [];
    this.open = new Set(["referrals"]);
    this.picture = null;
    this.ranFor = "";
    this.running = null;
    this.panel = new ResultsPanel(desk.chartScript, refuse);
    this.build();
  }

  comparison(runs) { return { start: this.start, options: this.options.map(({ name, changes }) => ({ name, changes })), runs: runs || this.runs, seed: 1, against: this.against }; }

  key() { return JSON.stringify([this.options.map(({ name, changes }) => [name, changes]), this.against]); }

  // ------------------------------------------------------------------------------------ building

  build() {
    this.optionList = el("div", {});
    this.form = el("div", {});
    this.look = el("div", { id: "look" });
    this.progress = el("div", { class: "fd-progress", id: "progress" });
    this.progress.hidden = true;
    this.stale = el("p", { class: "fd-stale", id: "stale" }, "You changed something since these runs. Run again to see what it does.");
    this.runButton = el("button", { class: "govuk-button", type: "button", id: "run", onclick: () => this.pressRun() }, "Run");
    this.goOn = el("button", { class: "govuk-button govuk-button--secondary", type: "button", id: "go-on", onclick: () => this.moreRuns() }, "Go on with 10 more runs");
    this.runsSelect = el("select", { class: "govuk-select", id: "runs", onchange: () => { this.runs = Number(this.runsSelect.value); this.refresh(); } },
      [5, 10, 20, 40, 100].filter((n) => n <= this.catalogue.most_runs).map((n) => el("option", { value: n }, String(n))));
    this.runsSelect.value = String(this.runs);
    this.againstSelect = el("select", { class: "govuk-select", id: "against", onchange: () => { this.against = this.againstSelect.value === "" ? null : Number(this.againstSelect.value); this.refresh(); this.redraw(); } });
    this.after = el("div", { id: "after" });
    this.results = el("section", { id: "answer-section", "aria-labelledby": "answer-h", class: "fd-panel" },
      el("h2", { class: "govuk-heading-m", id: "answer-h" }, "What changes"),
      el("div", { class: "fd-row" }, this.runButton, this.goOn,
        el("div", { class: "govuk-form-group" }, el("label", { class: "govuk-label", for: "runs" }, "Runs of each option"), this.runsSelect),
        el("div", { class: "govuk-form-group" }, el("label", { class: "govuk-label", for: "against" }, "Compare each with"), this.againstSelect)),
      this.progress, this.stale, this.panel.element, this.after);
    this.element = el("div", {},
      el("button", { type: "button", class: "govuk-back-link fd-back", id: "leave", onclick: () => this.close() }, "Choose another start"),
      el("h1", { class: "govuk-heading-l", tabindex: "-1" }, this.service.title),
      el("p", { class: "govuk-body" }, this.service.question),
      this.optionList,
      el("div", { class: "fd-columns" },
        el("section", { class: "fd-left", "aria-labelledby": "levers-h" }, this.form),
        el("div", {}, el("section", { class: "fd-panel", "aria-labelledby": "load-h" }, el("h2", { class: "govuk-heading-m", id: "load-h" }, "What it asks of the teams"), this.look), this.results)));
    this.refresh();
    this.drawForm();
    this.askLook();
    this.gatherSaved();
  }

  // Options of saved comparisons that start where this one does can be brought back as columns.
  async gatherSaved() {
    try {
      for (const entry of (await this.desk.library("list")).slice(0, 20)) {
        const saved = await this.desk.library("get", { id: entry.id });
        if (JSON.stringify(saved.comparison.start) === JSON.stringify(this.start)) { this.keepEarlier(saved.comparison.options, entry.name); }
      }
      this.refresh();
    } catch (error) { /* without the library the page works all the same */ }
  }

  keepEarlier(options, from) {
    for (const option of options) {
      const key = JSON.stringify(option.changes);
      if (Object.keys(option.changes).length && !this.earlier.some((each) => each.key === key)) {
        this.earlier.push({ key, option: copyOf({ name: option.name, changes: option.changes }), from });
      }
    }
  }

  bringBack() {
    const held = this.earlier.find((each) => each.key === document.getElementById("earlier").value);
    if (!held) { return; }
    this.remember();
    this.options.push({ name: held.option.name, changes: copyOf(held.option.changes), own: true });
    this.select(this.options.length - 1);
    speak(`Option ${LETTERS[this.options.length - 1]} brought back`, true);
  }

  earlierTools(full) {
    const shown = new Set(this.options.map((option) => JSON.stringify(option.changes)));
    const others = this.earlier.filter((each) => !shown.has(each.key));
    if (!others.length) { return null; }
    return el("div", { class: "fd-row" },
      el("div", { class: "govuk-form-group" }, el("label", { class: "govuk-label", for: "earlier" }, "Compare with an earlier option"),
        el("select", { class: "govuk-select", id: "earlier" }, others.map((each) => el("option", { value: each.key }, each.from ? `${each.option.name} (${each.from})` : each.option.name)))),
      el("button", { type: "button", class: "govuk-button govuk-button--secondary", id: "bring-back", disabled: full, onclick: () => this.bringBack() }, "Bring it back"));
  }

  refresh() {
    const used = this.options.length;
    this.optionList.replaceChildren(
      el("h2", { class: "govuk-heading-s", id: "options-h" }, "Options, side by side"),
      el("ul", { class: "fd-options", "aria-labelledby": "options-h" }, this.options.map((option, place) => el("li", {},
        el("button", { type: "button", class: "fd-option", "data-option": LETTERS[place], "aria-pressed": place === this.selected ? "true" : "false", onclick: () => this.select(place) },
          `${LETTERS[place]} ${option.name}`, el("small", {}, place === 0 && !Object.keys(option.changes).length ? "nothing changed" : this.countWords(option)))))),
      el("div", { class: "fd-tools" },
        el("button", { type: "button", class: "govuk-button govuk-button--secondary", id: "add", disabled: used >= this.catalogue.options, onclick: () => this.add() }, "Add an option"),
        el("button", { type: "button", class: "fd-link", id: "remove", disabled: this.selected === 0 || used <= 1, onclick: () => this.remove() }, `Remove option ${LETTERS[this.selected]}`),
        el("button", { type: "button", class: "fd-link", id: "undo", disabled: !this.past.length, onclick: () => this.undo() }, "Undo"),
        el("button", { type: "button", class: "fd-link", id: "redo", disabled: !this.future.length, onclick: () => this.redo() }, "Do it again")), this.earlierTools(used >= this.catalogue.options) || "");
    this.againstSelect.replaceChildren(el("option", { value: "" }, "A, where it starts"), ...this.options.slice(1).map((option, place) => el("option", { value: place + 1 }, `${LETTERS[place + 1]} ${option.name}`)));
    this.againstSelect.value = this.against === null ? "" : String(this.against);
    this.stale.hidden = !this.picture || this.running !== null || this.ranFor === this.key();
    this.runButton.textContent = this.running ? "Stop" : "Run";
    this.runButton.classList.toggle("govuk-button--warning", this.running !== null);
    this.goOn.hidden = !this.picture || this.running !== null || this.ranFor !== this.key() || this.picture.runs >= this.catalogue.most_runs;
    if (this.picture && !this.goOn.hidden) { this.goOn.textContent = this.picture.runs < this.runs ? "Go on" : "Go on with 10 more runs"; }
  }

  countWords(option) {
    const count = Object.keys(option.changes).length;
    return count === 0 ? "nothing changed yet" : count === 1 ? "1 figure changed" : `${count} figures changed`;
  }

  drawForm() {
    const option = this.options[this.selected];
    const letter = LETTERS[this.selected];
    if (this.selected === 0) {
      this.form.replaceChildren(el("h2", { class: "govuk-heading-m", id: "levers-h" }, "A As it is"),
        el("p", { class: "govuk-body" }, "This column is the service as the scenario has it. Choose or add another option to change it."));
      return;
    }
    const name = el("input", { class: "govuk-input", id: "option-name", maxlength: 36, value: option.name, onchange: () => { this.remember(); option.name = name.value.trim() || `Option ${letter}`; option.own = true; this.changed(); } });
    this.form.replaceChildren(
      el("h2", { class: "govuk-heading-m", id: "levers-h" }, `Change option ${letter}`),
      el("div", { class: "govuk-form-group" }, el("label", { class: "govuk-label", for: "option-name" }, "Name of the option"), name),
      controlsForm(this.service.groups, option.changes, this.open, (id, value, done) => this.set(id, value, done)));
  }

  // ------------------------------------------------------------------------------------ changing

  remember() {
    this.past.push(copyOf({ options: this.options, selected: this.selected, against: this.against }));
    if (this.past.length > 100) { this.past.shift(); }
    this.future = [];
  }

  set(id, value, done) {
    const option = this.options[this.selected];
    const control = this.service.groups.flatMap((group) => group.controls).find((each) => each.id === id);
    if (!this.dragged) { this.remember(); this.dragged = true; }
    if (value === control.value) { delete option.changes[id]; } else { option.changes[id] = value; }
    if (!done) { this.later(); return; }
    this.dragged = false;
    if (!option.own) { option.name = nameOf(this.service.groups, option.changes) || `Option ${LETTERS[this.selected]}`; }
    const focused = document.activeElement ? document.activeElement.id : "";
    this.changed();
    const again = focused && document.getElementById(focused);
    if (again) { again.focus(); }
  }

  changed() { this.refresh(); this.drawForm(); this.later(); }

  select(place) {
    this.selected = place;
    this.refresh();
    this.drawForm();
    this.later();
    this.optionList.querySelector(`[data-option="${LETTERS[place]}"]`).focus();
  }

  add() {
    this.remember();
    const from = this.options[this.selected];
    const letter = LETTERS[this.options.length];
    this.options.push({ name: this.selected === 0 ? `Option ${letter}` : this.freeName(from.name), changes: copyOf(from.changes) });
    this.select(this.options.length - 1);
    speak(`Option ${letter} added`, true);
  }

  freeName(name) {
    const names = this.options.map((option) => option.name);
    let number = 2;
    while (names.includes(`${name.slice(0, 32)} ${number}`)) { number += 1; }
    return `${name.slice(0, 32)} ${number}`;
  }

  remove() {
    this.remember();
    const letter = LETTERS[this.selected];
    this.options.splice(this.selected, 1);
    if (this.against !== null && this.against >= this.options.length) { this.against = null; }
    this.select(Math.min(this.selected, this.options.length - 1));
    speak(`Option ${letter} removed`, true);
  }

  undo() { this.step(this.past, this.future, "undo"); }

  redo() { this.step(this.future, this.past, "redo"); }

  step(from, to, id) {
    const held = from.pop();
    if (!held) { return; }
    to.push(copyOf({ options: this.options, selected: this.selected, against: this.against }));
    Object.assign(this, held);
    this.changed();
    document.getElementById(id).focus();
    speak(id === "undo" ? "Undone" : "Done again", true);
  }

  later() { clearTimeout(this.waiting); this.waiting = setTimeout(() => this.askLook(), 250); }

  async askLook() {
    const option = this.options[this.selected];
    const asked = JSON.stringify(option);
    try {
      const look = await this.desk.ask("look", { start: this.start, option });
      if (asked !== JSON.stringify(this.options[this.selected])) { return; }
      this.refuse(null);
      const open = this.look.querySelector("details[open]") !== null;
      this.look.replaceChildren(...loadPanel(look));
      if (open) { this.look.querySelector("details").open = true; }
    } catch (error) { this.refuse(error); }
  }

  // ------------------------------------------------------------------------------------ running

  pressRun() { if (this.running) { this.stop(); } else { this.go(this.runs); } }

  moreRuns() {
    const runs = this.picture.runs < this.runs ? this.runs : Math.min(this.picture.runs + 10, this.catalogue.most_runs);
    this.runs = runs;
    if (![...this.runsSelect.options].some((option) => option.value === String(runs))) { this.runsSelect.append(el("option", { value: runs }, String(runs))); }
    this.runsSelect.value = String(runs);
    this.go(runs);
  }

  stop() { if (this.running) { this.running.abort(); } }

  // Only what is in memory is shown anew, for instance against another option.
  redraw() { if (this.picture && !this.running) { this.go(this.picture.runs); } }

  async go(runs) {
    const key = this.key();
    this.running = new AbortController();
    this.refuse(null);
    this.ranFor = key;
    this.keepEarlier(this.options, "");
    this.refresh();
    this.progress.hidden = false;
    const bar = el("progress", { max: 1, value: 0, "aria-label": "Runs done", id: "bar" });
    const line = el("p", { class: "govuk-body", id: "progress-words" }, "Starting…");
    this.progress.replaceChildren(line, bar);
    let last = null;
    let stopped = false;
    try {
      await this.desk.run(this.comparison(runs), (event) => {
        last = event;
        if (event.kind === "waiting") { line.textContent = `Waiting for ${event.before === 1 ? "another run" : event.before + " other runs"} to end.`; speak(line.textContent, true); }
        if (event.kind === "progress") {
          bar.max = event.total;
          bar.value = event.done;
          line.textContent = `${event.done} of ${event.total} runs done${event.done < event.total ? minutes(event.seconds_left) : ""}.`;
          speak(line.textContent);
        }
        if (event.kind === "picture") { this.picture = event; this.panel.show(event, event.runs < runs); this.drawAfter(); }
        if (event.kind === "refused") { this.refuse(event); }
      }, this.running.signal);
    } catch (error) {
      stopped = error.name === "AbortError";
      if (!stopped) { this.refuse(error); }
    }
    this.running = null;
    this.progress.hidden = true;
    if (this.picture && this.ranFor === key) { this.panel.show(this.picture, stopped && this.picture.runs < 10); }
    if (last && last.kind === "end") {
      if (last.failed) { this.refuse(new Error(`${last.failed} runs failed and are left out (${last.why}).`)); }
      speak(`Done. ${this.picture ? this.picture.title : ""}`, true);
    } else if (stopped) { speak("Stopped. What was done is kept.", true); }
    this.refresh();
  }

  // ------------------------------------------------------------------------------------ leaving

  drawAfter() {
    if (this.after.childElementCount) { return; }
    const said = el("p", { class: "govuk-body-s", role: "status", id: "away-said" });
    const files = AWAY.map(([kind, label, what]) => el("li", {}, el("button", { type: "button", class: "fd-link", "data-away": kind, onclick: () => this.take(kind, said) }, label), el("small", {}, what)));
    this.yaml = el("ul", { class: "fd-away" });
    const about = this.desk.saveForm(`${this.service.short}`.slice(0, 80), async (name, description) => {
      try {
        await this.desk.library("save", { name, description, comparison: this.comparison(this.picture.runs), picture: this.picture });
        speak("Saved", true);
        this.savedSaid.textContent = `Saved as “${name}”. It is on the first screen, under “Saved comparisons”.`;
      } catch (error) { this.refuse(error); }
    });
    this.savedSaid = el("p", { class: "govuk-body", id: "saved-said", role: "status" });
    this.after.append(
      el("h2", { class: "govuk-heading-m" }, "Take it with you"), said, el("ul", { class: "fd-away" }, files),
      el("h3", { class: "govuk-heading-s" }, "The scenario files"), el("p", { class: "govuk-body-s" }, "Each extends where it starts and opens in the command line: frontdoor run FILE."), this.yaml,
      el("h2", { class: "govuk-heading-m" }, "Keep it"), about, this.savedSaid);
    this.drawFiles();
  }

  drawFiles() {
    const start = this.service.files.map((file) => el("li", {}, el("button", { type: "button", class: "fd-link", onclick: () => this.desk.download(file.name, new Blob([file.text], { type: "application/yaml" })) }, file.name), el("small", {}, "where it starts")));
    const options = LETTERS.split("").slice(0, this.catalogue.options).map((letter, place) => el("li", {}, el("button", { type: "button", class: "fd-link", "data-yaml": letter, onclick: () => this.takeYaml(place) }, `Option ${letter} as YAML`)));
    this.yaml.replaceChildren(...start, ...options);
  }

  async takeYaml(place) {
    if (place >= this.options.length) { this.refuse(new Error(`There is no option ${LETTERS[place]} yet.`)); return; }
    try {
      const file = await this.desk.ask("file", { start: this.start, option: this.options[place], place });
      this.desk.download(file.name, new Blob([file.text], { type: "application/yaml" }));
    } catch (error) { this.refuse(error); }
  }

  async take(kind, said) {
    said.textContent = "Making the file…";
    try {
      const blob = await this.desk.exported(kind, this.comparison(this.picture.runs));
      this.desk.download({ report: "report.html", page: "comparison.html", xlsx: "results.xlsx", docx: "decision.docx" }[kind], blob);
      said.textContent = "The file is in your downloads.";
    } catch (error) { said.textContent = ""; this.refuse(error); }
  }

  // Show a saved comparison as it was.
  restore(saved) {
    this.options = copyOf(saved.comparison.options);
    this.runs = saved.comparison.runs;
    this.against = saved.comparison.against ?? null;
    this.selected = Math.min(1, this.options.length - 1);
    if (![...this.runsSelect.options].some((option) => option.value === String(this.runs))) { this.runsSelect.append(el("option", { value: this.runs }, String(this.runs))); }
    this.runsSelect.value = String(this.runs);
    this.picture = saved.picture;
    this.ranFor = this.key();
    this.changed();
    if (this.picture) { this.panel.show(this.picture, false); this.drawAfter(); this.refresh(); }
  }

  close() { this.stop(); clearTimeout(this.waiting); this.leave(); }
}
