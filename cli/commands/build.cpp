// SPDX-License-Identifier: MIT
#include <chrono>
#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>

#include "../text/file.hpp"
#include "../text/json_text.hpp"
#include "../text/visible.hpp"
#include "../wasm/callbacks.hpp"
#include "../wasm/compiler.hpp"
#include "../wasm/filter_source.hpp"
#include "../wasm/module_check.hpp"
#include "../wasm/strip.hpp"
#include "cache_folder.hpp"
#include "command.hpp"
#include "filter_folder.hpp"
#include "print_warnings.hpp"

namespace wasmup::commands {
namespace {

namespace fs = std::filesystem;

constexpr const char* examples =
    "Examples:\n"
    "  wasmup build\n"
    "      The filter of this folder: build/NAME.wasm, and beside it\n"
    "      build/NAME.symbols.wasm with names and debug information, for symbolize.\n"
    "  wasmup build filters/add_header --compiler clang -o add_header.wasm\n"
    "      Another one, by a stock clang, to a file of your choice.";

struct BuildFlags {
  std::optional<std::string> filter = {};
  std::optional<std::string> compiler = {};
  std::optional<std::string> output = {};
  bool debug = false;
  bool release = false;  ///< the default, to be said aloud in scripts
  bool watch = false;
  bool json = false;
};

struct Built {
  fs::path module;
  fs::path symbols;
  std::string bytes;
  wasm::Examination examination;
  std::vector<wasm::Uncalled> uncalled;
};

fs::path symbols_beside(fs::path module) { return module.replace_extension(".symbols.wasm"); }

/// "1 callback", "2 callbacks".
std::string counted(size_t count, std::string_view what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

/// The source of another SDK, or of none, may come to this.
Error does_nothing(const std::string& name, std::string seen, const wasm::Examination& examination) {
  Error error{ExitCode::build_failed, name + " would do nothing", std::move(seen), {}};
  for (const wasm::Finding& finding : examination.findings) {
    error.seen += to_string(finding) + "\n";
    error.next += text::visible(finding.cure) + "\n";
  }
  return error;
}

void print_built(terminal::Terminal& terminal, const Built& built) {
  const wasm::Module& module = *built.examination.module;
  terminal.done("built", fmt::format("{}  {} bytes, {}, {}", built.module.string(), built.bytes.size(),
                                     counted(wasm::callbacks_of(module).size(), "callback"),
                                     counted(module.imports.size(), "hostcall")));
  print_warnings(terminal, built.examination);
}

Expected<Built> build_filter(const BuildFlags& flags, Environment& environment) {
  const Expected<fs::path> filter = find_filter(environment, flags.filter);
  if (!filter) return std::unexpected(filter.error());
  const Expected<wasm::FilterSource> source = wasm::find_filter_source(*filter);
  if (!source) return std::unexpected(source.error());
  Built built;
  const text::Place place =
      flags.output ? text::place_of(*flags.output)
                   : text::Place{folder_of(*filter), fs::path("build") / (source->name + ".wasm")};
  built.module = place.path();
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
  if (!flags.json) terminal.print(compiled->warnings);
  built.uncalled = std::move(compiled->uncalled);
  built.bytes = std::move(compiled->module);
  if (!flags.debug) built.bytes = wasm::with_backtraces(std::move(built.bytes));
  built.examination = wasm::examine(built.bytes);
  if (const auto loads = wasm::verdict(built.examination, source->name + ".wasm"); !loads) {
    return std::unexpected(loads.error());
  }
  if (wasm::callbacks_of(*built.examination.module).empty()) {
    // A warning that was printed is not printed again.
    std::string unsaid = flags.json ? warnings_of(built.uncalled) : "";
    return std::unexpected(does_nothing(source->name + ".wasm", std::move(unsaid), built.examination));
  }
  for (const auto& [name, bytes] :
       {std::pair{symbols_beside(place.name), &compiled->symbols}, {place.name, &built.bytes}}) {
    if (const auto written = text::write_beneath({place.folder, name}, *bytes); !written)
      return std::unexpected(written.error());
  }
  if (!flags.json) print_built(terminal, built);
  return built;
}

void print_json(terminal::Terminal& terminal, const Built& built) {
  const wasm::Module& module = *built.examination.module;
  std::vector<std::string_view> callbacks;
  for (const wasm::Callback& one : wasm::callbacks_of(module)) callbacks.push_back(one.name);
  std::vector<std::string> imports;
  imports.reserve(module.imports.size());
  for (const wasm::Import& one : module.imports) imports.push_back(one.module + "." + one.name);
  nlohmann::json uncalled = nlohmann::json::array();
  for (const wasm::Uncalled& one : built.uncalled) {
    uncalled.push_back({{"file", one.file.string()},
                        {"line", one.line},
                        {"column", one.column},
                        {"name", one.name},
                        {"nearest", one.nearest.empty() ? nlohmann::json() : nlohmann::json(one.nearest)}});
  }
  const nlohmann::json report{{"module", built.module.string()},
                              {"symbols", built.symbols.string()},
                              {"bytes", built.bytes.size()},
                              {"callbacks", callbacks},
                              {"imports", imports},
                              {"uncalled", uncalled}};
  // A file's name need not be text.
  terminal.print(text::json_text(report));
}

/// Builds whenever a file is saved, until Ctrl-C. What is wrong with it is said, and the next save is waited
/// for.
Expected<void> watch(const BuildFlags& flags, Environment& environment) {
  const Expected<fs::path> filter = find_filter(environment, flags.filter);
  if (!filter) return std::unexpected(filter.error());
  // Not our own modules, which may come to lie there.
  const auto watched = environment.watch(folder_of(*filter), [](std::string_view name) {
    return is_of_a_filter(name) && !name.ends_with(".wasm");
  });
  if (!watched) return std::unexpected(watched.error());
  constexpr std::chrono::milliseconds step{50};
  for (bool is_new = true; !environment.interrupted(); is_new = (*watched)->changed()) {
    if (!is_new) {
      environment.pause(step);
      continue;
    }
    const Expected<Built> built = build_filter(flags, environment);
    if (environment.interrupted()) break;
    if (!built) environment.terminal.report(built.error());
    environment.terminal.say("watching", "each save is built at once; Ctrl-C ends it");
  }
  return {};
}

Expected<void> build(const BuildFlags& flags, Environment& environment) {
  if (flags.watch) return watch(flags, environment);
  const Expected<Built> built = build_filter(flags, environment);
  if (!built) return std::unexpected(built.error());
  if (flags.json) print_json(environment.terminal, *built);
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
  auto* const json = command.add_flag("--json", flags->json, "Print what was built as JSON");
  command.add_flag("-w,--watch", flags->watch, "Build anew whenever its files change, until Ctrl-C")
      ->excludes(json);
  command.footer(examples);
  command.callback([flags, &environment, &action] {
    action = [flags, &environment] { return build(*flags, environment); };
  });
}

}  // namespace wasmup::commands
