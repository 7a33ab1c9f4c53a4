/* Garder le brouillon pendant la saisie. Sans ce fichier, « Continuer » le garde. */
"use strict";
(() => {
  const f = document.querySelector("form[data-brouillon]");
  if (!f) return;
  const dit = f.querySelector("[data-brouillon-dit]");
  const alerte = f.querySelector("[data-brouillon-alerte]");
  const PAUSE = 1500, REPRISE = 8000;
  let attente, enCours = null, change = false, arrete = false;

  const prevenir = (mots) => { alerte.textContent = mots; alerte.hidden = !mots; };
  const plusTard = (delai) => { clearTimeout(attente); attente = setTimeout(garder, delai); };

  async function envoyer() {
    const donnees = new FormData(f);
    donnees.set("auto", "1");
    try {
      const reponse = await fetch(location.pathname, {
        method: "POST", body: donnees, headers: { "X-Requested-With": "fetch" },
        keepalive: document.visibilityState === "hidden",
      });
      const json = !reponse.redirected && reponse.headers.get("content-type")?.includes("json");
      const lu = json ? await reponse.json() : {};
      if (lu.version) {
        f.elements.version.value = lu.version;
        // Ce que la page montre, réponse par réponse : une autre fenêtre n'écrase alors que ce qu'elle change.
        if (lu.lu && f.elements.lu) f.elements.lu.value = lu.lu;
        dit.textContent = lu.dit; prevenir(""); return;
      }
      // Conflit, texte trop long, séance close : « Continuer » le dira avec tout ce qu'il faut; le texte reste ici.
      arrete = reponse.status === 409;
      change = !arrete;
      prevenir(lu.dit || f.dataset.brouillon);
    } catch {
      change = true;
      prevenir(f.dataset.brouillon);
      plusTard(REPRISE);
    }
  }

  function garder() {
    clearTimeout(attente);
    if (arrete || !change) return;
    if (enCours) { plusTard(PAUSE); return; }
    change = false;
    enCours = envoyer().finally(() => { enCours = null; });
  }

  f.addEventListener("input", () => { change = true; plusTard(PAUSE); });
  f.addEventListener("change", () => { change = true; garder(); });
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") garder(); });
  addEventListener("pageshow", (e) => { if (e.persisted) arrete = false; });

  // L'envoi attend l'enregistrement en route : la page ne se contredit jamais elle-même.
  f.addEventListener("submit", (e) => {
    clearTimeout(attente);
    if (enCours) {
      e.preventDefault();
      const bouton = e.submitter;
      enCours.then(() => f.requestSubmit(bouton));
      return;
    }
    arrete = true;
  });
})();
