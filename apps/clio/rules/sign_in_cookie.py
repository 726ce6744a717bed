"""The cookie that ties a way through Clio's sign-in to the browser it was begun in."""

SIGN_IN_COOKIE = "clio_sign_in"
SIGN_IN_PATH = "/auth/clio/"
