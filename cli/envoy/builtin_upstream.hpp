// SPDX-License-Identifier: MIT
#pragma once

namespace wasmup::envoy {

/// The built-in upstream: a script for Envoy's Lua filter that answers every request itself.
inline constexpr char builtin_upstream_lua[] = R"lua(
-- What a path asks for, in any order and number:
--   /status/NNN           this status (200 to 599)
--   /header/NAME/VALUE    this header, once more each time
--   /bytes/N              a body of N times "x" (at most 64 MiB)
-- Without /bytes the body is the request as it arrived: method, path, each header, an empty line, the body.
-- A request's own body may be as long (413 beyond that).

local most_bytes = 64 * 1024 * 1024

local function echo(headers, body)
  local lines = {headers:get(":method") .. " " .. headers:get(":path")}
  for name, value in pairs(headers) do
    if name:sub(1, 1) ~= ":" or name == ":authority" then
      lines[#lines + 1] = name .. ": " .. value
    end
  end
  local text = table.concat(lines, "\n") .. "\n"
  return body and text .. "\n" .. body:getBytes(0, body:length()) or text
end

function envoy_on_request(request)
  -- All of it first: an answer before the end of the request would reset it in HTTP/2.
  local request_body = request:body()
  local headers = request:headers()
  local path = headers:get(":path"):gsub("%?.*", "")
  local answer = {[":status"] = "200", ["content-type"] = "text/plain"}
  local body

  for name, value in path:gmatch("/header/([%w-]+)/([^/]+)") do
    name = name:lower()
    local values = answer[name] or {}
    if type(values) == "string" then values = {} end
    values[#values + 1] = value
    answer[name] = values
  end

  local status = path:match("/status/(%d+)")
  local count = tonumber(path:match("/bytes/(%d+)"))
  if status and not status:match("^[2-5]%d%d$") then
    answer[":status"], body = "400", "a status is from 200 to 599\n"
  elseif count and count > most_bytes then
    answer[":status"], body = "400", "at most " .. most_bytes .. " bytes\n"
  else
    answer[":status"] = status or "200"
    body = count and ("x"):rep(count) or echo(headers, request_body)
  end
  -- HTTP allows these none.
  if answer[":status"] == "204" or answer[":status"] == "304" then body = "" end

  request:respond(answer, body)
end
)lua";

}  // namespace wasmup::envoy
