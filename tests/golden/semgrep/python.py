# Each `ruleid:` is followed by a line that the rule must report; all other lines it must not.
import hashlib, os, pickle, random, requests, ssl, subprocess, tarfile, yaml
import flask
import jinja2
import werkzeug.utils
import xml.etree.ElementTree as ET
from flask import redirect, render_template_string, request


def commands(name):
    # ruleid: vigie.python.command-injection
    subprocess.run("ls " + name, shell=True)
    # ruleid: vigie.python.command-injection
    os.system(f"ls {name}")
    subprocess.run(["ls", name])
    subprocess.run("ls /tmp", shell=True)
    os.system("clear")


def statements(db, name):
    # ruleid: vigie.python.sql-injection
    db.execute("select * from t where name = '%s'" % name)
    # ruleid: vigie.python.sql-injection
    db.execute(f"select * from t where name = '{name}'")
    # ruleid: vigie.python.sql-injection
    db.execute("select * from t where name = '" + name + "'")
    query = "select * from t where name = '{}'".format(name)
    # ruleid: vigie.python.sql-injection
    db.execute(query)
    db.execute("select * from t where name = ?", (name,))
    db.execute("select * " + "from t")


def programs(text):
    # ruleid: vigie.python.eval
    eval(text)
    # ruleid: vigie.python.eval
    exec(text)
    eval("1 + 1")


def pages():
    name = request.args.get("name")
    # ruleid: vigie.python.template-injection
    render_template_string("<p>" + name + "</p>")
    render_template_string("<p>{{ name }}</p>", name=name)
    # ruleid: vigie.python.path-traversal
    open("/srv/" + name)
    open(werkzeug.utils.secure_filename(name))
    # ruleid: vigie.python.ssrf
    requests.get(name, timeout=5)
    requests.get("https://bank.example", timeout=5)
    # ruleid: vigie.python.open-redirect
    return redirect(name)


def fetch(url, path):
    # ruleid: vigie.python.ssrf
    requests.get(url, timeout=5)
    open(path)


def load(data):
    # ruleid: vigie.python.unsafe-deserialisation
    pickle.loads(data)
    # ruleid: vigie.python.unsafe-yaml
    yaml.load(data)
    # ruleid: vigie.python.unsafe-yaml
    yaml.load(data, Loader=yaml.Loader)
    yaml.load(data, Loader=yaml.SafeLoader)
    yaml.safe_load(data)
    # ruleid: vigie.python.unsafe-xml
    ET.fromstring(data)


def hashes(data):
    # ruleid: vigie.python.weak-hash
    hashlib.md5(data)
    # ruleid: vigie.python.weak-hash
    hashlib.new("sha1", data)
    hashlib.md5(data, usedforsecurity=False)
    hashlib.sha256(data)


def connections(context):
    # ruleid: vigie.python.tls-verification-off
    requests.get("https://bank.example", verify=False, timeout=5)
    # ruleid: vigie.python.tls-verification-off
    context.verify_mode = ssl.CERT_NONE
    requests.get("https://bank.example", verify="ca.pem", timeout=5)


def start(app):
    # ruleid: vigie.python.debug-mode
    app.run(debug=True)
    app.run(debug=False)


def make_token():
    # ruleid: vigie.python.weak-random
    return random.randint(0, 9)


def throw_dice():
    return random.randint(1, 6)


# ruleid: vigie.python.hardcoded-password
DB_PASSWORD = "correct-horse-battery"
DB_PASSWORD = os.environ["DB_PASSWORD"]
PASSWORD_HINT = "the name of the horse"


def unpack(file):
    # ruleid: vigie.python.unsafe-archive
    tarfile.open(file).extractall("/tmp/x")
    with tarfile.open(file) as archive:
        archive.extractall("/tmp/x", filter="data")
