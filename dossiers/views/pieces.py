"""Les pièces d'un dossier : liste, ajout de fichiers, ouverture des seuls fichiers vérifiés."""

from __future__ import annotations

from typing import Any
from uuid import uuid4, uuid5

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from dossiers import gestes, verification_pieces
from dossiers.actes.lectures import consigner_lecture
from dossiers.forms import FormulaireGeste, ligne
from dossiers.models import Dossier, Piece
from dossiers.pages import ACCES, contexte, entrer, lecture_due
from dossiers.porte import DejaFait, executer
from socle.composants import Cellule, Colonne, Etiquette, Groupe, Rangee, Tableau, Ton
from socle.dates_en_mots import date_moyenne
from socle.pages import PageParCle, paginer_par_cle, poser_refus
from socle.refus import Refus

FICHIERS_MAX = 10
NOMS = {"application/pdf": "PDF", "image/jpeg": "JPEG", "image/png": "PNG"}
EXTENSIONS = {"pdf": "application/pdf", "jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png"}
TONS: dict[str, Ton] = {"en_verification": "attente", "recue": "positif", "refusee": "alerte"}
NATURES = (
    "Notes de clinique",
    "Rapport d'un spécialiste",
    "Résultat d'examen",
    "Lettre d'un employeur",
    "Témoignage",
    "Document scolaire",
    "Autre document",
)


class ChampFichiers(forms.FileField):
    """Un ou plusieurs fichiers; le genre se lit dans le contenu."""

    class Saisie(forms.ClearableFileInput):
        """Choix de plusieurs fichiers à la fois."""

        allow_multiple_selected = True

    widget = Saisie
    # Ce qu'il faut dire d'un fichier accepté : son nom promettait autre chose.
    avis: list[str]

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """Liste des fichiers, chacun jugé par sa taille et son contenu."""
        recus = data if isinstance(data, list) else [data] if data else []
        if not recus:
            super().clean(None, initial)
            return []
        if len(recus) > FICHIERS_MAX:
            raise forms.ValidationError(f"Choisissez au plus {FICHIERS_MAX} fichiers à la fois.")
        self.avis = []
        return [self._un(super(ChampFichiers, self).clean(recu, initial)) for recu in recus]

    def _un(self, recu: UploadedFile) -> UploadedFile:
        if (recu.size or 0) > settings.TAILLE_MAX_PIECE:
            raise forms.ValidationError(f"« {recu.name} » dépasse 25 Mo. Envoyez-le en plusieurs fichiers.")
        genre = verification_pieces.genre(recu.read(8192))
        recu.seek(0)
        if not genre:
            raise forms.ValidationError(
                f"« {recu.name} » n'est pas un {verification_pieces.GENRES_EN_MOTS}. Envoyez une photo ou un PDF."
            )
        if EXTENSIONS.get((recu.name or "").lower().rpartition(".")[2], genre) != genre:
            # Le message suit la séance : le nom du fichier, qui peut tout dire, n'y va pas.
            self.avis.append(f"Un fichier est en fait un {NOMS[genre]} : il est gardé comme tel.")
        # Le nom d'origine peut nommer une personne ou un diagnostic : il ne va pas sur le disque.
        recu.name = f"{uuid4().hex}.{verification_pieces.GENRES[genre]}"
        return recu


class FormulairePieces(FormulaireGeste):
    """Ajout de pièces : genre, titre, source, fichiers."""

    nature = forms.ChoiceField(label="Genre de document", choices=[(nom, nom) for nom in NATURES])
    titre = ligne("Titre", maximum=140, aide="Ce que la personne ou la clinique reconnaîtrait.")
    source = ligne("Source et date", requis=False, aide="Par exemple : « Clinique du Vieux-Patron, 28 juillet 2026 ».")
    fichiers = ChampFichiers(label="Fichiers", help_text="PDF, JPEG ou PNG, 25 Mo au plus chacun.")

    @property
    def avis(self) -> list[str]:
        """Ce qu'il faut dire des fichiers acceptés."""
        return list(getattr(self.fields["fichiers"], "avis", ()))

    def textes(self, nombre: int) -> list[str]:
        """Texte de chacune des `nombre` pièces : sa source, si elle est dite."""
        source = self.cleaned_data["source"]
        return [f"Source : {source}" if source else ""] * nombre


def _rangee(dossier: Dossier, piece: Piece, connues: dict[str, str]) -> Rangee:
    ouverte = piece.verification == Piece.Verification.RECUE and bool(piece.fichier)
    adresse = reverse("dossier_piece", args=[dossier.reference, piece.pk]) if ouverte else ""
    detail = piece.raison_refus
    if piece.sha256 and connues.get(piece.sha256, str(piece.pk)) != str(piece.pk):
        detail = "Même fichier qu'une autre pièce"
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


def verser(request: HttpRequest, form: FormulairePieces) -> bool:
    """Verse chaque fichier, ou le texte seul; la même soumission deux fois n'en verse aucun de plus."""
    lues = form.cleaned_data
    fichiers = lues["fichiers"] or [None]
    for rang, (fichier, texte) in enumerate(zip(fichiers, form.textes(len(fichiers)), strict=True)):
        titre = lues["titre"] if len(fichiers) == 1 else f"{lues['titre']} ({rang + 1} de {len(fichiers)})"
        try:
            executer(
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
            poser_refus(form, refus)
            return False
    return True


@require_http_methods(["GET", "POST"])
def pieces(request: HttpRequest, reference: str) -> HttpResponse:
    """Liste des pièces et ajout de fichiers."""
    dossier, droits = entrer(request, reference, "piece.lire")
    form = None
    if droits.peut("piece.verser") and dossier.etat:
        form = FormulairePieces(request.POST or None, request.FILES or None, dossier=dossier, personne=droits.personne)
        if request.method == "POST" and form.is_valid() and verser(request, form):
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
    """Le fichier vérifié, en téléchargement seulement, dans un bac à sable."""
    dossier, droits = entrer(request, reference, "piece.lire", consigner=False)
    visee = Piece.objects.filter(dossier=dossier, pk=piece, verification=Piece.Verification.RECUE).first()
    if visee is None or not visee.fichier:
        raise Http404
    if due := lecture_due(request, "piece.lire"):
        consigner_lecture(droits.personne, dossier, due, f"piece-{visee.pk}")
    extension = str(visee.fichier.name).rsplit(".", 1)[-1]
    reponse = FileResponse(
        visee.fichier.open("rb"), as_attachment=True, filename=f"piece-{dossier.reference}-{visee.pk}.{extension}"
    )
    reponse["X-Content-Type-Options"] = "nosniff"
    reponse["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return reponse
