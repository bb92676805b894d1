// SPDX-License-Identifier: MIT
// What a module may not ask for while it starts, and while the host wants memory from it: tests/host shows
// the same of the fake host.
#include "envoy_test.hpp"

namespace wasmup {
namespace {

using testing::HasSubstr;

class Restriction : public EnvoyTest {};

TEST_F(Restriction, refuses_a_module_that_asks_while_it_starts) {
  const auto server =
      envoy::Server::start(*processes_, options({.filters = {{.module = test_module("asking_early")}}}));
  ASSERT_FALSE(server);
  EXPECT_EQ(server.error().code, ExitCode::module_refused);
  ASSERT_FALSE(log_.empty());
  EXPECT_EQ(log_[0].message, "starting") << "a line in the log is allowed";
  EXPECT_THAT(server.error().what + server.error().seen, HasSubstr("restricted_callback"));
}

TEST_F(Restriction, traps_a_module_that_asks_in_its_allocator) {
  start({.filters = {{.module = test_module("asking_allocator")}}});
  EXPECT_EQ(filtered({.url = "/"}).status, 503);
  pump_until([this] { return log_.size() >= 2; });
  EXPECT_EQ(log_[0].message, "allocating") << "a line in the log is allowed";
  EXPECT_THAT(log_[1].message, HasSubstr("restricted_callback"));
  EXPECT_EQ(filtered({.url = "/"}).status, 503) << "the VM is dead";
}

}  // namespace
}  // namespace wasmup
