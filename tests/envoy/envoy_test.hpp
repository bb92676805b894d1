// SPDX-License-Identifier: MIT
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <vector>

#include "envoy/server.hpp"
#include "http/client.hpp"
#include "os/processes.hpp"
#include "os/temporary_folder.hpp"

namespace wasmup {

/// A module of tests/modules, as built.
std::string test_module(const std::string& name);

/// A test that runs a real Envoy: $WASMUP_ENVOY, else what ./wasmup setup has put there, else the one on the
/// PATH. Without any the test fails.
class EnvoyTest : public testing::Test {
 protected:
  void SetUp() override;

  /// An Envoy as the test wants it; ends with the test. One worker: what one request does the next one sees.
  void start(envoy::Bootstrap bootstrap, const std::string& wasm_log_level = "info", int workers = 1);
  /// The same, with the default filter as its only one.
  void start_with_default_filter(envoy::Bootstrap bootstrap = {});
  /// Starts a server of this folder and returns where it is.
  envoy::Upstream start_upstream(const std::string& program = "upstream.py");

  /// What Envoy answers with the filters, and without them; `url` is a path here. No answer fails the test.
  http::Response filtered(http::Request request);
  http::Response control(http::Request request);

  envoy::ServerOptions options(envoy::Bootstrap bootstrap);
  int64_t stat(const std::string& name);
  /// Reads Envoy's log until `done` says so; fails the test when that takes too long.
  void pump_until(const std::function<bool()>& done);

  std::unique_ptr<os::Processes> processes_ = os::make_processes();
  os::TemporaryFolder folder_ = os::TemporaryFolder::make("wasmup-envoy-test").value();
  std::vector<envoy::LogLine> log_;
  std::unique_ptr<os::Child> upstream_;
  std::unique_ptr<envoy::Server> server_;
};

inline const char* const header = "x-wasm-custom";

}  // namespace wasmup
