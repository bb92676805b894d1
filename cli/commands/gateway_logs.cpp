// SPDX-License-Identifier: MIT
#include "gateway_logs.hpp"

#include <fstream>
#include <iterator>

#include "../gateway/state.hpp"

namespace wasmup::commands {
namespace {

std::string last_lines(const std::string& text, size_t lines) {
  size_t begin = text.size();
  for (size_t i = 0; i <= lines && begin != std::string::npos && begin > 0; ++i) {
    begin = text.rfind('\n', begin - 1);
  }
  return begin == std::string::npos || begin == 0 ? text : text.substr(begin + 1);
}

/// What has come since the last call.
std::string rest_of(std::ifstream& file) {
  file.clear();
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace

Expected<void> show_gateway_logs(const gateway::Layout& layout, const GatewayLogsFlags& flags,
                                 Environment& environment) {
  std::ifstream file(layout.log(flags.process), std::ios::binary);
  if (!file) {
    return std::unexpected(Error{ExitCode::environment, "there is no log of the " + flags.process,
                                 layout.folder().string(), "wasmup gateway up"});
  }
  std::string text = rest_of(file);
  if (flags.lines) text = last_lines(text, *flags.lines);
  environment.terminal.quote(flags.process, text);
  std::string begun;
  while (flags.follow && !environment.interrupted() && gateway::find_running(layout)) {
    environment.pause(std::chrono::milliseconds(100));
    begun += rest_of(file);
    const size_t end = begun.rfind('\n') + 1;  // a line that is still being written is shown when it is whole
    environment.terminal.quote(flags.process, begun.substr(0, end));
    begun.erase(0, end);
  }
  return {};
}

}  // namespace wasmup::commands
