#!/usr/bin/env bash
# Plans and holds a dialogue in Helmond, as the demo user of the community team. Usage: hold-a-dialogue.sh [URL] [TOKENS]
# Each request has an Idempotency-Key: sent again with it nothing happens twice; held a second time without it is refused.
set -euo pipefail
cd "$(dirname "$0")/.."
url=${1:-http://127.0.0.1:8080}
tokens=${2:-.local/demo/tokens.json}
token=$(python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["community"])' "$tokens")
dialogue=$(cat /proc/sys/kernel/random/uuid)
today=$(date -u +%F)

post() {
  curl --silent --show-error --fail-with-body --retry 3 -X POST "$url/community/v1/dialogues$1" \
    -H "Authorization: Bearer $token" -H "Idempotency-Key: $(cat /proc/sys/kernel/random/uuid)" \
    -H 'Content-Type: application/json' -d "$2"
  echo
}

post "" '{
  "id": "'"$dialogue"'", "municipality": "GM0794", "neighbourhood": "Annawijk", "organiser": "pon",
  "initiative": "sociale-stad", "themes": ["verbinding", "vertrouwen"], "plannedOn": "'"$today"'"
}'
post "/$dialogue/held" '{
  "heldOn": "'"$today"'",
  "groups": {"bewoners": 18, "ondernemers": 4},
  "findings": [
    {"topic": "ontmoeting", "scores": [1, 3, 6, 8, 4]},
    {"topic": "vertrouwen-in-instanties", "scores": [4, 7, 6, 3, 1]}
  ],
  "actions": ["Een buurtkamer openen in de Annawijk"]
}'
echo "Held dialogue $dialogue. Take it back with:"
echo "curl -X POST $url/community/v1/dialogues/$dialogue/withdrawal -H 'Authorization: Bearer …' -H 'Content-Type: application/json' -d '{\"reason\": \"wrong-data\"}'"
