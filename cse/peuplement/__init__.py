"""Le peuplement : de grands volumes fictifs chargés par `COPY`, pour mesurer. Source : `docs/mesures.md`."""
