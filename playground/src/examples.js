// Requests to begin with, each with the mistakes that people make.
export const examples = {
  "a request with tools": {
    form: "request.json", profile: "auto",
    text: `{
  "model": "gpt-4o-mini",
  "messages": [
    {"role": "system", "content": "You answer questions about trains."},
    {"role": "user", "content": "When does the night train to Turin leave?"}
  ],
  "tools": [
    {
      "type": "function",
      "function": {
        "name": "find trains",
        "description": "Find departures",
        "parameters": {
          "type": "object",
          "properties": {"to": {"type": "string"}, "days": {"type": "array"}},
          "required": ["to", "class"]
        }
      }
    }
  ],
  "temperature": 2.5,
  "max_token": 300
}
`,
  },
  "a call without its result": {
    form: "request.json", profile: "anthropic",
    text: `{
  "model": "claude-sonnet-5-5",
  "max_tokens": 500,
  "messages": [
    {"role": "user", "content": "Is the museum open on Monday?"},
    {"role": "assistant", "content": [
      {"type": "tool_use", "id": "toolu_01", "name": "opening_hours", "input": {"day": "Monday"}}
    ]},
    {"role": "user", "content": "Are you still there?"}
  ],
  "tools": [{"name": "opening_hours", "input_schema": {"type": "object", "properties": {"day": {"type": "string"}}}}]
}
`,
  },
  "a batch file": {
    form: "batch.jsonl", profile: "openai",
    text: `{"custom_id": "letter-1", "method": "POST", "url": "/v1/chat/completions", "body": {"model": "gpt-4o-mini", "messages": [{"role": "user", "content": "Sort this letter."}], "max_tokens": 0}}
{"custom_id": "letter-2", "method": "POST", "url": "/v1/chat/completions", "body": {"model": "gpt-4o-mini", "messages": [{"role": "user", "content": null}]}}
{"custom_id": "letter-1", "method": "POST", "url": "/v1/chat/completions", "body": {"model": "gpt-4o-mini", "messages": [{"role": "human", "content": "And this one."}]}}
`,
  },
  "a fixture in YAML": {
    form: "request.yaml", profile: "auto",
    text: `model: gpt-4o-mini
stream: yes
messages:
  - role: user
    content:
      - type: text
        text: What is on the picture?
      - type: image_url
        image_url: https://pictures.example/harbour.png
response_format:
  type: json_object
`,
  },
  "tools of an MCP server": {
    form: "request.json", profile: "auto", tab: "compat",
    text: `{
  "tools": [
    {
      "name": "find_table",
      "description": "Find a free table",
      "inputSchema": {
        "type": "object",
        "properties": {
          "people": {"type": "integer", "minimum": 1},
          "day": {"type": "string", "format": "date"},
          "near": {"anyOf": [{"type": "string"}, {"type": "null"}]}
        },
        "required": ["people"]
      }
    },
    {
      "name": "book.table",
      "description": "Book it",
      "inputSchema": {"type": "object", "properties": {"guests": {"type": "array"}}, "oneOf": [{"required": ["guests"]}]}
    }
  ]
}
`,
  },
};
