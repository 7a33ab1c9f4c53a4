/* Confort facultatif : montrer l'avancement d'un envoi de fichiers, et garder le choix si la liaison tombe. */
"use strict";
(() => {
  const MO = 1048576;
  // La page dit sa langue; les deux textes se lisent côte à côte.
  const langue = document.documentElement.lang;
  const dire = (fr, en) => (langue.startsWith("en") ? en : fr);
  const poids = (n) => {
    if (n < MO) return `${Math.max(1, Math.round(n / 1024))} ${dire("Ko", "KB")}`;
    return `${(n / MO).toLocaleString(langue, { maximumFractionDigits: 1 })} ${dire("Mo", "MB")}`;
  };

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

  // Seul le contenu change : l'en-tête (« Quitter rapidement ») et la fin de séance gardent leurs gestes.
  const montrer = (xhr, f) => {
    const page = new DOMParser().parseFromString(xhr.responseText, "text/html");
    const neuf = page.getElementById("contenu");
    const adresse = new URL(xhr.responseURL || location.href);
    if (!neuf || xhr.status >= 500) return false;
    if (adresse.pathname !== location.pathname) { location.assign(adresse); return true; }
    const choisis = [...f.querySelectorAll('input[type="file"]')].map((c) => [c.name, c.files]);
    document.title = page.title;
    document.getElementById("contenu").replaceWith(document.adoptNode(neuf));
    history.replaceState(null, "", adresse);
    // La page revient pour un autre champ : les fichiers restent choisis.
    let rendus = 0;
    for (const [nom, liste] of choisis) {
      const champ = neuf.querySelector(`form[data-depot] input[type="file"][name="${CSS.escape(nom)}"]`);
      if (!neuf.querySelector("#resume-erreurs") || !champ || champ.getAttribute("aria-invalid") === "true") continue;
      champ.files = liste;
      rendus += liste.length;
    }
    if (rendus) for (const p of neuf.querySelectorAll("[data-depot-perdus]")) p.hidden = true;
    document.dispatchEvent(new CustomEvent("cse:contenu"));
    (document.getElementById("resume-erreurs") || neuf).focus();
    scrollTo(0, 0);
    return true;
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
    const plafond = Number(f.querySelector("input[data-octets]")?.dataset.octets);
    if (total > plafond) {
      rouvrir(dire(
        `Ces fichiers font ${poids(total)} ensemble. Envoyez-en au plus ${poids(plafond)} à la fois.`,
        `These files are ${poids(total)} together. Send ${poids(plafond)} at most at a time.`,
      ));
      return;
    }
    barre.hidden = false;
    texte.textContent = dire(`Envoi de ${poids(total)}…`, `Sending ${poids(total)}…`);
    const xhr = new XMLHttpRequest();
    xhr.open("POST", f.getAttribute("action") || location.href);
    xhr.upload.addEventListener("progress", (p) => {
      if (!p.lengthComputable) return;
      const part = Math.floor((100 * p.loaded) / p.total);
      barre.value = part;
      // Une voix n'annonce que les quarts.
      const quart = Math.floor(part / 25);
      if (quart === dit) return;
      dit = quart;
      texte.textContent = dire(`${part} % envoyé sur ${poids(total)}.`, `${part}% sent of ${poids(total)}.`);
    });
    xhr.upload.addEventListener("load", () => { texte.textContent = dire("Tout est envoyé. Un instant…", "Everything is sent. One moment…"); });
    xhr.addEventListener("load", () => {
      if (xhr.status === 413) {
        rouvrir(dire("C'est trop lourd à la fois. Rien n'a été reçu : envoyez moins de fichiers.", "This is too much at once. Nothing was received: send fewer files."));
      } else if (xhr.status === 507) {
        rouvrir(dire("La place nous manque. Rien n'a été reçu : essayez plus tard, ou appelez-nous.", "We are out of space. Nothing was received: try later, or call us."));
      } else if (!montrer(xhr, f)) {
        rouvrir(dire("L'envoi n'a pas réussi. Vos fichiers sont encore choisis : envoyez de nouveau.", "It was not sent. Your files are still chosen: send again."));
      }
    });
    for (const faute of ["error", "abort", "timeout"]) {
      xhr.addEventListener(faute, () =>
        rouvrir(dire("La liaison s'est coupée. Vos fichiers sont encore choisis : envoyez de nouveau.", "The connection was lost. Your files are still chosen: send again.")));
    }
    xhr.send(new FormData(f, e.submitter || undefined));
  });
})();
