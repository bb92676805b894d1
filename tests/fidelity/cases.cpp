// SPDX-License-Identifier: MIT
#include "cases.hpp"

namespace wasmup::fidelity {

std::vector<Group> all_cases() {
  return {{"Header maps", header_cases()},
          {"Bodies and other buffers", body_cases()},
          {"Holding and letting go", flow_cases()},
          {"As much as Envoy holds", limit_cases()},
          {"Replies and resets", reply_cases()},
          {"Streams that end twice", end_cases()},
          {"Call-outs and the effective context", call_cases()},
          {"Life cycle", lifecycle_cases()}};
}

namespace {

/// Whether a field is the test's own, not Envoy's.
bool is_shown(const std::string& name) {
  return name.starts_with("x-") && !name.starts_with("x-forwarded") && !name.starts_with("x-envoy") &&
         name != "x-stream";
}

std::string shown(const Fields& fields) {
  std::string text;
  for (const auto& [name, value] : fields) {
    if (is_shown(name)) text.append(1, ' ').append(name).append(1, '=').append(value);
  }
  return text;
}

}  // namespace

std::string shown(const Fields& headers, const std::string& body, const Fields& trailers) {
  std::string text = shown(headers);
  if (!body.empty()) text += " \"" + body + "\"";
  if (!shown(trailers).empty()) text += " +" + shown(trailers);
  return text;
}

}  // namespace wasmup::fidelity
