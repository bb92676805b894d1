// SPDX-License-Identifier: MIT
#include "server.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <future>
#include <iterator>
#include <nlohmann/json.hpp>
#include <system_error>
#include <utility>
#include <vector>

#include "../http/client.hpp"
#include "../os/interrupt.hpp"
#include "../text/file.hpp"
#include "../text/json.hpp"

namespace wasmup::envoy {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;
using Json = nlohmann::json;
using std::chrono::milliseconds;

constexpr milliseconds step{10};  ///< how long Envoy's log is read between two looks at its state

Error interrupted(std::string what) { return {ExitCode::interrupted, std::move(what), "interrupted", ""}; }

/// What Envoy writes on its way to on_log and on_exchange, and what was said in the log of late.
class Log {
 public:
  Log(std::function<void(const LogLine&)> on_log, std::function<void(const Exchange&)> on_exchange)
      : on_log_(std::move(on_log)), on_exchange_(std::move(on_exchange)) {}

  void add(std::string_view text) {
    if (on_exchange_) {
      const auto exchange = is_busy() ? parse_exchange_briefly(text) : parse_exchange(text);
      if (exchange) {
        ++exchanges_;
        return on_exchange_(*exchange);
      }
    }
    const LogLine line = parse_log_line(text);
    if (line.message.empty()) return;
    if (keeps_ && kept_.size() < most) kept_.push_back(line);
    if (on_log_) on_log_(line);
  }

  /// Keeps what comes from now on, to find a reason in it.
  void keep() {
    kept_.clear();
    keeps_ = true;
  }
  void keep_no_more() { keeps_ = false; }
  /// From now on nobody hears of it.
  void mute() {
    on_log_ = {};
    on_exchange_ = {};
  }
  const std::vector<LogLine>& kept() const { return kept_; }

 private:
  static constexpr size_t most = 10000;
  static constexpr int most_whole = 100;

  /// An Envoy under load writes faster than all of it can be read with care.
  bool is_busy() {
    const auto now = Clock::now();
    if (now >= second_ + std::chrono::seconds(1)) {
      second_ = now;
      exchanges_ = 0;
    }
    return exchanges_ >= most_whole;
  }

  std::function<void(const LogLine&)> on_log_;
  std::function<void(const Exchange&)> on_exchange_;
  std::vector<LogLine> kept_;
  bool keeps_ = false;
  Clock::time_point second_{};  ///< began then
  int exchanges_ = 0;           ///< since
};

class RunningServer : public Server {
 public:
  RunningServer(ServerOptions options, os::TemporaryFolder folder)
      : options_(std::move(options)),
        folder_(std::move(folder)),
        log_(options_.on_log, options_.on_exchange) {}

  /// That Envoy ends because we say so is no news, and on_log may have gone.
  ~RunningServer() override { log_.mute(); }

  int pid() const override { return child_->pid(); }
  uint16_t port() const override { return port_; }
  uint16_t control_port() const override { return control_port_; }
  uint16_t tcp_port() const override { return tcp_port_; }
  std::string admin_url() const override {
    return options_.bootstrap.admin_port ? "http://" + admin_address_ : std::string();
  }

  bool pump(milliseconds limit) override { return !child_->wait(limit); }

  Expected<void> launch(os::Processes& processes) {
    Bootstrap& bootstrap = options_.bootstrap;
    if (bootstrap.discovery_folder) {
      for (const WasmFilter& filter : bootstrap.filters) {
        const fs::path file = discovery_file(*bootstrap.discovery_folder, filter.name);
        std::error_code error;
        fs::create_directories(file.parent_path(), error);  // where that fails, so does what comes next
        if (const auto written = text::write_file(file, discovery_json(filter)); !written) return written;
      }
    }
    // A socket's path is short by nature: where the folder's is not, the admin has a port.
    constexpr size_t longest_socket = 107;
    if (admin_socket_file().size() > longest_socket && !bootstrap.admin_port) bootstrap.admin_port = 0;
    const fs::path configuration = folder_.path() / "envoy.json";
    if (const auto written = text::write_file(configuration, to_json(bootstrap)); !written) return written;
    // Nothing is shared with another Envoy of this machine (hot restart), nothing written elsewhere.
    const std::string folder = folder_.path();
    const os::Command command{
        .argv = {options_.executable, "--config-path", configuration, "--admin-address-path", admin_file(),
                 "--disable-hot-restart", "--concurrency", std::to_string(options_.concurrency),
                 "--file-flush-min-size-kb", "0",  // what is reported is reported at once
                 "--log-format", std::string(log_format), "--log-level", options_.log_level,
                 "--component-log-level", "wasm:" + options_.wasm_log_level},
        .environment = {{"HOME", folder}, {"TMPDIR", folder}},
        .directory = folder_.path()};
    log_.keep();
    auto child = processes.start(command, [this](std::string_view line) { log_.add(line); });
    if (!child) {
      const Error& error = child.error();
      return std::unexpected(Error{ExitCode::environment, "Envoy did not start: " + error.what, error.seen,
                                   "./wasmup setup, or name another Envoy with --envoy PATH"});
    }
    child_ = *std::move(child);
    return {};
  }

  Expected<void> wait_until_ready() {
    const auto deadline = Clock::now() + options_.start_limit;
    while (!is_live()) {
      if (const auto status = child_->wait(step)) {
        return std::unexpected(
            failure("Envoy did not start", fmt::format("it ended with status {}", *status)));
      }
      if (os::Interrupt::requested()) return std::unexpected(interrupted("Envoy did not start"));
      if (Clock::now() >= deadline) {
        return std::unexpected(
            failure(fmt::format("Envoy was not ready within {} ms", options_.start_limit.count()),
                    "it is still starting"));
      }
    }
    if (const auto found = find_ports(); !found) return found;
    if (options_.bootstrap.discovery_folder) {
      // An Envoy whose filter did not come lives, and answers 500: for us it has not started.
      for (const WasmFilter& filter : options_.bootstrap.filters) {
        if (const auto taken = wait_for_discovery(filter.name, {}, options_.start_limit); !taken)
          return taken;
      }
    }
    log_.keep_no_more();
    return {};
  }

  Expected<std::map<std::string, int64_t>> stats() override {
    const auto json = admin_json("/stats?format=json");
    if (!json) return std::unexpected(json.error());
    std::map<std::string, int64_t> stats;
    for (const Json& stat : json->value("stats", Json::array())) {
      const auto value = stat.find("value");  // histograms and texts have none, or none that is a number
      if (value != stat.end() && value->is_number_integer())
        stats[stat.value("name", "")] = value->get<int64_t>();
    }
    return stats;
  }

  Expected<std::string> prometheus() override { return admin_text("/stats/prometheus"); }

  // NOLINTNEXTLINE(bugprone-exception-escape): swaps nothing in memory
  Expected<void> swap(const WasmFilter& filter, milliseconds limit) override {
    const auto& folder = options_.bootstrap.discovery_folder;
    if (!folder) {
      return std::unexpected(Error{ExitCode::usage, "cannot swap the filter of this Envoy",
                                   "it was started without Bootstrap::discovery_folder", ""});
    }
    const auto before = discovery(filter.name);
    if (!before) return std::unexpected(before.error());
    log_.keep();
    const auto written = text::write_file(discovery_file(*folder, filter.name), discovery_json(filter));
    if (!written) return written;
    const auto taken = wait_for_discovery(filter.name, *before, limit);
    log_.keep_no_more();
    return taken;
  }

 private:
  /// How often Envoy has taken the filter that comes by ECDS, and how often it has refused one.
  struct Discovery {
    int64_t taken = 0;
    int64_t refused = 0;
  };

  std::string admin_file() const { return folder_.path() / "admin"; }
  std::string admin_socket_file() const { return folder_.path() / admin_socket; }

  http::Request to_admin(const std::string& path) const {
    if (options_.bootstrap.admin_port) return {.url = "http://" + admin_address_ + path};
    return {.url = "http://127.0.0.1" + path, .socket = admin_socket_file()};
  }

  bool is_live() {
    if (admin_address_.empty()) {
      const std::string text = text::read_file(admin_file()).value_or("");
      admin_address_ = text.substr(0, text.find_first_of(" \n"));
    }
    if (admin_address_.empty()) return false;
    http::Request request = to_admin("/ready");
    request.limit = std::chrono::seconds(1);
    const auto response = http::send(request);
    return response && response->status == 200;
  }

  static Error no_answer(const std::string& path, std::string seen) {
    return {ExitCode::environment, "Envoy's admin did not answer " + path, std::move(seen), ""};
  }

  /// Reads what Envoy writes meanwhile: one that waits for that does not answer.
  Expected<http::Response> ask_admin(const std::string& path) const {
    auto response =
        std::async(std::launch::async, [request = to_admin(path)] { return http::send(request); });
    bool lives = true;
    while (response.wait_for(lives ? milliseconds(0) : step) != std::future_status::ready) {
      lives = lives && !child_->wait(milliseconds(1));
    }
    return response.get();
  }

  Expected<std::string> admin_text(const std::string& path) const {
    auto response = ask_admin(path);
    if (!response) return std::unexpected(response.error());
    if (response->status == 200) return std::move(response->body);
    return std::unexpected(
        no_answer(path, fmt::format("status {}: {}", response->status, response->body.substr(0, 200))));
  }

  Expected<Json> admin_json(const std::string& path) const {
    const auto text = admin_text(path);
    if (!text) return std::unexpected(text.error());
    Json json = text::parse_json(*text);
    if (!json.is_discarded()) return json;
    return std::unexpected(no_answer(path, "no JSON: " + text->substr(0, 200)));
  }

  Expected<void> find_ports() {
    const auto json = admin_json("/listeners?format=json");
    if (!json) return std::unexpected(json.error());
    for (const Json& listener : json->value("listener_statuses", Json::array())) {
      const Json::json_pointer place("/local_address/socket_address/port_value");
      const uint16_t port = listener.value(place, uint16_t{0});
      const std::string name = listener.value("name", "");
      if (name == "filtered") port_ = port;
      if (name == "control") control_port_ = port;
      if (name == "tcp") tcp_port_ = port;
    }
    const bool wants_tcp = !options_.bootstrap.tcp_filters.empty();
    if (port_ != 0 && control_port_ != 0 && (tcp_port_ != 0) == wants_tcp) return {};
    return std::unexpected(failure("Envoy is up without its listeners", json->dump()));
  }

  Expected<Discovery> discovery(const std::string& filter) {
    const auto stats = this->stats();
    if (!stats) return std::unexpected(stats.error());
    const std::string prefix = "extension_config_discovery.http_filter." + filter + ".";
    const auto count = [&](const char* name) {
      const auto found = stats->find(prefix + name);
      return found == stats->end() ? 0 : found->second;
    };
    return Discovery{count("update_success"), count("update_rejected")};
  }

  Expected<void> wait_for_discovery(const std::string& filter, Discovery before, milliseconds limit) {
    const auto deadline = Clock::now() + limit;
    for (;;) {
      const auto now = discovery(filter);
      if (!now) return std::unexpected(now.error());
      if (now->taken > before.taken) return {};
      if (const auto status = child_->wait(step)) {
        return std::unexpected(failure("Envoy ended", fmt::format("with status {}", *status)));
      }
      if (now->refused > before.refused) {
        return std::unexpected(failure("Envoy refused the filter", "it does not say why at this log level"));
      }
      if (os::Interrupt::requested()) return std::unexpected(interrupted("Envoy has not taken the filter"));
      if (Clock::now() >= deadline) {
        return std::unexpected(
            failure(fmt::format("Envoy did not take the filter within {} ms", limit.count()),
                    "it neither took nor refused it"));
      }
    }
  }

  /// With Envoy's own reason, or `otherwise` when it gave none.
  Error failure(std::string what, const std::string& otherwise) const {
    std::string reason = reason_in(log_.kept());
    if (blames_module(log_.kept())) {
      return {ExitCode::module_refused, std::move(what), std::move(reason),
              "mend the module; all of Envoy's log shows with --log-level debug"};
    }
    const bool busy = reason.contains("Address already in use");
    return {ExitCode::environment, std::move(what), reason.empty() ? otherwise : reason,
            busy ? "choose another port with --port" : "look at the whole log with --log-level debug"};
  }

  ServerOptions options_;
  os::TemporaryFolder folder_;
  Log log_;
  std::string admin_address_;  ///< HOST:PORT, or the socket
  uint16_t port_ = 0;
  uint16_t control_port_ = 0;
  uint16_t tcp_port_ = 0;
  std::unique_ptr<os::Child> child_;  // ends first: it writes to the log and into the folder
};

}  // namespace

Expected<std::unique_ptr<Server>> Server::start(os::Processes& processes, ServerOptions options) {
  auto folder = os::TemporaryFolder::make("wasmup-envoy");
  if (!folder) return std::unexpected(folder.error());
  auto server = std::make_unique<RunningServer>(std::move(options), *std::move(folder));
  if (const auto launched = server->launch(processes); !launched) return std::unexpected(launched.error());
  if (const auto ready = server->wait_until_ready(); !ready) return std::unexpected(ready.error());
  return server;
}

}  // namespace wasmup::envoy
