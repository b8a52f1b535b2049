"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const sheets = [...document.querySelectorAll(".sheet")];
  const show = () => {
    const day = byId("day").value, worker = byId("worker").value;
    let shown = 0;
    for (const sheet of sheets) {
      const wanted = (!day || sheet.dataset.day === day) &&
        (!worker || sheet.dataset.worker === worker);
      sheet.hidden = !wanted;
      shown += wanted;
    }
    byId("shown").textContent = `${shown.toLocaleString("en-GB")} of ` +
      `${sheets.length.toLocaleString("en-GB")} sheets shown.`;
  };
  byId("day").addEventListener("change", show);
  byId("worker").addEventListener("change", show);
  byId("print").addEventListener("click", () => window.print());
  show();
  document.body.dataset.ready = "yes";
})();
