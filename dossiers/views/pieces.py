"""Les pièces d'un dossier : liste, ajout de fichiers, ouverture des seuls fichiers vérifiés."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid5

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from comptes.models import Compte, Role
from dossiers import acces, gestes
from dossiers.actes.lectures import consigner_lecture
from dossiers.forms_pieces import ChampFichiers, FormulaireDepot, FormulairePieces
from dossiers.models import Dossier, Piece
from dossiers.pages import ACCES, contexte, entrer, lecture_due
from dossiers.porte import DejaFait, executer
from dossiers.views import ouverture
from socle import horloge
from socle.composants import Cellule, Colonne, Etiquette, Groupe, Rangee, Tableau, Ton
from socle.dates_en_mots import date_moyenne
from socle.pages import PageParCle, paginer_par_cle, poser_refus
from socle.refus import Refus

TONS: dict[str, Ton] = {"en_verification": "attente", "recue": "positif", "refusee": "alerte"}
DEJA_LA = "Ce fichier était déjà au dossier. Il y est maintenant deux fois."
# Au-delà, la vérification tarde : c'est dit, pour que personne n'envoie deux fois.
ATTENTE_ORDINAIRE = timedelta(minutes=10)
TARDE = "La vérification prend plus de temps que d'habitude. Le fichier est gardé; rien n'est à refaire."


def tarde(piece: Piece) -> bool:
    """Vrai si la vérification de cette pièce dure plus que d'ordinaire."""
    attend = piece.verification == Piece.Verification.EN_COURS
    return attend and horloge.maintenant() - piece.versee_le > ATTENTE_ORDINAIRE


def _rangee(dossier: Dossier, piece: Piece, connues: dict[str, str]) -> Rangee:
    ouverte = piece.verification == Piece.Verification.RECUE and bool(piece.fichier)
    adresse = reverse("dossier_piece", args=[dossier.reference, piece.pk]) if ouverte else ""
    detail = piece.raison_refus or (TARDE if tarde(piece) else "")
    if piece.sha256 and connues.get(piece.sha256, str(piece.pk)) != str(piece.pk):
        detail = f"Même fichier qu'une autre pièce. {detail}".strip()
    etat = Etiquette(piece.get_verification_display(), TONS.get(piece.verification, "neutre"))
    return Rangee(
        (
            Cellule(piece.titre, url=adresse, detail=detail),
            Cellule(piece.nature, detail=piece.texte[:120]),
            Cellule(date_moyenne(piece.versee_le), detail=f"Par {piece.versee_par.nom_complet}"),
            Cellule(etiquettes=(etat,)),
        )
    )


def liste(dossier: Dossier, curseur: str) -> tuple[PageParCle[Piece], Tableau]:
    """Une page de pièces, la plus récente d'abord; un fichier déjà versé est signalé."""
    pieces: QuerySet[Piece] = Piece.objects.filter(dossier=dossier).select_related("versee_par")
    page = paginer_par_cle(pieces, curseur, ordre=("-versee_le", "-pk"), taille=50)
    empreintes = [piece.sha256 for piece in page.objets if piece.sha256]
    memes = Piece.objects.filter(dossier=dossier, sha256__in=empreintes).order_by("-pk")
    connues = {sha: str(pk) for sha, pk in memes.values_list("sha256", "pk")}
    colonnes = (Colonne("Pièce"), Colonne("Genre et source"), Colonne("Versée le"), Colonne("État"))
    rangees = [_rangee(dossier, piece, connues) for piece in page.objets]
    return page, Tableau(colonnes, [Groupe(rangees)], "La plus récente d'abord.")


def verser(request: HttpRequest, form: FormulaireDepot) -> bool:
    """Verse chaque fichier d'un formulaire envoyé, ou le texte seul; faux si quelque chose est à corriger.

    La même soumission deux fois n'en verse aucun de plus. Un fichier déjà au dossier est versé quand même, et
    c'est dit à qui peut le savoir. Un fichier d'un genre qui n'est pas reçu laisse une tâche à l'agent.
    """
    if not form.is_valid():
        if form.genre_refuse and not form.personne.est_personnel:
            _consigner_refus(form)
        return False
    lues = form.cleaned_data
    fichiers = lues[form.champ_fichiers] or [None]
    for rang, (fichier, texte) in enumerate(zip(fichiers, form.textes(len(fichiers)), strict=True)):
        titre = lues["titre"] if len(fichiers) == 1 else f"{lues['titre']} ({rang + 1} de {len(fichiers)})"
        try:
            versee = executer(
                "verser_piece",
                acteur=form.personne,
                dossier=form.dossier,
                cle=uuid5(form.jeton, str(rang)) if form.jeton else None,
                nature=lues["nature"],
                titre=titre,
                texte=texte,
                fichier=fichier,
            )
        except DejaFait:
            continue
        except Refus as refus:
            if refus.code in ACCES:
                raise Http404 from refus
            poser_refus(form, refus, a_la_personne=form.personne.role == Role.PRESTATAIRE)
            return False
        if _deja_la(versee, form):
            form.aviser(DEJA_LA)
    return True


def _consigner_refus(form: FormulaireDepot) -> None:
    try:
        executer("refuser_envoi", acteur=form.personne, dossier=form.dossier, titre=form.data.get("titre"))
    except Refus as refus:
        if refus.code in ACCES:
            raise Http404 from refus


def _deja_la(versee: Piece, form: FormulaireDepot) -> bool:
    """Vrai si le même fichier est déjà au dossier, parmi ce que cette personne peut en lire."""
    if not versee.sha256:
        return False
    memes = Piece.objects.filter(dossier=form.dossier, sha256=versee.sha256).exclude(pk=versee.pk)
    lisibles = Q() if acces.peut(form.personne, "piece.lire", form.dossier) else Q(versee_par=form.personne)
    return memes.filter(lisibles).exists()


def deposees(dossier: Dossier, personne: Compte, combien: int = 50) -> list[Piece]:
    """Ce que cette personne a versé au dossier, le plus récent d'abord, sans son texte."""
    siennes = Piece.objects.filter(dossier=dossier, versee_par=personne).order_by("-versee_le", "-pk").defer("texte")
    return list(siennes[:combien])


@require_http_methods(["GET", "POST"])
def pieces(request: HttpRequest, reference: str) -> HttpResponse:
    """Liste des pièces et ajout de fichiers."""
    dossier, droits = entrer(request, reference, "piece.lire")
    form = None
    if droits.peut("piece.verser") and dossier.etat:
        form = FormulairePieces(request.POST or None, request.FILES or None, dossier=dossier, personne=droits.personne)
        if request.method == "POST" and verser(request, form):
            messages.success(request, "Reçu. Le fichier s'ouvrira quand il sera vérifié.")
            for avis in form.avis:
                messages.info(request, avis)
            return redirect("dossier_pieces", dossier.reference)
    page, tableau = liste(dossier, request.GET.get("apres", ""))
    donnees = contexte(request, dossier, droits, "dossier_pieces") | {
        "form": form,
        "page": page,
        "tableau": tableau,
        "gestes": gestes.offerts(dossier, droits, "pieces"),
    }
    return render(request, "dossiers/pieces.html", donnees)


@require_GET
def piece(request: HttpRequest, reference: str, piece: int) -> HttpResponseBase:
    """Le fichier vérifié, en téléchargement seulement; servi d'un autre hôte s'il y en a un."""
    dossier, droits = entrer(request, reference, "piece.lire", consigner=False)
    visee = Piece.objects.filter(dossier=dossier, pk=piece, verification=Piece.Verification.RECUE).first()
    if visee is None or not visee.fichier:
        raise Http404
    if due := lecture_due(request, "piece.lire"):
        consigner_lecture(droits.personne, dossier, due, f"piece-{visee.pk}")
    if ailleurs := ouverture.adresse(request, visee, droits.personne):
        return redirect(ailleurs)
    return ouverture.servir(visee)


__all__ = ["ChampFichiers", "FormulairePieces", "deposees", "liste", "piece", "pieces", "tarde", "verser"]
