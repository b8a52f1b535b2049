"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const byId = (id) => document.getElementById(id);
  const int32 = (text) => new Int32Array(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer);
  const element = (name, properties, ...children) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  };
  const SVG = "http://www.w3.org/2000/svg";
  const shape = (name, attributes) => {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  };
  const DOUBLE = 1, INTRODUCTION = 2, PINNED = 4; // bits of what is said of a visit
  const KINDS = data.kinds, DAY = 1440;
  const clock = (minutes) => {
    const whole = Math.floor(minutes), day = Math.floor(whole / DAY), of = whole - day * DAY;
    const two = (n) => String(n).padStart(2, "0");
    const seconds = Math.round((minutes - whole) * 60);
    return `${two(Math.floor(of / 60))}:${two(of % 60)}${seconds ? ":" + two(seconds) : ""}` +
      (day === 1 ? " next day" : day ? ` ${day > 0 ? "+" : ""}${day} days` : "");
  };
  const count = (n, noun) => `${n.toLocaleString("en-GB")} ${noun}${n === 1 ? "" : "s"}`;
  const placeName = (i) => (i < 0 ? "?" : placeIds[i]);
  const placeIds = data.places.map((place) => place[0]);
  const at = (x, y) => [y / 10, x / 10]; // decimetres; the map counts in metres
  const whereIs = (i) => (i >= 0 && data.places[i] && data.places[i][1] !== null
    ? at(data.places[i][1], data.places[i][2]) : null);
  const isVisit = (event) => KINDS[event[0]] === "visit";
  const isTravel = (event) => KINDS[event[0]] === "travel";

  // ---- The map ----------------------------------------------------------------------
  let map = null, ways = null, ofDay = null, ofRound = null;
  if (byId("map")) {
    map = L.map("map", { crs: L.CRS.Simple, preferCanvas: true, minZoom: -8, maxZoom: 3,
      zoomSnap: 0.25, fadeAnimation: false });
    map.attributionControl.setPrefix(false);
    map.attributionControl.addAttribution(data.licence);
    L.control.scale({ imperial: false, maxWidth: 160, position: "topleft" }).addTo(map);
    map.fitBounds([at(0, 0), at(data.size[0], data.size[1])]);
    for (const group of data.streets) {
      const xy = int32(group.xy), start = int32(group.start), lines = [];
      for (let e = 0; e + 1 < start.length; e++) {
        const line = [];
        for (let v = start[e]; v < start[e + 1]; v++) line.push(at(xy[2 * v], xy[2 * v + 1]));
        lines.push(line);
      }
      L.polyline(lines, { color: group.colour, weight: group.weight, interactive: false,
        dashArray: group.dash || null }).addTo(map);
    }
    ways = L.layerGroup().addTo(map); // of a day, but for when one of them is chosen
    ofDay = L.layerGroup().addTo(map);
    ofRound = L.layerGroup().addTo(map);
  }
  /** The stops of a day's rounds as positions, the way from and to home included. */
  const course = (of) => {
    const line = [];
    for (const event of of.events) {
      if (isTravel(event) && !line.length && whereIs(event[5])) line.push(whereIs(event[5]));
      if ((isVisit(event) || isTravel(event)) && whereIs(event[3])) line.push(whereIs(event[3]));
    }
    return line;
  };
  const drawDay = () => {
    if (!map) return;
    ways.clearLayers();
    ofDay.clearLayers();
    for (const of of shown) {
      const line = course(of);
      if (line.length > 1)
        L.polyline(line, { color: "#5c6f82", weight: 1.25, opacity: 0.55, interactive: false })
          .addTo(ways);
    }
    for (const of of shown)
      for (const event of of.events)
        if (isVisit(event) && whereIs(event[3]))
          L.circleMarker(whereIs(event[3]), { radius: 5, color: "#fff", weight: 1,
            fillColor: "#174a7c", fillOpacity: 1 })
            .on("click", () => choose(of, event)).addTo(ofDay);
    for (const [visit, day, place] of data.missing) {
      if (day !== today || !whereIs(place)) continue;
      const icon = L.divIcon({ className: "", iconSize: [18, 18],
        html: '<svg width="18" height="18"><path d="M9 1 17 16H1Z" fill="#b3261e" stroke="#fff"/></svg>' });
      L.marker(whereIs(place), { icon, title: `${visit}: no worker`, alt: "visit without a worker" })
        .addTo(ofDay);
    }
  };
  const drawRound = (of) => {
    if (!map) return;
    ofRound.clearLayers();
    if (!of) {
      ways.addTo(map);
      return;
    }
    ways.remove();
    const line = course(of);
    if (!line.length) return;
    L.polyline(line, { color: "#a3211a", weight: 3.5, interactive: false }).addTo(ofRound);
    const stops = new Map();
    let number = 0;
    for (const event of of.events) {
      if (!isVisit(event)) continue;
      number += 1;
      if (event[3] < 0 || !whereIs(event[3])) continue;
      stops.set(event[3], [...(stops.get(event[3]) || []), number]);
    }
    for (const [place, numbers] of stops) {
      const text = numbers.join(","), wide = Math.max(22, 10 + 7 * text.length);
      const html = element("span", { textContent: text }).outerHTML; // digits and commas
      const icon = L.divIcon({ className: "number-mark", iconSize: [wide, 22], html });
      L.marker(whereIs(place), { icon, title: placeName(place), alt: placeName(place),
        keyboard: false }).addTo(ofRound);
    }
    for (const end of [line[0], line[line.length - 1]])
      L.circleMarker(end, { radius: 7, color: "#a3211a", weight: 2, fillColor: "#fff",
        fillOpacity: 1, interactive: false }).addTo(ofRound);
    map.fitBounds(L.latLngBounds(line).pad(0.25), { maxZoom: 0, animate: false });
  };

  // ---- The chart --------------------------------------------------------------------
  let today = 0, shown = [], chosen = null, from = 0, until = DAY;
  const strip = (of) => {
    const svg = shape("svg", { class: "strip", viewBox: `${from} 0 ${until - from} 20`,
      preserveAspectRatio: "none", role: "img", "aria-label": summary(of) });
    for (let hour = Math.ceil(from / 60); hour * 60 <= until; hour++)
      svg.append(shape("line", { class: "hour", x1: hour * 60, x2: hour * 60, y1: 0, y2: 20 }));
    for (const round of of.rounds)
      svg.append(shape("rect", { class: "shift", x: round.shift[0], y: 0, height: 20,
        width: Math.max(0, round.shift[1] - round.shift[0]) }));
    of.events.forEach((event, i) => {
      const kind = KINDS[event[0]];
      const looks = { visit: "visit", travel: "travel", break: "break" }[kind] || "block";
      const bar = shape("rect", { class: looks, x: event[1], width: Math.max(0, event[2] - event[1]),
        y: looks === "travel" ? 8 : 2, height: looks === "travel" ? 4 : 16 });
      bar.dataset.event = i;
      const title = shape("title", {});
      title.textContent = `${clock(event[1])}–${clock(event[2])} ` + (kind === "visit"
        ? `${placeName(event[3])}, ${event[4]}` : kind === "travel" ? event[4] : kind);
      bar.append(title);
      svg.append(bar);
    });
    return svg;
  };
  const summary = (of) => {
    const visits = of.events.filter(isVisit);
    return count(visits.length, "visit") + (visits.length
      ? `, ${clock(visits[0][1])} to ${clock(visits[visits.length - 1][2])}` : "");
  };
  const drawChart = () => {
    const times = shown.flatMap((of) => [...of.rounds.flatMap((r) => r.shift),
      ...of.events.flatMap((e) => [e[1], e[2]])]);
    from = times.length ? Math.floor(Math.min(...times) / 60) * 60 : 0;
    until = times.length ? Math.ceil(Math.max(...times) / 60) * 60 : DAY;
    const hours = byId("hours");
    hours.replaceChildren();
    const room = (until - from) / 60 / Math.max(3, hours.clientWidth / 60);
    const step = 60 * ([1, 2, 3, 4, 6].find((s) => s >= room) || 12);
    for (let t = from; t <= until; t += step) {
      const label = element("span", { textContent: clock(t).slice(0, 5) });
      label.className = t + step / 4 > until ? "end" : "";
      label.style.left = `${(100 * (t - from)) / (until - from)}%`;
      hours.append(label);
    }
    document.querySelector("#chart caption").textContent =
      `Workers by time of day, ${data.dates[today]}`;
    const rows = shown.map((of) => {
      const button = element("button", { type: "button", textContent: of.worker });
      button.setAttribute("aria-pressed", "false");
      button.addEventListener("click", () => choose(of, null));
      const head = element("th", { scope: "row" }, button);
      const cell = element("td", {}, strip(of));
      cell.addEventListener("click", (press) => {
        const bar = press.target.closest("[data-event]");
        const event = bar ? of.events[bar.dataset.event] : null;
        choose(of, event && isVisit(event) ? event : null);
      });
      of.row = element("tr", {}, head, cell);
      return of.row;
    });
    document.querySelector("#chart tbody").replaceChildren(...rows);
  };

  // ---- One round --------------------------------------------------------------------
  const notes = (event) => {
    const said = [];
    if (event[5] & DOUBLE) {
      const others = shown.filter((of) => of !== chosen &&
        of.events.some((e) => isVisit(e) && e[4] === event[4])).map((of) => of.worker);
      said.push(others.length ? `with ${others.join(", ")}` : "two workers");
    }
    if (event[5] & INTRODUCTION) said.push("new to the client");
    if (event[5] & PINNED) said.push("pinned");
    if (event[6]) said.push(`${event[6]} min after its window`);
    return said.join("; ");
  };
  const drawTable = (of, marked) => {
    let number = 0;
    const rows = of.events.map((event) => {
      const kind = KINDS[event[0]], visit = kind === "visit";
      const what = visit ? `${placeName(event[3])} (${event[4]})` : kind === "travel"
        ? `${event[4]} to ${placeName(event[3])}` : kind;
      const row = element("tr", { className: event === marked ? "found" : "" },
        element("td", { className: "number", textContent: visit ? (number += 1) : "" }),
        element("td", { textContent: `${clock(event[1])}–${clock(event[2])}` }),
        element("td", { textContent: what }),
        element("td", { textContent: visit ? notes(event) : "" }));
      return row;
    });
    const heads = ["", "Time", "What", "Notes"].map((text) =>
      element("th", { scope: "col", textContent: text }));
    const vehicles = [...new Set(of.rounds.map((r) =>
      `shift ${clock(r.shift[0])}–${clock(r.shift[1])}, ${r.vehicle}`))];
    byId("round").replaceChildren(
      element("h3", { textContent: `${of.worker}, ${data.dates[of.day]}` }),
      element("p", { textContent: [summary(of), ...vehicles].join("; ") }),
      element("table", {}, element("thead", {}, element("tr", {}, ...heads)),
        element("tbody", {}, ...rows)));
  };
  const nothing = () => byId("round").replaceChildren(element("p", {
    textContent: "Choose a worker in the chart, or a visit on the map." }));
  const choose = (of, event) => {
    if (chosen) {
      chosen.row.classList.remove("chosen");
      chosen.row.querySelector("button").setAttribute("aria-pressed", "false");
    }
    if (chosen === of && !event) { // chosen again: all rounds once more
      chosen = null;
      nothing();
      drawRound(null);
      find();
      return;
    }
    chosen = of;
    of.row.classList.add("chosen");
    of.row.querySelector("button").setAttribute("aria-pressed", "true");
    drawTable(of, event);
    drawRound(of);
    byId("said").textContent = `${of.worker}: ${summary(of)}.`;
  };

  // ---- Day and search ---------------------------------------------------------------
  const matches = (of, wanted) => of.worker.toLowerCase().includes(wanted) ||
    of.events.some((e) => isVisit(e) && (e[4].toLowerCase().includes(wanted) ||
      placeName(e[3]).toLowerCase().includes(wanted)));
  const show = () => {
    today = Number(byId("day").value);
    shown = data.days.filter((of) => of.day === today);
    chosen = null;
    drawChart();
    drawDay();
    drawRound(null);
    nothing();
    find();
  };
  const find = () => {
    const wanted = byId("find").value.trim().toLowerCase();
    let found = 0;
    for (const of of shown) {
      of.row.hidden = Boolean(wanted) && !matches(of, wanted);
      found += !of.row.hidden;
    }
    const missing = data.missing.filter((m) => m[1] === today).length;
    byId("said").textContent = `${count(found, "worker")} of ` +
      `${shown.length.toLocaleString("en-GB")} shown; ${count(missing, "visit")} of the day ` +
      "without a worker.";
  };
  byId("day").addEventListener("change", show);
  byId("find").addEventListener("input", find);
  window.roundplan = { map };
  show();
  document.body.dataset.ready = "yes";
})();
