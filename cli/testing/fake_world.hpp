// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "../environment.hpp"
#include "../os/fake_network.hpp"
#include "../os/fake_processes.hpp"

namespace wasmup {

/// What an Envoy that does not run says, and whether it lives on.
struct FakeMoment {
  std::vector<envoy::LogLine> log = {};
  std::vector<envoy::Exchange> exchanges = {};
  bool lives = true;
  std::function<void()> then = {};
};

struct FakeLife {
  FakeMoment during_check = {};
  std::vector<FakeMoment> while_serving = {};  ///< one a call of pump; after the last one it dies
  std::vector<envoy::LogLine> last_words = {};
  std::function<Expected<void>(const envoy::WasmFilter&)> on_swap = {};
  std::map<std::string, int64_t> stats = {};
};

class FakeServer : public envoy::Server {
 public:
  static constexpr uint16_t filtered = 1001;
  static constexpr uint16_t control = 1002;
  static constexpr uint16_t tcp = 1004;

  FakeServer(envoy::ServerOptions options, FakeLife life, int number)
      : options_(std::move(options)), life_(std::move(life)), number_(number) {}
  ~FakeServer() override { say(life_.last_words); }

  int pid() const override { return number_; }
  uint16_t port() const override { return filtered; }
  uint16_t control_port() const override { return control; }
  uint16_t tcp_port() const override { return tcp; }
  std::string admin_url() const override { return "http://127.0.0.1:1003"; }
  Expected<std::map<std::string, int64_t>> stats() override { return life_.stats; }
  Expected<std::string> prometheus() override { return {}; }
  Expected<void> swap(const envoy::WasmFilter& filter, std::chrono::milliseconds) override {
    return life_.on_swap ? life_.on_swap(filter) : Expected<void>();
  }

  /// A check looks in often, a server that has nothing else to do seldom.
  bool pump(std::chrono::milliseconds limit) override {
    // The check has come to its end when serving begins, which a test of watching says with `then`.
    if (limit < std::chrono::milliseconds(20)) {
      if (!std::exchange(checked_, true)) live(life_.during_check);
    } else if (served_ < life_.while_serving.size()) {
      live(life_.while_serving[served_++]);
    } else {
      lives_ = false;
    }
    return lives_;
  }

 private:
  void live(const FakeMoment& moment) {
    say(moment.log);
    for (const envoy::Exchange& exchange : moment.exchanges) options_.on_exchange(exchange);
    lives_ = moment.lives;
    if (moment.then) moment.then();
  }
  void say(const std::vector<envoy::LogLine>& lines) {
    for (const envoy::LogLine& line : lines) options_.on_log(line);
  }

  envoy::ServerOptions options_;
  FakeLife life_;
  int number_;
  bool checked_ = false;
  size_t served_ = 0;
  bool lives_ = true;
};

/// A world for a command in which nothing happens but what the test says.
struct FakeWorld {
  os::FakeProcesses processes = {};
  os::FakeNetwork network = {};
  std::filesystem::path folder = "/nowhere";
  std::map<std::string, std::string> variables = {};
  bool interrupted = false;
  std::chrono::steady_clock::time_point now = {};  ///< moved by pauses alone, and by the test
  std::function<void()> on_pause = {};
  std::ostringstream out = {};
  std::ostringstream err = {};
  terminal::Terminal terminal{out, err, {}};

  // Envoy
  std::vector<envoy::LogLine> start_log = {};
  std::optional<Error> start_error = {};
  FakeLife life = {};
  std::optional<envoy::ServerOptions> started = {};  ///< how it was started; nothing if it was not
  int starts = 0;                                    ///< the last one's process has this number
  std::function<void()> on_start = {};

  // A person
  bool says_yes = false;
  std::vector<std::string> questions = {};

  // Files
  std::filesystem::path watched_folder = {};
  bool changed = false;                       ///< since somebody looked
  std::filesystem::path changed_folder = {};  ///< in this one alone; empty: in any

  // Answers by port, or by a server that the test plays
  std::map<uint16_t, Expected<http::Response>> answers = {};
  std::function<Expected<http::Response>(const http::Request&)> server = {};
  std::vector<http::Request> requests = {};

  // Load: what a request costs an Envoy, in microseconds, by the number of its process
  std::map<int, int64_t> request_cost = {};
  std::function<void(http::LoadResult&)> on_load = {};
  int64_t sent = 0;  ///< to all

  Environment environment(const std::filesystem::path& root = "/project") {
    return {
        .installation = os::Installation::of_checkout(root),
        .folder = folder,
        .processes = processes,
        .network = network,
        .terminal = terminal,
        .variable = [this](const std::string& name) -> std::optional<std::string> {
          const auto found = variables.find(name);
          return found == variables.end() ? std::nullopt : std::optional(found->second);
        },
        .interrupted = [this] { return interrupted; },
        .now = [this] { return now; },
        .pause =
            [this](std::chrono::milliseconds time) {
              now += time;
              if (on_pause) on_pause();
            },
        .send = [this](const http::Request& request) { return answer(request); },
        .send_load = [this](const http::Load& load) { return send_load(load); },
        .cpu_time =
            [this](int pid) {
              return Expected<std::chrono::nanoseconds>(std::chrono::microseconds(sent * request_cost[pid]));
            },
        .start_envoy = [this](envoy::ServerOptions options) { return start(std::move(options)); },
        .watch = [this](const std::filesystem::path& watched,
                        const os::NamePredicate&) { return watch(watched); },
        .confirm =
            [this](const std::string& question) {
              questions.push_back(question);
              return says_yes;
            }};
  }

 private:
  Expected<http::Response> answer(const http::Request& request) {
    const std::scoped_lock lock(mutex_);
    requests.push_back(request);
    if (server) return server(request);
    for (const auto& [port, answer] : answers) {
      if (request.url == "http://127.0.0.1:" + std::to_string(port) + "/") return answer;
    }
    return std::unexpected(Error{ExitCode::environment, "no answer from " + request.url, "nobody there", ""});
  }

  /// A thousand requests a second.
  Expected<http::LoadResult> send_load(const http::Load& load) {
    http::LoadResult result{.sent = std::min(load.total, static_cast<int64_t>(load.limit.count()))};
    result.by_status[200] = result.sent;
    for (int64_t i = 0; load.accept && i < result.sent; ++i) {
      load.accept({.status = 200, .headers = {}, .time = std::chrono::milliseconds(1)});
    }
    sent += result.sent;
    now += std::chrono::milliseconds(result.sent);
    if (on_load) on_load(result);
    return result;
  }

  Expected<std::unique_ptr<envoy::Server>> start(envoy::ServerOptions options) {
    ++starts;
    started = options;
    if (on_start) on_start();
    for (const envoy::LogLine& line : start_log) options.on_log(line);
    if (start_error) return std::unexpected(*start_error);
    return std::make_unique<FakeServer>(std::move(options), life, starts);
  }

  Expected<std::unique_ptr<os::FolderWatch>> watch(const std::filesystem::path& watched) {
    struct Watch : os::FolderWatch {
      Watch(FakeWorld& world, std::filesystem::path folder) : world_(world), folder_(std::move(folder)) {}
      bool changed() override {
        if (!world_.changed_folder.empty() && world_.changed_folder != folder_) return false;
        return std::exchange(world_.changed, false);
      }
      FakeWorld& world_;
      std::filesystem::path folder_;
    };
    watched_folder = watched;
    return std::make_unique<Watch>(*this, watched);
  }

  std::mutex mutex_;
};

}  // namespace wasmup
