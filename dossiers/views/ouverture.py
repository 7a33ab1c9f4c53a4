"""Ouvrir la copie sûre d'un fichier : en téléchargement, dans un bac à sable, et d'un autre hôte s'il y en a un.

Sur `HOTE_FICHIERS`, aucune séance ni aucun témoin n'existe : ce qu'un fichier tenterait n'y trouve rien. Un jeton
signé, d'une minute, y tient lieu de séance; l'accès est rejugé quand il sert. Source : `epreuves.md` U03.
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase, HttpResponseNotFound

from comptes.models import Compte
from dossiers import acces
from dossiers.models import Piece
from socle import horloge

SEL = "dossiers.fichier"
DUREE = timedelta(minutes=1)


def servir(piece: Piece) -> FileResponse:
    """La copie sûre d'une pièce reçue. Lève `Http404` si la pièce n'est pas vérifiée."""
    if piece.verification != Piece.Verification.RECUE or not piece.fichier:
        raise Http404
    extension = str(piece.fichier.name).rsplit(".", 1)[-1]
    nom = f"piece-{piece.dossier.reference}-{piece.pk}.{extension}"
    reponse = FileResponse(piece.fichier.open("rb"), as_attachment=True, filename=nom)
    reponse["X-Content-Type-Options"] = "nosniff"
    reponse["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return reponse


def adresse(request: HttpRequest, piece: Piece, personne: Compte) -> str:
    """Adresse d'une minute sur l'autre hôte; vide s'il n'y en a pas."""
    if not settings.HOTE_FICHIERS:
        return ""
    fin = (horloge.maintenant() + DUREE).timestamp()
    jeton = signing.dumps([piece.pk, personne.pk, fin], salt=SEL)
    return f"{request.scheme}://{settings.HOTE_FICHIERS}/{jeton}"


def repondre(request: HttpRequest) -> HttpResponseBase:
    """Tout ce que l'autre hôte sait répondre : le fichier d'un jeton qui vaut encore, ou rien."""
    try:
        reponse: HttpResponseBase = par_jeton(request.path_info[1:]) if request.method == "GET" else _rien()
    except Http404:
        reponse = _rien()
    reponse["Cache-Control"] = "no-store, private"
    return reponse


def par_jeton(jeton: str) -> FileResponse:
    """Le fichier que nomme un jeton. Lève `Http404` : faux, échu, ou l'accès a pris fin depuis."""
    try:
        numero, compte, fin = signing.loads(jeton, salt=SEL)
    except (signing.BadSignature, ValueError) as erreur:
        raise Http404 from erreur
    personne = Compte.objects.filter(pk=compte, is_active=True).first()
    piece = Piece.objects.filter(pk=numero).select_related("dossier").first()
    echu = horloge.maintenant().timestamp() > fin
    if echu or personne is None or piece is None or not acces.peut(personne, "piece.lire", piece.dossier):
        raise Http404
    return servir(piece)


def _rien() -> HttpResponseNotFound:
    return HttpResponseNotFound("Ce lien ne vaut plus. Retournez à la page du dossier.", content_type="text/plain")
