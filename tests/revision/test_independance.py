"""Un réviseur ne lit ni la lettre ni les avis de la première décision avant d'avoir répondu à tout."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.base import ContentFile

from correspondance.models import Lettre
from dossiers.acces import peut
from dossiers.etats import Etat
from dossiers.models import Dossier
from dossiers.porte import executer
from journal.models import Entree
from revision.models import CahierTAQ, Revision
from socle import horloge
from tests.fabrique_csems import Equipe, client_de, recevable
from tests.fabriques import Scene, scene

pytestmark = pytest.mark.django_db
REPONSES: dict[str, Any] = {
    "reponse_atteinte": "oui",
    "reponse_duree": "oui",
    "reponse_socioprofessionnel": "oui",
    "version": "0",
}


def _refus(dossier: Dossier) -> Lettre:
    return Lettre.objects.get(dossier=dossier, modele="refus", copie_de__isnull=True)


def _adresses(dossier: Dossier) -> tuple[str, str]:
    from django.urls import reverse

    args = [dossier.reference, _refus(dossier).reference]
    return reverse("dossier_lettre", args=args), reverse("dossier_lettre_pdf", args=args)


def _lues(dossier: Dossier, personne: Any) -> int:
    lignes = Entree.objects.filter(dossier=dossier, acteur=personne, nature=Entree.Nature.CONSULTATION)
    return lignes.filter(details__quoi="lettre").count()


def test_la_lettre_attend_toutes_ses_reponses(equipe: Equipe) -> None:
    dossier = recevable(equipe)
    client, url = client_de(equipe.medecin_drra), f"/revision/{dossier.reference}/"
    lettre, pdf = _adresses(dossier)
    assert "s'ouvrira après votre analyse" in client.get(lettre).content.decode()
    assert client.get(pdf).headers["Location"] == lettre
    assert _lues(dossier, equipe.medecin_drra) == 0
    client.post(url, {"reponse_duree": "oui", "version": "0"})
    assert "s'ouvrira après votre analyse" in client.get(lettre).content.decode()
    assert "selon Armand" not in client.get(url, {"premiere": "oui"}).content.decode()
    client.post(url, {**REPONSES, "version": "1"})
    ouverte = client.get(lettre).content.decode()
    assert "s'ouvrira après votre analyse" not in ouverte
    assert _refus(dossier).reference in ouverte
    assert _lues(dossier, equipe.medecin_drra) == 1
    assert "selon Armand" in client.get(url, {"premiere": "oui"}).content.decode()


def test_la_liste_le_dit_et_l_autre_reviseur_attend_les_siennes(equipe: Equipe) -> None:
    dossier = recevable(equipe)
    client = client_de(equipe.medecin_drra)
    client.post(f"/revision/{dossier.reference}/", REPONSES)
    liste = f"/dossiers/{dossier.reference}/lettres/"
    assert "S&#x27;ouvre après votre analyse" not in client.get(liste).content.decode().replace("'", "&#x27;")
    autre = client_de(equipe.specialiste_drra)
    assert "S&#x27;ouvre après votre analyse" in autre.get(liste).content.decode().replace("'", "&#x27;")
    assert "s'ouvrira après votre analyse" in autre.get(_adresses(dossier)[0]).content.decode()


def test_l_accuse_de_revision_reste_ouvert(equipe: Equipe) -> None:
    from django.urls import reverse

    from correspondance.actes import emettre_tout
    from correspondance.composition import sans_pdf

    dossier = recevable(equipe)
    with sans_pdf():
        emettre_tout()
    accuse = Lettre.objects.get(dossier=dossier, modele="accuse_revision")
    adresse = reverse("dossier_lettre", args=[dossier.reference, accuse.reference])
    assert "s'ouvrira après" not in client_de(equipe.medecin_drra).get(adresse).content.decode()


def test_le_droit_du_contrat_ne_change_pas(equipe: Equipe) -> None:
    """L'écran attend; l'acte `consulter` répond comme avant."""
    dossier = recevable(equipe)
    for droit in ("lettre.lire", "avis.lire"):
        assert peut(equipe.medecin_drra, droit, dossier)
    for quoi in ("lettre", "avis"):
        executer("consulter", acteur=equipe.medecin_drra, dossier=dossier, quoi=quoi)


def test_les_autres_lisent_la_lettre(equipe: Equipe) -> None:
    dossier = recevable(equipe)
    for personne in (equipe.agent, equipe.medecin):
        assert "s'ouvrira après" not in client_de(personne).get(_adresses(dossier)[0]).content.decode()


def test_rendue_elle_s_ouvre_a_tous_les_reviseurs(equipe: Equipe) -> None:
    dossier = recevable(equipe)
    for personne in (equipe.medecin_drra, equipe.specialiste_drra):
        executer("rendre_revision", acteur=personne, dossier=dossier, issue="confirmee")
    assert Revision.objects.get().rendue_le is not None
    assert "s'ouvrira après" not in client_de(equipe.medecin_drra).get(_adresses(dossier)[0]).content.decode()


# --- Le cahier contient la première décision ------------------------------------------------------
def _renvoye() -> Scene:
    """Le Tribunal a renvoyé le dossier : de nouveaux réviseurs, et un cahier d'avant, prêt."""
    jouee = scene(Etat.DEVANT_TAQ)
    with horloge.figer(jouee.instant):
        demande = executer("produire_cahier", acteur=jouee["reviseur"], dossier=jouee.dossier)
    fait = {"etat": "pret", "fini_le": jouee.instant, "pages": 1, "taille": 4, "sha256": "0" * 64}
    cahier = CahierTAQ.objects.get(pk=demande.pk)
    cahier.fichier.save("essai.pdf", ContentFile(b"%PDF"), save=False)
    for champ, valeur in fait.items():
        setattr(cahier, champ, valeur)
    cahier.save()
    jouee.joue("agent", "consigner_taq", issue="renvoi")
    jouee.joue("chef_drra", "affecter_reviseur", medecin=jouee["reviseur2"], specialiste=jouee["reviseuse"])
    return jouee


def test_apres_un_renvoi_le_cahier_attend_les_reponses() -> None:
    jouee = _renvoye()
    cahier, ici = CahierTAQ.objects.get(), f"/revision/{jouee.dossier.reference}/"
    with horloge.figer(jouee.instant):
        client = client_de(jouee["reviseur2"])
        page = client.get(f"{ici}cahier/").content.decode()
        assert "S'ouvre après votre analyse" in page
        assert "Télécharger" not in page
        assert "Produire" not in page
        for reponse in (client.get(f"{ici}cahier/{cahier.pk}/"), client.post(f"{ici}cahier/")):
            assert reponse.headers["Location"] == ici
        assert CahierTAQ.objects.count() == 1
        assert not Entree.objects.filter(dossier=jouee.dossier, details__quoi="cahier").exists()
        assert client.post(ici, REPONSES).status_code == 302
        assert "Télécharger" in client.get(f"{ici}cahier/").content.decode()
        assert client.get(f"{ici}cahier/{cahier.pk}/").status_code == 200
        # Ses réponses n'ouvrent rien à l'autre réviseur.
        assert client_de(jouee["reviseuse"]).get(f"{ici}cahier/{cahier.pk}/").headers["Location"] == ici


def test_devant_le_tribunal_sans_revision_rendue_le_cahier_attend_aussi() -> None:
    """Recours direct : la révision reste à rendre, et le cahier contient ce qu'elle doit juger sans l'avoir lu."""
    jouee = Scene().en_revision()
    jouee.joue("reviseuse", "juger_recevabilite", recevable="oui")
    jouee.attendre(days=120)
    jouee.joue("prestataire", "saisir_taq", motifs="Trop long.")
    ici = f"/revision/{jouee.dossier.reference}/"
    with horloge.figer(jouee.instant):
        client = client_de(jouee["reviseur"])
        assert "Votre analyse d'abord" in client.get(f"{ici}cahier/").content.decode()
        assert client.post(f"{ici}cahier/").headers["Location"] == ici
        client.post(ici, REPONSES)
        assert client.post(f"{ici}cahier/").headers["Location"] == f"{ici}cahier/"
    assert CahierTAQ.objects.count() == 1
