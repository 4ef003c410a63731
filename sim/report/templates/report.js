(function () {
  "use strict";
  var NARROW = 600;

  // Choose the period of the key measures. Without scripts the default period simply stays.
  var period = document.getElementById("period");
  if (period) {
    period.parentElement.hidden = false;
    period.addEventListener("change", function () {
      document.querySelectorAll("div.period").forEach(function (part) {
        part.hidden = part.getAttribute("data-period") !== period.value;
      });
    });
  }

  var confidence = document.getElementById("confidence");
  if (confidence) {
    confidence.parentElement.hidden = false;
    confidence.addEventListener("change", function () {
      var shown = 0;
      document.querySelectorAll("#assumptions tbody tr").forEach(function (row) {
        row.hidden = confidence.value !== "" && row.getAttribute("data-confidence") !== confidence.value;
        if (!row.hidden) { shown += 1; }
      });
      document.getElementById("register-count").textContent = shown + " shown";
    });
  }

  // Lay one layout over another; lists replace, objects merge.
  function over(base, extra) {
    if (extra === null || typeof extra !== "object" || Array.isArray(extra)) { return extra; }
    var merged = {};
    Object.keys(base || {}).forEach(function (key) { merged[key] = base[key]; });
    Object.keys(extra).forEach(function (key) {
      var deep = merged[key] && typeof merged[key] === "object" && !Array.isArray(merged[key]);
      merged[key] = deep ? over(merged[key], extra[key]) : extra[key];
    });
    return merged;
  }

  var store = document.getElementById("drawings");
  if (!store || typeof Plotly === "undefined") { return; }
  var drawings = JSON.parse(store.textContent);

  function draw(box) {
    var drawing = drawings[box.getAttribute("data-chart")];
    var width = box.clientWidth;
    if (!drawing || !width) { return; }
    var narrow = width < NARROW;
    var copy = JSON.parse(JSON.stringify(drawing));
    var layout = narrow ? over(copy.layout, copy.narrow) : copy.layout;
    layout.width = width;
    if (document.body.classList.contains("printing") && box.closest(".four")) { layout.height = 235; }
    box.closest("figure").classList.toggle("narrow", narrow);
    Plotly.react(box, copy.data, layout, copy.config);
  }

  // A chart in a closed fold has no width: draw it when the fold opens.
  document.querySelectorAll("details").forEach(function (fold) {
    fold.addEventListener("toggle", function () {
      if (fold.open) { fold.querySelectorAll("[data-chart]").forEach(draw); }
    });
  });

  // Save a chart with its message above it, made in the page: no network is needed.
  function save(id, format) {
    var drawing = JSON.parse(JSON.stringify(drawings[id]));
    var layout = over(drawing.layout, { width: 1000, height: (drawing.layout.height || 400) + 90,
      margin: { t: ((drawing.layout.margin || {}).t || 20) + 90 },
      title: { text: drawing.title, x: 0.02, xanchor: "left", y: 0.97, yanchor: "top", font: { size: 16 } } });
    Plotly.toImage({ data: drawing.data, layout: layout, config: drawing.config },
      { format: format, width: 1000, height: layout.height, scale: format === "png" ? 2 : 1 }).then(function (address) {
      var link = document.createElement("a");
      link.download = "simulated-" + id + "." + format;
      link.href = address;
      document.body.appendChild(link);
      link.click();
      link.remove();
    });
  }
  document.querySelectorAll("[data-save]").forEach(function (button) {
    button.parentElement.hidden = false;
    button.addEventListener("click", function () { save(button.getAttribute("data-of"), button.getAttribute("data-save")); });
  });

  var boxes = Array.prototype.slice.call(document.querySelectorAll("[data-chart]"));
  boxes.forEach(draw);

  var waiting = 0, width = window.innerWidth;
  function again() {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(function () {
      if (window.innerWidth !== width) { width = window.innerWidth; boxes.forEach(draw); }
    }, 150);
  }
  window.addEventListener("resize", again);

  // Print at the width of paper, then return to that of the screen.
  window.addEventListener("beforeprint", function () {
    document.body.classList.add("printing");
    boxes.forEach(draw);
  });
  window.addEventListener("afterprint", function () {
    document.body.classList.remove("printing");
    boxes.forEach(draw);
  });
})();
