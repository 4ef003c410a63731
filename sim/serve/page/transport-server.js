// Carries questions to `frontdoor serve`: JSON over HTTP to where the page came from, runs as server-sent events.
import { Refused } from "./refused.js";

export const WHERE = "Everything stays on this machine: the page is served by Front Door itself.";
export const SAVED_WHERE = "Saved comparisons are files in the library folder of this machine.";
export const CAN_EXPORT_LIBRARY = false;

async function post(path, given, signal) {
  let answer;
  try {
    answer = await fetch(path, {
      method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(given), signal,
    });
  } catch (error) {
    if (error.name === "AbortError") { throw error; }
    throw new Refused("Front Door does not answer. Is frontdoor serve still running in its window?");
  }
  if (!answer.ok) {
    let said = {};
    try { said = await answer.json(); } catch (error) { /* not an answer of ours */ }
    throw new Refused(said.error || "Front Door could not answer (" + answer.status + ").", said.problems);
  }
  return answer;
}

export async function begin() { }

export async function ask(question, given) { return (await post("ask/" + question, given)).json(); }

// Calls `tell` with each event of a run until it ends; aborting `signal` stops the run.
export async function run(comparison, tell, signal) {
  const answer = await post("run", comparison, signal);
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let held = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) { return; }
    held += value;
    const parts = held.split("\n\n");
    held = parts.pop();
    for (const part of parts) {
      if (part.startsWith("data: ")) { tell(JSON.parse(part.slice(6))); }
    }
  }
}

export async function exported(kind, comparison) {
  const answer = await post("export/" + kind, comparison);
  return answer.blob();
}

export async function library(action, given) { return (await post("library/" + action, given || {})).json(); }

let drawing = null;
// The chart script is fetched when the first chart is drawn: the page shows at once without it.
export function chartScript() {
  drawing = drawing || new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = "plotly.js";
    script.onload = () => resolve(window.Plotly);
    script.onerror = () => reject(new Refused("The charts could not be loaded; the tables hold the same figures."));
    document.head.append(script);
  });
  return drawing;
}
