// SPDX-License-Identifier: MIT
#include "browser.hpp"

namespace wasmup::commands {
namespace {

bool hand_over(os::Processes& processes, const std::string& url) {
  const auto opener = processes.find("xdg-open");
  return opener && processes.start_detached({.argv = {*opener, url}, .inherits = os::Inherits::everything},
                                            "/dev/null");
}

}  // namespace

void open_browser(Environment& environment, const std::string& url) {
  const bool opened = hand_over(environment.processes, url);
  environment.terminal.say("browser", opened ? url : "open " + url + " (there is no xdg-open here)");
}

}  // namespace wasmup::commands
