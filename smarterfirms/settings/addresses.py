"""Judge and translate the addresses of servers, without connecting to any."""

from urllib.parse import parse_qsl, quote, urlencode, urlsplit

_ONE_SERVER = ("redis", "rediss", "unix")
_CLUSTER = ("redis+cluster", "rediss+cluster")
_CELERYS_SOCKET = "redis+socket"


def unusable_servers(redis_url: str, broker_url: str, cache_url: str) -> list[str]:
    """Return a sentence for each Redis address that cannot serve its role; empty addresses are not given."""
    problems = []
    if redis_url and urlsplit(redis_url).scheme in _CLUSTER:
        problems.append(
            "REDIS_URL serves Celery's broker too, which cannot be a cluster: name the cluster in CACHE_URL."
        )
    elif redis_url and urlsplit(redis_url).scheme not in _ONE_SERVER:
        problems.append("REDIS_URL must begin with redis://, rediss:// or unix://.")
    if broker_url and urlsplit(broker_url).scheme in _CLUSTER:
        problems.append("CELERY_BROKER_URL: Celery's broker cannot be a Redis cluster; give it a server of its own.")
    elif broker_url and urlsplit(broker_url).scheme not in (*_ONE_SERVER, _CELERYS_SOCKET):
        problems.append("CELERY_BROKER_URL must begin with redis://, rediss:// or unix://.")
    if cache_url and urlsplit(cache_url).scheme not in (*_ONE_SERVER, *_CLUSTER):
        problems.append(
            "CACHE_URL must begin with redis://, rediss://, unix:// or, for a cluster, redis+cluster:// or "
            "rediss+cluster://."
        )
    return problems


def says_pgbouncer(database_url: str) -> bool:
    """Tell whether an address says, as Prisma's do, that it leads through PgBouncer: `?pgbouncer=true`."""
    return dict(parse_qsl(urlsplit(database_url).query)).get("pgbouncer", "").lower() == "true"


def celery_broker_url(redis_url: str) -> str:
    """Return Celery's spelling of a Redis address.

    redis-py says `unix://user@/path?db=1&password=...`; kombu says `redis+socket://user:password@/path?virtual_host=1`.
    """
    parts = urlsplit(redis_url)
    if parts.scheme != "unix":
        return redis_url
    query = dict(parse_qsl(parts.query))
    password = query.pop("password", parts.password or "")
    if "db" in query:
        query["virtual_host"] = query.pop("db")
    user = quote(parts.username or "", safe="")
    credentials = f"{user}:{quote(password, safe='')}@" if password else f"{user}@" if user else ""
    return f"{_CELERYS_SOCKET}://{credentials}{parts.path}" + (f"?{urlencode(query)}" if query else "")
