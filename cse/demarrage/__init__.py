"""Ce qui démarre la maison : lieux, clés, PostgreSQL embarqué, travailleur et horloge intégrés."""
