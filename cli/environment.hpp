// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "envoy/server.hpp"
#include "error.hpp"
#include "http/client.hpp"
#include "os/folder_watch.hpp"
#include "os/installation.hpp"
#include "os/network.hpp"
#include "os/processes.hpp"
#include "terminal/terminal.hpp"

namespace wasmup {

/// All that a command has of the world outside, handed in from main; a test hands in another world.
struct Environment {
  os::Installation installation;
  std::filesystem::path folder = ".";  ///< the one we are in
  os::Processes& processes;
  os::Network& network;
  terminal::Terminal& terminal;
  std::function<std::optional<std::string>(const std::string& name)> variable;
  std::function<bool()> interrupted;
  std::function<std::chrono::steady_clock::time_point()> now;
  std::function<void(std::chrono::milliseconds)> pause;  ///< ends early on Ctrl-C
  std::function<Expected<http::Response>(const http::Request&)> send;
  std::function<Expected<http::LoadResult>(const http::Load&)> send_load;
  std::function<Expected<std::chrono::nanoseconds>(int pid)> cpu_time;
  std::function<Expected<std::unique_ptr<envoy::Server>>(envoy::ServerOptions)> start_envoy;
  std::function<Expected<std::unique_ptr<os::FolderWatch>>(const std::filesystem::path&, os::NamePredicate)>
      watch;
  std::function<bool(const std::string& question)> confirm =
      {};  ///< on a terminal; elsewhere nobody says yes
};

/// The environment variable of this process, unless it is not set or empty.
std::optional<std::string> variable(const std::string& name);

/// Our world as it is. Processes and files end with what was made by it, not with this.
Environment real_environment(os::Processes& processes, os::Network& network, terminal::Terminal& terminal);

}  // namespace wasmup
