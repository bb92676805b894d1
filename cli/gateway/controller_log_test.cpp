// SPDX-License-Identifier: MIT
#include "controller_log.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wasmup::gateway {
namespace {

using testing::IsNull;
using testing::NotNull;
using testing::SizeIs;

constexpr const char* refused =
    R"({"level":"info","logger":"provider","msg":"Got new status for EnvoyExtensionPolicy\nancestors:\n- ancestorRef:\n    kind: HTTPRoute\n    name: backend\n  conditions:\n  - lastTransitionTime: \"2026-11-25T13:33:02Z\"\n    message: 'Wasm: no such image.'\n    reason: Invalid\n    status: \"False\"\n    type: Accepted\n  controllerName: c\n","key":"default/hello"})";
constexpr const char* begins = R"({"msg":"received an update","logger":"gateway-api"})";
constexpr const char* ends = R"({"msg":"update envoyproxy status","logger":"gateway-api"})";

TEST(ControllerLogTest, a_policys_verdict_names_its_target_and_the_reason) {
  ControllerLog log;
  log.add(refused);
  const std::vector<Verdict>* const verdicts = log.verdicts("EnvoyExtensionPolicy default/hello");
  ASSERT_THAT(verdicts, NotNull());
  ASSERT_THAT(*verdicts, SizeIs(1));
  EXPECT_EQ((*verdicts)[0].about, "HTTPRoute backend");
  ASSERT_THAT((*verdicts)[0].conditions, SizeIs(1));
  const Condition& condition = (*verdicts)[0].conditions[0];
  EXPECT_EQ(condition.type, "Accepted");
  EXPECT_FALSE(condition.holds);
  EXPECT_EQ(condition.reason, "Invalid");
  EXPECT_EQ(condition.message, "Wasm: no such image.");
  EXPECT_THAT(log.verdicts("EnvoyExtensionPolicy default/other"), IsNull());
}

TEST(ControllerLogTest, another_controller_knows_nothing_of_the_last_one) {
  ControllerLog log;
  log.add(ControllerLog::start_line);
  log.add(refused);
  log.add(R"({"msg":"reload resources finished"})");
  log.add(ControllerLog::start_line);
  EXPECT_THAT(log.verdicts("EnvoyExtensionPolicy default/hello"), IsNull());
  EXPECT_EQ(log.reloads(), 0);
  EXPECT_EQ(log.starts(), 2);
}

TEST(ControllerLogTest, it_is_busy_until_what_it_has_begun_has_ended) {
  ControllerLog log;
  log.add(begins);
  EXPECT_TRUE(log.busy());
  EXPECT_EQ(log.translations(), 0);
  log.add(ends);
  EXPECT_FALSE(log.busy());
  EXPECT_EQ(log.translations(), 1);
}

TEST(ControllerLogTest, a_reload_that_failed_has_its_reason_until_one_has_gone_well) {
  ControllerLog log;
  log.add(R"({"level":"error","msg":"error when reload resources","error":"local validation error: x"})");
  EXPECT_EQ(log.reload_error(), "local validation error: x");
  EXPECT_EQ(log.last_error(), "error when reload resources: local validation error: x");
  log.add(R"({"msg":"reload resources finished"})");
  EXPECT_EQ(log.reload_error(), "");
  EXPECT_EQ(log.reloads(), 2);
}

TEST(ControllerLogTest, a_panic_is_known_of_every_controller_there_was) {
  for (const char* line : {"panic: interface conversion: interface {} is v1alpha2.TCPRouteSpec",
                           "fatal error: concurrent map writes"}) {
    ControllerLog log;
    log.add(ControllerLog::start_line);
    log.add(line);
    log.add("");
    log.add("goroutine 163 [running]:");
    log.add(ControllerLog::start_line);
    EXPECT_EQ(log.panics(), 1);
    EXPECT_EQ(log.panic(), line);
    EXPECT_EQ(log.starts(), 2);
  }
}

TEST(ControllerLogTest, a_panic_that_the_controller_survives_is_one) {
  ControllerLog log;
  log.add(R"({"level":"error","msg":"observed a panic","error":"index out of range","stackTrace":"x"})");
  EXPECT_EQ(log.panics(), 1);
  EXPECT_EQ(log.panic(), "panic: index out of range");
}

TEST(ControllerLogTest, lines_of_any_shape_do_no_harm) {
  ControllerLog log;
  for (const char* line :
       {"", "text", "[]", "{", R"({"msg":1})", R"({"msg":"Got new status for A\n{","key":"b"})",
        R"({"msg":"Got new status for A\n- 1","key":"b"})",
        R"({"msg":"Got new status for A\nancestors: 1\nconditions: [1, {type: [2]}]","key":"b"})"}) {
    log.add(line);
  }
  EXPECT_EQ(log.reloads(), 0);
}

}  // namespace
}  // namespace wasmup::gateway
