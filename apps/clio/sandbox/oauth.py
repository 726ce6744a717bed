"""The OAuth addresses: /oauth/authorize, /oauth/token, /oauth/deauthorize."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from apps.clio.sandbox.authority import Authority, GrantRefused
from apps.clio.sandbox.consent import consent_page, message_page
from apps.clio.sandbox.fragments import FLAGS
from apps.clio.sandbox.store import Store
from apps.clio.sandbox.wire import HTML_TYPE, Answer, Request, json_answer

REMEMBERED = (
    *("response_type", "client_id", "redirect_uri", "state", "redirect_on_decline"),
    *("nonce", "code_challenge", "code_challenge_method"),
)


@dataclass(frozen=True, slots=True)
class OAuthPages:
    """Answers the OAuth addresses for one firm; the account owner is the one signed in."""

    store: Store
    authority: Authority

    def answer(self, request: Request) -> Answer:
        """Answer one request."""
        if request.path == "/oauth/authorize":
            return self._decide(request) if request.method == "POST" else self._ask(request)
        if request.method != "POST":
            return _page(404, "Not found", "There is nothing at this address.")
        return self._token(request) if request.path == "/oauth/token" else self._deauthorize(request)

    def owner(self) -> tuple[int, str]:
        """Return id and name of the account owner, else of the first user."""
        users = self.store.tables["users"]
        places = users.entity.positions
        rows = [row for row in users.rows if row[places["account_owner"]] == FLAGS[1]] or users.rows[:1]
        if not rows:
            return 0, "nobody"
        return int(str(rows[0][0])), str(rows[0][places["name"]]).strip('"')

    def _ask(self, request: Request) -> Answer:
        fields = {name: values[-1] for name, values in request.parameters().items() if name in REMEMBERED}
        refusal = self._refuse(fields)
        if refusal is not None:
            return refusal
        page = consent_page(self.store.firm_name, self.owner()[1], self.authority.application.name, fields)
        return Answer(200, page.encode(), HTML_TYPE, {"Cache-Control": "no-store"})

    def _refuse(self, fields: dict[str, str]) -> Answer | None:
        application, redirect_uri = self.authority.application, fields.get("redirect_uri", "")
        if fields.get("client_id") != application.client_id:
            return _page(400, "Unknown application", "No application is registered under this client_id.")
        if urlsplit(redirect_uri).scheme not in ("http", "https") or not application.allows(redirect_uri):
            return _page(400, "Redirect refused", "The redirect_uri is not one of the application's.")
        if fields.get("response_type") != "code":
            return _redirect(redirect_uri, error="unsupported_response_type", state=fields.get("state"))
        return None

    def _decide(self, request: Request) -> Answer:
        fields = request.form()
        refusal = self._refuse(fields)
        if refusal is not None:
            return refusal
        redirect_uri, state = fields["redirect_uri"], fields.get("state")
        if fields.get("decision") == "allow":
            code = self.authority.issue_code(redirect_uri, self.owner()[0], fields.get("code_challenge", ""))
            return _redirect(redirect_uri, code=code, state=state)
        if fields.get("redirect_on_decline") == "true":
            return _redirect(redirect_uri, error="access_denied", state=state)
        return _page(200, "Access declined", "Nothing was shared. You can close this window.")

    def _token(self, request: Request) -> Answer:
        form = request.form()
        try:
            self.authority.check_client(form.get("client_id", ""), form.get("client_secret", ""))
            content = self._grant(form)
        except GrantRefused as refused:
            answer = json_answer({"error": refused.error, "error_description": refused.description}, refused.status)
            if refused.status == 401:
                answer.headers["WWW-Authenticate"] = 'Bearer realm="Clio"'
            return answer
        return json_answer(content, headers={"Cache-Control": "no-store"})

    def _grant(self, form: dict[str, str]) -> dict[str, str | int]:
        kind = form.get("grant_type")
        if kind == "authorization_code":
            verifier = form.get("code_verifier", "")
            return self.authority.exchange_code(form.get("code", ""), form.get("redirect_uri", ""), verifier)
        if kind == "refresh_token":
            return self.authority.refresh(form.get("refresh_token", ""))
        raise GrantRefused("unsupported_grant_type", "Only authorization_code and refresh_token are supported.")

    def _deauthorize(self, request: Request) -> Answer:
        bearer = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if self.authority.find(bearer) is None:
            return invalid_token_answer()
        self.authority.revoke(request.form().get("token", bearer))
        return Answer(200)


def invalid_token_answer() -> Answer:
    """Return the 401 of an expired, revoked or foreign token: here `error` is a string."""
    content = {"error": "invalid_token", "error_description": "The access token is invalid, expired or revoked"}
    header = 'Bearer realm="Clio", error="invalid_token", error_description="The access token is invalid"'
    return json_answer(content, 401, {"WWW-Authenticate": header})


def _redirect(address: str, **values: str | None) -> Answer:
    query = urlencode({name: value for name, value in values.items() if value is not None})
    joint = "&" if urlsplit(address).query else "?"
    return Answer(302, headers={"Location": f"{address}{joint}{query}", "Cache-Control": "no-store"})


def _page(status: int, title: str, text: str) -> Answer:
    return Answer(status, message_page(title, text).encode(), HTML_TYPE)
