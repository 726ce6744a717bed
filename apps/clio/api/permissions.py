"""Who may call what in the clio app."""

from apps.core.permissions import ADMINS_ONLY, MEMBERS, PUBLIC

PERMISSIONS = {
    "firm-clio-connection": {"GET": MEMBERS, "POST": ADMINS_ONLY, "DELETE": ADMINS_ONLY},
    "firm-clio-sync": {"GET": MEMBERS, "POST": ADMINS_ONLY},
    # Clio sends people here without a session of ours; the state in the address tells whose attempt it is, once.
    "clio-callback": {"GET": PUBLIC},
}
