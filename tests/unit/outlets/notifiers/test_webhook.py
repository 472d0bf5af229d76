"""Signed webhooks, checked as a receiver checks them."""

from __future__ import annotations

import base64
import hashlib
import hmac

import pytest
from tests.plugs.notifier_samples.webhook import SECRET

from vigie.model.errors import UserError
from vigie.outlets.notifiers.webhook import headers, keys


def test_the_signature_is_the_one_of_standard_webhooks() -> None:
    """The worked example of the specification's reference libraries: id, time, body, secret."""
    body = b'{"test": 2432232314}'
    key = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    wanted = hmac.new(key, b"msg_abc.1614265330." + body, hashlib.sha256).digest()
    found = headers("abc", 1614265330, body, keys("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
    assert found["webhook-signature"] == f"v1,{base64.b64encode(wanted).decode()}"
    assert found["webhook-id"] == "msg_abc"
    assert found["webhook-timestamp"] == "1614265330"


def test_the_published_example_is_met() -> None:
    """`g0hM9SsE…` is what Svix' and Standard Webhooks' own tests expect of this input."""
    (key,) = keys("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    content = b'msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{"test": 2432232314}'
    signature = base64.b64encode(hmac.digest(key, content, "sha256")).decode()
    assert signature == "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    made = headers("p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}', [key])
    assert made["webhook-signature"] == f"v1,{signature}"


def test_two_secrets_sign_while_one_replaces_the_other() -> None:
    other = "a secret that was made by hand".replace(" ", "-")
    signed = headers("a", 1, b"{}", keys(f"{SECRET} {other}"))["webhook-signature"].split(" ")
    assert len(signed) == 2
    assert signed[0] == headers("a", 1, b"{}", keys(SECRET))["webhook-signature"]
    assert signed[1] == headers("a", 1, b"{}", [other.encode()])["webhook-signature"]


@pytest.mark.parametrize("secret", ["whsec_???", "whsec_c2hvcnQ=", "tiny", f"{SECRET} tiny"])
def test_a_secret_that_protects_nothing_is_refused(secret: str) -> None:
    with pytest.raises(UserError) as told:
        keys(secret)
    assert secret not in f"{told.value}{told.value.hint}"
