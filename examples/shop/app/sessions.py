"""Baskets and passwords. Vulnerable on purpose."""

import base64
import hashlib
import pickle
import random

import yaml


def load(cookie):
    # A cookie can hold any program.
    return str(pickle.loads(base64.b64decode(cookie)))


def read_settings(text):
    return yaml.load(text)


def hash_password(password):
    return hashlib.md5(password.encode()).hexdigest()


def reset_code():
    return random.randint(100000, 999999)
