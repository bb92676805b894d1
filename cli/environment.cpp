// SPDX-License-Identifier: MIT
#include "environment.hpp"

#include <cstdlib>
#include <utility>

#include "os/answer.hpp"
#include "os/cpu_time.hpp"
#include "os/interrupt.hpp"
#include "os/pause.hpp"

namespace wasmup {

std::optional<std::string> variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  if (value == nullptr || *value == '\0') return std::nullopt;
  return value;
}

Environment real_environment(os::Processes& processes, os::Network& network, terminal::Terminal& terminal) {
  return {.installation = os::find_installation(variable("WASMUP_ROOT")),
          .folder = ".",
          .processes = processes,
          .network = network,
          .terminal = terminal,
          .variable = variable,
          .interrupted = os::Interrupt::requested,
          .now = std::chrono::steady_clock::now,
          .pause = os::pause,
          .send = http::send,
          .send_load = http::send_load,
          .cpu_time = os::cpu_time,
          .start_envoy =
              [&processes](envoy::ServerOptions options) {
                return envoy::Server::start(processes, std::move(options));
              },
          .watch = os::watch_folder,
          .confirm =
              [&terminal](const std::string& question) {
                if (!os::can_ask()) return false;
                terminal.print(question + " [y/N] ");
                return os::read_yes();
              }};
}

}  // namespace wasmup
