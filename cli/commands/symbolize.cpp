// SPDX-License-Identifier: MIT
#include <algorithm>
#include <fmt/format.h>
#include <memory>
#include <optional>
#include <variant>

#include "../text/file.hpp"
#include "../text/visible.hpp"
#include "../wasm/backtrace.hpp"
#include "../wasm/decoder.hpp"
#include "../wasm/filter_source.hpp"
#include "../wasm/strip.hpp"
#include "command.hpp"
#include "filter_folder.hpp"
#include "source_places.hpp"

namespace wasmup::commands {
namespace {

namespace fs = std::filesystem;

constexpr const char* examples =
    "When a module that `wasmup build` has made traps, Envoy logs a backtrace of bare\n"
    "offsets. The symbols beside the module have the names to them; files and lines\n"
    "take llvm-symbolizer, too (Debian: llvm).\n"
    "\n"
    "Exit codes: 0 all frames have their names; 1 the log has no backtrace, or one of\n"
    "another module; 2 a file cannot be read.\n"
    "\n"
    "Examples:\n"
    "  wasmup symbolize envoy.log --symbols build/hello.symbols.wasm\n"
    "      The log, with functions, files and lines in its backtraces.\n"
    "  wasmup symbolize <envoy.log\n"
    "      The same, with the symbols of the filter in this folder.";

struct SymbolizeFlags {
  std::string log = "-";
  std::optional<std::string> symbols = {};
  std::optional<std::string> module = {};
};

/// Those that `wasmup build` has left of the filter in this folder, unless others were named.
Expected<fs::path> find_symbols(const SymbolizeFlags& flags, const Environment& environment) {
  if (flags.symbols) return *flags.symbols;
  const Expected<fs::path> filter = find_filter(environment, std::nullopt);
  if (!filter) {
    return std::unexpected(
        Error{ExitCode::usage, "which symbols?", filter.error().seen, "--symbols NAME.symbols.wasm"});
  }
  const Expected<wasm::FilterSource> source = wasm::find_filter_source(*filter);
  if (!source) return std::unexpected(source.error());
  return (folder_of(*filter) / "build" / (source->name + ".symbols.wasm")).lexically_normal();
}

/// Whether these are the symbols of that module, to the last byte of its code.
Expected<void> check_module_of(std::string_view symbols, const fs::path& symbols_file,
                               const fs::path& module_file) {
  const Expected<std::string> module = text::read_file(module_file);
  if (!module) return std::unexpected(module.error());
  const std::string ours = wasm::without_custom_sections(symbols);
  const std::string theirs = wasm::without_custom_sections(*module);
  if (ours == theirs) return {};
  const auto differ = std::ranges::mismatch(ours, theirs).in1 - ours.begin();
  return std::unexpected(Error{
      ExitCode::check_failed,
      fmt::format("{} does not belong to {}", symbols_file.string(), module_file.string()),
      fmt::format("{} bytes and {} bytes without names and debug information, which differ from byte {} on",
                  ours.size(), theirs.size(), differ),
      "take the symbols of the same build: wasmup build leaves them beside the module"});
}

/// A log, and what its frames come to.
struct Symbolized {
  std::string text;
  std::vector<wasm::Frame> frames;
  std::vector<wasm::Frame> strangers;  ///< not of this module
};

/// Where the content of the code section begins.
size_t start_of_code(const wasm::Module& module) {
  const auto code = std::ranges::find_if(
      module.sections, [](const wasm::Section& one) { return !one.is_custom && one.name == "code"; });
  return code == module.sections.end() ? 0 : code->content;
}

Expected<std::map<uint64_t, std::string>> places_of(const Symbolized& found, const wasm::Module& module,
                                                    const fs::path& symbols, os::Processes& processes) {
  const std::optional<fs::path> symbolizer = find_symbolizer(processes);
  if (!symbolizer) return {};
  std::vector<uint64_t> offsets;
  for (const wasm::Frame& frame : found.frames) {
    if (function_of(frame, module) != nullptr) offsets.push_back(frame.offset - start_of_code(module));
  }
  std::ranges::sort(offsets);
  const auto doubles = std::ranges::unique(offsets);
  offsets.erase(doubles.begin(), doubles.end());
  return source_places(processes, *symbolizer, symbols, offsets);
}

Expected<Symbolized> symbolize_log(std::string_view log, const wasm::Module& module, const fs::path& symbols,
                                   os::Processes& processes) {
  Symbolized result{{}, wasm::find_frames(log), {}};
  const auto places = places_of(result, module, symbols, processes);
  if (!places) return std::unexpected(places.error());
  size_t copied = 0;
  for (const wasm::Frame& frame : result.frames) {
    const wasm::Function* const function = function_of(frame, module);
    if (function == nullptr) {
      result.strangers.push_back(frame);
      continue;
    }
    result.text += log.substr(copied, frame.begin - copied);
    result.text += function->name.empty() ? log.substr(frame.begin, frame.end - frame.begin)
                                          : text::visible(function->name);
    const auto place = places->find(frame.offset - start_of_code(module));
    if (place != places->end()) result.text += " at " + text::visible(place->second);
    copied = frame.end;
  }
  result.text += log.substr(copied);
  return result;
}

Error no_backtrace(std::string_view log) {
  const bool trapped = log.contains("Uncaught RuntimeError");
  return {ExitCode::check_failed, "the log has no backtrace of a module",
          trapped ? "a module trapped, and Envoy prints where only if the module has a name section"
                  : "nor does it say that a module has trapped",
          trapped ? "wasmup build, whose modules have one" : ""};
}

Error not_of(const fs::path& symbols, const Symbolized& result, const wasm::Module& module) {
  const wasm::Frame& frame = result.strangers.front();
  const std::string by_log =
      frame.index ? fmt::format("in function {}", *frame.index) : fmt::format("in {}", frame.name);
  const wasm::Function* const ours = function_of({frame.offset, {}, {}, 0, 0}, module);
  const std::string by_file =
      ours == nullptr ? "in none" : fmt::format("in function {}, {}", ours->index, ours->name);
  return {ExitCode::check_failed,
          fmt::format("{} does not belong to the module that trapped", symbols.string()),
          fmt::format("byte {:#x} lies {} by the log, and {} by the symbols ({} of {} frames)", frame.offset,
                      by_log, by_file, result.strangers.size(), result.frames.size()),
          "take the symbols of the build that is deployed; --module FILE.wasm tells whether they are"};
}

Expected<void> symbolize(const SymbolizeFlags& flags, Environment& environment) {
  const Expected<fs::path> file = find_symbols(flags, environment);
  if (!file) return std::unexpected(file.error());
  const Expected<std::string> symbols = text::read_file(*file);
  if (!symbols) return std::unexpected(symbols.error());
  const auto decoded = wasm::decode(*symbols);
  if (const auto* unreadable = std::get_if<wasm::Unreadable>(&decoded)) {
    return std::unexpected(Error{ExitCode::usage, file->string() + " is no module with symbols",
                                 fmt::format("at byte {}: {}", unreadable->offset, unreadable->reason),
                                 "wasmup build, which leaves NAME.symbols.wasm beside the module"});
  }
  const auto& module = std::get<wasm::Module>(decoded);
  if (flags.module) {
    if (const auto same = check_module_of(*symbols, *file, *flags.module); !same) return same;
  }
  const Expected<std::string> log = text::read_file(flags.log == "-" ? "/dev/stdin" : flags.log);
  if (!log) return std::unexpected(log.error());
  const Expected<Symbolized> result = symbolize_log(*log, module, *file, environment.processes);
  if (!result) return std::unexpected(result.error());

  environment.terminal.print(result->text);
  if (result->frames.empty()) return std::unexpected(no_backtrace(*log));
  if (!result->strangers.empty()) return std::unexpected(not_of(*file, *result, module));
  if (!find_symbolizer(environment.processes)) {
    environment.terminal.say("note", "for files and lines: apt-get install llvm (llvm-symbolizer)");
  }
  return {};
}

}  // namespace

void add_symbolize(CLI::App& program, Environment& environment, Action& action) {
  const auto flags = std::make_shared<SymbolizeFlags>();
  CLI::App& command =
      *program.add_subcommand("symbolize", "Name the functions and lines in a trap's backtrace");
  command.add_option("LOG", flags->log, "Envoy's log (default: -, standard input)")->option_text(" ");
  command
      .add_option("--symbols", flags->symbols,
                  "What wasmup build left (default: of the filter in\nthis folder, build/NAME.symbols.wasm)")
      ->option_text("FILE");
  command.add_option("--module", flags->module, "Make sure first that it is the one they belong to")
      ->option_text("FILE");
  command.footer(examples);
  command.callback([flags, &environment, &action] {
    action = [flags, &environment] { return symbolize(*flags, environment); };
  });
}

}  // namespace wasmup::commands
