// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <memory>
#include <nlohmann/json.hpp>

#include "../text/file.hpp"
#include "../text/visible.hpp"
#include "../wasm/compiler.hpp"
#include "../wasm/decoder.hpp"
#include "../wasm/filter_source.hpp"
#include "../wasm/module_check.hpp"
#include "cache_folder.hpp"
#include "command.hpp"
#include "filter_folder.hpp"

namespace wasmup::commands {
namespace {

namespace fs = std::filesystem;

constexpr const char* examples =
    "Examples:\n"
    "  wasmup build\n"
    "      The filter of this folder: build/NAME.wasm, and beside it\n"
    "      build/NAME.symbols.wasm with names and debug information.\n"
    "  wasmup build filters/add_header --compiler clang -o add_header.wasm\n"
    "      Another one, by a stock clang, to a file of your choice.";

struct BuildFlags {
  std::optional<std::string> filter = {};
  std::optional<std::string> compiler = {};
  std::optional<std::string> output = {};
  bool debug = false;
  bool release = false;  ///< the default, to be said aloud in scripts
  bool json = false;
};

struct Built {
  fs::path module;
  fs::path symbols;
  std::string bytes;
};

/// What the module shows to its host, each part in its own words.
struct Faces {
  std::vector<std::string> callbacks;
  std::vector<std::string> hostcalls;
};

Faces faces_of(std::string_view module) {
  Faces faces;
  const auto decoded = wasm::decode(module);
  const auto* const whole = std::get_if<wasm::Module>(&decoded);
  if (whole == nullptr) return faces;
  for (const wasm::Export& one : whole->exports) {
    const bool is_callback = one.name.starts_with("proxy_on_") && one.name != "proxy_on_memory_allocate";
    if (one.kind == wasm::Kind::function && is_callback) faces.callbacks.push_back(one.name);
  }
  for (const wasm::Import& one : whole->imports) faces.hostcalls.push_back(one.module + "." + one.name);
  return faces;
}

fs::path symbols_beside(fs::path module) { return module.replace_extension(".symbols.wasm"); }

Expected<Built> build_filter(const BuildFlags& flags, Environment& environment) {
  const Expected<fs::path> filter = find_filter(environment, flags.filter);
  if (!filter) return std::unexpected(filter.error());
  const Expected<wasm::FilterSource> source = wasm::find_filter_source(*filter);
  if (!source) return std::unexpected(source.error());
  Built built;
  built.module = flags.output ? fs::path(*flags.output)
                              : (folder_of(*filter) / "build" / (source->name + ".wasm")).lexically_normal();
  built.symbols = symbols_beside(built.module);

  terminal::Terminal& terminal = environment.terminal;
  if (!flags.json) terminal.begin("compiling", source->name);
  const Expected<wasm::Compiler> compiler = wasm::find_compiler(
      environment.processes, flags.compiler ? flags.compiler : environment.variable("WASMUP_WASM_CXX"),
      environment.installation);
  if (!compiler) return std::unexpected(compiler.error());
  if (!flags.json) announce_first_compilation(environment, *compiler);
  Expected<wasm::Compiled> compiled =
      wasm::compile(environment.processes, *compiler, environment.installation, *source,
                    flags.debug ? wasm::Optimize::debugging : wasm::Optimize::size);
  if (!compiled) return std::unexpected(compiled.error());
  if (!flags.json) terminal.print(text::visible(compiled->warnings));
  if (const auto checked = wasm::check_module(compiled->module, source->name + ".wasm"); !checked) {
    return std::unexpected(checked.error());
  }
  for (const auto& [path, bytes] :
       {std::pair{built.symbols, &compiled->symbols}, {built.module, &compiled->module}}) {
    if (const auto written = text::write_file(path, *bytes); !written)
      return std::unexpected(written.error());
  }
  if (!flags.json) {
    terminal.done("built", fmt::format("{}  {} bytes", built.module.string(), compiled->module.size()));
  }
  built.bytes = std::move(compiled->module);
  return built;
}

Expected<void> build(const BuildFlags& flags, Environment& environment) {
  const Expected<Built> built = build_filter(flags, environment);
  if (!built) return std::unexpected(built.error());
  const Faces faces = faces_of(built->bytes);
  terminal::Terminal& terminal = environment.terminal;
  if (flags.json) {
    const nlohmann::json report{{"module", built->module.string()},
                                {"symbols", built->symbols.string()},
                                {"bytes", built->bytes.size()},
                                {"callbacks", faces.callbacks},
                                {"imports", faces.hostcalls}};
    terminal.print(report.dump(2) + "\n");
    return {};
  }
  terminal.say("symbols", built->symbols.string());
  terminal.say("callbacks", fmt::format("{}", fmt::join(faces.callbacks, "\n")));
  terminal.say("imports", fmt::format("{}", fmt::join(faces.hostcalls, "\n")));
  return {};
}

}  // namespace

void add_build(CLI::App& program, Environment& environment, Action& action) {
  const auto flags = std::make_shared<BuildFlags>();
  CLI::App& command = *program.add_subcommand("build", "Compile a filter to a module, and check it");
  command.add_option("FILTER", flags->filter, "Folder or .cpp file (default: this folder)")->option_text(" ");
  command
      .add_option("--compiler", flags->compiler,
                  "zig, clang, or a program (default: the first\n"
                  "there is)")
      ->option_text("NAME");
  auto* const debug =
      command.add_flag("--debug", flags->debug, "Optimise less, and keep functions' names in it");
  command.add_flag("--release", flags->release, "Optimise for size, and keep no names (the default)")
      ->excludes(debug);
  command.add_option("-o,--output", flags->output, "The module's file (default: build/NAME.wasm)")
      ->option_text("FILE");
  command.add_flag("--json", flags->json, "Print what was built as JSON");
  command.footer(examples);
  command.callback([flags, &environment, &action] {
    action = [flags, &environment] { return build(*flags, environment); };
  });
}

}  // namespace wasmup::commands
