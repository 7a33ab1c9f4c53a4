/* Confort facultatif : tout marche sans ce fichier. */
"use strict";
(() => {
  const corps = document.body;
  // La page dit sa langue; les deux textes se lisent côte à côte.
  const selon = (fr, en) => (document.documentElement.lang.startsWith("en") ? en : fr);

  // Le résumé d'erreurs prend le foyer (autofocus suffit souvent; ceci couvre les autres navigateurs).
  document.getElementById("resume-erreurs")?.focus();

  // Un formulaire ne part qu'une fois; il se rouvre si la personne revient en arrière.
  document.addEventListener("submit", (e) => {
    const f = e.target;
    if (e.defaultPrevented) return;
    if (f.dataset.parti) { e.preventDefault(); return; }
    f.dataset.parti = "1";
    // Un téléchargement ne quitte pas la page : on rouvre après un moment.
    setTimeout(() => delete f.dataset.parti, 8000);
  });
  addEventListener("pageshow", (e) => {
    if (e.persisted) for (const f of document.forms) delete f.dataset.parti;
  });

  // Un bouton indisponible reste atteignable, mais n'agit pas.
  document.addEventListener("click", (e) => {
    if (e.target.closest('[aria-disabled="true"]')) e.preventDefault();
  });

  // Quitter rapidement : la page n'entre pas dans l'historique.
  const sortie = document.querySelector("[data-sortie]");
  sortie?.addEventListener("click", (e) => { e.preventDefault(); location.replace(sortie.href); });

  // Compter les signes restants d'un texte long, sans bloquer la saisie.
  const compter = () => {
    for (const zone of document.querySelectorAll("textarea[data-compte]")) {
      const p = document.createElement("p");
      p.className = "aide compteur";
      p.setAttribute("aria-live", "polite");
      zone.after(p);
      let attente;
      const dire = () => { p.textContent = selon(
        `${zone.value.length} signes sur ${zone.dataset.compte}.`,
        `${zone.value.length} characters of ${zone.dataset.compte}.`,
      ); };
      zone.addEventListener("input", () => { clearTimeout(attente); attente = setTimeout(dire, 600); });
      dire();
    }
  };
  compter();
  // `depot.js` vient de mettre en place le contenu d'une page neuve.
  document.addEventListener("cse:contenu", compter);

  // Fin de séance : avertir, puis prolonger d'une touche (Entrée), sans quitter la page.
  const boite = document.getElementById("fin-seance");
  if (boite?.showModal) {
    let fin = Date.now() + 1000 * corps.dataset.seance;
    const avertir = 1000 * corps.dataset.seanceAvertir;
    const mots = boite.querySelector("[data-reste]");
    document.addEventListener("cse:contenu", () => { fin = Date.now() + 1000 * corps.dataset.seance; });
    setInterval(() => {
      const reste = fin - Date.now();
      if (reste > avertir) return;
      const minutes = Math.max(0, Math.ceil(reste / 60000));
      mots.textContent = reste <= 0 ? selon("moins d'une minute", "less than a minute") : minutes < 2 ? "1 minute" : `${minutes} minutes`;
      if (!boite.open) boite.showModal();
    }, 5000);
    boite.querySelector("form").addEventListener("submit", async (e) => {
      e.preventDefault();
      e.stopPropagation();
      const reponse = await fetch(boite.dataset.url, {
        method: "POST",
        body: new FormData(e.target),
        headers: { "X-Requested-With": "fetch" },
      }).catch(() => null);
      if (reponse?.ok && !reponse.redirected) {
        fin = Date.now() + 1000 * Number(await reponse.text());
        boite.close();
      } else {
        mots.textContent = selon(
          "trop peu de temps : copiez votre texte, puis rouvrez une séance",
          "too little: copy your text, then open a new session",
        );
      }
    });
  }

  // Raccourcis d'une lettre : seulement si la personne les a choisis.
  if ("raccourcis" in corps.dataset) {
    document.addEventListener("keydown", (e) => {
      if (e.ctrlKey || e.metaKey || e.altKey || e.target.closest("input, select, textarea, dialog, [contenteditable]")) return;
      const cle = CSS.escape(e.key);
      const cible = document.querySelector(`[data-raccourci="${cle}"]`);
      if (!cible) return;
      e.preventDefault();
      cible.matches("input, select, textarea") ? cible.focus() : cible.click();
    });
  }
})();
