/* Proposer des codes pendant la saisie d'un diagnostic (liste déroulante ARIA 1.2). Facultatif : « Chercher » marche sans. */
"use strict";
(() => {
  const zone = document.querySelector("[data-codes]");
  if (!zone) return;
  const jeton = zone.closest("form").querySelector("[name=csrfmiddlewaretoken]").value;
  const rangees = [...zone.querySelectorAll("[data-diagnostic]")];
  const creer = (nom, attributs = {}, texte = "") => {
    const e = document.createElement(nom);
    for (const [cle, valeur] of Object.entries(attributs)) e.setAttribute(cle, valeur);
    e.textContent = texte;
    return e;
  };
  const annonce = creer("p", { role: "status", class: "invisible" });
  zone.before(annonce);
  const plier = (t) => t.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();

  // --- Une liste par diagnostic ----------------------------------------------------------
  const equiper = (rangee, rang) => {
    const [libelle, code] = rangee.querySelectorAll("input:not([type=radio])");
    for (const e of rangee.querySelectorAll("[data-sans-script], [data-codes-trouves]")) e.remove();
    const liste = creer("ul", { role: "listbox", id: `codes-${rang}`, class: "codes-menu", "aria-label": "Codes proposés", hidden: "" });
    const note = creer("p", { class: "aide code-retire", role: "status" });
    libelle.parentElement.classList.add("champ-codes");
    libelle.after(liste);
    rangee.append(note);
    const poser = (nom, valeur) => libelle.setAttribute(`aria-${nom}`, valeur);
    libelle.setAttribute("role", "combobox");
    poser("autocomplete", "list"); poser("controls", liste.id); poser("expanded", "false");

    let actif = -1, attente, enCours, demande = "";
    // Le couple écrit : un code ne reste que si le diagnostic commence encore par son libellé.
    let lie = code.value && libelle.value ? { libelle: libelle.value, code: code.value } : null;

    const fermer = () => {
      clearTimeout(attente);
      enCours?.abort();
      liste.hidden = true;
      liste.replaceChildren();
      actif = -1;
      poser("expanded", "false");
      libelle.removeAttribute("aria-activedescendant");
    };
    const viser = (n) => {
      const options = liste.children;
      if (!options.length) return;
      options[actif]?.setAttribute("aria-selected", "false");
      actif = (n + options.length) % options.length;
      options[actif].setAttribute("aria-selected", "true");
      options[actif].scrollIntoView({ block: "nearest" });
      libelle.setAttribute("aria-activedescendant", options[actif].id);
    };
    const choisir = (option) => {
      libelle.value = option.dataset.libelle;
      code.value = option.dataset.code;
      lie = { libelle: libelle.value, code: code.value };
      demande = libelle.value;
      note.textContent = "";
      fermer();
      annonce.textContent = `Code ${code.value} choisi.`;
      for (const champ of [libelle, code]) champ.dispatchEvent(new Event("change", { bubbles: true }));
      libelle.focus();
    };
    const montrer = (codes) => {
      liste.replaceChildren(...codes.map((un, n) => {
        const option = creer("li", { role: "option", id: `codes-${rang}-${n}`, "aria-selected": "false" });
        option.append(creer("span", { class: "code-cim" }, un.code), " ", creer("span", { lang: un.langue }, un.libelle));
        Object.assign(option.dataset, { code: un.code, libelle: un.libelle });
        option.addEventListener("pointerdown", (e) => e.preventDefault());
        option.addEventListener("click", () => choisir(option));
        return option;
      }));
      actif = -1;
      libelle.removeAttribute("aria-activedescendant");
      liste.hidden = !codes.length;
      poser("expanded", String(codes.length > 0));
      annonce.textContent = codes.length
        ? `${codes.length} code${codes.length > 1 ? "s" : ""} : flèches pour parcourir, Entrée pour choisir.`
        : "Aucun code. Le texte libre suffit.";
    };
    const chercher = async () => {
      const texte = libelle.value.trim();
      if (texte.length < 2) { fermer(); return; }
      if (texte === demande && !liste.hidden) return;
      demande = texte;
      enCours?.abort();
      enCours = new AbortController();
      const corps = new FormData();
      corps.append("texte", texte);
      try {
        const reponse = await fetch(zone.dataset.codes, {
          method: "POST", body: corps, signal: enCours.signal, headers: { "X-CSRFToken": jeton },
        });
        // Séance finie ou réseau coupé : la saisie continue, en texte libre.
        if (!reponse.ok || reponse.redirected) { fermer(); return; }
        const { codes } = await reponse.json();
        if (document.activeElement === libelle) montrer(codes);
      } catch { /* Demande remplacée, ou réseau coupé. */ }
    };
    const accorder = () => {
      if (!lie) return;
      const tient = plier(libelle.value).startsWith(plier(lie.libelle));
      if (!tient && code.value === lie.code) {
        code.value = "";
        note.textContent = `Code ${lie.code} retiré : le diagnostic a changé.`;
      } else if (tient && !code.value && note.textContent) {
        code.value = lie.code;
        note.textContent = "";
      }
    };

    libelle.addEventListener("input", () => {
      accorder();
      clearTimeout(attente);
      attente = setTimeout(chercher, 150);
    });
    code.addEventListener("input", () => {
      note.textContent = "";
      lie = null;
    });
    libelle.addEventListener("blur", fermer);
    libelle.addEventListener("keydown", (e) => {
      const ouverte = !liste.hidden;
      if (e.key === "ArrowDown" || e.key === "ArrowUp") {
        e.preventDefault();
        if (ouverte) viser(actif < 0 && e.key === "ArrowUp" ? -1 : actif + (e.key === "ArrowDown" ? 1 : -1));
        else chercher();
      } else if (e.key === "Enter" && ouverte && actif >= 0) {
        e.preventDefault();
        choisir(liste.children[actif]);
      } else if (e.key === "Escape" && ouverte) {
        e.preventDefault();
        e.stopPropagation();
        fermer();
      }
    });
  };
  rangees.forEach((rangee, n) => equiper(rangee, n + 1));

  // --- Les premières lignes, les autres à la demande ---------------------------------------
  const remplie = (rangee) =>
    rangee.querySelector("[type=radio]:checked, .champ-erreur") || [...rangee.querySelectorAll("input:not([type=radio])")].some((c) => c.value);
  const derniere = rangees.reduce((garde, rangee, n) => (remplie(rangee) ? n : garde), 0);
  rangees.forEach((rangee, n) => { rangee.hidden = n > Math.max(1, derniere); });
  const ajouter = creer("button", { type: "button", class: "bouton bouton-contour ajouter-diagnostic" }, "Ajouter un diagnostic");
  const accorderBouton = () => { ajouter.hidden = !rangees.some((rangee) => rangee.hidden); };
  ajouter.addEventListener("click", () => {
    const suivante = rangees.find((rangee) => rangee.hidden);
    suivante.hidden = false;
    accorderBouton();
    suivante.querySelector("input").focus();
  });
  accorderBouton();
  zone.after(ajouter);
})();
