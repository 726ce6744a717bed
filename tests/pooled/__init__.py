"""The suite as production runs: through PgBouncer in transaction mode, with the cache on a Redis Cluster."""
