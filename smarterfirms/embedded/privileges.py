"""Run PostgreSQL as somebody else when the caller is root.

PostgreSQL refuses to run as root. Instead of creating a system user (which a container may forbid) the server runs as
`nobody`, an account every Linux has. The checkout may lie below a folder only root can enter, so the child keeps the
one capability that opens it, CAP_DAC_OVERRIDE, as an ambient capability; it loses every other right of root.
"""

import ctypes
import os
import pwd
from collections.abc import Callable
from pathlib import Path

_UNPRIVILEGED_ACCOUNT = "nobody"
# Numbers of <linux/prctl.h> and <linux/capability.h>.
_PR_SET_KEEPCAPS, _PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE = 8, 47, 2
_CAP_DAC_OVERRIDE = 1
_CAPABILITY_VERSION_3 = 0x20080522


class _Header(ctypes.Structure):
    _fields_ = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]


class _Capabilities(ctypes.Structure):
    _fields_ = [("effective", ctypes.c_uint32), ("permitted", ctypes.c_uint32), ("inheritable", ctypes.c_uint32)]


def own_as_server(directory: Path) -> None:
    """Give a folder to the account the server will run as; does nothing for an ordinary user."""
    if os.geteuid() == 0:
        account = pwd.getpwnam(_UNPRIVILEGED_ACCOUNT)
        os.chown(directory, account.pw_uid, account.pw_gid)


def demotion() -> Callable[[], None] | None:
    """Return what a child must call before exec to stop being root, or None when the caller is not root."""
    if os.geteuid() != 0:
        return None
    account = pwd.getpwnam(_UNPRIVILEGED_ACCOUNT)
    libc = ctypes.CDLL(None, use_errno=True)

    def become_unprivileged() -> None:
        libc.prctl(_PR_SET_KEEPCAPS, 1, 0, 0, 0)
        os.setgroups([])
        os.setgid(account.pw_gid)
        os.setuid(account.pw_uid)
        _keep_only(libc, _CAP_DAC_OVERRIDE)

    return become_unprivileged


def _keep_only(libc: ctypes.CDLL, capability: int) -> None:
    bit = 1 << capability
    header = _Header(_CAPABILITY_VERSION_3, 0)
    wanted = (_Capabilities * 2)(_Capabilities(bit, bit, bit), _Capabilities(0, 0, 0))
    if libc.capset(ctypes.byref(header), ctypes.byref(wanted)) == 0:
        # Refused only where the container took the capability from root itself; then the path is open or we fail later.
        libc.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, capability, 0, 0)
