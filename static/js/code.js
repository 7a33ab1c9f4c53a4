/* Confort facultatif : reporter le code lu par l'appareil photo, de l'adresse au champ, sans passer par le serveur. */
"use strict";
(() => {
  const CLE = "code-clinique";
  const lu = new URLSearchParams(location.hash.slice(1)).get("code") ?? "";
  try {
    if (/^[0-9A-Za-z -]{10,14}$/.test(lu)) {
      sessionStorage.setItem(CLE, lu);
      history.replaceState(null, "", location.pathname + location.search);
    }
    const champ = document.querySelector("input[data-code-clinique]");
    if (!champ) return;
    if (!champ.value) champ.value = sessionStorage.getItem(CLE) ?? "";
    sessionStorage.removeItem(CLE);
  } catch {
    // Sans mémoire d'onglet, le code se tape.
  }
})();
