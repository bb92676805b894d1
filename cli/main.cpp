// SPDX-License-Identifier: MIT
#include <exception>
#include <iostream>
#include <string>
#include <vector>

#include "app.hpp"
#include "environment.hpp"
#include "os/interrupt.hpp"

int main(int argc, char** argv) {
  using namespace wasmup;
  const os::Interrupt interrupt;
  terminal::Terminal terminal(std::cout, std::cerr, terminal::find_capabilities());
  try {
    const auto processes = os::make_processes();
    const auto network = os::make_network();
    Environment environment = real_environment(*processes, *network, terminal);
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    return static_cast<int>(run_app(arguments, environment));
  } catch (const std::exception& exception) {
    terminal.report({ExitCode::environment, "wasmup itself failed", exception.what(), ""});
    return static_cast<int>(ExitCode::environment);
  }
}
