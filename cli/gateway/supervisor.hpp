// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "../error.hpp"
#include "../os/processes.hpp"
#include "layout.hpp"
#include "state.hpp"

namespace wasmup::gateway {

/// Keeps the processes of a gateway running until it is told to end (SIGTERM): the controller, the registry,
/// the upstream, and an Envoy for each Gateway. One that ends is started again. In a cluster, Envoy is not a
/// child of the controller, and goes on without it: so here, where the controller starts a stand-in that
/// leaves Envoy's arguments for us (configuration.cpp).
class Supervisor {
 public:
  using Clock = std::chrono::steady_clock;

  /// The world outside, as far as it needs it.
  struct Means {
    os::Processes& processes;
    std::function<bool()> interrupted;
    std::function<void(std::chrono::milliseconds)> pause;
    std::function<Clock::time_point()> now;
    std::function<bool()> controller_is_ready;
  };

  Supervisor(Layout layout, Settings settings, Means means);
  ~Supervisor();
  Supervisor(const Supervisor&) = delete;
  Supervisor& operator=(const Supervisor&) = delete;

  /// Until interrupted, or until a process has ended so often that there is no hope (environment error).
  Expected<void> run();

 private:
  struct Child {
    os::Command command;
    std::shared_ptr<std::ofstream> log;
    std::unique_ptr<os::Child> process;  ///< none: it is to be started at `due`
    Clock::time_point begun;
    Clock::time_point due;
    int starts = 0;
    int failures = 0;  ///< in a row: it ended before it had lived for a while
    std::string last_end;
  };

  /// An Envoy that a controller wants, and who says so.
  struct Proxy {
    std::string basis;  ///< of its arguments, what makes it the Envoy it is
    os::ProcessId stand_in;
    int controller = 0;                                 ///< its number
    std::optional<Clock::time_point> alone_since = {};  ///< when the stand-in was first seen to have ended
  };

  void add(const std::string& name, os::Command command);
  void look_after_all();
  void look_after(const std::string& name, Child& child);
  void start(const std::string& name, Child& child);
  void note_end(const std::string& name, Child& child, const std::string& how);
  void look_after_proxies();
  bool is_wanted(Proxy& proxy) const;
  void publish_when_ready();
  void write_down();
  Expected<os::Command> proxy_command(const std::string& name, std::vector<std::string> arguments) const;
  os::Command in_home(std::vector<std::string> argv) const;

  Layout layout_;
  Settings settings_;
  Means means_;
  std::map<std::string, Child> children_;
  std::map<std::string, Proxy> proxies_;
  bool published_ = false;
  Clock::time_point published_at_;
  bool changed_ = true;  ///< since it was written down
  std::string failure_;
};

/// The whole life of a supervisor: gets the lock, makes itself a root folder of its own, and runs. `layout`
/// has been prepared by start() (gateway.hpp).
Expected<void> supervise(const Layout& layout, os::Processes& processes);

}  // namespace wasmup::gateway
