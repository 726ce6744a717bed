"""Names of this app's jobs."""

REGISTER = "accounts.register"
RESEND_CONFIRMATION = "accounts.resend_confirmation"
SEND_PASSWORD_RESET = "accounts.send_password_reset"  # noqa: S105 - the name of a job
TELL_LOCKED_OUT = "accounts.tell_locked_out"
FORGET_OLD_TRIES = "accounts.forget_old_tries"
NOTE_EXPIRED_INVITATION = "accounts.note_expired_invitation"
EXPORT_FIRM = "accounts.export_firm"
EXPIRE_FIRM_EXPORT = "accounts.expire_firm_export"
ERASE_FIRM = "accounts.erase_firm"
