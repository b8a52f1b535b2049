"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const sheets = [...document.querySelectorAll(".sheet")];
  // A choice's id is what sheets are chosen by: data-day, data-worker, data-client.
  const choices = [...document.querySelectorAll(".controls select")];
  const show = () => {
    let shown = 0;
    for (const sheet of sheets) {
      const wanted = choices.every((c) => !c.value || sheet.dataset[c.id] === c.value);
      sheet.hidden = !wanted;
      shown += wanted;
    }
    byId("shown").textContent = `${shown.toLocaleString("en-GB")} of ` +
      `${sheets.length.toLocaleString("en-GB")} sheets shown.`;
  };
  for (const choice of choices) choice.addEventListener("change", show);
  byId("print").addEventListener("click", () => window.print());
  show();
  document.body.dataset.ready = "yes";
})();
