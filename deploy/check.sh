#!/usr/bin/env bash
# The whole check of the containers, by the Docker of this machine or by one that is made for it.
#
#   deploy/check.sh                             the Dockerfile and docker-compose.yml
#   deploy/check.sh further postgres prometheus the files to add with -f, with the images they name
#
#   CONTAINER_LAB   a script that installs an engine and makes stand-ins for the base images,
#                   for machines that reach no image registry (needs root)
#   CTR_WHEELS      a folder of wheels for those stand-ins (default: torch as pip finds it here)
set -euo pipefail
cd "$(dirname "$0")/.."

check=(python -m "benchmarks.${1:-containers}" "${@:2}")

if docker info > /dev/null 2>&1 && docker compose version > /dev/null 2>&1; then
  exec "${check[@]}"
fi

lab=${CONTAINER_LAB:-../shared/container-lab.sh}
refuse() {
  echo "make containers needs a running Docker engine with compose v2, and \`docker info\` finds none." >&2
  echo "Another way is a script that makes one, and $1." >&2
  exit 1
}
[ -f "$lab" ] || refuse "there is none at $lab (CONTAINER_LAB)"
[ "$(id -u)" = 0 ] || refuse "it has to run as root"

if [ -z "${CTR_WHEELS:-}" ]; then
  export CTR_WHEELS=$PWD/var/wheels
  pip download --quiet --no-deps -c constraints.txt --dest "$CTR_WHEELS" torch
fi
trap 'bash "$lab" stop' EXIT
bash "$lab" install
bash "$lab" start
bash "$lab" images
bash "$lab" ns "${check[@]}"
