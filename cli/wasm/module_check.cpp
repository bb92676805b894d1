// SPDX-License-Identifier: MIT
#include "module_check.hpp"

#include <algorithm>
#include <cstdint>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <optional>
#include <ranges>
#include <set>
#include <variant>

#include "decoder.hpp"
#include "envelope_check.hpp"
#include "host_functions.hpp"

namespace wasmup::wasm {
namespace {

using abi::Signature;

constexpr uint64_t most_pages = 16384;  // 1 GiB, Envoy's limit (limits.h of its Proxy-Wasm host)

std::string_view name_of(char letter) {
  switch (letter) {
    case 'i':
      return "i32";
    case 'I':
      return "i64";
    case 'f':
      return "f32";
    case 'F':
      return "f64";
    case 'v':
      return "v128";
    default:
      return "a reference";
  }
}

std::string values(std::string_view letters) {
  std::vector<std::string_view> names(letters.size());
  std::ranges::transform(letters, names.begin(), name_of);
  return names.empty() ? "void" : fmt::format("{}", fmt::join(names, " "));
}

std::string shown(std::string_view parameters, std::string_view results) {
  return fmt::format("({}) -> {}", parameters.empty() ? "" : values(parameters), values(results));
}

bool matches(const Signature& signature, const FunctionType& type) {
  return signature.parameters == type.parameters && signature.result == type.results;
}

/// Envoy takes the first marker it finds, as long as it is a function.
std::optional<AbiVersion> find_version(const Module& module) {
  for (const Export& exported : module.exports) {
    if (exported.kind != Kind::function) continue;
    if (const auto version = abi_version_of(exported.name)) return version;
  }
  return std::nullopt;
}

Refusal no_version(const Module& module) {
  const auto marker = std::ranges::find_if(
      module.exports, [](const Export& exported) { return exported.name.starts_with(abi_marker_prefix); });
  if (marker == module.exports.end()) {
    return {"it has no Proxy-Wasm ABI marker (an exported function such as proxy_abi_version_0_2_1)",
            "register the filter: WASMUP_REGISTER(YourFilter), once, at the end of its source"};
  }
  if (abi_version_of(marker->name)) {
    return {fmt::format("its ABI marker {} is not a function", marker->name), "export it as a function"};
  }
  return {fmt::format("its ABI marker is {}, and Envoy knows 0_1_0, 0_2_0 and 0_2_1", marker->name),
          "build it with an SDK for Proxy-Wasm ABI 0.2.1"};
}

std::optional<Refusal> check_import(AbiVersion version, const Import& import) {
  const std::string name = import.module + "." + import.name;
  switch (import.kind) {
    case Kind::memory:
    case Kind::table:
      return std::nullopt;  // Envoy makes them
    case Kind::global:
      return Refusal{fmt::format("it imports the global {}, and Envoy offers no globals", name),
                     "link it as a whole (no -shared, no -fPIC), so that it imports functions only"};
    case Kind::tag:
      return Refusal{fmt::format("it imports the exception tag {}, which ends Envoy itself", name),
                     "build it with -fno-exceptions"};
    case Kind::function:
      break;
  }
  const std::optional<Signature> offered = host_function(version, import.module, import.name);
  if (!offered) {
    const std::string nearest = nearest_host_function(version, import.module, import.name);
    return Refusal{fmt::format("it imports {}, and Envoy offers no such function", name),
                   !nearest.empty() ? fmt::format("did you mean {}.{}?", import.module, nearest)
                   : import.module.starts_with("wasi")
                       ? "do without the library function that needs it (files, processes, threads)"
                       : "define that function, or do not call it"};
  }
  if (!matches(*offered, import.type)) {
    return Refusal{fmt::format("it imports {} as {}, and Envoy offers it as {}", name,
                               shown(import.type.parameters, import.type.results),
                               shown(offered->parameters, offered->result)),
                   "declare it as wasmup/abi.hpp does"};
  }
  return std::nullopt;
}

/// Envoy looks at some exports only when another one is (not) there.
std::set<std::string_view> names_looked_at(const Module& module) {
  const auto has_function = [&module](std::string_view name) {
    return std::ranges::any_of(module.exports, [name](const Export& exported) {
      return exported.kind == Kind::function && exported.name == name;
    });
  };
  std::set<std::string_view> names;
  for (const Signature& signature : abi::callbacks) names.insert(signature.name);
  if (has_function("_initialize")) {
    names.erase("_start");
  } else {
    names.erase("main");
    names.erase("__main_void");
  }
  if (has_function("malloc")) names.erase("proxy_on_memory_allocate");
  return names;
}

std::optional<Refusal> check_export(AbiVersion version, const Export& exported) {
  const std::optional<Signature> expected = callback(version, exported.name);
  if (!expected || matches(*expected, exported.type)) return std::nullopt;
  return Refusal{fmt::format("it exports {} as {}, and Envoy calls it as {}", exported.name,
                             shown(exported.type.parameters, exported.type.results),
                             shown(expected->parameters, expected->result)),
                 fmt::format("give {} that signature, or another name", exported.name)};
}

bool has_allocator(const Module& module) {
  return std::ranges::any_of(module.exports, [](const Export& exported) {
    return exported.kind == Kind::function &&
           (exported.name == "malloc" || exported.name == "proxy_on_memory_allocate");
  });
}

std::optional<Refusal> check_memory(const Module& module) {
  const bool imported =
      std::ranges::any_of(module.imports, [](const Import& i) { return i.kind == Kind::memory; });
  const bool exported =
      std::ranges::any_of(module.exports, [](const Export& e) { return e.kind == Kind::memory; });
  if (!imported && !exported) {
    return Refusal{fmt::format("it {}, and Envoy would crash at its first hostcall",
                               module.memories.empty() ? "has no memory" : "does not export its memory"),
                   "export the memory under the name memory"};
  }
  for (const uint64_t pages : module.memories) {
    if (pages > most_pages) {
      return Refusal{fmt::format("it starts with {} pages of memory, and Envoy gives at most {} (1 GiB)",
                                 pages, most_pages),
                     "link it with a smaller --initial-memory"};
    }
  }
  return std::nullopt;
}

std::vector<Refusal> check(const Module& module) {
  std::vector<Refusal> found;
  const auto add = [&found](std::optional<Refusal> refusal) {
    if (refusal) found.push_back(*std::move(refusal));
  };
  const std::optional<AbiVersion> marker = find_version(module);
  if (!marker) add(no_version(module));
  const AbiVersion version = marker.value_or(AbiVersion::v0_2_1);
  for (const Import& import : module.imports) add(check_import(version, import));
  add(check_memory(module));
  if (!has_allocator(module)) {
    add(Refusal{"it exports no allocator (malloc or proxy_on_memory_allocate)",
                "export one: WASMUP_REGISTER does, and clang does with -Wl,--export=malloc"});
  }
  const std::set<std::string_view> looked_at = names_looked_at(module);
  for (const Export& exported : module.exports) {
    if (exported.kind == Kind::function && looked_at.contains(exported.name)) {
      add(check_export(version, exported));
    }
  }
  return found;
}

}  // namespace

std::vector<Refusal> refusals(std::string_view bytes) {
  if (const auto refusal = check_envelope(bytes)) return {*refusal};
  const std::variant<Module, Malformed> decoded = decode(bytes);
  if (const auto* malformed = std::get_if<Malformed>(&decoded)) {
    return {{fmt::format("it is damaged, or newer than this check, at byte {}: {}", malformed->offset,
                         malformed->reason),
             "build it again, or copy it again (as a binary file)"}};
  }
  return check(std::get<Module>(decoded));
}

Expected<void> check_module(std::string_view bytes, std::string_view name) {
  const std::vector<Refusal> found = refusals(bytes);
  if (found.empty()) return {};
  constexpr size_t most_shown = 8;
  Error error{ExitCode::module_refused, fmt::format("{} cannot run in Envoy", name), "", ""};
  std::vector<std::string> seen;
  std::vector<std::string> cures;
  for (const Refusal& refusal : found | std::views::take(most_shown)) {
    seen.push_back(refusal.seen);
    if (std::ranges::find(cures, refusal.cure) == cures.end()) cures.push_back(refusal.cure);
  }
  if (found.size() > most_shown) seen.push_back(fmt::format("and {} more", found.size() - most_shown));
  error.seen = fmt::format("{}", fmt::join(seen, "\n"));
  error.next = fmt::format("{}", fmt::join(cures, "\n"));
  return std::unexpected(error);
}

bool filters_connections(std::string_view bytes) {
  const auto decoded = decode(bytes);
  const auto* const module = std::get_if<Module>(&decoded);
  if (module == nullptr) return false;
  bool is_tcp = false;
  for (const Export& one : module->exports) {
    const std::string_view name = one.name;
    if (name.starts_with("proxy_on_request_") || name.starts_with("proxy_on_response_")) return false;
    is_tcp = is_tcp || name == "proxy_on_new_connection" || name == "proxy_on_downstream_data" ||
             name == "proxy_on_upstream_data";
  }
  return is_tcp;
}

}  // namespace wasmup::wasm
