(function () {
  "use strict";
  var data = JSON.parse(document.getElementById("flow-data").textContent);
  var box = document.getElementById("flow-box"), slider = document.getElementById("flow-week");
  var button = document.getElementById("flow-play"), output = document.getElementById("flow-date");
  var stages = data.stages, groups = data.groups, WORK = groups.length - 1, OUTSIDE = stages.length;
  var calm = window.matchMedia ? window.matchMedia("(prefers-reduced-motion: reduce)") : { matches: false };
  var WEEK_MS = 450, HEAD = 24, LABEL = 19, GAP = 10, DOT = 7;
  box.hidden = false;

  function unpack(text) {
    var raw = window.atob(text), bytes = new Uint8Array(raw.length);
    for (var i = 0; i < raw.length; i += 1) { bytes[i] = raw.charCodeAt(i); }
    return new DataView(bytes.buffer);
  }
  var runs = data.scenarios.map(function (scenario) {
    return { name: scenario.name, standing: unpack(scenario.standing), moves: scenario.moves };
  });
  function count(run, week, stage, group) {
    return run.standing.getUint16(2 * ((week * stages.length + stage) * groups.length + group), true);
  }

  // Each dot stands for as many children as keep the fullest week of any run drawable.
  var most = stages.map(function (_, stage) {
    var highest = 0;
    runs.forEach(function (run) {
      for (var week = 0; week < data.weeks.length; week += 1) {
        var sum = 0;
        for (var group = 0; group < groups.length; group += 1) { sum += count(run, week, stage, group); }
        highest = Math.max(highest, sum);
      }
    });
    return highest;
  });
  var whole = most.reduce(function (sum, each) { return sum + each; }, 0);
  var each = [1, 2, 5, 10, 20, 50, 100, 200].filter(function (size) { return whole / size <= 1400; })[0] || 500;
  document.getElementById("flow-scale").textContent =
    "Each dot is " + (each === 1 ? "one simulated child." : "about " + each + " simulated children.");

  var sides = ["A", "B"].map(function (side) {
    var canvas = document.getElementById("flow-canvas-" + side), choice = document.getElementById("flow-" + side);
    return canvas ? { canvas: canvas, choice: choice, run: runs[Number(choice.value)], flying: [], rows: [] } : null;
  }).filter(Boolean);

  var week = 0, playing = false, since = 0, frame = 0;

  function layout(side) {
    var width = side.canvas.clientWidth, ratio = window.devicePixelRatio || 1, y = HEAD;
    side.columns = Math.max(8, Math.floor((width - 8) / DOT));
    side.rows = stages.map(function (_, stage) {
      var lines = Math.max(1, Math.ceil(Math.ceil(most[stage] / each) / side.columns));
      var row = { top: y, dots: y + LABEL, height: lines * DOT };
      y = row.dots + row.height + GAP;
      return row;
    });
    side.canvas.style.height = y + "px";
    side.canvas.width = Math.round(width * ratio);
    side.canvas.height = Math.round(y * ratio);
    side.context = side.canvas.getContext("2d");
    side.context.setTransform(ratio, 0, 0, ratio, 0, 0);
    side.width = width;
    side.height = y;
  }

  function dot(context, x, y, group) {
    context.beginPath();
    context.arc(x, y, DOT / 2 - 1, 0, 2 * Math.PI);
    if (groups[group].hollow) {
      context.lineWidth = 1.6; context.strokeStyle = groups[group].colour; context.stroke();
    } else {
      context.fillStyle = groups[group].colour; context.fill();
    }
  }

  function draw(side, part) {
    var context = side.context, run = side.run;
    context.clearRect(0, 0, side.width, side.height);
    context.fillStyle = data.ink;
    context.font = "bold 14px system-ui, sans-serif";
    context.fillText(run.name, 4, 15, side.width - 8);
    context.font = "13px system-ui, sans-serif";
    stages.forEach(function (name, stage) {
      var row = side.rows[stage], place = 0, sum = 0, group;
      for (group = 0; group < groups.length; group += 1) { sum += count(run, week, stage, group); }
      context.fillStyle = data.ink;
      context.fillText(name + ": " + sum.toLocaleString("en-GB"), 4, row.top + 13);
      for (group = 0; group < groups.length; group += 1) {
        var dots = Math.round(count(run, week, stage, group) / each);
        for (var n = 0; n < dots; n += 1) {
          var line = Math.floor(place / side.columns), column = place % side.columns;
          dot(context, 6 + column * DOT, row.dots + line * DOT + DOT / 2, group);
          place += 1;
        }
      }
    });
    side.flying.forEach(function (move) {
      var from = end(side, move.from, true), to = end(side, move.to, false);
      var at = Math.min(1, Math.max(0, (part - move.delay) / (1 - move.delay)));
      context.globalAlpha = at > 0 && at < 1 ? 1 : 0;
      context.fillStyle = data.ink;
      context.beginPath();
      context.arc(from.x + (to.x - from.x) * at + move.sway * Math.sin(Math.PI * at), from.y + (to.y - from.y) * at, 3, 0, 2 * Math.PI);
      context.fill();
      context.globalAlpha = 1;
    });
  }
  function end(side, stage, leaving) {
    if (stage === OUTSIDE) { return { x: side.width - 8, y: leaving ? 4 : side.height - 4 }; }
    return { x: side.width - 20, y: side.rows[stage].dots + side.rows[stage].height / 2 };
  }
  function launch(side) {
    side.flying = [];
    if (calm.matches || !playing) { return; }
    var moves = side.run.moves[week] || [];
    for (var i = 0; i < moves.length; i += 3) {
      for (var n = 0; n < Math.max(1, Math.round(moves[i + 2] / each)); n += 1) {
        side.flying.push({ from: moves[i], to: moves[i + 1], delay: (n % 5) / 10, sway: -8 - 9 * (n % 6) });
      }
    }
  }

  function cell(row, text, head) {
    var made = document.createElement(head ? "th" : "td");
    if (head) { made.scope = head; }
    made.textContent = text;
    row.appendChild(made);
  }
  function table() {
    var head = document.getElementById("flow-head"), rows = document.getElementById("flow-rows");
    head.textContent = ""; rows.textContent = "";
    cell(head, "Stage", "col");
    sides.forEach(function (side) { cell(head, side.run.name, "col"); cell(head, "waiting", "col"); });
    stages.forEach(function (name, stage) {
      var row = document.createElement("tr");
      cell(row, name, "row");
      sides.forEach(function (side) {
        var sum = 0, work = count(side.run, week, stage, WORK);
        for (var group = 0; group < groups.length; group += 1) { sum += count(side.run, week, stage, group); }
        cell(row, sum.toLocaleString("en-GB")); cell(row, (sum - work).toLocaleString("en-GB"));
      });
      rows.appendChild(row);
    });
    document.getElementById("flow-caption").textContent =
      "Children in each stage on " + data.weeks[week] + ", and of these those who wait (simulated)";
  }

  function show() {
    slider.value = String(week);
    slider.setAttribute("aria-valuetext", data.weeks[week]);
    output.textContent = data.weeks[week];
    sides.forEach(function (side) { launch(side); draw(side, 0); });
    table();
  }
  function tick(now) {
    if (!playing) { return; }
    if (!since) { since = now; }
    var part = (now - since) / WEEK_MS;
    if (part >= 1) {
      since = now;
      if (week + 1 >= data.weeks.length) { stop(); return; }
      week += 1;
      show();
      part = 0;
    } else if (!calm.matches) {
      sides.forEach(function (side) { draw(side, part); });
    }
    frame = window.requestAnimationFrame(tick);
  }
  function stop() {
    playing = false;
    window.cancelAnimationFrame(frame);
    button.textContent = "Play";
    button.setAttribute("aria-pressed", "false");
    sides.forEach(function (side) { side.flying = []; draw(side, 0); });
  }
  button.addEventListener("click", function () {
    if (playing) { stop(); return; }
    if (week + 1 >= data.weeks.length) { week = 0; }
    playing = true; since = 0;
    button.textContent = "Pause";
    button.setAttribute("aria-pressed", "true");
    show();
    frame = window.requestAnimationFrame(tick);
  });
  slider.addEventListener("input", function () { if (playing) { stop(); } week = Number(slider.value); show(); });
  sides.forEach(function (side) {
    side.choice.addEventListener("change", function () { side.run = runs[Number(side.choice.value)]; show(); });
  });

  var key = document.getElementById("flow-key");
  groups.forEach(function (group) {
    var item = document.createElement("li"), mark = document.createElement("span"), words = document.createElement("span");
    mark.className = group.hollow ? "flow-mark hollow" : "flow-mark";
    mark.style.borderColor = group.colour;
    if (!group.hollow) { mark.style.background = group.colour; }
    mark.setAttribute("aria-hidden", "true");
    words.textContent = group.label;
    item.appendChild(mark); item.appendChild(words);
    key.appendChild(item);
  });

  var resized = 0;
  function fit() { sides.forEach(layout); show(); }
  window.addEventListener("resize", function () { window.clearTimeout(resized); resized = window.setTimeout(fit, 150); });
  fit();
})();
