"""Pictures of the goods. Vulnerable on purpose."""

import os
import subprocess
import tarfile
import tempfile

FOLDER = "/srv/pictures"


def read(name):
    # "../../etc/passwd" is a name too.
    with open(os.path.join(FOLDER, name), "rb") as file:
        return file.read()


def shrink(name):
    subprocess.call("convert " + name + " -resize 200x200 small.png", shell=True)


def unpack(archive):
    target = tempfile.mktemp()
    tarfile.open(archive).extractall(target)
    os.chmod(target, 0o777)
    return target
