/* Recopier un papier plus vite : dans un groupe de choix, les chiffres choisissent. Sans ce fichier, les flèches suffisent. */
"use strict";
(() => {
  const f = document.querySelector("form.papier");
  if (!f) return;
  for (const e of document.querySelectorAll("[data-avec-script]")) e.hidden = false;
  f.addEventListener("keydown", (e) => {
    const radio = e.target.closest?.("input[type=radio]");
    if (!radio || e.ctrlKey || e.altKey || e.metaKey || !/^[1-9]$/.test(e.key)) return;
    const choix = [...f.querySelectorAll(`input[type=radio][name="${CSS.escape(radio.name)}"]`)];
    const vise = choix[Number(e.key) - 1];
    if (!vise || radio.name === "principal") return;
    e.preventDefault();
    vise.focus();
    vise.click();
  });
})();
