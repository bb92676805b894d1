// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include "checks.hpp"
#include "signature_text.hpp"

namespace wasmup::wasm {
namespace {

constexpr size_t most_suggestions = 100;  // looking for one takes time

/// What the missing function says of how the module was built.
std::string cure_of(const Import& import) {
  const std::string_view name = import.name;
  for (const char* of_exceptions : {"__cxa_", "_Unwind_", "__wasm_lpad", "invoke_", "__resumeException"}) {
    if (name.starts_with(of_exceptions)) return "build it with -fno-exceptions";
  }
  if (import.module == "wasi" || name.starts_with("pthread_") || name.starts_with("__pthread_")) {
    return "build it without threads (no -pthread, target wasm32-wasi)";
  }
  if (import.module.starts_with("wasi")) {
    return "do without the library function that needs it (files, processes, threads)";
  }
  if (import.module != "env") {
    return "Envoy offers functions of the modules env, wasi_snapshot_preview1 and wasi_unstable alone";
  }
  return "define that function, or do not call it";
}

class ImportCheck {
 public:
  ImportCheck(Host host, Findings& found) : host_(host), found_(found) {}

  void check(const Import& import) {
    const std::string name = import.module + "." + import.name;
    switch (import.kind) {
      case Kind::memory:
      case Kind::table:
        return;  // Envoy makes them
      case Kind::global:
        return add(import, fmt::format("it imports the global {}, and Envoy offers no globals", name),
                   "link it as a whole (no -shared, no -fPIC), so that it imports functions only");
      case Kind::tag:
        return add(import, fmt::format("it imports the exception tag {}, which ends Envoy itself", name),
                   "build it with -fno-exceptions");
      case Kind::function:
        return check_function(import, name);
    }
  }

 private:
  void check_function(const Import& import, const std::string& name) {
    const std::optional<abi::Signature> offered = host_function(host_, import.module, import.name);
    if (!offered) {
      return add(import, fmt::format("it imports {}, and Envoy offers no such function", name), cure(import));
    }
    if (offered->parameters == import.type.parameters && offered->result == import.type.results) return;
    add(import,
        fmt::format("it imports {} as {}, and Envoy offers it as {}", name, shown(import.type),
                    shown(offered->parameters, offered->result)),
        "declare it as wasmup/abi.hpp does");
  }

  std::string cure(const Import& import) {
    const std::string_view since = offered_since(host_, import.module, import.name);
    if (!since.empty()) return fmt::format("Envoy {} and later ones have it", since);
    if (suggestions_++ >= most_suggestions) return cure_of(import);
    const std::string nearest = nearest_host_function(host_, import.module, import.name);
    return nearest.empty() ? cure_of(import) : fmt::format("did you mean {}.{}?", import.module, nearest);
  }

  void add(const Import& import, std::string seen, std::string cure) {
    found_.push_back({std::move(seen), std::move(cure), Severity::refusal, import.offset});
  }

  Host host_;
  Findings& found_;
  size_t suggestions_ = 0;
};

}  // namespace

void check_imports(const Module& module, Host host, Findings& found) {
  ImportCheck check(host, found);
  for (const Import& import : module.imports) check.check(import);
}

}  // namespace wasmup::wasm
