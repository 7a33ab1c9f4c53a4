"""Les actes de la correspondance : préparer, émettre, prouver, réessayer, clore.

Deux temps. L'acte d'un autre domaine *prépare* la lettre dans sa transaction; elle naît
sans date. L'*émission* lui donne date, octets et empreinte. Source : `conception.md` §6.
"""

from __future__ import annotations

import datetime as dt
import logging
import threading
import traceback
from collections.abc import Callable
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from celery import current_app
from django.db import models, transaction

from correspondance import composition, registre, regles, signaux
from correspondance.fournisseurs import configures
from correspondance.models import Canal, Envoi, Lettre, LettreQuerySet, OctetsLettre, TacheHumaine
from journal.actes import consigner
from referentiels import lecture as referentiels
from socle import horloge
from socle.refus import Refus

if TYPE_CHECKING:
    from comptes.models import Compte

journal_technique = logging.getLogger(__name__)


def preparer_lettre(
    modele: str,
    *,
    dossier: Any,
    destinataire: Compte,
    cause: models.Model,
    contenu: dict[str, Any],
    demande: Any = None,
    version: int = 1,
    corrige: Lettre | None = None,
) -> Lettre:
    """Faire naître une lettre sans date, dans la transaction de l'acte qui la cause.

    Idempotent : même cause, même modèle, même destinataire, même version rendent la
    lettre déjà née, inchangée. `contenu` (JSON) est figé. `corrige` : la lettre qu'elle
    remplace. Lève `LookupError` (modèle inconnu), `TransactionManagementError` hors
    d'une transaction : une lettre ne doit jamais survivre à l'acte qui échoue.
    """
    inscrit = registre.obtenir(modele)
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError(
            "Une lettre se prépare dans la transaction de l'acte qui la cause."
        )
    lettre, nee = Lettre.objects.get_or_create(
        cause_type=cause._meta.label_lower,
        cause_id=cause.pk,
        modele=modele,
        destinataire=destinataire,
        version=version,
        defaults={
            "version_gabarit": inscrit.version,
            "dossier": dossier,
            "demande": demande,
            "contenu": contenu,
            "corrige": corrige,
            "langue": destinataire.langue,
        },
    )
    if nee:
        transaction.on_commit(reveiller_relais, robust=True)
    return lettre


def reveiller_relais() -> None:
    """Demander au relais de passer tout de suite, sans attendre ni échouer.

    Le courtier peut être en panne ou lent : l'appel part d'un fil à part, un seul à la fois.
    Rien ne se perd, la boîte d'envoi est en base et le relais la relit toutes les dix secondes.
    """
    if _reveil.acquire(blocking=False):
        threading.Thread(target=_publier_reveil, args=(current_app.send_task,), daemon=True).start()


_reveil = threading.Lock()


def _publier_reveil(publier: Callable[..., Any]) -> None:
    try:
        publier("correspondance.relayer", retry=False, ignore_result=True)
    except Exception as erreur:  # noqa: BLE001 - aucune panne du courtier ne doit remonter à l'acte
        journal_technique.warning("relais non réveillé : %s", type(erreur).__name__)
    finally:
        _reveil.release()


# --- Émission --------------------------------------------------------------------------


def emettre(lettre: Lettre) -> bool:
    """Émettre une lettre et ses copies, en une transaction; faux si rien n'était à émettre.

    Verrouille le dossier puis la lettre (l'ordre de tous les actes). La date est celle du
    jour civil; la réception présumée suit la règle datée `reception_presumee_jours`. Une
    lettre que `encore_permis` refuse est annulée et ne part pas. Lève `RenduImpossible` ou
    `RessourceInterdite` sans rien changer. Source : `conception.md` §6.
    """
    with transaction.atomic():
        _verrouiller_dossier(lettre)
        courante = Lettre.objects.select_for_update(of=("self",)).select_related("destinataire").get(pk=lettre.pk)
        if courante.est_emise or courante.annulee_le is not None:
            return False
        modele = registre.obtenir(courante.modele)
        if not modele.encore_permis(courante):
            annuler(courante, "Le consentement ou le droit de recevoir cette lettre a pris fin.")
            return False
        copies = registre.destinataires_en_copie(courante)
        _emettre_une(courante, copies)
        for compte in copies:
            copie, _ = Lettre.objects.get_or_create(
                cause_type=courante.cause_type,
                cause_id=courante.cause_id,
                modele=courante.modele,
                destinataire=compte,
                version=courante.version,
                defaults=_champs_de_copie(courante),
            )
            if not copie.est_emise:
                _emettre_une(copie, copies)
        registre.effets_apres_emission(courante)
        transaction.on_commit(reveiller_relais, robust=True)
    lettre.refresh_from_db()
    return True


def _verrouiller_dossier(lettre: Lettre) -> None:
    """Prendre le verrou du dossier d'abord : aucun acte ne court alors sur le même dossier."""
    dossiers = Lettre._meta.get_field("dossier").related_model
    dossiers._base_manager.select_for_update(of=("self",)).only("pk").get(pk=lettre.dossier_id)


def _champs_de_copie(originale: Lettre) -> dict[str, Any]:
    return {
        "version_gabarit": originale.version_gabarit,
        "dossier_id": originale.dossier_id,
        "demande_id": originale.demande_id,
        "contenu": originale.contenu,
        "copie_de": originale,
        "langue": originale.langue,
    }


def _emettre_une(lettre: Lettre, copies: list[Compte]) -> None:
    """Dater, rendre, garder les octets, ouvrir les envois, consigner."""
    lettre.emise_le = horloge.maintenant()
    lettre.jour_emission = horloge.aujourd_hui()
    jours = int(referentiels.regle("reception_presumee_jours", lettre.jour_emission))
    lettre.recue_presumee_le = lettre.jour_emission + dt.timedelta(days=jours)
    rendu = composition.composer(lettre, copies)
    lettre.sha256 = rendu.sha256
    lettre.save(update_fields=["emise_le", "jour_emission", "recue_presumee_le", "sha256"])
    OctetsLettre.objects.create(lettre=lettre, pdf=rendu.pdf, html=rendu.html)
    Envoi.objects.bulk_create(_envois(lettre))
    consigner(
        "emettre_lettre",
        dossier=lettre.dossier,
        demande_id=lettre.demande_id,
        details={"lettre": lettre.reference, "modele": lettre.modele, "copie": lettre.copie_de_id is not None},
    )


def _envois(lettre: Lettre) -> list[Envoi]:
    """La lettre par son canal, et un signal sans donnée par chaque voie connue et offerte."""
    a, offerts = lettre.destinataire, configures()
    principal = regles.canal_de_lettre(a.canal_prefere, bool(a.adresse.strip()), bool(a.email))
    canaux = [principal]
    if registre.obtenir(lettre.modele).aussi_par_poste and principal != Canal.POSTE and a.adresse.strip():
        canaux.append(Canal.POSTE)
    signaux_possibles = ((Canal.COURRIEL, a.email), (Canal.TEXTO, a.telephone_texto))
    canaux += [canal for canal, adresse in signaux_possibles if adresse and canal in offerts]
    return [_envoi(lettre, canal) for canal in canaux]


def _envoi(lettre: Lettre, canal: str) -> Envoi:
    envoi = Envoi(lettre=lettre, canal=canal, cle=f"{lettre.reference}-{canal}")
    if canal == Canal.PORTAIL:
        # La lettre est lisible au portail dès que la transaction est validée.
        envoi.etat, envoi.remis_le, envoi.prochain_essai_le = Envoi.Etat.REMIS, lettre.emise_le, None
    elif canal in (Canal.COURRIEL, Canal.TEXTO):
        envoi.corps = signaux.corps(lettre.langue)
    return envoi


def annuler(lettre: Lettre, motif: str) -> None:
    """Annuler une lettre qui attend; elle ne partira pas. `Refus("etat_interdit")` si émise."""
    if lettre.est_emise:
        raise Refus("etat_interdit", "Cette lettre est déjà partie. Écrivez une lettre qui la corrige.")
    lettre.annulee_le, lettre.motif_annulation = horloge.maintenant(), motif[:200]
    lettre.save(update_fields=["annulee_le", "motif_annulation"])


def emettre_tout(avec_pdf: bool = True, *, dossier: Any = None) -> list[Lettre]:
    """Émettre tout ce qui attend (d'un dossier, ou de tous), dans l'ordre de création.

    Rend les lettres émises, copies comprises, dans l'ordre d'émission. Une lettre
    impossible à produire devient une tâche humaine; les autres partent.
    """
    en_attente = Lettre.objects.en_attente()
    return _emettre_lot(en_attente if dossier is None else en_attente.filter(dossier=dossier), avec_pdf)


def emettre_portail() -> list[Lettre]:
    """Émettre tout de suite ce qui attend pour les personnes qui ont choisi le portail."""
    return _emettre_lot(Lettre.objects.en_attente().filter(destinataire__canal_prefere="portail"))


def emettre_poste(nees_avant: dt.datetime) -> list[Lettre]:
    """Émettre le lot postal : ce qui attend et est né avant la levée."""
    return _emettre_lot(Lettre.objects.en_attente().filter(nee_le__lte=nees_avant))


def _emettre_lot(lot: LettreQuerySet, avec_pdf: bool = True) -> list[Lettre]:
    emises: list[int] = []
    with nullcontext() if avec_pdf else composition.sans_pdf():
        for lettre in list(lot):
            try:
                if emettre(lettre):
                    emises.append(lettre.pk)
            except Exception as erreur:  # noqa: BLE001 - une lettre fautive ne retient pas les autres
                _signaler_rendu(lettre, erreur)
    if not emises:
        return []
    voulues = models.Q(pk__in=emises) | models.Q(copie_de__in=emises)
    return list(Lettre.objects.emises().filter(voulues).select_related("destinataire"))


def _signaler_rendu(lettre: Lettre, erreur: Exception) -> None:
    """Confier à une personne une lettre qui ne se produit pas; elle reste en attente."""
    lieu = traceback.extract_tb(erreur.__traceback__)[-1]
    journal_technique.error(
        "lettre %s non produite : %s (%s:%s)", lettre.reference, type(erreur).__name__, lieu.name, lieu.lineno
    )
    ouvrir_tache(
        lettre,
        TacheHumaine.Genre.RENDU,
        f"La lettre {lettre.reference} n'a pas pu être produite. Elle attend toujours. "
        "Prévenez le soutien technique avec cette référence. "
        "Si la lettre porte un délai, appelez la personne pour l'aviser que sa réponse s'en vient.",
    )


def ouvrir_tache(lettre: Lettre, genre: str, script: str, envoi: Envoi | None = None) -> None:
    """Ouvrir une tâche humaine; sans effet si la même est déjà ouverte."""
    tache = TacheHumaine(lettre=lettre, genre=genre, script=script, envoi=envoi)
    TacheHumaine.objects.bulk_create([tache], ignore_conflicts=True)


# --- Après l'émission ------------------------------------------------------------------


def prouver_reception(lettre: Lettre, recue_le: dt.date) -> Lettre:
    """Noter le jour où la lettre a vraiment été reçue; il remplace le jour présumé.

    `etat_interdit` avant l'émission; `champ_invalide` si le jour précède l'émission ou est
    à venir. L'appelant recalcule les échéances.
    """
    with transaction.atomic():
        courante = Lettre.objects.select_for_update(of=("self",)).get(pk=lettre.pk)
        if courante.jour_emission is None:
            raise Refus("etat_interdit", "Cette lettre n'est pas encore partie.")
        if not courante.jour_emission <= recue_le <= horloge.aujourd_hui():
            raise Refus(
                "champ_invalide",
                "La date de réception va du jour de l'envoi à aujourd'hui. Corrigez la date.",
                champ="recue_le",
            )
        courante.recue_prouvee_le = recue_le
        courante.save(update_fields=["recue_prouvee_le"])
    lettre.recue_prouvee_le = recue_le
    return lettre


def reessayer(envoi: Envoi) -> Envoi:
    """Rouvrir 72 h d'essais pour un envoi confié à une personne, avec la même clé.

    `etat_interdit` si l'envoi est remis, en cours, ou attend déjà son tour.
    """
    with transaction.atomic():
        courant = Envoi.objects.select_for_update().get(pk=envoi.pk)
        if courant.etat not in (Envoi.Etat.TACHE_HUMAINE, Envoi.Etat.ECHEC):
            raise Refus("etat_interdit", "Cet envoi est déjà remis ou en route.")
        maintenant = horloge.maintenant()
        courant.etat, courant.essais, courant.erreur = Envoi.Etat.A_ENVOYER, 0, ""
        courant.cree_le = courant.prochain_essai_le = maintenant
        courant.save()
        transaction.on_commit(reveiller_relais, robust=True)
    return courant


def clore_tache(tache: TacheHumaine, par: Compte, note: str) -> TacheHumaine:
    """Clore une tâche avec ce qui a été fait (texte exigé, sinon `champ_manquant`).

    Un envoi resté sans remise est alors tenu pour avisé autrement (`echec`).
    """
    if not note.strip():
        raise Refus("champ_manquant", "Dites ce que vous avez fait, en une phrase.", champ="note")
    with transaction.atomic():
        courante = TacheHumaine.objects.select_for_update(of=("self",)).get(pk=tache.pk)
        if courante.close_le is not None:
            raise Refus("etat_interdit", "Cette tâche est déjà close.")
        courante.close_le, courante.close_par, courante.note = horloge.maintenant(), par, note.strip()
        courante.save(update_fields=["close_le", "close_par", "note"])
        if courante.envoi_id is not None:
            confie = Envoi.objects.filter(pk=courante.envoi_id, etat=Envoi.Etat.TACHE_HUMAINE)
            confie.update(etat=Envoi.Etat.ECHEC)
    return courante
