// SPDX-License-Identifier: MIT
// What a stream sees when the module traps, under each failure policy, as it really is in Envoy: a trap ends
// the VM of the worker it happened on, and the stream that met it gets a 503 whatever the policy.
#include <algorithm>
#include <ostream>

#include "envoy_test.hpp"

namespace wasmup {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct Trap {
  const char* name;
  http::Request request;
};

void PrintTo(const Trap& value, std::ostream* out) { *out << value.name; }

/// On the request, before the upstream has seen it; on the response.
const std::vector<Trap> traps{{"on_request", {.url = "/", .headers = {{"x-trap", "1"}}}},
                              {"on_response", {.url = "/header/x-trap/1"}}};

class TrappingModule : public EnvoyTest, public testing::WithParamInterface<Trap> {
 protected:
  /// Up to and with the request that traps, which gets a 503 without the header.
  void start_and_trap(envoy::FailurePolicy policy) {
    start({.filters = {{.module = test_module("trapping"), .failure_policy = policy}}});
    expect_served();
    const http::Response trapped = filtered(GetParam().request);
    EXPECT_EQ(trapped.status, 503);
    EXPECT_THAT(trapped.values(header), IsEmpty());
    EXPECT_EQ(control(GetParam().request).status, 200) << "the control listener knows no module";
    pump_until([this] { return !log_.empty(); });
    EXPECT_EQ(log_.front().level, "error");
    EXPECT_THAT(log_.front().message, testing::HasSubstr("RuntimeError: unreachable"));
  }

  void expect_served() {
    const http::Response served = filtered({.url = "/"});
    EXPECT_EQ(served.status, 200);
    EXPECT_THAT(served.values(header), ElementsAre("FOO"));
  }
};

TEST_P(TrappingModule, that_fails_closed_answers_503_from_then_on) {
  start_and_trap(envoy::FailurePolicy::fail_closed);
  for (int i = 0; i < 3; ++i) {
    const http::Response later = filtered({.url = "/"});
    EXPECT_EQ(later.status, 503);
    EXPECT_THAT(later.values(header), IsEmpty());
  }
  EXPECT_EQ(stat("wasm.wasmup.vm_reload_success"), 0);
}

TEST_P(TrappingModule, that_fails_open_lets_later_requests_pass_unfiltered) {
  start_and_trap(envoy::FailurePolicy::fail_open);
  for (int i = 0; i < 3; ++i) {
    const http::Response later = filtered({.url = "/"});
    EXPECT_EQ(later.status, 200);
    EXPECT_THAT(later.values(header), IsEmpty());
  }
  EXPECT_EQ(stat("wasm.wasmup.vm_reload_success"), 0);
}

TEST_P(TrappingModule, that_is_reloaded_serves_again_after_a_while) {
  start_and_trap(envoy::FailurePolicy::fail_reload);
  // Until its back-off (about a second) is over, it is as closed as fail_closed.
  http::Response later = filtered({.url = "/"});
  pump_until([&] {
    if (later.status == 200) return true;
    EXPECT_EQ(later.status, 503);
    EXPECT_THAT(later.values(header), IsEmpty());
    later = filtered({.url = "/"});
    return false;
  });
  EXPECT_THAT(later.values(header), ElementsAre("FOO"));
  expect_served();
  EXPECT_EQ(stat("wasm.wasmup.vm_reload_success"), 1);
}

INSTANTIATE_TEST_SUITE_P(traps, TrappingModule, testing::ValuesIn(traps),
                         [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace wasmup
