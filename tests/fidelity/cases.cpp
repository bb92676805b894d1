// SPDX-License-Identifier: MIT
#include "cases.hpp"

#include <algorithm>

namespace wasmup::fidelity {

std::vector<Group> all_cases() {
  return {{"Header maps", header_cases()},
          {"Bodies and other buffers", body_cases()},
          {"Holding and letting go", flow_cases()},
          {"As much as Envoy holds", limit_cases()},
          {"Replies and resets", reply_cases()},
          {"Streams that end twice", end_cases()},
          {"Call-outs and the effective context", call_cases()},
          {"Life cycle", lifecycle_cases()},
          {"Contexts that Envoy has yet to destroy", deletion_cases()},
          {"What Envoy passes on and what it refuses", wire_cases()}};
}

namespace {

/// Whether a field is the test's own, not Envoy's.
bool is_shown(const Case& played, const std::string& name) {
  if (std::ranges::find(played.also_shown, name) != played.also_shown.end()) return true;
  return name.starts_with("x-") && !name.starts_with("x-forwarded") && !name.starts_with("x-envoy") &&
         name != "x-stream";
}

std::string shown(const Case& played, const Fields& fields) {
  std::string text;
  for (const auto& [name, value] : fields) {
    if (is_shown(played, name)) {
      text.append(1, ' ').append(escaped(name)).append(1, '=').append(escaped(value));
    }
  }
  return text;
}

}  // namespace

std::string shown(const Case& played, const Fields& headers, const std::string& body,
                  const Fields& trailers) {
  std::string text = shown(played, headers);
  if (!body.empty()) text += " \"" + body + "\"";
  if (const std::string fields = shown(played, trailers); !fields.empty()) text += " +" + fields;
  return text;
}

std::string escaped(const std::string& bytes) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= ' ' && byte <= '~') {
      text += c;
    } else {
      text += {'%', digits[byte >> 4], digits[byte & 15]};
    }
  }
  return text;
}

}  // namespace wasmup::fidelity
