// SPDX-License-Identifier: MIT
#include "host_functions.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <tuple>

#include "callbacks.hpp"
#include "envoys/measured.hpp"

namespace wasmup::wasm {
namespace {

const Host v0_1_0{AbiVersion::v0_1_0};
const Host v0_2_0{AbiVersion::v0_2_0};
const Host v0_2_1{AbiVersion::v0_2_1};

TEST(host_functions, a_hostcall_is_offered_under_env_alone) {
  ASSERT_TRUE(host_function(v0_2_1, "env", "proxy_log"));
  EXPECT_EQ(host_function(v0_2_1, "env", "proxy_log")->parameters, "iii");
  EXPECT_FALSE(host_function(v0_2_1, "wasi_snapshot_preview1", "proxy_log"));
  EXPECT_FALSE(host_function(v0_2_1, "", "proxy_log"));
}

TEST(host_functions, wasi_is_offered_under_both_its_names) {
  EXPECT_TRUE(host_function(v0_2_1, "wasi_snapshot_preview1", "fd_write"));
  EXPECT_TRUE(host_function(v0_2_1, "wasi_unstable", "sock_accept"));
  EXPECT_FALSE(host_function(v0_2_1, "wasi_snapshot_preview1", "proc_raise"));
}

TEST(host_functions, each_version_has_its_own_hostcalls) {
  EXPECT_TRUE(host_function(v0_1_0, "env", "proxy_get_configuration"));
  EXPECT_FALSE(host_function(v0_2_0, "env", "proxy_get_configuration"));
  EXPECT_FALSE(host_function(v0_1_0, "env", "proxy_continue_stream"));
  EXPECT_TRUE(host_function(v0_2_0, "env", "proxy_continue_stream"));
  EXPECT_FALSE(host_function(v0_2_0, "env", "proxy_get_log_level"));
  EXPECT_TRUE(host_function(v0_2_1, "env", "proxy_get_log_level"));
}

TEST(host_functions, header_callbacks_had_no_end_of_stream_in_0_1_0) {
  EXPECT_EQ(callback(v0_1_0, "proxy_on_request_headers")->parameters, "ii");
  EXPECT_EQ(callback(v0_2_0, "proxy_on_request_headers")->parameters, "iii");
  EXPECT_FALSE(callback(v0_1_0, "proxy_on_foreign_function"));
}

TEST(host_functions, a_name_that_means_nothing_to_envoy_is_no_callback) {
  EXPECT_FALSE(callback(v0_2_1, "proxy_on_frobnicate"));
}

TEST(host_functions, a_mistyped_hostcall_has_a_nearest_one_of_its_version) {
  EXPECT_EQ(nearest_host_function(v0_2_1, "env", "proxy_get_log_levl"), "proxy_get_log_level");
  EXPECT_NE(nearest_host_function(v0_2_0, "env", "proxy_get_log_levl"), "proxy_get_log_level");
  EXPECT_EQ(nearest_host_function(v0_2_1, "elsewhere", "proxy_log"), "");
}

TEST(host_functions, an_older_envoy_has_less_of_wasi) {
  const Host old{AbiVersion::v0_2_1, known_envoy("1.36").value()};
  EXPECT_TRUE(host_function(old, "wasi_snapshot_preview1", "fd_write"));
  EXPECT_FALSE(host_function(old, "wasi_snapshot_preview1", "fd_readdir"));
  EXPECT_EQ(offered_since(old, "wasi_snapshot_preview1", "fd_readdir"), known_envoy("1.39"));
  EXPECT_EQ(offered_since(old, "wasi_snapshot_preview1", "proc_raise"), "");
}

TEST(host_functions, a_known_envoy_speaks_for_its_minor_version) {
  EXPECT_EQ(known_envoy("1.40"), default_envoy());
  EXPECT_EQ(known_envoy("1.40.17"), default_envoy());
  for (const char* unknown : {"", "1", "1.4", "1.35.1", "2.40", "1.400", "envoy"}) {
    EXPECT_FALSE(known_envoy(unknown)) << unknown;
  }
}

/// The lookups rely on it, and Python's order is to be that of C++.
TEST(host_functions, the_measured_functions_are_sorted) {
  EXPECT_TRUE(std::ranges::is_sorted(measured_functions(), {}, [](const MeasuredFunction& function) {
    return std::tie(function.kind, function.module, function.name);
  }));
  EXPECT_GT(measured_functions().size(), 150U);
}

void expect_same(const std::optional<abi::Signature>& measured, const abi::Signature& ours) {
  ASSERT_TRUE(measured) << ours.name;
  EXPECT_EQ(measured->parameters, ours.parameters) << ours.name;
  EXPECT_EQ(measured->result, ours.result) << ours.name;
}

/// What the SDK and the fake host say of Envoy is what was measured.
TEST(host_functions, the_sdks_signatures_are_envoys) {
  for (const abi::Signature& ours : abi::hostcalls) expect_same(host_function({}, "env", ours.name), ours);
  for (const abi::Signature& ours : abi::wasi) {
    expect_same(host_function({}, "wasi_snapshot_preview1", ours.name), ours);
    expect_same(host_function({}, "wasi_unstable", ours.name), ours);
  }
  for (const abi::Signature& ours : abi::callbacks) expect_same(callback({}, ours.name), ours);
}

/// And each callback that Envoy looks for has its words in what inspect shows.
TEST(host_functions, the_callbacks_are_envoys) {
  for (const Callback& one : callbacks()) EXPECT_TRUE(callback({}, one.name)) << one.name;
  for (const MeasuredFunction& function : measured_functions()) {
    const bool is_callback = function.kind == "export" && function.name.contains("_on_") &&
                             function.name != "proxy_on_memory_allocate";
    if (!is_callback) continue;
    EXPECT_EQ(std::ranges::count(callbacks(), function.name, &Callback::name), 1) << function.name;
  }
}

}  // namespace
}  // namespace wasmup::wasm
