"""Écritures des référentiels : proposer, publier à deux personnes, noter un délai constaté.

L'appelant a déjà vérifié l'accès (`dossiers.acces`). Source : `conception.md` §4.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import connection, models, transaction
from psycopg import sql

from journal.actes import consigner
from socle import horloge
from socle.refus import Refus

from . import delegations, lecture
from .lignes import Certitude
from .models import (
    CodeDiagnostic,
    DelaiHabituel,
    LigneAide,
    LigneDatee,
    MotDiagnostic,
    Publication,
    VersionReferentiels,
)
from .regles_codes import LigneCode, cle_du_code, texte_de_recherche, voisins

COMMUNS = frozenset({"id", "code", "source", "certitude", "en_vigueur_du", "en_vigueur_au", "remplacee_le"})
UN_JOUR = dt.timedelta(days=1)


def verifier_proposition(
    famille: str,
    code: str,
    contenu: Mapping[str, Any],
    *,
    source: str,
    certitude: str,
    du: dt.date,
    au: dt.date | None = None,
    justification: str = "",
    avis_aux_personnes: str = "",
) -> Publication:
    """La proposition, vérifiée, pas encore enregistrée.

    Lève `Refus` : `champ_manquant`, `champ_invalide`, ou `justification_absente` si la ligne est
    rétroactive sans justification ou sans dire comment les personnes visées seront avisées.
    """
    if famille not in lecture.FAMILLES:
        raise Refus("champ_invalide", "Choisissez une liste connue.", "famille")
    for champ, valeur in (("code", code), ("source", source)):
        if not valeur.strip():
            raise Refus("champ_manquant", champ=champ)
    if not isinstance(contenu, Mapping):
        raise Refus("champ_invalide", "Le contenu est une suite de champs et de valeurs.", "contenu")
    retroactive = du < horloge.aujourd_hui()
    if retroactive:
        _exiger_justification(justification, avis_aux_personnes)
    publication = Publication(
        famille=famille,
        code=code.strip(),
        contenu=dict(contenu),
        source=source.strip(),
        certitude=certitude,
        en_vigueur_du=du,
        en_vigueur_au=au,
        retroactive=retroactive,
        justification=justification.strip(),
        avis_aux_personnes=avis_aux_personnes.strip(),
    )
    _ligne_de(publication)
    return publication


def proposer(famille: str, code: str, contenu: Mapping[str, Any], *, auteur: Any, **reste: Any) -> Publication:
    """Propose une ligne d'une `famille` (« regle », « motif »…); rien n'entre encore en vigueur.

    Mêmes arguments et mêmes `Refus` que `verifier_proposition`.
    """
    publication = verifier_proposition(famille, code, contenu, **reste)
    publication.auteur = auteur
    publication.proposee_le = horloge.maintenant()
    with transaction.atomic():
        publication.save(force_insert=True)
        _noter("proposer_regle", publication, auteur)
    return publication


def proposer_regle(
    code: str,
    valeur: Any,
    *,
    auteur: Any,
    unite: str,
    libelle: str,
    source: str,
    certitude: str,
    du: dt.date,
    au: dt.date | None = None,
    justification: str = "",
    avis_aux_personnes: str = "",
) -> Publication:
    """Propose une valeur de règle. Lève les mêmes `Refus` que `proposer`."""
    return proposer(
        "regle",
        code,
        {"valeur": valeur, "unite": unite, "libelle": libelle},
        auteur=auteur,
        source=source,
        certitude=certitude,
        du=du,
        au=au,
        justification=justification,
        avis_aux_personnes=avis_aux_personnes,
    )


@transaction.atomic
def publier_regle(
    regle: Publication, approbateur: Any, essai: Sequence[Mapping[str, Any]], note: str = ""
) -> LigneDatee:
    """Met en vigueur une ligne proposée; ferme ou remplace celles qu'elle recouvre.

    `essai` : résultat d'un rejeu, `[{cas, concorde, …}]`. Lève `Refus` : voir `verifier_publication`.
    """
    VersionReferentiels.objects.select_for_update(of=("self",)).filter(id=1).first()
    publication = Publication.objects.select_for_update(of=("self",)).get(pk=regle.pk)
    verifier_publication(publication, approbateur, essai, note)
    ligne = poser(publication)
    publication.etat = Publication.Etat.PUBLIEE
    publication.approbateur = approbateur
    publication.tranchee_le = horloge.maintenant()
    publication.essai = [dict(resultat) for resultat in essai]
    publication.note = note.strip()
    publication.retroactive = publication.en_vigueur_du < horloge.aujourd_hui()
    publication.delegation = delegations.exiger_pouvoir(approbateur, publication.auteur_id)
    publication.save(update_fields=["etat", "approbateur", "delegation", "tranchee_le", "essai", "note", "retroactive"])
    _noter("publier_regle", publication, approbateur)
    return ligne


def poser(publication: Publication) -> LigneDatee:
    """Met en vigueur la ligne proposée dans la transaction ouverte, sans trancher la proposition.

    Sert à la publication, et à l'essai à blanc qui annule sa transaction. Lève `Refus` `champ_invalide`.
    """
    ligne = _ligne_de(publication)
    _faire_place(ligne)
    ligne.save(force_insert=True)
    lecture.invalider()
    return ligne


def verifier_publication(
    publication: Publication, approbateur: Any, essai: Sequence[Mapping[str, Any]], note: str = ""
) -> None:
    """Juge si cette personne peut publier cette ligne avec cet essai.

    Lève `Refus` : `conflit_interet` (l'auteur, ou son délégué, approuve), `acces_refuse`,
    `etat_interdit` (déjà tranchée), `champ_manquant` ou `champ_invalide` (essai),
    `justification_absente` (écarts sans note, ou ligne devenue rétroactive).
    """
    _exiger_autre_personne(publication, approbateur)
    if not essai:
        raise Refus("champ_manquant", "Joignez le résultat de l'essai à blanc.", "essai")
    if not isinstance(essai, Sequence) or any(
        not isinstance(r, Mapping) or not isinstance(r.get("concorde"), bool) or not r.get("cas") for r in essai
    ):
        raise Refus("champ_invalide", "L'essai est la liste des cas rejoués, chacun avec son résultat.", "essai")
    if not note.strip() and not all(resultat["concorde"] for resultat in essai):
        raise Refus("justification_absente", "Des cas ne concordent plus : dites pourquoi c'est voulu.", "note")
    if publication.en_vigueur_du < horloge.aujourd_hui():
        _exiger_justification(publication.justification, publication.avis_aux_personnes)


@transaction.atomic
def rejeter_regle(regle: Publication, approbateur: Any, note: str) -> Publication:
    """Rejette une ligne proposée, avec une raison. Lève `Refus`."""
    publication = Publication.objects.select_for_update(of=("self",)).get(pk=regle.pk)
    verifier_rejet(publication, approbateur, note)
    publication.etat = Publication.Etat.REJETEE
    publication.approbateur = approbateur
    publication.tranchee_le = horloge.maintenant()
    publication.note = note.strip()
    publication.delegation = delegations.exiger_pouvoir(approbateur, publication.auteur_id)
    publication.save(update_fields=["etat", "approbateur", "delegation", "tranchee_le", "note"])
    _noter("rejeter_regle", publication, approbateur)
    return publication


def verifier_rejet(publication: Publication, approbateur: Any, note: str) -> None:
    """Juge si cette personne peut rejeter cette proposition. Lève `Refus`."""
    _exiger_autre_personne(publication, approbateur)
    if not note.strip():
        raise Refus("justification_absente", "Dites pourquoi la proposition est rejetée.", "note")


def _exiger_autre_personne(publication: Publication, approbateur: Any) -> None:
    if publication.auteur_id == approbateur.pk:
        raise Refus(
            "conflit_interet",
            "La personne qui propose ne peut pas trancher. Demandez à une autre personne.",
            "approbateur",
        )
    delegations.exiger_pouvoir(approbateur, publication.auteur_id)
    if publication.etat != Publication.Etat.PROPOSEE:
        raise Refus("etat_interdit", "Cette proposition est déjà tranchée.")


def _exiger_justification(justification: str, avis_aux_personnes: str) -> None:
    if not justification.strip():
        raise Refus("justification_absente", "Une règle rétroactive doit être justifiée.", "justification")
    if not avis_aux_personnes.strip():
        raise Refus("justification_absente", "Dites comment les personnes visées seront avisées.", "avis_aux_personnes")


def _ligne_de(publication: Publication) -> LigneDatee:
    """La ligne proposée, vérifiée, pas encore enregistrée. Lève `Refus` `champ_invalide`."""
    modele = lecture.FAMILLES[publication.famille]
    for champ in publication.contenu:
        if champ in COMMUNS or not _est_un_champ(modele, champ):
            raise Refus("champ_invalide", f"Cette liste n'a pas de champ « {champ} ».", "contenu")
    _exiger_meme_nature(publication)
    ligne = modele(
        **publication.contenu,
        code=publication.code,
        source=publication.source,
        certitude=publication.certitude,
        en_vigueur_du=publication.en_vigueur_du,
        en_vigueur_au=publication.en_vigueur_au,
    )
    if ligne.en_vigueur_au and ligne.en_vigueur_au < ligne.en_vigueur_du:
        raise Refus("champ_invalide", "La fin précède le début.", "en_vigueur_au")
    try:
        ligne.clean_fields()
    except ValidationError as erreur:
        champ, textes = next(iter(erreur.message_dict.items()))
        raise Refus("champ_invalide", " ".join(textes), champ) from erreur
    return ligne


def _est_un_champ(modele: type[LigneDatee], champ: str) -> bool:
    try:
        modele._meta.get_field(champ)
    except FieldDoesNotExist:
        return False
    return True


def _exiger_meme_nature(publication: Publication) -> None:
    """Une règle garde la nature de sa valeur : un nombre ne devient pas un texte."""
    if publication.famille != "regle" or "valeur" not in publication.contenu:
        return
    try:
        avant = lecture.regle(publication.code, publication.en_vigueur_du)
    except lecture.RegleAbsente:
        return
    valeur = publication.contenu["valeur"]
    if avant is not None and valeur is not None and type(avant) is not type(valeur):
        raise Refus("champ_invalide", f"La valeur doit rester de la même nature que « {avant} ».", "valeur")


def _faire_place(nouvelle: LigneDatee) -> None:
    """Ferme, coupe ou remplace les lignes retenues que `nouvelle` recouvre; rien n'est effacé."""
    modele = type(nouvelle)
    fin = nouvelle.en_vigueur_au
    recouvertes = modele._default_manager.filter(code=nouvelle.code, remplacee_le__isnull=True)
    for ancienne in recouvertes.select_for_update(of=("self",)).order_by("en_vigueur_du"):
        ancienne_fin = ancienne.en_vigueur_au
        if (ancienne_fin and ancienne_fin < nouvelle.en_vigueur_du) or (fin and fin < ancienne.en_vigueur_du):
            continue
        if ancienne.en_vigueur_du < nouvelle.en_vigueur_du:
            ancienne.en_vigueur_au = nouvelle.en_vigueur_du - UN_JOUR
            ancienne.save(update_fields=["en_vigueur_au"])
        else:
            ancienne.remplacee_le = horloge.maintenant()
            ancienne.save(update_fields=["remplacee_le"])
        if fin and (ancienne_fin is None or fin < ancienne_fin):
            _copie(ancienne, fin + UN_JOUR, ancienne_fin).save(force_insert=True)


def _copie(ligne: LigneDatee, du: dt.date, au: dt.date | None) -> LigneDatee:
    """La même ligne, pour une autre période."""
    valeurs = {champ.attname: getattr(ligne, champ.attname) for champ in ligne._meta.concrete_fields}
    valeurs |= {"id": None, "en_vigueur_du": du, "en_vigueur_au": au, "remplacee_le": None}
    return type(ligne)(**valeurs)


def _noter(acte: str, publication: Publication, acteur: Any) -> None:
    details = {"famille": publication.famille, "code": publication.code, "publication": publication.pk}
    consigner(acte, acteur=acteur, details=details)


# --- Délais constatés et lignes d'aide -------------------------------------------------

CalculDelais = Callable[[dt.date, dt.date], Iterable[tuple[str, Sequence[int]]]]
_calculs: list[CalculDelais] = []


def inscrire_calcul_delais(fonction: CalculDelais) -> CalculDelais:
    """Inscrit qui sait mesurer les délais : `fonction(du, au)` rend des `(étape, durées en jours)`.

    À appeler dans `AppConfig.ready()` d'une app du haut; inscrire deux fois est sans effet.
    """
    if fonction not in _calculs:
        _calculs.append(fonction)
    return fonction


def calculs_inscrits() -> tuple[CalculDelais, ...]:
    """Les calculs inscrits, dans l'ordre."""
    return tuple(_calculs)


def ecrire_delai_habituel(etape: str, mediane_jours: int, p80_jours: int, effectif: int = 0) -> DelaiHabituel:
    """Garde un délai constaté, calculé à l'instant; les calculs des jours d'avant restent, celui du jour se refait."""
    constate = {
        "mediane_jours": mediane_jours,
        "p80_jours": p80_jours,
        "effectif": effectif,
        "calcule_le": horloge.maintenant(),
    }
    debut = horloge.heure_locale(horloge.aujourd_hui())
    du_jour = DelaiHabituel.objects.filter(etape=etape, calcule_le__range=(debut, constate["calcule_le"])).first()
    if du_jour is None:
        return DelaiHabituel.objects.create(etape=etape, **constate)
    for nom, valeur in constate.items():
        setattr(du_jour, nom, valeur)
    du_jour.save()
    return du_jour


@transaction.atomic
def verifier_ligne_aide(ligne: LigneAide, par: Any, le: dt.date) -> None:
    """Note qu'un appel a confirmé ce numéro le jour `le`. Lève `Refus` pour une date à venir."""
    if le > horloge.aujourd_hui():
        raise Refus("champ_invalide", "La vérification ne peut pas être à venir.", "verifiee_le")
    LigneAide.objects.filter(pk=ligne.pk).update(verifiee_le=le)
    lecture.invalider()
    consigner("verifier_ligne_aide", acteur=par, details={"code": ligne.code})


# --- Liste des codes de diagnostic -----------------------------------------------------
LOT = 2000


@dataclass(frozen=True)
class BilanImport:
    """Ce qu'un import a fait, en nombre de codes."""

    lus: int
    ajoutes: int
    gardes: int
    fermes: int


@transaction.atomic
def importer_codes(lignes: Sequence[LigneCode], *, liste: str, source: str, du: dt.date) -> BilanImport:
    """Remplace la liste des codes à compter du jour `du`; un code inchangé garde sa ligne.

    Une seule liste vaut à la fois : un code absent de `lignes` cesse de valoir la veille de `du`. Rejouer la même
    liste ne change rien. Lève `Refus` si elle est vide ou sans nom.
    """
    if not lignes:
        raise Refus("champ_manquant", "La liste ne contient aucun code.", "lignes")
    if not liste.strip():
        raise Refus("champ_manquant", "Nommez la liste.", "liste")
    VersionReferentiels.objects.select_for_update(of=("self",)).filter(id=1).first()
    with connection.cursor() as curseur:
        # Une liste entière peut demander plus que le délai d'une page.
        curseur.execute("SET LOCAL statement_timeout = 0")
    neuves = {ligne.code: _code_de(ligne, liste.strip(), source, du) for ligne in lignes}
    gardes, fermes = _fermer_codes(neuves, du)
    ajoutes = [neuve for code, neuve in neuves.items() if code not in gardes]
    if ajoutes or fermes:
        _copier(CodeDiagnostic, ajoutes)
        _refaire_mots(neuves.values())
        lecture.invalider()
        consigner("importer_codes", details={"liste": liste, "codes": len(neuves), "ajoutes": len(ajoutes)})
    return BilanImport(len(neuves), len(ajoutes), len(gardes), fermes)


def _code_de(ligne: LigneCode, liste: str, source: str, du: dt.date) -> CodeDiagnostic:
    texte = texte_de_recherche(ligne.libelle or ligne.libelle_en)
    return CodeDiagnostic(
        code=ligne.code,
        libelle=ligne.libelle,
        libelle_en=ligne.libelle_en,
        liste=liste,
        source=source,
        certitude=Certitude.VUE,
        en_vigueur_du=du,
        cle=cle_du_code(ligne.code),
        texte=texte,
        vecteur=texte.strip(),
    )


def _fermer_codes(neuves: Mapping[str, CodeDiagnostic], du: dt.date) -> tuple[set[str], int]:
    """Codes inchangés, et nombre de lignes fermées la veille de `du` ou remplacées (ouvertes ce jour-là ou après)."""
    retenues = CodeDiagnostic.objects.retenues().exclude(en_vigueur_au__lt=du)
    gardes: set[str] = set()
    a_fermer = []
    for ligne in retenues.iterator(LOT):
        neuve = neuves.get(ligne.code)
        meme = neuve is not None and all(
            getattr(ligne, nom) == getattr(neuve, nom) for nom in ("libelle", "libelle_en", "liste", "texte")
        )
        if meme and ligne.en_vigueur_du <= du and ligne.en_vigueur_au is None:
            gardes.add(ligne.code)
        else:
            a_fermer.append(ligne.pk)
    visees = CodeDiagnostic.objects.filter(pk__in=a_fermer)
    fermees = visees.filter(en_vigueur_du__gte=du).update(remplacee_le=horloge.maintenant())
    fermees += visees.filter(en_vigueur_du__lt=du).update(en_vigueur_au=du - UN_JOUR)
    return gardes, fermees


def _refaire_mots(codes: Iterable[CodeDiagnostic]) -> None:
    """Refait la table des mots distincts : ceux de la liste, pas un de plus."""
    mots = {mot for code in codes for mot in code.texte.split()}
    MotDiagnostic.objects.exclude(mot__in=mots).delete()
    connus = set(MotDiagnostic.objects.values_list("mot", flat=True))
    neufs = [MotDiagnostic(mot=mot, voisins=voisins(mot)) for mot in sorted(mots - connus)]
    _copier(MotDiagnostic, neufs)


def _copier(modele: type[models.Model], lignes: Iterable[models.Model]) -> None:
    """Insère par `COPY` : dix fois plus vite que `bulk_create` pour des milliers de lignes."""
    champs = [champ for champ in modele._meta.concrete_fields if champ.attname != "id"]
    noms = sql.SQL(", ").join(sql.Identifier(str(champ.column)) for champ in champs)
    ordre = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(modele._meta.db_table), noms)
    with connection.cursor() as curseur, curseur.copy(ordre) as copie:
        for ligne in lignes:
            copie.write_row([getattr(ligne, champ.attname) for champ in champs])
