// SPDX-License-Identifier: MIT
#include "browser.hpp"

namespace wasmup::commands {
namespace {

bool hand_over(os::Processes& processes, const std::string& url) {
  const auto setsid = processes.find("setsid");
  const auto opener = processes.find("xdg-open");
  if (!setsid || !opener) return false;
  // In a session of its own and with an output of its own, or it would end with us.
  const os::Command command{
      .argv = {*setsid, "--fork", "sh", "-c", R"(exec "$0" "$1" >/dev/null 2>&1)", *opener, url}};
  const auto finished = processes.run(command, std::chrono::seconds(5));
  return finished && finished->status == 0 && !finished->timed_out;
}

}  // namespace

void open_browser(Environment& environment, const std::string& url) {
  const bool opened = hand_over(environment.processes, url);
  environment.terminal.say("browser", opened ? url : "open " + url + " (there is no xdg-open here)");
}

}  // namespace wasmup::commands
