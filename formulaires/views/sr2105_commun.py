"""Ce que partagent les pages du SR-2105 : le brouillon, ce qui est repris du dossier, la langue, le conflit."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.defaultfilters import linebreaksbr
from django.urls import reverse
from django.utils.html import format_html

from comptes.langue import langue_de
from comptes.models import Compte, Role
from dossiers.acces import Droits
from dossiers.models import Demande, Dossier
from dossiers.pages import contexte as contexte_dossier
from dossiers.pages import entrer, personne_de
from formulaires import lecture, models
from formulaires.actes.brouillons import ConflitBrouillon, garder_brouillon
from formulaires.models import Brouillon
from formulaires.saisie import BRUT_MAX, trop_long
from formulaires.sr2105 import lignes, reprise, textes
from formulaires.sr2105.forms import PageSR2105, SignerSR2105Form, ThemeForm
from formulaires.sr2105.textes import EN, FR, GROUPES, PERSONNES, SUIVIS, THEMES, Theme
from formulaires.views.commun import reponse_en_passant
from formulaires.views.reponses import adresse_retour
from socle import horloge
from socle.composants import ChampConflit
from socle.pages import erreurs_de

SR2105 = Brouillon.Formulaire.SR2105
APPELS, QUESTIONS = "appels", "questions"
# Ce qui s'offre d'un bloc, et se confirme d'un bloc : (thème, code confirmé, cases). Un groupe de personnes à la fois.
OFFRES: tuple[tuple[Theme, str, tuple[str, ...]], ...] = (
    (SUIVIS, SUIVIS.code, tuple(lignes.noms(SUIVIS))),
    *((PERSONNES, groupe.code, tuple(lignes.noms_du_groupe(groupe))) for groupe in GROUPES),
)
CONFIRMABLES = frozenset({*THEMES, *(groupe.code for groupe in GROUPES)})


@dataclass
class Travail:
    """Un SR-2105 en cours : son brouillon, ce que le dossier savait déjà, la voie choisie."""

    request: HttpRequest
    dossier: Dossier
    droits: Droits
    demande: Demande
    personne: Compte
    brut: dict[str, str]
    version: int
    brouillon: Brouillon | None
    depot: models.SR2105 | None
    depuis: int = 0
    voie: str = ""
    confirmes: list[str] = field(default_factory=list)
    repris: dict[str, str] = field(default_factory=dict)

    @property
    def deposee(self) -> bool:
        """Vrai si une version est au dossier."""
        return self.depot is not None

    @property
    def depassee(self) -> str:
        """Ce qu'il faut dire d'une version déposée depuis que ce brouillon est commencé; vide s'il n'y en a pas."""
        if self.brouillon is None or self.depot is None or self.depot.version <= self.depuis:
            return ""
        jour = textes.jour_dit(horloge.jour_civil(self.depot.depose_le), self.langue)
        return self.dites["depassee"].format(jour=jour)

    @property
    def calme(self) -> bool:
        """Vrai pour la personne elle-même : une question par page."""
        return self.personne.role == Role.PRESTATAIRE

    @property
    def reference(self) -> str:
        return self.dossier.reference

    @property
    def lue(self) -> str:
        """Langue dans laquelle la question se lit à la personne."""
        return EN if self.dossier.prestataire.langue == EN else FR

    @property
    def langue(self) -> str:
        """Langue des pages : celle que choisit la personne si c'est elle qui répond, sinon le français."""
        return langue_de(self.request) if self.calme else FR

    @cached_property
    def dites(self) -> Mapping[str, str]:
        """Les consignes dans la langue des pages."""
        return textes.mots(self.langue)

    @cached_property
    def connu(self) -> dict[str, dict[str, str]]:
        """Cases que le dossier sait déjà remplir, par thème."""
        return reprise.propositions(self.dossier, self.droits)

    @property
    def offert(self) -> dict[str, dict[str, str]]:
        """Ce que le dossier sait, par thème, là où rien n'est répondu; un groupe de personnes à la fois."""
        offertes: dict[str, dict[str, str]] = {}
        for theme, cases in self._offres().values():
            offertes.setdefault(theme, {}).update(cases)
        return offertes

    def _offres(self) -> dict[str, tuple[str, dict[str, str]]]:
        """Par code à confirmer : le thème et les cases offertes."""
        offres = {}
        for theme, code, noms in OFFRES:
            cases = {nom: dit for nom, dit in self.connu[theme.code].items() if nom in noms}
            confirme = {theme.code, code} & set(self.confirmes)
            repondu = any(self.brut.get(nom) for nom in noms) or self.brut.get(f"inconnu_{theme.code}")
            if cases and not confirme and not repondu and not dite(self.repris, theme, FR):
                offres[code] = (theme.code, cases)
        return offres

    def intouches(self, ecrit: Mapping[str, str], confirmes: Collection[str]) -> set[str]:
        """Cases offertes, reçues telles quelles et pas confirmées : les garder en ferait des réponses."""
        laissees: set[str] = set()
        for code, (theme, cases) in self._offres().items():
            siennes = {nom for noms in OFFRES if noms[1] == code for nom in noms[2] if nom in ecrit}
            recues = {nom: ecrit[nom] for nom in siennes if ecrit[nom]}
            memes = {nom: dit for nom, dit in cases.items() if nom in siennes}
            if not {theme, code} & set(confirmes) and recues == memes:
                laissees |= siennes
        return laissees

    @property
    def montre(self) -> dict[str, str]:
        """Ce que les pages montrent : les réponses gardées, puis ce qui est offert."""
        return {**{nom: dit for cases in self.offert.values() for nom, dit in cases.items()}, **self.brut}

    def reponse(self, code: str, langue: str = "") -> str:
        """La réponse gardée à ce thème, en mots; vide s'il n'y en a pas."""
        return dite(self.brut, THEMES[code], langue or self.langue)

    def deja(self, codes: Collection[str]) -> list[str]:
        """Thèmes repris du dossier et pas encore confirmés."""
        return [code for code in codes if code not in self.confirmes and (code in self.offert or self._redit(code))]

    def _redit(self, code: str) -> bool:
        """Vrai si la réponse gardée est celle de la dernière version, ou celle que le dossier offrait."""
        sources = (self.repris, self.connu.get(code, {}))
        garde = self.reponse(code, FR)
        return bool(garde) and garde in [dite(source, THEMES[code], FR) for source in sources]

    def formulaire(self, themes: dict[str, Theme], donnees: Any = None, *, requis: bool = False) -> ThemeForm:
        """La page de ces thèmes, remplie du brouillon, ou de ce qui est envoyé."""
        initial = {**self.montre, "version": self.version}
        if donnees is not None:
            donnees = self._sans_offert(themes, donnees)
        return ThemeForm(
            donnees,
            themes=themes,
            requis=requis,
            initial=initial,
            langue=self.langue,
            lue=self.lue,
            deja=self.deja(themes),
        )

    def _sans_offert(self, themes: Collection[str], donnees: Mapping[str, Any]) -> dict[str, Any]:
        """L'envoi, sans les lignes offertes et intouchées d'un thème où la personne coche « je ne sais pas »."""
        envoi = {nom: donnees.get(nom) for nom in donnees}
        for code in themes:
            ecrites = {nom: dit for nom in lignes.noms(THEMES[code]) if (dit := envoi.get(nom))}
            if ecrites and envoi.get(f"inconnu_{code}") and ecrites == self.connu.get(code):
                envoi |= dict.fromkeys(ecrites, "")
        return envoi

    def relu(self, themes: dict[str, Theme]) -> ThemeForm:
        """La page de ces thèmes telle que gardée, avec ce qui lui manque près de chaque champ."""
        return self.formulaire(themes, {**self.brut, "version": self.version}, requis=True)

    def manques(self) -> list[str]:
        """Thèmes sans réponse entière, dans l'ordre du formulaire."""
        complet = self.relu(THEMES)
        complet.is_valid()
        return complet.themes_en_erreur()

    def url(self, nom: str, *suite: str) -> str:
        """Adresse d'une page de ce SR-2105."""
        return reverse(nom, args=[self.reference, *suite])

    def dire(self, niveau: int, code: str, **valeurs: str) -> None:
        """Laisse un message dans la langue des pages."""
        texte = self.dites[code].format(**valeurs)
        messages.add_message(self.request, niveau, texte if self.langue == FR else balise(texte))


def balise(texte: str) -> str:
    """Un texte anglais dans une charpente française : sa langue se dit au lecteur d'écran."""
    return format_html('<span lang="en-CA">{}</span>', texte)


def dite(brut: Mapping[str, str], theme: Theme, langue: str) -> str:
    """La réponse à un thème, en mots, dans cette langue; vide s'il n'y en a pas."""
    return textes.mots(langue)["inconnu"] if lignes.ne_sait_pas(theme, brut) else lignes.texte_de(theme, brut, langue)


def en_lignes(texte: str) -> str:
    """Le texte, une ligne à la fois à l'écran."""
    return str(linebreaksbr(texte))


def ouvrir(request: HttpRequest, reference: str) -> Travail:
    """Le SR-2105 en cours, prérempli du brouillon, sinon de la dernière version déposée."""
    dossier, droits = entrer(request, reference, "sr2105.lire")
    demande, personne = dossier.courante_lue, personne_de(request)
    if demande is None or not droits.peut("sr2105.deposer"):
        raise Http404
    brouillon = lecture.brouillon_de(demande, SR2105, personne)
    garde = brouillon if brouillon is not None and not brouillon.est_expire(horloge.aujourd_hui()) else None
    deposee = lecture.dernier_sr2105(dossier)
    repris = lignes.brut_du_contenu(deposee.contenu) if deposee is not None else {}
    contenu = garde.contenu if garde is not None else {}
    version = deposee.version if deposee is not None else 0
    return Travail(
        request,
        dossier,
        droits,
        demande,
        personne,
        brut=dict(contenu.get("brut") or {}) if garde is not None else dict(repris),
        version=brouillon.version if brouillon else 0,
        brouillon=garde,
        depot=deposee,
        # Un brouillon d'avant cette marque ne dit pas d'où il part : rien n'est affirmé.
        depuis=int(contenu.get("depuis", version)),
        voie=str(contenu.get("voie") or ""),
        confirmes=[code for code in contenu.get("confirmes") or [] if code in CONFIRMABLES],
        repris=repris,
    )


def garder(travail: Travail, page: PageSR2105, *, confirmes: Collection[str] = (), voie: str = "") -> Brouillon:
    """Garde au brouillon ce qui vient d'être écrit; lève `ConflitBrouillon` si un autre l'a changé.

    Le même envoi reçu deux fois n'est pas un conflit. `confirmes` : thèmes que la personne vient de relire.
    """
    ecrit = {nom: valeur.replace("\x00", "").replace("\r\n", "\n")[:BRUT_MAX] for nom, valeur in page.brut.items()}
    vus = list(dict.fromkeys([*travail.confirmes, *confirmes]))
    ecrit |= dict.fromkeys(travail.intouches(ecrit, vus), "")
    brut = {nom: valeur for nom, valeur in travail.brut.items() if nom not in page.fields}
    brut |= {nom: valeur for nom, valeur in ecrit.items() if valeur}
    contenu = {"brut": brut, "voie": voie or travail.voie, "confirmes": vus, "depuis": travail.depuis}
    try:
        garde = _garder(travail, contenu, version_lue(travail, page))
    except ConflitBrouillon as conflit:
        autre = conflit.garde.contenu.get("brut") or {}
        if any(ecrit[nom] != autre.get(nom, "") for nom in ecrit):
            raise
        garde = conflit.garde
    travail.brut, travail.brouillon, travail.version = dict(garde.contenu.get("brut") or {}), garde, garde.version
    travail.voie = str(garde.contenu.get("voie") or "")
    travail.confirmes = list(garde.contenu.get("confirmes") or [])
    return garde


def _garder(travail: Travail, contenu: dict[str, Any], lue: int | None) -> Brouillon:
    qui = travail.personne
    return garder_brouillon(travail.demande, SR2105, pour=qui, par=qui, contenu=contenu, version_lue=lue)


def garder_accords(travail: Travail, signature: SignerSR2105Form) -> bool:
    """Garde les oui et les non choisis à la signature; faux, et rien de gardé, si les personnes ont changé."""
    contenu = {
        "brut": {**travail.brut, **signature.permis_dits},
        "voie": travail.voie,
        "confirmes": travail.confirmes,
        "depuis": travail.depuis,
    }
    try:
        _garder(travail, contenu, signature.version_lue)
    except ConflitBrouillon:
        return False
    return True


def version_lue(travail: Travail, page: PageSR2105) -> int | None:
    """La version que la page montrait; après un dépôt, une page d'avant repart de ce qui est au dossier."""
    lue = page.cleaned_data.get("version") if hasattr(page, "cleaned_data") else None
    return 0 if lue and not travail.version else lue


def garder_en_passant(travail: Travail, page: PageSR2105, *, voie: str = "") -> JsonResponse:
    """Garde la page pendant que la personne écrit, sans la juger; « Continuer » la finira."""
    page.is_valid()
    return reponse_en_passant(
        lambda: garder(travail, page, voie=voie),
        trop_long=trop_long(travail.request.POST, page.fields),
        dit_trop_long=travail.dites["trop_long_passage"],
        ailleurs=travail.dites["change_ailleurs"],
        dit=lambda garde: dit_garde(travail, garde),
    )


def dit_garde(travail: Travail, garde: Brouillon) -> str:
    """« Brouillon enregistré à 14 h 30, gardé jusqu'au 3 mars 2026. »"""
    heure = textes.heure_dite(garde.modifie_le, travail.langue)
    return travail.dites["garde_le"].format(heure=heure, jour=textes.jour_dit(garde.expire_le, travail.langue))


def conflit(travail: Travail, page: PageSR2105, garde: Brouillon, retour: str = "") -> HttpResponse:
    """409 : les deux textes côte à côte, thème par thème; rien n'a été enregistré."""
    autre = {nom: dit for nom, dit in (garde.contenu.get("brut") or {}).items() if nom in page.fields}
    champs = []
    for theme in THEMES.values():
        ecrit, actuel = (dite(brut, theme, travail.langue) for brut in (page.brut, autre))
        if ecrit != actuel:
            champs.append(ChampConflit(theme.titre_dit(travail.langue), ecrit, actuel))
    contexte_conflit = contexte(travail, champs=champs, url_reprendre=retour or travail.request.path)
    return render(travail.request, "formulaires/sr2105_conflit.html", contexte_conflit, status=409)


def contexte(travail: Travail, **autres: Any) -> dict[str, Any]:
    """Contexte commun : la charpente du rôle, la langue, ce que dit le brouillon."""
    donnees: dict[str, Any] = {"dossier": travail.dossier, "suite": None, "etiquettes": [], "onglets": []}
    if travail.droits.peut("sommaire.lire") and not travail.calme:
        donnees = contexte_dossier(travail.request, travail.dossier, travail.droits)
    donnees.update(
        base="base_prestataire.html" if travail.calme else "base_personnel.html",
        travail=travail,
        calme=travail.calme,
        mots=travail.dites,
        langue=travail.langue,
        lang="en-CA" if travail.langue == EN else "fr-CA",
        garde=dit_garde(travail, travail.brouillon) if travail.brouillon else travail.dites["garde"],
        url_retour=adresse_retour(travail.personne, travail.dossier),
        form=None,
    )
    donnees["erreurs_en"] = erreurs_de(autres.get("form")) if travail.langue == EN else []
    return {**donnees, **autres}


def sortir(travail: Travail) -> HttpResponse:
    """« Enregistrer et sortir » : les réponses sont gardées, rien n'est encore versé."""
    if travail.calme:
        travail.dire(messages.SUCCESS, "sortie_gardee")
    else:
        messages.success(travail.request, "Les réponses sont gardées. Rien n'est encore versé au dossier.")
    return redirect(adresse_retour(travail.personne, travail.dossier))
