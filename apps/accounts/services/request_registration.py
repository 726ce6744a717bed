"""Take a registration: the answer and its cost are the same whether or not the address is known here."""

import json
from dataclasses import asdict

from django.contrib.auth.hashers import make_password
from django.db import transaction

from apps.accounts.contracts import Agreed, OutsideIdentity
from apps.accounts.jobs import REGISTER
from apps.accounts.services.agree_personally import write_agreed
from apps.accounts.services.check_password_policy import check_password_policy
from apps.core import jobs
from apps.core.encryption import encrypt
from apps.core.errors import FieldFault, InvalidInput


def request_registration(*, email: str, name: str, password: str, agreed: Agreed) -> None:
    """Hash the password and leave the rest to a job, which writes to the address.

    Raises InvalidInput, PasswordRefused, TermsOutdated.

    Looking the address up here would tell, by the answer or by its speed, who has an account.
    """
    _check_address(email)
    check_password_policy(email=email, name=name, password=password)
    written = write_agreed(agreed)
    _promise({"email": email, "name": name, "password": make_password(password), "agreed": written})


def request_registration_with_identity(*, email: str, name: str, identity: OutsideIdentity, agreed: Agreed) -> None:
    """Do the same for somebody who signs in by a provider: no password; the log-in is linked once the mail is answered.

    The provider's word for the address is not enough: whoever reads the mailbox decides. Raises InvalidInput.
    """
    _check_address(email)
    details = {"email": email, "name": name, "password": make_password(None), "agreed": write_agreed(agreed)}
    _promise(details | {"identity": json.dumps(asdict(identity))})


def _check_address(email: str) -> None:
    if not email.isascii():  # letters that only look alike must not make a second person
        fault = FieldFault("/email", "Write the address in plain letters, without accents.")
        raise InvalidInput("The address is not usable.", faults=(fault,))


def _promise(details: dict[str, str]) -> None:
    with transaction.atomic():
        jobs.enqueue(REGISTER, queue="critical", sealed=encrypt(json.dumps(details)))
