// Elements are made here, never from text as HTML: what a scenario says stays text.
export function el(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) { continue; }
    if (name.startsWith("on")) { made.addEventListener(name.slice(2), value); }
    else if (name === "value") { made.value = value; }
    else { made.setAttribute(name, value === true ? "" : String(value)); }
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

export function svgLine(colour, dash) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  for (const [name, value] of [["width", 34], ["height", 12], ["class", "fd-swatch"], ["aria-hidden", "true"], ["focusable", "false"]]) {
    svg.setAttribute(name, value);
  }
  const line = document.createElementNS(space, "line");
  for (const [name, value] of [["x1", 1], ["y1", 6], ["x2", 33], ["y2", 6], ["stroke", colour], ["stroke-width", 3], ["stroke-dasharray", dash]]) {
    line.setAttribute(name, value);
  }
  svg.append(line);
  return svg;
}

// A table that scrolls sideways can be reached by keyboard.
export function scrolling(label, table) {
  return el("div", { class: "fd-scroll", tabindex: "0", role: "region", "aria-label": label }, table);
}

export function hidden(text) { return el("span", { class: "govuk-visually-hidden" }, text); }

export function download(name, blob) {
  const link = el("a", { download: name, href: URL.createObjectURL(blob) });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

let spokenLast = 0;
// Tells a screen reader; progress at most every few seconds.
export function speak(text, always) {
  const now = Date.now();
  if (!always && now - spokenLast < 4000) { return; }
  spokenLast = now;
  document.getElementById("spoken").textContent = text;
}

export function showProblem(error) {
  const box = document.getElementById("problem");
  if (!error) { box.replaceChildren(); return; }
  const lines = (error.problems || []).slice(0, 20).map((problem) => el("li", {},
    (problem.file || "") + (problem.line ? ", line " + problem.line : "") + (problem.path ? ", " + problem.path : "") + ": "
    + problem.wrong + (problem.right ? ". " + problem.right[0].toUpperCase() + problem.right.slice(1) + "." : ".")));
  const summary = el("div", { class: "govuk-error-summary", role: "alert", tabindex: "-1", id: "problem-summary" },
    el("h2", { class: "govuk-error-summary__title" }, "There is a problem"),
    el("div", { class: "govuk-error-summary__body" }, el("p", {}, error.message || String(error)),
      lines.length ? el("ul", { class: "govuk-list govuk-list--bullet" }, lines) : null));
  box.replaceChildren(summary);
  summary.focus();
}
