// SPDX-License-Identifier: MIT
#include <wasmup/testing.hpp>

using namespace wasmup::testing;
using ::testing::ElementsAre;
using wasmup::LogLevel;

namespace {

TEST(SharedQueue, tells_the_root_that_registered_it) {
  Host host;
  host.exchange(get("/a"));
  // Two items, two calls; the first one has taken both.
  EXPECT_THAT(host.logs(),
              ElementsAre(Logged(LogLevel::info, "took /a"), Logged(LogLevel::info, "took and more"),
                          Logged(LogLevel::info, "then 7"), Logged(LogLevel::info, "then 7")));
  EXPECT_THAT(host.shared_queue("paths"), ::testing::Optional(::testing::IsEmpty()));
}

TEST(SharedQueue, that_nobody_has_registered_is_not_found) {
  Host host("writer");
  host.exchange(get("/a"));
  EXPECT_THAT(host.logs(), ElementsAre(Logged(LogLevel::warn, "no queue: 1")));
  EXPECT_EQ(host.shared_queue("paths"), std::nullopt);
}

TEST(SharedQueue, is_found_by_the_vm_id_it_belongs_to) {
  Host host(HostOptions{.vm_id = "mine"});
  host.exchange(get("/a", {{"x-vm-id", "mine"}}));
  EXPECT_THAT(host.logs(), ::testing::Contains(Logged(LogLevel::info, "took /a")));
  host.clear_records();
  host.exchange(get("/a", {{"x-vm-id", "other"}}));
  EXPECT_THAT(host.logs(), ElementsAre(Logged(LogLevel::warn, "no queue: 1")));
}

TEST(SharedQueue, moves_to_the_root_that_registered_last) {
  Host host;
  ASSERT_TRUE(host.reconfigure("again"));
  host.enqueue("paths", "from elsewhere");
  EXPECT_THAT(host.logs(),
              ElementsAre(Logged(LogLevel::info, "took from elsewhere"), Logged(LogLevel::info, "then 7")));
}

}  // namespace
