// SPDX-License-Identifier: MIT
#include "host_functions.hpp"

#include <gtest/gtest.h>

namespace wasmup::wasm {
namespace {

constexpr auto v0_1_0 = AbiVersion::v0_1_0;
constexpr auto v0_2_0 = AbiVersion::v0_2_0;
constexpr auto v0_2_1 = AbiVersion::v0_2_1;

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

}  // namespace
}  // namespace wasmup::wasm
