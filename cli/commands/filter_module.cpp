// SPDX-License-Identifier: MIT
#include "filter_module.hpp"

#include <fmt/format.h>

#include "../text/file.hpp"
#include "../wasm/compiler.hpp"
#include "../wasm/filter_source.hpp"
#include "../wasm/module_check.hpp"
#include "../wasm/strip.hpp"
#include "beside_log.hpp"
#include "cache_folder.hpp"
#include "print_warnings.hpp"

namespace wasmup::commands {
namespace {

namespace fs = std::filesystem;

Expected<FilterModule> compile(Environment& environment, const fs::path& filter, const fs::path& headers,
                               envoy::Server* server) {
  terminal::Terminal& terminal = environment.terminal;
  const Expected<wasm::FilterSource> source = wasm::find_filter_source(filter);
  if (!source) return std::unexpected(source.error());
  terminal.begin("compiling", source->name);
  const Expected<wasm::Compiler> compiler = wasm::find_compiler(
      environment.processes, environment.variable("WASMUP_WASM_CXX"), environment.installation);
  if (!compiler) return std::unexpected(compiler.error());
  announce_first_compilation(environment, *compiler);
  Expected<wasm::Compiled> compiled = beside_log(server, [&] {
    return wasm::compile(environment.processes, *compiler, environment.installation, *source,
                         wasm::Optimize::size, headers);
  });
  if (!compiled) return std::unexpected(compiled.error());
  if (!terminal.keeps_to_print()) terminal.print(compiled->warnings);
  FilterModule module{.name = source->name + ".wasm",
                      .bytes = wasm::with_backtraces(std::move(compiled->module))};
  terminal.done("compiled", fmt::format("{}  {} bytes", module.name, module.bytes.size()));
  return module;
}

Expected<FilterModule> read(Environment& environment, const fs::path& file) {
  Expected<std::string> bytes = text::read_file(file);
  if (!bytes) return std::unexpected(bytes.error());
  FilterModule module{.name = file.filename().string(), .bytes = *std::move(bytes)};
  environment.terminal.say("module", fmt::format("{}  {} bytes", module.name, module.bytes.size()));
  return module;
}

}  // namespace

Expected<FilterModule> get_filter_module(Environment& environment, const fs::path& filter,
                                         const fs::path& headers, envoy::Server* server) {
  Expected<FilterModule> module = filter.extension() == ".wasm"
                                      ? read(environment, filter)
                                      : compile(environment, filter, headers, server);
  if (!module) return module;
  environment.terminal.begin("checking", module->name);
  const wasm::Examination examination = wasm::examine(module->bytes);
  if (const auto loads = wasm::verdict(examination, module->name); !loads) {
    return std::unexpected(loads.error());
  }
  environment.terminal.done("checked", "its imports, exports and signatures suit Envoy");
  print_warnings(environment.terminal, examination);
  module->filters_connections = wasm::filters_connections(*examination.module);
  return module;
}

}  // namespace wasmup::commands
