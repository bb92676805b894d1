// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <wasmup/json.hpp>
#include <wasmup/json_members.hpp>
#include <wasmup/wasmup.hpp>

using wasmup::BodyAction;
using wasmup::TrailersAction;

// In the order of JsonKind.
constexpr std::string_view kinds[] = {"null", "boolean", "number", "string", "array", "object"};

/// The plugin configuration: what a body must be.
struct Settings : wasmup::RootContext {
  bool on_configure(wasmup::Bytes configuration) {
    if (!wasmup::read_configuration(configuration, *this)) return false;
    for (const auto& [name, kind] : required) {
      if (std::find(std::begin(kinds), std::end(kinds), kind) != std::end(kinds)) continue;
      wasmup::log::error("plugin configuration: \"", name,
                         "\" must be one of null, boolean, number, string, array, object; found \"", kind,
                         "\"");
      return false;
    }
    return true;
  }

  uint32_t max_bytes = 65536;
  std::vector<std::pair<std::string, std::string>> required;  ///< a member's name and its kind

  static constexpr auto json = wasmup::json_fields(wasmup::optional("max_bytes", &Settings::max_bytes),
                                                   wasmup::required("required", &Settings::required));
};

/// What is wrong with a body, and where; lines and columns count from 1.
struct Fault {
  std::string reason;
  size_t line = 1;
  size_t column = 1;
};

std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    result += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
  }
  return result += '"';
}

Fault fault_at(std::string reason, std::string_view before) {
  const size_t line_start = before.rfind('\n') + 1;  // 0 where there is none
  return {std::move(reason), static_cast<size_t>(std::count(before.begin(), before.end(), '\n')) + 1,
          before.size() - line_start + 1};
}

std::optional<Fault> check(std::string_view body, const Settings& settings) {
  std::vector<wasmup::JsonMember> members;
  if (const auto error = wasmup::read_json_members(body, members)) {
    return Fault{std::string(error->reason()), error->line, error->column};
  }
  for (const auto& [name, kind] : settings.required) {
    const wasmup::JsonMember* found = nullptr;
    for (const wasmup::JsonMember& member : members) {
      if (member.name != name) continue;
      const std::string_view before = body.substr(0, static_cast<size_t>(member.text.data() - body.data()));
      // Of two, this filter and the upstream might each believe another one.
      if (found != nullptr) return fault_at(quoted(name) + " is there twice", before);
      found = &member;
      const std::string_view found_kind = kinds[static_cast<size_t>(member.kind)];
      if (found_kind == kind) continue;
      return fault_at(
          quoted(name).append(" must be of kind ").append(kind).append(", found ").append(found_kind),
          before);
    }
    if (found == nullptr) return Fault{quoted(name) + " is required"};
  }
  return std::nullopt;
}

std::string decimal(size_t number) {
  std::string text;
  do {
    text.insert(text.begin(), static_cast<char>('0' + number % 10));
    number /= 10;
  } while (number != 0);
  return text;
}

/// Lets a request with a body pass only when that is the JSON the configuration asks for.
struct JsonValidation : wasmup::HttpFilter<Settings> {
  BodyAction on_request_body(wasmup::RequestBody body, bool end_of_stream) {
    if (body.size() > root().max_bytes) {
      answer(413, "{\"error\": \"the body is longer than " + decimal(root().max_bytes) + " bytes\"}\n");
      return BodyAction::hold;
    }
    if (!end_of_stream) return BodyAction::buffer;
    return is_valid(body) ? BodyAction::continue_iteration : BodyAction::hold;
  }

  // With trailers, no piece of the body was its last.
  TrailersAction on_request_trailers(wasmup::RequestTrailers) {
    return is_valid(wasmup::RequestBody(0)) ? TrailersAction::continue_iteration : TrailersAction::hold;
  }

 private:
  bool is_valid(wasmup::RequestBody body) const {
    const auto text = body.read();
    const std::optional<Fault> fault = check(text->view(), root());
    if (!fault) return true;
    answer(400, "{\"error\": " + quoted(fault->reason) + ", \"line\": " + decimal(fault->line) +
                    ", \"column\": " + decimal(fault->column) + "}\n");
    return false;
  }

  static void answer(uint32_t status, std::string_view body) {
    wasmup::send_local_response(
        {.status = status, .headers = {{"content-type", "application/json"}}, .body = body})
        .ignore();  // the request stops all the same
  }
};

WASMUP_REGISTER(JsonValidation)
