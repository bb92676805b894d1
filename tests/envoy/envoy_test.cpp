// SPDX-License-Identifier: MIT
#include "envoy_test.hpp"

#include <charconv>
#include <cstdlib>
#include <stdexcept>

namespace wasmup {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr auto plenty = 30s;

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

/// The first that is set is meant: a wrong $WASMUP_ENVOY is a failure, not a reason to look on.
std::filesystem::path envoy_to_use(const os::Processes& processes) {
  if (std::string given = variable("WASMUP_ENVOY"); !given.empty()) return given;
  for (const std::string& root : {variable("WASMUP_ROOT"), std::string(WASMUP_SOURCE_DIR)}) {
    const std::filesystem::path pinned = std::filesystem::path(root) / ".wasmup/bin/envoy";
    if (!root.empty() && processes.find(pinned.string())) return pinned;
  }
  return processes.find("envoy").value_or("");
}

http::Response send(uint16_t port, http::Request request) {
  request.url = "http://127.0.0.1:" + std::to_string(port) + request.url;
  request.headers.emplace_back("host", "wasmup.test");  // the same on both listeners
  const auto response = http::send(request);
  if (!response) throw std::runtime_error(response.error().what + ": " + response.error().seen);
  return *response;
}

}  // namespace

std::string test_module(const std::string& name) { return WASMUP_TEST_MODULES "/" + name + ".wasm"; }

void EnvoyTest::SetUp() {
  ASSERT_FALSE(envoy_to_use(*processes_).empty())
      << "there is no Envoy to test in\n  run ./wasmup setup, or name one in WASMUP_ENVOY";
}

envoy::ServerOptions EnvoyTest::options(envoy::Bootstrap bootstrap) {
  return {.executable = envoy_to_use(*processes_),
          .bootstrap = std::move(bootstrap),
          .concurrency = 1,
          .start_limit = 60s,
          .on_log = [this](const envoy::LogLine& line) { log_.push_back(line); }};
}

void EnvoyTest::start(envoy::Bootstrap bootstrap, const std::string& wasm_log_level, int workers) {
  envoy::ServerOptions wanted = options(std::move(bootstrap));
  wanted.wasm_log_level = wasm_log_level;
  wanted.concurrency = workers;
  auto server = envoy::Server::start(*processes_, std::move(wanted));
  if (!server) throw std::runtime_error(server.error().what + "\n" + server.error().seen);
  server_ = *std::move(server);
}

void EnvoyTest::start_with_default_filter(envoy::Bootstrap bootstrap) {
  bootstrap.filters = {{.module = WASMUP_ADD_HEADER_MODULE}};
  start(std::move(bootstrap));
}

envoy::Upstream EnvoyTest::start_upstream(const std::string& program) {
  // The sink lives as long as the child: what it writes to is shared with it.
  const auto output = std::make_shared<std::string>();
  auto child = processes_->start({{"python3", WASMUP_SOURCE_DIR "/tests/envoy/" + program}},
                                 [output](std::string_view line) { output->append(line) += '\n'; });
  if (!child) throw std::runtime_error(child.error().what + ": " + child.error().seen);
  upstream_ = *std::move(child);
  for (const auto deadline = Clock::now() + plenty; output->empty() && Clock::now() < deadline;) {
    if (upstream_->wait(10ms)) break;
  }
  uint16_t port = 0;
  std::from_chars(output->data(), output->data() + output->size(), port);
  if (port == 0) throw std::runtime_error(program + " does not say its port: " + *output);
  return {.port = port};
}

http::Response EnvoyTest::filtered(http::Request request) {
  return send(server_->port(), std::move(request));
}

http::Response EnvoyTest::control(http::Request request) {
  return send(server_->control_port(), std::move(request));
}

int64_t EnvoyTest::stat(const std::string& name) {
  const auto stats = server_->stats();
  if (!stats) throw std::runtime_error(stats.error().what + ": " + stats.error().seen);
  const auto found = stats->find(name);
  if (found == stats->end()) throw std::runtime_error("Envoy has no stat " + name);
  return found->second;
}

void EnvoyTest::pump_until(const std::function<bool()>& done) {
  for (const auto deadline = Clock::now() + plenty; !done();) {
    if (Clock::now() >= deadline) throw std::runtime_error("what the test waits for did not come");
    server_->pump(10ms);
  }
}

}  // namespace wasmup
