"""Talks to the bank. Vulnerable on purpose; the keys are made up and open nothing."""

import requests

AWS_ACCESS_KEY_ID = "AKIAVIGIESHOPFAKE234"
BANK_API_KEY = "vq7Zk2Rw9Xp4Lm8Tn3Bc6Hd1Jf5Gs0Ay"


def pay(amount, card):
    return requests.post(
        "https://bank.example/pay",
        json={"amount": amount, "card": card},
        headers={"X-Api-Key": BANK_API_KEY},
        verify=False,
    )


def fetch_invoice(address):
    # Any address: also those that only this machine can reach.
    return requests.get(address).text
