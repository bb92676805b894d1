// SPDX-License-Identifier: MIT
#include "module_check.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <utility>
#include <variant>

#include "../text/visible.hpp"
#include "callbacks.hpp"
#include "checks.hpp"
#include "envelope_check.hpp"

namespace wasmup::wasm {
namespace {

Finding no_version(const Module& module) {
  const auto marker = std::ranges::find_if(
      module.exports, [](const Export& exported) { return exported.name.starts_with(abi_marker_prefix); });
  if (marker == module.exports.end()) {
    return {"it has no Proxy-Wasm ABI marker (an exported function such as proxy_abi_version_0_2_1)",
            "register the filter: WASMUP_REGISTER(YourFilter), once, at the end of its source"};
  }
  if (abi_version_of(marker->name)) {
    return {fmt::format("its ABI marker {} is not a function", marker->name), "export it as a function",
            Severity::refusal, marker->offset};
  }
  return {fmt::format("its ABI marker is {}, and Envoy knows 0_1_0, 0_2_0 and 0_2_1", marker->name),
          "build it with an SDK for Proxy-Wasm ABI 0.2.1", Severity::refusal, marker->offset};
}

Finding no_callback() {
  return {"it has no callback: every request and every connection passes it untouched",
          "give the filter one, such as on_request_headers, and register it: WASMUP_REGISTER(YourFilter)",
          Severity::warning};
}

Finding finding_of(const Unreadable& unreadable) {
  if (unreadable.is_too_much) {
    return {
        fmt::format("it is more than this check takes, at byte {}: {}", unreadable.offset, unreadable.reason),
        "build a smaller one, with fewer and shorter functions (-Os)"};
  }
  return {fmt::format("it is damaged, or newer than this check, at byte {}: {}", unreadable.offset,
                      unreadable.reason),
          "build it again, or copy it again (as a binary file)"};
}

}  // namespace

bool Examination::loads() const {
  return std::ranges::none_of(findings, [](const Finding& one) { return one.severity == Severity::refusal; });
}

Examination examine(std::string_view bytes, std::string_view envoy) {
  if (auto finding = check_envelope(bytes)) return {std::nullopt, {*std::move(finding)}, envoy};
  std::variant<Module, Unreadable> decoded = decode(bytes);
  if (const auto* unreadable = std::get_if<Unreadable>(&decoded)) {
    return {std::nullopt, {finding_of(*unreadable)}, envoy};
  }

  Examination examination{std::get<Module>(std::move(decoded)), {}, envoy};
  const Module& module = *examination.module;
  const std::optional<AbiVersion> marker = abi_version_of(module);
  if (!marker) examination.findings.push_back(no_version(module));
  const Host host{marker.value_or(AbiVersion::v0_2_1), envoy};
  check_imports(module, host, examination.findings);
  check_memory(module, examination.findings);
  check_exports(module, host, examination.findings);
  if (examination.loads() && callbacks_of(module).empty()) examination.findings.push_back(no_callback());
  return examination;
}

std::optional<AbiVersion> abi_version_of(const Module& module) {
  for (const Export& exported : module.exports) {
    if (exported.kind != Kind::function) continue;
    if (const auto version = abi_version_of(exported.name)) return version;
  }
  return std::nullopt;
}

bool filters_connections(const Module& module) {
  bool is_tcp = false;
  for (const Export& one : module.exports) {
    const std::string_view name = one.name;
    if (name.starts_with("proxy_on_request_") || name.starts_with("proxy_on_response_")) return false;
    is_tcp = is_tcp || name == "proxy_on_new_connection" || name == "proxy_on_downstream_data" ||
             name == "proxy_on_upstream_data";
  }
  return is_tcp;
}

Expected<void> verdict(const Examination& examination, std::string_view name) {
  if (examination.loads()) return {};
  constexpr size_t most_shown = 8;
  size_t refusals = 0;
  std::vector<std::string> seen;
  std::vector<std::string> cures;
  for (const Finding& finding : examination.findings) {
    if (finding.severity != Severity::refusal || ++refusals > most_shown) continue;
    seen.push_back(to_string(finding));
    const std::string cure = text::visible(finding.cure);
    if (std::ranges::find(cures, cure) == cures.end()) cures.push_back(cure);
  }
  if (refusals > most_shown) seen.push_back(fmt::format("and {} more", refusals - most_shown));
  return std::unexpected(
      Error{ExitCode::module_refused, fmt::format("{} cannot run in Envoy {}", name, examination.envoy),
            fmt::format("{}", fmt::join(seen, "\n")), fmt::format("{}", fmt::join(cures, "\n"))});
}

Expected<void> check_module(std::string_view bytes, std::string_view name) {
  return verdict(examine(bytes), name);
}

}  // namespace wasmup::wasm
