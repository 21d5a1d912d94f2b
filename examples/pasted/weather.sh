#!/bin/sh
# The request that came back with a 400.
curl -sS https://api.openai.com/v1/chat/completions \
  -H "Authorization: Bearer $OPENAI_API_KEY" \
  -H "Content-Type: application/json" \
  -d '{
    "model": "gpt-4o-mini",
    "messages": [
      {"role": "system", "content": "You'\''re a weather desk."},
      {"role": "usr", "content": "Will it rain in Lisbon?"}
    ],
    "max_token": 200
  }'
