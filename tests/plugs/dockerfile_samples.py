"""Dockerfiles with what the field does wrong, on various bases, for the editor of them."""

from __future__ import annotations

from collections.abc import Mapping

_LOCK = '{"name": "web", "lockfileVersion": 3, "packages": {"": {"dependencies": {"a": "^1.0.0"}}}}'
_PACKAGE = '{"name": "web", "dependencies": {"a": "^1.0.0"}, "scripts": {"build": "x"}}'

# Each by its name: the files of its folder, "Dockerfile" among them.
FOLDERS: Mapping[str, Mapping[str, str]] = {
    "python on Debian": {
        "requirements.txt": "flask\n",
        "Dockerfile": """\
# the shop
FROM python:3.11
MAINTAINER Ann <ann@shop.example>
RUN apt-get update
RUN apt-get install -y gcc \\
    # for the thumbnails
    imagemagick
ADD requirements.txt /app/
RUN cd /app && pip install -r requirements.txt
ADD . /app
EXPOSE 8000
CMD python /app/main.py
""",
    },
    "node with a lock": {
        "package.json": _PACKAGE,
        "package-lock.json": _LOCK,
        "Dockerfile": """\
FROM node:20
WORKDIR /srv/web
COPY package*.json ./
RUN npm install
COPY . .
RUN npm run build
EXPOSE 3000
CMD node dist/server.js
""",
    },
    "node without a lock": {
        "package.json": _PACKAGE,
        "Dockerfile": """\
FROM node:18-alpine
WORKDIR /srv/web
COPY . .
RUN npm install --production && npm install -g pm2
CMD ["node", "server.js"]
""",
    },
    "alpine": {
        "Dockerfile": """\
FROM alpine:3.19
RUN apk update && apk add curl bash
RUN apk add --virtual .build gcc musl-dev && apk del .build
RUN curl -s https://sums.example/list | sort > /list
EXPOSE 8080/tcp
CMD ["/bin/serve", "--port", "8080"]
""",
    },
    "ubuntu with everything wrong": {
        ".env": "A=1\n",
        "Dockerfile": """\
FROM ubuntu
ENV DEBIAN_FRONTEND noninteractive
RUN apt update && apt install curl git wget sudo
RUN sudo apt-get install -y nodejs
RUN wget -qO- https://get.example/run.sh | sh
ENV API_KEY=abcdef
COPY . /srv/shop/
COPY id_rsa /root
USER root
ENTRYPOINT /srv/shop/run --port 80
CMD verbose
""",
    },
    "fedora": {
        "Dockerfile": """\
FROM fedora:39
RUN dnf install httpd-tools openssl
RUN yum install -y which \\
 && echo done
WORKDIR /srv/tool
COPY tool.py .
CMD python3 tool.py
""",
    },
    "rocky with a script": {
        "start.sh": "#!/bin/sh\nexec /srv/tool/serve\n",
        "Dockerfile": """\
FROM rockylinux:9
RUN dnf -y install python3 | tee /log
COPY start.sh /srv/tool/start.sh
WORKDIR /srv/tool
EXPOSE 9000
CMD ./start.sh
""",
    },
    "nginx": {
        "Dockerfile": """\
FROM nginx
RUN apt-get update && apt-get install -y vim && rm -rf /var/lib/apt/lists/*
ADD site.tar.gz /usr/share/nginx/html
ADD nginx.conf /etc/nginx/nginx.conf
EXPOSE 80
""",
    },
    "go on Debian": {
        "Dockerfile": """\
FROM golang:1.22-bookworm
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ENV CGO_ENABLED=0
RUN go build -o /src/shop ./cmd/shop
EXPOSE 8080
ENTRYPOINT ["/src/shop"]
""",
    },
    "rust": {
        "Cargo.lock": '[[package]]\nname = "serde"\nversion = "1.0.0"\n',
        "Dockerfile": """\
FROM rust:1.79-bookworm
WORKDIR /build
ADD . .
RUN cargo build --release
CMD ["/build/target/release/shop", "--serve"]
""",
    },
    "maven": {
        "Dockerfile": """\
FROM maven:3.9-eclipse-temurin-17
WORKDIR /app
COPY . .
RUN mvn -q package
EXPOSE 8080
CMD java -jar target/shop.jar
""",
    },
    "secrets while building": {
        "Dockerfile": """\
ARG VERSION=3.12
FROM python:${VERSION}-slim AS base
ARG PIP_TOKEN
ENV DB_PASSWORD="hunter2" MODE=live
WORKDIR /srv/app
RUN pip install --extra-index-url "https://x:${PIP_TOKEN}@pip.example/simple" tool
COPY .npmrc .git ./
FROM base
EXPOSE 53/udp 5000
CMD ["python", "-m", "tool"]
""",
    },
    "two stages and a platform": {
        "Dockerfile": """\
# syntax=docker/dockerfile:1
FROM --platform=$BUILDPLATFORM golang:1.22-alpine3.19 AS build
ARG TARGETARCH
RUN apk add git
WORKDIR /src
ADD . .
RUN --mount=type=cache,target=/var/cache/go GOARCH=$TARGETARCH go build -o /out/shop .

FROM scratch
COPY --from=build /out/shop /shop
CMD ["first"]
CMD ["second"]
ENTRYPOINT ["/shop"]
""",
    },
    "heredocs": {
        "Dockerfile": """\
# syntax=docker/dockerfile:1
FROM debian:bookworm
RUN <<EOF
apt-get update
apt-get install -y curl
rm -rf /var/lib/apt/lists/*
EOF
COPY <<-"CONF" /etc/shop.conf
	FROM nothing
	CONF
RUN cat /etc/shop.conf | wc -l
CMD ["cat", "/etc/shop.conf"]
""",
    },
    "windows": {
        "Dockerfile": """\
# escape=`
FROM mcr.microsoft.com/windows/servercore:ltsc2022
ADD app C:\\app
RUN powershell -Command `
    Write-Host hello | Out-Null
CMD C:\\app\\serve.exe
""",
    },
    "line ends of Windows": {
        "Dockerfile": "FROM debian:12\r\nRUN apt-get update && \\\r\n    apt-get install -y git\r\n"
        'CMD ["git", "daemon"]',
    },
    "pragmas": {
        "Dockerfile": """\
# hadolint global ignore=DL3006
FROM ubuntu:22.04
# hadolint ignore=DL3008,DL3009
RUN apt-get update && apt-get install git
# vigie ignore=exec-form
CMD git daemon
""",
    },
}
