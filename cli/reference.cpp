// SPDX-License-Identifier: MIT
#include "reference.hpp"

#include <fmt/format.h>

#include "app.hpp"

namespace wasmup {
namespace {

constexpr const char* markdown_head =
    "# The command line\n"
    "\n"
    "What `wasmup --help` and `wasmup COMMAND --help` print. `cmake --build build/debug --target reference` "
    "writes this page;\n"
    "`man wasmup` has the same once wasmup is installed.\n";

/// A line of man's, as it is.
std::string roff(const std::string& text) {
  std::string result;
  bool begins_line = true;
  for (const char c : text) {
    if (begins_line && (c == '.' || c == '\'')) result += "\\&";
    if (c == '\\' || c == '-') result += '\\';
    if (c == '\\') {
      result += 'e';
    } else {
      result += c;
    }
    begins_line = c == '\n';
  }
  return result;
}

}  // namespace

std::string reference_markdown(Environment& environment) {
  std::string page = markdown_head;
  page += fmt::format("\n```text\n{}```\n", help_on("", environment));
  for (const std::string& command : command_names(environment)) {
    page += fmt::format("\n## wasmup {}\n\n```text\n{}```\n", command, help_on(command, environment));
  }
  return page;
}

std::string reference_man(Environment& environment) {
  std::string page = fmt::format(
      ".TH WASMUP 1 \"\" \"wasmup {}\"\n"
      ".SH NAME\nwasmup \\- C++ source to a Proxy\\-Wasm filter on real traffic, in Envoy\n"
      ".SH SYNOPSIS\n.B wasmup\n.I COMMAND\n[OPTIONS]\n"
      ".SH DESCRIPTION\n.nf\n{}.fi\n",
      WASMUP_VERSION, roff(help_on("", environment)));
  for (const std::string& command : command_names(environment)) {
    page += fmt::format(".SH \"WASMUP {}\"\n.nf\n{}.fi\n", command, roff(help_on(command, environment)));
  }
  return page;
}

}  // namespace wasmup
