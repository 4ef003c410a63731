// Python in a web worker: it is unpacked from what the page hands over, and answers one question after another.
let bridge = null;
let stopping = false;

async function unpacked(bytes) {
  return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer());
}

function scriptAddress(bytes) { return URL.createObjectURL(new Blob([bytes], { type: "text/javascript" })); }

async function beginPython(parts) {
  postMessage({ step: "Unpacking…" });
  const core = {};
  for (const name of ["pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip"]) { core[name] = await unpacked(parts[name]); delete parts[name]; }
  // Nothing is fetched: what Pyodide asks for is in the file.
  self.fetch = async (address) => {
    const name = String(address.url || address).split("/").pop();
    if (!(name in core)) { throw new Error("the page has no " + name); }
    return new Response(core[name], { headers: { "content-type": name.endsWith(".wasm") ? "application/wasm" : "application/octet-stream" } });
  };
  postMessage({ step: "Starting Python…" });
  const { loadPyodide } = await import(scriptAddress(core["pyodide.mjs"]));
  const made = await import(scriptAddress(core["pyodide.asm.mjs"]));
  const python = await loadPyodide({
    indexURL: "https://inside.invalid/", packageBaseUrl: "https://inside.invalid/", createPyodideModule: made.default,
    lockFileContents: { info: INFO, packages: {} }, env: { HOME: "/home/pyodide", TZ: "UTC" },
  });
  for (const name of Object.keys(core)) { delete core[name]; }
  postMessage({ step: "Unpacking Front Door…" });
  const site = python.runPython("import site; site.getsitepackages()[0]");
  python.unpackArchive(parts["site.zip"], "zip", { extractDir: site });
  delete parts["site.zip"];
  python.FS.mkdirTree(site + "/plotly/package_data");
  python.FS.writeFile(site + "/plotly/package_data/plotly.min.js", await unpacked(parts["plotly.min.js"]));
  postMessage({ step: "Loading Front Door…" });
  python.runPython("import importlib; importlib.invalidate_caches()");
  bridge = python.pyimport("sim.serve.in_browser").Bridge();
}

// Lets messages in between two steps of a run, such as a question or the wish to stop.
function breath() {
  return new Promise((resolve) => { const channel = new MessageChannel(); channel.port1.onmessage = resolve; channel.port2.postMessage(0); });
}

async function runSteps(id, given) {
  stopping = false;
  bridge.begin_run(given);
  for (;;) {
    const told = bridge.next_event();
    if (!told) { postMessage({ id, answer: null }); return; }
    postMessage({ id, told });
    await breath();
    await new Promise((resolve) => setTimeout(resolve));
    if (stopping) { bridge.stop(); postMessage({ id, stopped: true }); return; }
  }
}

self.onmessage = async (event) => {
  const { id, what, given } = event.data;
  if (what === "stop") { stopping = true; return; }
  try {
    if (what === "begin") { await beginPython(event.data.parts); postMessage({ id, answer: null }); }
    else if (what === "ask") { postMessage({ id, answer: bridge.ask(event.data.question, given) }); }
    else if (what === "run") { await runSteps(id, given); }
    else if (what === "export") {
      const held = bridge.exported(event.data.kind, given);
      const bytes = held.toJs();
      held.destroy();
      postMessage({ id, answer: bytes });
    }
  } catch (error) {
    const refusal = bridge ? bridge.refusal() : "";
    postMessage({ id, refused: refusal ? JSON.parse(refusal) : { error: String(error.message || error).trim().split("\n").pop(), problems: [] } });
  }
};
