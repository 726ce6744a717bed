"""The cookie that ties an attempt to connect to the browser it was begun in."""

BROWSER_COOKIE = "clio_connect"
# Only the callback below this path is told.
COOKIE_PATH = "/clio/"
