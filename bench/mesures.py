"""Les mesures, une fonction chacune; cibles de `docs/mesures.md`."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from bench import bases, codes, demarrage, formulaires, lettre, pages, pieces, recherche, signature, suivant, suivi
from bench.rapport import Resultat

REQUETES_MAX = 15
FILE_MAX, PAIR_MIN, CROISSANCE_MAX = 40.0, 20.0, 1.5
SOMMAIRE_MAX = 60.0
POIDS_CLINICIEN_MAX = 100.0
POIDS_PRESTATAIRE_MAX = 100.0
NUE_REPERE = 14.0  # ms : la vue nue sur la machine où les cibles ont été posées
PAGE_MAX, MEMOIRE_MAX = 60.0, 300.0
LETTRE_MAX = 1.3
CODE_MAX = 50.0
SIGNATURE_MAX, SIGNATURE_RATIO_MAX = 150.0, 6.0
DEPOT_MAX, DEPOT_MEMOIRE_MAX = 10.0, 60.0
RECHERCHE_MAX, RAPPEL_MIN = 60.0, 0.95
MILLION = 1_000_000


def _contre_nue(nom: str, page: pages.Prise, nue: pages.Prise, cible: float, volume: int) -> Resultat:
    """Tenue en millisecondes, ou à la vitesse de cette machine : la vue nue, prise en même temps, l'étalonne."""
    ratio, permis = page.p95 / nue.p95, cible / NUE_REPERE
    return Resultat(
        nom,
        page.p95,
        "ms",
        f"≤ {cible:.0f}, ou ≤ {permis:.1f} × la vue nue".replace(".", ","),
        page.p95 <= cible or ratio <= permis,
        nue.p95,
        ratio,
        volume,
    )


@cache
def _au_volume(volume: int, petite: bool) -> tuple[pages.Prise, dict[str, int], pages.Prise]:
    """Tous les onglets, requêtes de chaque onglet, vue nue; base branchée une fois par volume."""
    with bases.base(volume, petite=petite):
        page, nue = pages.file()
        return page, pages.requetes(), nue


def file_requetes(volume: int) -> Resultat:
    """Requêtes SQL de la file, à deux volumes : bornées, et égales."""
    petites = _au_volume(bases.petit_volume(volume), True)[1]
    grandes = _au_volume(volume, False)[1]
    pire = max(grandes.values())
    tenue = pire <= REQUETES_MAX and petites == grandes
    return Resultat(
        "file_requetes", pire, "requêtes", "≤ 15, égales à N et 2N", tenue, max(petites.values()), volume=volume
    )


def file_p95(volume: int) -> Resultat:
    """La file, tous onglets, contre la même liste par la vue Django la plus nue."""
    page, _, nue = _au_volume(volume, False)
    return _contre_nue("file_p95", page, nue, FILE_MAX, volume)


def file_admin(volume: int) -> Resultat:
    """L'administration de Django sur la même table ÷ la file. La cible vaut à un million de dossiers."""
    p95 = _au_volume(volume, False)[0].p95
    with bases.base(volume):
        admin = pages.liste_admin()
    # Dix répétitions à plusieurs secondes chacune : on compare son p50, ce qui lui est favorable.
    ratio = admin.p50 / p95
    return Resultat(
        "file_admin",
        admin.p50,
        "ms",
        "≥ 20 × la file, à 1 M",
        volume < MILLION or ratio >= PAIR_MIN,
        p95,
        ratio,
        volume,
    )


def file_croissance(volume: int) -> Resultat:
    """p95 au volume demandé ÷ p95 à 10 000, chacun ramené à la vue nue prise en même temps."""
    petite, _, petite_nue = _au_volume(bases.petit_volume(volume), True)
    grande, _, grande_nue = _au_volume(volume, False)
    ratio = (grande.p95 / grande_nue.p95) / (petite.p95 / petite_nue.p95)
    return Resultat("file_croissance", ratio, "×", "≤ 1,5", ratio <= CROISSANCE_MAX, petite.p95, ratio, volume)


def dossier_p95(volume: int) -> Resultat:
    """Sommaire du dossier de 40 pièces et 200 lignes d'histoire, contre la vue nue."""
    with bases.base(volume):
        page, nue = pages.sommaire(pages.faits.DOSSIER_ORDINAIRE)
    return _contre_nue("dossier_p95", page, nue, SOMMAIRE_MAX, volume)


def dossier_croissance(volume: int) -> Resultat:
    """p95 du Sommaire à 400 pièces ÷ à 40 pièces, chacun ramené à la vue nue."""
    with bases.base(volume):
        ordinaire, nue = pages.sommaire(pages.faits.DOSSIER_ORDINAIRE)
        lourd, lourd_nue = pages.sommaire(pages.faits.DOSSIER_LOURD)
    ratio = (lourd.p95 / lourd_nue.p95) / (ordinaire.p95 / nue.p95)
    return Resultat("dossier_croissance", ratio, "×", "≤ 1,5", ratio <= CROISSANCE_MAX, ordinaire.p95, ratio, volume)


def recherche_p95(volume: int) -> Resultat:
    """Chercher par nom, bien ou mal écrit, par référence ou par NAM, contre la vue nue."""
    with bases.base(volume):
        page, nue = recherche.durees()
    return _contre_nue("recherche_p95", page, nue, RECHERCHE_MAX, volume)


def recherche_rappel(volume: int) -> Resultat:
    """Part des noms retrouvés malgré une lettre changée, oubliée, ajoutée, ou deux inversées."""
    with bases.base(volume):
        part = recherche.rappel()
    return Resultat("recherche_rappel", part, "des noms", "≥ 0,95", part >= RAPPEL_MIN, volume=volume)


def suivant_200(volume: int) -> Resultat:
    """Dossiers distincts pris par 200 « Prendre le suivant » partis ensemble."""
    with bases.base(volume):
        distincts, voulus = suivant.distincts()
    return Resultat("suivant_200", distincts, "dossiers", str(voulus), distincts == voulus, volume=volume)


def lettre_ratio(volume: int) -> Resultat:
    """Une lettre ÷ WeasyPrint nu."""
    with bases.base(bases.petit_volume(volume), petite=True):
        notre, nu = lettre.mesurer()
    return Resultat("lettre_ratio", notre / nu, "×", "≤ 1,3", notre / nu <= LETTRE_MAX, nu, notre / nu)


@cache
def _signature(volume: int) -> tuple[float, float, float]:
    """p95 et p50 de l'acte, p50 du SQL seul; prises une fois par volume."""
    with bases.base(volume):
        return signature.mesurer()


def signature_p95(volume: int) -> Resultat:
    """L'acte qui scelle une décision, sans rendu."""
    p95, _, nu = _signature(volume)
    return Resultat("signature_p95", p95, "ms", "≤ 150", p95 <= SIGNATURE_MAX, nu, volume=volume)


def signature_ratio(volume: int) -> Resultat:
    """L'acte ÷ les mêmes instructions SQL, lectures comprises."""
    _, p50, nu = _signature(volume)
    ratio = p50 / nu
    return Resultat("signature_ratio", ratio, "×", "≤ 6", ratio <= SIGNATURE_RATIO_MAX, nu, ratio, volume)


def code_p95(volume: int) -> Resultat:
    """La suggestion d'un code de diagnostic, sur 14 000 codes, contre la même adresse qui ne cherche rien."""
    with bases.base(bases.petit_volume(volume), petite=True):
        page, vide = codes.mesurer()
    ratio = page.p95 / vide.p95
    return Resultat("code_p95", page.p95, "ms", "≤ 50", page.p95 <= CODE_MAX, vide.p95, ratio, codes.VOLUME)


def formulaire_requetes(volume: int) -> Resultat:
    """Requêtes SQL de la page du SR-2100 qui en fait le plus, le brouillon plein."""
    with bases.base(bases.petit_volume(volume), petite=True):
        comptes = formulaires.requetes()
    pire = max(comptes.values())
    return Resultat(
        "formulaire_requetes", pire, "requêtes", "≤ 15", pire <= REQUETES_MAX, min(comptes.values()), volume=volume
    )


def poids_clinicien(volume: int) -> Resultat:
    """Ko compressés de la plus lourde première vue de la clinique, cache vide."""
    with bases.base(bases.petit_volume(volume), petite=True):
        vues = formulaires.poids()
    pire = max(vues.values())
    return Resultat("poids_clinicien", pire, "Ko", "≤ 100", pire <= POIDS_CLINICIEN_MAX, min(vues.values()))


def depot_10mo_p95(volume: int) -> Resultat:
    """Secondes de l'envoi d'un fichier de 10 Mo à *Reçue*, antivirus et copie sûre compris."""
    with bases.base(bases.petit_volume(volume), petite=True):
        prises = pieces.duree_10mo()
    p95 = pieces.p95(prises)
    return Resultat("depot_10mo_p95", p95, "s", "≤ 10", p95 <= DEPOT_MAX, min(prises))


def depot_25mo_memoire(volume: int) -> Resultat:
    """Mo de plus dans le processus web, travailleur compris, pour un fichier qui approche 25 Mo."""
    with bases.base(bases.petit_volume(volume), petite=True):
        prise = pieces.memoire_25mo()
    return Resultat("depot_25mo_memoire", prise, "Mo", "≤ 60", prise <= DEPOT_MEMOIRE_MAX)


def poids_prestataire(volume: int) -> Resultat:
    """Ko compressés de la plus lourde première vue de la personne, cache vide."""
    with bases.base(bases.petit_volume(volume), petite=True):
        vues = suivi.poids()
    pire = max(vues.values())
    return Resultat("poids_prestataire", pire, "Ko", "≤ 100", pire <= POIDS_PRESTATAIRE_MAX, min(vues.values()))


@cache
def _demonstration() -> tuple[float, float]:
    return demarrage.mesurer()


def demo_premiere_page(volume: int) -> Resultat:
    """De `make demo` à la première page."""
    duree = _demonstration()[0]
    return Resultat("demo_premiere_page", duree, "s", "≤ 60", duree <= PAGE_MAX)


def demo_memoire(volume: int) -> Resultat:
    """Le processus web, avec son fil de travail."""
    memoire = _demonstration()[1]
    return Resultat("demo_memoire", memoire, "Mo", "≤ 300", 0 < memoire <= MEMOIRE_MAX)


MESURES: dict[str, Callable[[int], Resultat]] = {
    un.__name__: un
    for un in (
        file_requetes,
        file_p95,
        file_admin,
        file_croissance,
        dossier_p95,
        dossier_croissance,
        recherche_p95,
        recherche_rappel,
        suivant_200,
        lettre_ratio,
        signature_p95,
        signature_ratio,
        code_p95,
        formulaire_requetes,
        poids_clinicien,
        depot_10mo_p95,
        depot_25mo_memoire,
        poids_prestataire,
        demo_premiere_page,
        demo_memoire,
    )
}


def prendre(noms: list[str], volume: int) -> list[Resultat]:
    """Prend les mesures nommées, dans l'ordre."""
    return [MESURES[nom](volume) for nom in noms]
