"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const byId = (id) => document.getElementById(id);
  const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const int32 = (text) => new Int32Array(bytes(text).buffer);
  // Positions are decimetres from the south-west corner; the map counts in metres.
  const at = (x, y) => [y / 10, x / 10];

  const map = L.map("map", { crs: L.CRS.Simple, preferCanvas: true, minZoom: -8,
    maxZoom: 3, zoomSnap: 0.25, attributionControl: true });
  map.attributionControl.setPrefix(false);
  map.attributionControl.addAttribution(data.licence);
  L.control.scale({ imperial: false, maxWidth: 160, position: "topleft" }).addTo(map);
  const bounds = L.latLngBounds(at(0, 0), at(data.size[0], data.size[1]));
  map.fitBounds(bounds);

  // The streets, one line of many pieces for each class.
  const shape = (xy, start, e) => {
    const line = [];
    for (let v = start[e]; v < start[e + 1]; v++) line.push(at(xy[2 * v], xy[2 * v + 1]));
    return line;
  };
  const streets = L.layerGroup();
  for (const group of data.streets) {
    const xy = int32(group.xy), start = int32(group.start), lines = [];
    for (let e = 0; e + 1 < start.length; e++) lines.push(shape(xy, start, e));
    L.polyline(lines, { color: group.colour, weight: group.weight, interactive: false,
      dashArray: group.dash || null }).addTo(streets);
  }
  streets.addTo(map);

  const said = (lines) => {
    const box = document.createElement("div");
    for (const line of lines.filter(Boolean)) {
      const p = document.createElement("p");
      p.textContent = line;
      box.append(p);
    }
    return box;
  };

  const cells = L.layerGroup();
  for (const cell of data.cells) {
    const rings = cell.rings.map((ring) => ring.map(([x, y]) => at(x, y)));
    L.polygon(rings, { color: "#5b3a8c", weight: 2, dashArray: "6 4", fillOpacity: 0.1 })
      .bindPopup(() => said([cell.name, cell.about])).addTo(cells);
  }
  const SIGNS = {
    physical: '<rect x="3" y="3" width="12" height="12" fill="#1b1b1b"/>',
    sign: '<path d="M9 2 17 16H1Z" fill="#b3261e" stroke="#fff"/>',
    "bus gate": '<path d="M9 1 17 9 9 17 1 9Z" fill="#174a7c" stroke="#fff"/>',
    timed: '<circle cx="9" cy="9" r="7" fill="#fff" stroke="#b35900" stroke-width="3"/>' +
      '<path d="M9 5V9.5H12" fill="none" stroke="#b35900" stroke-width="2"/>',
    stop: '<circle cx="9" cy="9" r="4" fill="#fff" stroke="#174a7c" stroke-width="2"/>',
  };
  const svg = (kind) => `<svg class="sign" width="18" height="18" aria-hidden="true">${SIGNS[kind]}</svg>`;
  const marker = (kind, x, y, lines) =>
    L.marker(at(x, y), { icon: L.divIcon({ html: svg(kind), className: "", iconSize: [18, 18] }),
      title: lines.filter(Boolean).join(", "), alt: kind })
      .bindPopup(() => said(lines));
  const filters = L.layerGroup();
  for (const f of data.filters)
    marker(f.kind, f.x, f.y, [f.street || "street without a name", f.kind + ": " + f.tag,
      f.hours]).addTo(filters);
  const stops = L.layerGroup();
  for (const s of data.stops)
    L.circleMarker(at(s.x, s.y), { radius: 4, color: "#174a7c", weight: 2, fillColor: "#fff",
      fillOpacity: 1 }).bindPopup(() => said([s.name, "stop"])).addTo(stops);
  const layers = {};
  const offer = (name, layer, count) => {
    if (!count) return;
    layers[`${name} (${count.toLocaleString("en-GB")})`] = layer.addTo(map);
  };
  offer("Low-traffic neighbourhoods", cells, data.cells.length);
  offer("Filters against cars", filters, data.filters.length);
  offer("Stops", stops, data.stops.length);
  L.control.layers(null, layers, { collapsed: window.innerWidth < 800 }).addTo(map);
  for (const kind of document.querySelectorAll("[data-sign]"))
    kind.innerHTML = svg(kind.dataset.sign); // ours alone, from SIGNS

  // ---- How far one gets -----------------------------------------------------------
  const graphs = {};
  const graph = (mode) => {
    if (graphs[mode]) return graphs[mode];
    const of = data.modes[mode];
    const g = { tail: int32(of.tail), head: int32(of.head), length: int32(of.length),
      forward: int32(of.forward), backward: int32(of.backward),
      use: bytes(of.use), xy: int32(of.xy), start: int32(of.start), nodes: of.nodes };
    const count = new Int32Array(g.nodes + 1);
    const arcs = [];
    for (let e = 0; e < g.tail.length; e++) {
      if (g.forward[e] >= 0) arcs.push([g.tail[e], g.head[e], g.forward[e], e]);
      if (g.backward[e] >= 0) arcs.push([g.head[e], g.tail[e], g.backward[e], e]);
    }
    for (const arc of arcs) count[arc[0] + 1]++;
    for (let v = 0; v < g.nodes; v++) count[v + 1] += count[v];
    g.first = count.slice();
    g.to = new Int32Array(arcs.length);
    g.ms = new Int32Array(arcs.length);
    g.edge = new Int32Array(arcs.length);
    for (const [from, to, ms, e] of arcs) {
      const k = count[from]++;
      g.to[k] = to; g.ms[k] = ms; g.edge[k] = e;
    }
    graphs[mode] = g;
    return g;
  };
  const PRIVATE = 1, MAIN = 2; // bits of `use`: for visitors only; not cut off

  /** The edge that a place joins: a public one, else a private one, if near enough. */
  const joined = (g, x, y) => {
    const near = [MAIN, MAIN + PRIVATE].map((use) => nearest(g, x, y, use));
    return near.find((spot) => spot.away <= data.max_snap_m) ||
      near.find((spot) => spot.edge >= 0) || near[0];
  };

  /** The nearest edge of a use: edge, millimetres along it, metres away. */
  const nearest = (g, x, y, use) => {
    let best = { edge: -1, away: Infinity, along: 0 };
    for (let e = 0; e < g.tail.length; e++) {
      if (g.use[e] !== use) continue;
      let along = 0, whole = 0, here = 0, away = Infinity;
      for (let v = g.start[e]; v + 1 < g.start[e + 1]; v++) {
        const ax = g.xy[2 * v] / 10, ay = g.xy[2 * v + 1] / 10;
        const dx = g.xy[2 * v + 2] / 10 - ax, dy = g.xy[2 * v + 3] / 10 - ay;
        const long = Math.hypot(dx, dy);
        const t = long ? Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / (long * long))) : 0;
        const off = Math.hypot(x - ax - t * dx, y - ay - t * dy);
        if (off < away) { away = off; here = whole + t * long; }
        whole += long;
      }
      along = whole ? here / whole : 0;
      if (away < best.away) best = { edge: e, away, along: Math.round(along * g.length[e]) };
    }
    return best;
  };

  /**
   * Milliseconds from a spot to every node, Infinity beyond `limit`.
   * Streets for visitors only begin or end a leg: so each node is there three times,
   * where the leg has not left them yet, between, and where it has entered them.
   */
  const times = (mode, x, y, limit) => {
    const g = graph(mode), spot = joined(g, x, y), e = spot.edge;
    const best = new Float64Array(3 * g.nodes).fill(Infinity);
    const nowhere = best.slice(0, g.nodes);
    if (e < 0) return { spot, ms: nowhere, visiting: nowhere };
    const heap = [];
    const push = (key, state) => {
      if (key > limit || key >= best[state]) return;
      best[state] = key;
      let hole = heap.push(0) - 1;
      while (hole > 0) {
        const parent = (hole - 1) >> 1;
        if (heap[parent][0] <= key) break;
        heap[hole] = heap[parent];
        hole = parent;
      }
      heap[hole] = [key, state];
    };
    const pop = () => {
      const top = heap[0], last = heap.pop();
      if (!heap.length) return top;
      let hole = 0;
      for (;;) {
        let child = 2 * hole + 1;
        if (child >= heap.length) break;
        if (child + 1 < heap.length && heap[child + 1][0] < heap[child][0]) child++;
        if (heap[child][0] >= last[0]) break;
        heap[hole] = heap[child];
        hole = child;
      }
      heap[hole] = last;
      return top;
    };
    const off = Math.ceil(Math.round(spot.away * 1000) * data.walk_ms_m / 1000);
    const until = (whole) => Math.floor(whole * spot.along / Math.max(1, g.length[e]));
    const layer = g.use[e] & PRIVATE ? 0 : 1;
    const enter = (key, node, from) => {
      push(key, 3 * node + from);
      if (from === 0) push(key, 3 * node + 1);
    };
    if (g.forward[e] >= 0 || spot.along === g.length[e])
      enter(off + (g.forward[e] < 0 ? 0 : g.forward[e] - until(g.forward[e])), g.head[e], layer);
    if (g.backward[e] >= 0 || spot.along === 0)
      enter(off + (g.backward[e] < 0 ? 0 : until(g.backward[e])), g.tail[e], layer);
    while (heap.length) {
      const [key, state] = pop();
      if (key > best[state]) continue;
      const node = Math.floor(state / 3), from = state % 3;
      for (let k = g.first[node]; k < g.first[node + 1]; k++) {
        const onPrivate = g.use[g.edge[k]] & PRIVATE;
        if (from === 0 && onPrivate) enter(key + g.ms[k], g.to[k], 0);
        else if (from === 1) push(key + g.ms[k], 3 * g.to[k] + (onPrivate ? 2 : 1));
        else if (from === 2 && onPrivate) push(key + g.ms[k], 3 * g.to[k] + 2);
      }
    }
    // to who goes on by public streets, and to who stays on private ones
    const ms = new Float64Array(g.nodes), visiting = new Float64Array(g.nodes);
    for (let v = 0; v < g.nodes; v++) {
      ms[v] = best[3 * v + 1];
      visiting[v] = Math.min(best[3 * v], best[3 * v + 1], best[3 * v + 2]);
    }
    return { spot, ms, visiting };
  };

  const reached = L.layerGroup().addTo(map);
  let clicked = null;
  const show = () => {
    reached.clearLayers();
    if (!clicked) return;
    const mode = byId("mode").value, g = graph(mode);
    const last = data.bands[data.bands.length - 1];
    const { spot, ms, visiting } = times(mode, clicked.lng, clicked.lat, last.minutes * 60000);
    const lines = data.bands.map(() => []), metres = data.bands.map(() => 0);
    for (let e = 0; e < g.tail.length; e++) {
      const to = g.use[e] & PRIVATE ? visiting : ms;
      const a = to[g.tail[e]], b = to[g.head[e]];
      const on = g.forward[e] >= 0 ? a + g.forward[e] : Infinity;
      const back = g.backward[e] >= 0 ? b + g.backward[e] : Infinity;
      // when the last of it is reached, from both ends where that is allowed
      let whole = on < Infinity && back < Infinity
        ? (a + b + (g.forward[e] + g.backward[e]) / 2) / 2 : Math.min(on, back);
      if (e === spot.edge) whole = Math.min(whole, Math.max(a, b));
      const band = data.bands.findIndex((of) => whole <= of.minutes * 60000);
      if (band < 0) continue;
      lines[band].push(shape(g.xy, g.start, e));
      metres[band] += g.length[e] / 1000;
    }
    data.bands.forEach((of, band) => {
      L.polyline(lines[band], { color: of.colour, weight: of.weight, opacity: 0.9,
        dashArray: of.dash || null, interactive: false }).addTo(reached);
    });
    L.circleMarker(clicked, { radius: 7, color: "#1b1b1b", weight: 3, fillColor: "#fff",
      fillOpacity: 1 }).addTo(reached);
    let total = 0;
    const rows = document.querySelectorAll("#bands tbody tr");
    data.bands.forEach((of, band) => {
      total += metres[band];
      rows[band].lastElementChild.textContent = (total / 1000).toFixed(1) + " km";
    });
    byId("from").textContent = spot.edge < 0 ? "There is no street for that near here." :
      `${Math.round(spot.away)} m from the nearest street that one can set off on.`;
    document.body.dataset.drawn = mode;
  };
  const from = (place) => { clicked = place; show(); };
  map.on("click", (event) => from(event.latlng));
  byId("mode").addEventListener("change", show);
  byId("centre").addEventListener("click", () => from(map.getCenter()));
  byId("clear").addEventListener("click", () => {
    clicked = null;
    show();
    for (const cell of document.querySelectorAll("#bands td.number")) cell.textContent = "";
    byId("from").textContent = "";
  });
  window.roundplan = { map, times, from: (x, y) => from(L.latLng(y, x)) };
  document.body.dataset.ready = "yes";
})();
