// SPDX-License-Identifier: MIT
#include <optional>

#include <wasmup/testing.hpp>

using namespace wasmup::testing;
using ::testing::IsEmpty;

namespace {

Headers marked(const char* marker) { return get("/", {{"x-marker", marker}}).headers; }

}  // namespace

TEST(ForeignAnswer, comes_to_nobody_once_its_client_has_left) {
  Host host(HostOptions{.clusters = {"auth"}});
  const DeferredDeletion pass = host.defer_deletion();
  {
    Stream left = host.open_stream();
    left.request_headers(marked("first, which is long enough for the heap"));
  }
  Stream third = host.open_stream();
  third.request_headers(marked("third, which is long enough for the heap"));
  ASSERT_EQ(host.http_calls().size(), 2U);
  host.clear_records();
  host.answer(host.http_calls()[0], reply());
  EXPECT_TRUE(third.request_is_held());
  EXPECT_THAT(host.hostcalls(), IsEmpty()) << "whatever the host still says of that context";
  host.answer(host.http_calls()[0], reply());
  EXPECT_FALSE(third.request_is_held());
  EXPECT_THAT(host.logs(), IsEmpty());
}

TEST(ForeignAnswer, comes_to_nobody_once_its_configuration_has_changed) {
  Host host(HostOptions{.plugin_configuration = "a", .clusters = {"auth"}});
  Stream old = host.open_stream();
  old.request_headers(marked("old"));
  ASSERT_TRUE(host.reconfigure("b"));
  Stream young = host.open_stream();
  young.request_headers(marked("young"));
  const std::vector<HttpCall> calls = host.http_calls();
  ASSERT_EQ(calls.size(), 2U);
  old.close();
  host.answer(calls[1], reply());
  EXPECT_FALSE(young.request_is_held());
  EXPECT_THAT(host.logs(), IsEmpty());
}
