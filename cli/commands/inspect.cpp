// SPDX-License-Identifier: MIT
#include <cstdint>
#include <filesystem>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <memory>
#include <optional>
#include <system_error>

#include "../text/file.hpp"
#include "command.hpp"
#include "inspect_report.hpp"

namespace wasmup::commands {
namespace {

constexpr size_t all_functions = SIZE_MAX;

constexpr const char* examples =
    "Exit codes: 0 it loads, with warnings or without; 2 no such file; 4 Envoy would\n"
    "refuse it.\n"
    "\n"
    "Examples:\n"
    "  wasmup inspect build/hello.wasm\n"
    "      What it asks of Envoy, what is in it, and whether it will load.\n"
    "  wasmup inspect filter.wasm --envoy 1.36 --json | jq -r '.findings[].seen'\n"
    "      The reasons alone why an older Envoy would not.";

struct InspectFlags {
  std::string file = {};
  std::optional<std::string> envoy = {};
  size_t functions = 5;
  bool json = false;
};

Expected<std::string_view> find_envoy_version(const InspectFlags& flags) {
  if (!flags.envoy) return wasm::default_envoy();
  if (const auto known = wasm::known_envoy(*flags.envoy)) return *known;
  return std::unexpected(
      Error{ExitCode::usage, fmt::format("nothing is known of Envoy {}", *flags.envoy),
            fmt::format("those that were measured: {}", fmt::join(wasm::known_envoys(), ", ")),
            "name one of these, or any other release of the same minor version"});
}

/// Neither something without an end nor more than anybody serves.
Expected<std::string> read_module(const std::string& file) {
  constexpr uintmax_t most = uintmax_t{256} << 20;  // what Envoy Gateway takes
  std::error_code error;
  const bool is_other = std::filesystem::exists(file, error) &&
                        !std::filesystem::is_regular_file(file, error) &&
                        !std::filesystem::is_directory(file, error);
  if (is_other) return std::unexpected(Error{ExitCode::usage, "cannot read " + file, "it is no file", ""});
  const uintmax_t size = std::filesystem::file_size(file, error);
  if (error || size <= most) return text::read_file(file);
  return std::unexpected(Error{ExitCode::usage, file + " is too large for a module",
                               fmt::format("{} bytes, and {} are the most", size, most), ""});
}

Expected<void> inspect(const InspectFlags& flags, Environment& environment) {
  const Expected<std::string_view> envoy = find_envoy_version(flags);
  if (!envoy) return std::unexpected(envoy.error());
  const Expected<std::string> bytes = read_module(flags.file);
  if (!bytes) return std::unexpected(bytes.error());
  Inspected inspected{flags.file, bytes->size(), wasm::examine(*bytes, *envoy), {}};
  if (const auto& module = inspected.examination.module) {
    inspected.root_ids = wasm::root_ids_of(*module, *bytes);
  }
  const size_t most_functions = flags.functions == 0 ? all_functions : flags.functions;
  if (flags.json) {
    environment.terminal.print(to_json(inspected, most_functions));
  } else {
    print_inspection(environment.terminal, inspected, most_functions);
  }
  return wasm::verdict(inspected.examination, flags.file);
}

}  // namespace

void add_inspect(CLI::App& program, Environment& environment, Action& action) {
  const auto flags = std::make_shared<InspectFlags>();
  CLI::App& command =
      *program.add_subcommand("inspect", "Show what is in a module, and whether Envoy loads it");
  command.add_option("FILE", flags->file, "The module (.wasm)")->required()->option_text(" ");
  command
      .add_option("--envoy", flags->envoy,
                  "The Envoy that is to load it, as 1.36 (default:\nthe one that wasmup sets up)")
      ->option_text("VERSION");
  command
      .add_option("--functions", flags->functions,
                  "So many of the largest functions; 0: all of them\n(default: 5)")
      ->option_text("NUMBER");
  command.add_flag("--json", flags->json, "Print it as JSON");
  command.footer(examples);
  command.callback([flags, &environment, &action] {
    action = [flags, &environment] { return inspect(*flags, environment); };
  });
}

}  // namespace wasmup::commands
