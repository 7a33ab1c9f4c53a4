/* Confort facultatif : montrer l'avancement d'un envoi de fichiers, et garder le choix si la liaison tombe. */
"use strict";
(() => {
  const MO = 1048576;
  // La page dit sa langue; les deux textes se lisent côte à côte.
  const dire = (fr, en) => (document.documentElement.lang.startsWith("en") ? en : fr);
  const mots = (n) => (n / MO).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 });

  const zone = (f) => {
    let z = f.querySelector("[data-depot-etat]");
    if (!z) {
      z = document.createElement("div");
      z.dataset.depotEtat = "";
      z.className = "depot-etat";
      z.innerHTML = '<p role="status"></p><progress max="100" value="0"></progress>';
      z.querySelector("progress").ariaLabel = dire("Envoi du fichier", "Sending the file");
      f.append(z);
    }
    return { texte: z.querySelector("p"), barre: z.querySelector("progress") };
  };

  const montrer = (xhr) => {
    const page = new DOMParser().parseFromString(xhr.responseText, "text/html");
    document.title = page.title;
    document.body.replaceWith(document.adoptNode(page.body));
    history.replaceState(null, "", xhr.responseURL || location.href);
    (document.getElementById("resume-erreurs") || document.getElementById("contenu"))?.focus();
    scrollTo(0, 0);
  };

  document.addEventListener("submit", (e) => {
    const f = e.target;
    if (!f.matches("form[data-depot]") || e.defaultPrevented) return;
    const fichiers = [...f.querySelectorAll('input[type="file"]')].flatMap((c) => [...c.files]);
    if (!fichiers.length) return;
    e.preventDefault();
    if (f.dataset.envoi) return;
    f.dataset.envoi = "1";
    const total = fichiers.reduce((n, un) => n + un.size, 0);
    const { texte, barre } = zone(f);
    let dit = -1;
    const rouvrir = (message) => { delete f.dataset.envoi; texte.textContent = message; barre.hidden = true; };
    barre.hidden = false;
    texte.textContent = dire(`Envoi de ${mots(total)} Mo…`, `Sending ${mots(total)} MB…`);
    const xhr = new XMLHttpRequest();
    xhr.open("POST", f.getAttribute("action") || location.href);
    xhr.upload.addEventListener("progress", (p) => {
      if (!p.lengthComputable) return;
      const part = Math.floor((100 * p.loaded) / p.total);
      barre.value = part;
      // Une voix n'annonce que les quarts.
      const quart = Math.floor(part / 25);
      if (quart !== dit) { dit = quart; texte.textContent = dire(`${part} % envoyé sur ${mots(total)} Mo.`, `${part}% sent of ${mots(total)} MB.`); }
    });
    xhr.upload.addEventListener("load", () => { texte.textContent = dire("Tout est envoyé. Un instant…", "Everything is sent. One moment…"); });
    xhr.addEventListener("load", () => {
      if (xhr.responseText) montrer(xhr);
      else rouvrir(dire("L'envoi n'a pas réussi. Vos fichiers sont encore choisis : envoyez de nouveau.", "It was not sent. Your files are still chosen: send again."));
    });
    for (const faute of ["error", "abort", "timeout"]) {
      xhr.addEventListener(faute, () =>
        rouvrir(dire("La liaison s'est coupée. Vos fichiers sont encore choisis : envoyez de nouveau.", "The connection was lost. Your files are still chosen: send again.")));
    }
    xhr.send(new FormData(f, e.submitter || undefined));
  });
})();
