"use strict";
// Ce qu'on sélectionne dans la page ouverte se propose comme extrait à citer; sans script, on le copie soi-même.
(() => {
  const extrait = document.getElementById("id_lecture-extrait");
  if (!extrait) return;
  let propose = "";
  document.addEventListener("selectionchange", () => {
    const choisi = document.getSelection();
    const noeud = choisi?.anchorNode;
    const lieu = noeud?.nodeType === Node.TEXT_NODE ? noeud.parentElement : noeud;
    if (!lieu?.closest?.(".document-lu") || lieu.closest(".citer-page")) return;
    const mots = choisi.toString().replace(/\s+/g, " ").trim();
    const libre = extrait.value === "" || extrait.value === propose;
    if (libre && mots.length >= 3 && mots.length <= 300) extrait.value = propose = mots;
  });
})();
