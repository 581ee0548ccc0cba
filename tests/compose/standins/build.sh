#!/usr/bin/env bash
# Builds stand-ins, under the official names, for the images of docker-compose.yml that cannot be pulled here.
# STANDIN_IMAGES names the program that starts an engine and builds the bases.
set -euo pipefail
: "${STANDIN_IMAGES:?the program that prepares an engine and base images}"
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)

has() { docker image inspect "$1" >/dev/null 2>&1; }
image_of() { grep -oE "image: $1:[^ ]+" "$root/docker-compose.yml" | head -n 1 | cut -d' ' -f2; }
build() { has "$1" || nice -n 10 docker build --network=host -q -t "$1" "$here/$2" >/dev/null; }

if ! docker info >/dev/null 2>&1 || ! has python:3.11-slim-bookworm || ! has postgres:18 || ! has jre:17; then
  nice -n 10 "$STANDIN_IMAGES" engine python:3.11-slim-bookworm postgres:18 jre:17
fi
if [ -z "$(docker image ls -q --filter label=veerkracht.standin=slim python:3.11-slim-bookworm)" ]; then
  nice -n 10 docker build -q --label veerkracht.standin=slim -t python:3.11-slim-bookworm "$here/python" >/dev/null
fi
if ! has "$(image_of apache/kafka)"; then
  rm -rf "$here/kafka/libs"
  mvn -q -B -f "$root/deploy/kafka/pom.xml" dependency:copy-dependencies -DoutputDirectory="$here/kafka/libs"
fi
build "$(image_of apache/kafka)" kafka
build "$(image_of nginx)" nginx
build "$(image_of prom/prometheus)" prometheus
build "$(image_of prom/node-exporter)" node
